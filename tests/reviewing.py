"""Fixtures: a desk over a database with disclosures whose errors are planted."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from disclosures import disclosure

from extractor.documents.loading import load
from extractor.pipeline import extract
from extractor.review.actors import Actor, Channel
from extractor.review.desk import Desk
from extractor.review.settings import ReviewSettings
from extractor.storage.database import Database, open_database
from extractor.storage.packing import Source, pack
from extractor.storage.people import Role, UserRow
from extractor.storage.repository import store

ADA = Actor("ada", Role.REVIEWER, Channel.WEB)
BEN = Actor("ben", Role.REVIEWER, Channel.WEB)
LEA = Actor("lea", Role.LEAD, Channel.WEB)


def put(database: Database, path: Path, region: str = "某省") -> int:
    """Extract a file and store the result; returns the extraction's id."""
    loaded = load(path)
    packed = pack(extract(path), loaded.text, Source(str(path), path.stat().st_size, region=region), "test")
    with database.transaction() as session:
        return store(session, packed)


def wrong(folder: Path, department: str = "某市统计局", total: str = "1050.00", printed: str = "1030.00") -> Path:
    """A final account in which the second mention of the total is misprinted."""
    path = disclosure(folder, department, total=total)
    text = path.read_text(encoding="utf-8").replace(f"本年收入合计{total}", f"本年收入合计{printed}")
    path.write_text(text, encoding="utf-8")
    return path


def add_people(database: Database) -> None:
    """Three accounts without passwords."""
    with database.transaction() as session:
        session.add_all(UserRow(name=each.name, role=each.role) for each in (ADA, BEN, LEA))


@pytest.fixture
def settings(tmp_path: Path) -> ReviewSettings:
    """Settings without second reviews; tests that want them say so."""
    return ReviewSettings(cache=tmp_path / "cache", second_share=0, review_children=1)


@pytest.fixture
def desk(tmp_path: Path, settings: ReviewSettings) -> Iterator[Desk]:
    """A desk over an SQLite database with three flawed disclosures."""
    database = open_database(tmp_path / "review.sqlite")
    add_people(database)
    for number, name in enumerate(("某市统计局", "某市档案馆", "某市气象局")):
        put(database, wrong(tmp_path / "files", name, printed=f"10{number + 1}0.00"))
    opened = Desk(database, settings)
    yield opened
    opened.close()
