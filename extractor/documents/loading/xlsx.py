"""XLSX workbooks, through openpyxl."""

import io
import re
import zipfile
from datetime import date, datetime, time, timedelta
from typing import Any

import openpyxl
from lxml import etree
from openpyxl.utils import column_index_from_string
from openpyxl.utils.exceptions import InvalidFileException

from extractor.documents.loaded import LoadedDocument
from extractor.documents.loading.limits import PAGES
from extractor.documents.loading.number_formats import exact, shown, shown_date
from extractor.documents.loading.package import Package
from extractor.documents.loading.sheets import Sheet, write_sheet
from extractor.documents.loading.writing import TextWriter
from extractor.errors import LoadError

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

_UNCALCULATED = re.compile(rb"(?:</f>|<f[^>]*/>)\s*(?:<v\s*/>|<v>\s*</v>)?\s*</c>")
_DAMAGE = (
    InvalidFileException,
    zipfile.BadZipFile,
    etree.XMLSyntaxError,
    SyntaxError,
    LookupError,
    ValueError,
    TypeError,
    AttributeError,
    AssertionError,
    OSError,
)
"""What openpyxl raises on files that are not as they should be."""


def load_xlsx(name: str, data: bytes, sha256: str) -> LoadedDocument:
    """A workbook: each visible sheet a page, each row a line with its cells parted by tabs, numbers as displayed."""
    package = Package(name, data)
    package.refuse_entities()
    try:
        workbook = openpyxl.load_workbook(io.BytesIO(data), data_only=True, keep_links=False)
        sheets = [_sheet(worksheet) for worksheet in workbook.worksheets if worksheet.sheet_state == "visible"]
        hidden = [worksheet.title for worksheet in workbook.worksheets if worksheet.sheet_state != "visible"]
    except _DAMAGE as error:
        raise LoadError(f"{name}: the workbook is damaged; open it and save it again as XLSX") from error
    if len(sheets) > PAGES:
        raise LoadError(f"{name}: {len(sheets):,} sheets; split it, a file may have {PAGES:,}")
    writer = TextWriter(name)
    for sheet in sheets:
        write_sheet(writer, name, sheet)
    warnings = [f"the sheet {title} is hidden and was not read" for title in hidden]
    parts = [part for part in package.names if part.startswith("xl/worksheets/") and part.endswith(".xml")]
    missing = sum(len(_UNCALCULATED.findall(package.read(part))) for part in parts)
    if missing:
        warnings.append(f"{missing} formulas have no stored result and were not read: open the workbook and save it")
    return writer.finish(MEDIA_TYPE, sha256, warnings, all_tables_known=True)


def _sheet(worksheet: Any) -> Sheet:
    sheet = Sheet(worksheet.title)
    # the dictionary of existing cells: a sheet whose last, empty cell is formatted would take forever row by row
    for (row, column), cell in worksheet._cells.items():
        if cell.value is not None:
            sheet.cells[row, column] = _shown(cell.value, cell.number_format or "General")
    for merged in worksheet.merged_cells.ranges:
        sheet.merged.append((merged.min_row, merged.min_col, merged.max_row, merged.max_col))
    sheet.hidden_rows = {row for row, dimension in worksheet.row_dimensions.items() if dimension.hidden}
    for letter, dimension in worksheet.column_dimensions.items():
        if dimension.hidden:
            first = dimension.min or column_index_from_string(letter)
            sheet.hidden_columns.update(range(first, (dimension.max or first) + 1))
    return sheet


def _shown(value: Any, code: str) -> str:
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int | float):
        return shown(exact(value), code)
    if isinstance(value, datetime | date | time):
        return shown_date(value, code)
    if isinstance(value, timedelta):
        return str(value)
    return str(value).strip()
