"""The rows of official tables; a cell points at its printed figure as every other field does."""

from schemas.fields import Fields, Money, Text


class Cell(Fields):
    """One filled cell."""

    column: Text = None
    value: Money = None


class TableRow(Fields):
    """One printed row."""

    table: Text = None
    code: Text = None
    name: Text = None
    path: Text = None
    cells: tuple[Cell, ...] = ()


class PerformanceIndicator(Fields):
    """One indicator of 项目支出绩效表."""

    project: Text = None
    project_code: Text = None
    level1: Text = None
    level2: Text = None
    level3: Text = None
    nature: Text = None
    target: Text = None
    unit: Text = None
    direction: Text = None


TABLE_RECORDS: tuple[type[Fields], ...] = (TableRow, PerformanceIndicator)
