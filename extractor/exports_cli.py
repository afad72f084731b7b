"""`gouji query` and `gouji dictionary`: what to do with exported tables."""

import csv
import json
import sys
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from schemas.base import GoujiError

err = Console(stderr=True)

SHOWN = 200
"""Rows that a terminal is shown."""


class Form(StrEnum):
    """How an answer is written."""

    TABLE = "table"
    CSV = "csv"
    JSONL = "jsonl"


class Page(StrEnum):
    """How the dictionary is written."""

    MARKDOWN = "markdown"
    JSONL = "jsonl"


def query(
    sql: Annotated[str, typer.Argument(help="""For instance: SELECT scope, sum(amount_yuan) FROM "BudgetTotal".""")],
    folder: Annotated[Path, typer.Option("--from", help="A folder with records.parquet.")] = Path("out"),
    form: Annotated[Form, typer.Option("--format")] = Form.TABLE,
) -> None:
    """Ask an export in SQL; each table (see `gouji dictionary`) is a view of its name."""
    from extractor.querying import Export

    try:
        answer = Export(folder).ask(sql)
    except GoujiError as error:
        err.print(f"[bold red]✗[/] {error}", highlight=False, markup=True)
        raise typer.Exit(1) from None
    if form is Form.CSV:
        writer = csv.writer(sys.stdout)
        writer.writerow(answer.columns)
        writer.writerows(answer.rows)
        return
    if form is Form.JSONL:
        for row in answer.rows:
            line = dict(zip(answer.columns, row, strict=True))
            sys.stdout.write(json.dumps(line, ensure_ascii=False, default=str) + "\n")
        return
    table = Table(show_edge=False, pad_edge=False)
    for column in answer.columns:
        table.add_column(column)
    for number, row in enumerate(answer.rows):
        if number == SHOWN:
            err.print(f"… 只显示前 {SHOWN} 行 (the first {SHOWN} rows; --format csv gives all)")
            break
        table.add_row(*map(_shown, row))
    Console().print(table)


def dictionary(form: Annotated[Page, typer.Option("--format")] = Page.MARKDOWN) -> None:
    """Print the data dictionary: every table and column of an export, generated from the schemas."""
    from dataclasses import asdict

    from extractor.outputs.dictionary import columns, markdown

    if form is Page.MARKDOWN:
        sys.stdout.write(markdown())
        return
    for column in columns():
        sys.stdout.write(json.dumps(asdict(column), ensure_ascii=False) + "\n")


def _shown(value: object) -> str:
    """A value for people: nothing for none, amounts without zeros that nobody printed."""
    if isinstance(value, Decimal):
        return format(value.normalize(), ",f")
    return "" if value is None else str(value)
