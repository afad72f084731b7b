"""A ruled PDF and its plain text export say the same: the export has lost the cells, not the facts."""

from collections import Counter
from pathlib import Path

import pypdfium2
import pytest
from planted_tables import read, read_lines

from extractor.documents.loading import load
from extractor.documents.tables import PrintedTable

FIXTURES = sorted((Path(__file__).parents[2] / "evals/fixtures").glob("*/disclosure.pdf"))

Fact = tuple[str, str, str, str]


def facts(tables: list[PrintedTable]) -> Counter[Fact]:
    """Table, row, column and figure of every figure."""
    return Counter(
        (table.title, row.code or row.name, cell.column, cell.text)
        for table in tables
        for row in table.rows
        for cell in row.cells
        if cell.value is not None
    )


def exported(path: Path) -> str:
    """The PDF's text in the order of its text layer, as text exports have it."""
    document = pypdfium2.PdfDocument(path)
    pages = [page.get_textpage().get_text_range().replace("\r\n", "\n") for page in document]
    document.close()
    return "\n\f".join(pages) + "\n"


def assert_same(path: Path, share: float) -> None:
    cells, lines = facts(read(load(path))), facts(read_lines(exported(path)))
    assert cells
    differing = [fact for fact in lines - cells if fact[2]]
    assert not differing
    assert (lines & cells).total() >= share * cells.total()


@pytest.mark.parametrize("path", FIXTURES, ids=lambda path: path.parent.name)
def test_a_bundled_pdf_and_its_text(path: Path) -> None:
    assert_same(path, 0.98)


def test_the_real_final_account_and_its_text(shared: Path) -> None:
    for path in sorted((shared / "documents" / "pdf").glob("*决算.pdf")):
        assert_same(path, 1.0)
