"""XLS workbooks (Excel 97-2003), through xlrd."""

import struct
from io import StringIO
from typing import Any

import xlrd
from xlrd.compdoc import CompDocError

from extractor.documents.loaded import LoadedDocument
from extractor.documents.loading.limits import PAGES
from extractor.documents.loading.number_formats import exact, shown, shown_date
from extractor.documents.loading.sheets import Sheet, write_sheet
from extractor.documents.loading.writing import TextWriter
from extractor.errors import LoadError

MEDIA_TYPE = "application/vnd.ms-excel"

_DAMAGE = (
    xlrd.XLRDError,
    CompDocError,
    struct.error,
    LookupError,
    ValueError,
    TypeError,
    AttributeError,
    AssertionError,
    OverflowError,
    MemoryError,
    RecursionError,
)
"""What xlrd raises on files that are not as they should be."""


def load_xls(name: str, data: bytes, sha256: str) -> LoadedDocument:
    """A workbook: each visible sheet a page, each row a line with its cells parted by tabs, numbers as displayed."""
    try:
        book = xlrd.open_workbook(file_contents=data, formatting_info=True, logfile=StringIO())
        visible = [sheet for sheet in book.sheets() if sheet.visibility == 0]
        hidden = [sheet.name for sheet in book.sheets() if sheet.visibility != 0]
        sheets = [_sheet(book, sheet) for sheet in visible]
    except _DAMAGE as error:
        if "encrypted" in str(error).lower():
            raise LoadError(f"{name}: the workbook is encrypted; remove its password first") from error
        raise LoadError(f"{name}: the workbook is damaged; open it and save it as XLSX") from error
    if len(sheets) > PAGES:
        raise LoadError(f"{name}: {len(sheets):,} sheets; split it, a file may have {PAGES:,}")
    writer = TextWriter(name)
    for sheet in sheets:
        write_sheet(writer, name, sheet)
    warnings = [f"the sheet {title} is hidden and was not read" for title in hidden]
    return writer.finish(MEDIA_TYPE, sha256, warnings, all_tables_known=True)


def _sheet(book: Any, worksheet: Any) -> Sheet:
    sheet = Sheet(worksheet.name)
    for row in range(worksheet.nrows):
        for column in range(worksheet.row_len(row)):
            text = _shown(book, worksheet.cell(row, column))
            if text:
                sheet.cells[row, column] = text
    sheet.merged = [(top, left, bottom - 1, right - 1) for top, bottom, left, right in worksheet.merged_cells]
    sheet.hidden_rows = {row for row, info in worksheet.rowinfo_map.items() if info.hidden}
    sheet.hidden_columns = {column for column, info in worksheet.colinfo_map.items() if info.hidden}
    return sheet


def _shown(book: Any, cell: Any) -> str:
    if cell.ctype in (xlrd.XL_CELL_EMPTY, xlrd.XL_CELL_BLANK):
        return ""
    if cell.ctype == xlrd.XL_CELL_BOOLEAN:
        return "TRUE" if cell.value else "FALSE"
    if cell.ctype == xlrd.XL_CELL_ERROR:
        return str(xlrd.error_text_from_code.get(cell.value, "#N/A"))
    if cell.ctype == xlrd.XL_CELL_TEXT:
        return str(cell.value).strip()
    code = book.format_map[book.xf_list[cell.xf_index].format_key].format_str
    if cell.ctype == xlrd.XL_CELL_DATE:
        return shown_date(xlrd.xldate_as_datetime(cell.value, book.datemode), code)
    return shown(exact(float(cell.value)), code)
