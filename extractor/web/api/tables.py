"""All tables at once, as a workbook or as Parquet: made on disk with constant memory, then sent."""

import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter
from fastapi.responses import FileResponse
from starlette.background import BackgroundTask

from extractor.outputs.tables import CHECKS, FACTS, FINDINGS, check_rows, fact_rows, finding_rows, rows_of
from extractor.review.actors import Actor, Scope
from extractor.review.confirmed import all_confirmed, write_xlsx
from extractor.storage.database import Database
from extractor.web.access import TheDesk, may
from extractor.web.api.documents import conditions
from extractor.web.api.exports import bodies, noted
from extractor.web.api.values import Word, Year
from schemas.extraction import Extraction

if TYPE_CHECKING:  # pyarrow takes a third of a second to import
    from extractor.outputs.writers import TableWriter

router = APIRouter(prefix="/exports", tags=["exports"])

Exporter = Annotated[Actor, may(Scope.EXPORT)]

WORKBOOK_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ZIP_TYPE = "application/zip"


def _file(media_type: str) -> dict[str, Any]:
    """How a file is described."""
    return {
        "response_class": FileResponse,
        "responses": {200: {"description": "A file", "content": {media_type: {}}}},
    }


@router.get("/tables.xlsx", **_file(WORKBOOK_TYPE))
def workbook(
    desk: TheDesk,
    actor: Exporter,
    department: Word | None = None,
    region: Word | None = None,
    kind: Word | None = None,
    fiscal_year: Year | None = None,
) -> FileResponse:
    """An Excel workbook: findings first, a sheet for each record type. Facts and checks are too many for sheets."""
    from extractor.outputs.writers import Workbook

    noted(desk.database, actor, "tables.xlsx")
    wanted = conditions(department, region, kind, fiscal_year)
    return _sent(
        "tables.xlsx", WORKBOOK_TYPE, lambda path: _write(desk.database, wanted, Workbook(path), facts_too=False)
    )


@router.get("/parquet.zip", **_file(ZIP_TYPE))
def parquet(
    desk: TheDesk,
    actor: Exporter,
    department: Word | None = None,
    region: Word | None = None,
    kind: Word | None = None,
    fiscal_year: Year | None = None,
) -> FileResponse:
    """Every table as Parquet, in folders by table and fiscal year, in one ZIP archive."""
    from extractor.outputs.writers import ParquetTables

    noted(desk.database, actor, "parquet.zip")
    wanted = conditions(department, region, kind, fiscal_year)

    def make(path: Path) -> None:
        folder = path.parent / "records.parquet"
        _write(desk.database, wanted, ParquetTables(folder), facts_too=True)
        with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:  # Parquet is packed already
            for each in sorted(folder.rglob("*.parquet")):
                archive.write(each, each.relative_to(path.parent))

    return _sent("parquet.zip", ZIP_TYPE, make)


@router.get("/confirmed.xlsx", **_file(WORKBOOK_TYPE))
def confirmed_workbook(desk: TheDesk, actor: Exporter) -> FileResponse:
    """The findings that people confirmed, as an Excel workbook."""
    noted(desk.database, actor, "confirmed.xlsx")

    def make(path: Path) -> None:
        with desk.database.transaction() as session:
            write_xlsx(all_confirmed(session), path)

    return _sent("confirmed.xlsx", WORKBOOK_TYPE, make)


def _write(database: Database, wanted: list[Any], writer: "TableWriter", facts_too: bool) -> None:
    for body in bodies(database, wanted):
        extraction = Extraction.model_validate_json(body)
        for row in finding_rows(extraction):
            writer.write(FINDINGS.name, row)
        for table, row in rows_of(extraction):
            writer.write(table, row)
        if facts_too:
            for row in fact_rows(extraction):
                writer.write(FACTS.name, row)
            for row in check_rows(extraction):
                writer.write(CHECKS.name, row)
    writer.close()


def _sent(name: str, media_type: str, make: Callable[[Path], None]) -> FileResponse:
    """A file that is made in a folder of its own, which goes once it is sent."""
    folder = tempfile.TemporaryDirectory(prefix="gouji-")
    try:
        path = Path(folder.name, name)
        make(path)
    except BaseException:
        folder.cleanup()
        raise
    return FileResponse(path, filename=name, media_type=media_type, background=BackgroundTask(folder.cleanup))
