"""Documents, what was read in them, findings and exports over HTTP; pages that skip nothing."""

import csv
import io
import json
import zipfile
from pathlib import Path
from typing import Any

import httpx2
import openpyxl
import pyarrow.parquet
import pytest
from servers import Running, fill, is_problem, office, serving

from extractor.batch.reading import ReadingOptions
from extractor.outputs import lines
from extractor.storage.people import Role
from extractor.storage.repository import find, load_extraction


def whole(client: httpx2.Client, path: str, limit: int, **params: object) -> list[Any]:
    """A list, read page by page; no page is larger than asked for."""
    items: list[Any] = []
    after = None
    for _ in range(1000):
        page = client.get(path, params={**params, "limit": limit, **({"after": after} if after else {})}).json()
        assert len(page["items"]) <= limit
        items += page["items"]
        after = page["next"]
        if after is None:
            return items
    raise AssertionError("a list without an end")


@pytest.mark.parametrize("limit", [1, 2, 3, 200])
def test_documents_in_pages(server: Running, limit: int) -> None:
    items = whole(server.program("the reviewer"), "/api/v1/documents", limit)
    assert {each["department"] for each in items} == {office(0), office(1), office(2)}
    assert [each["id"] for each in items] == sorted(each["id"] for each in items)
    [one] = whole(server.program("the reviewer"), "/api/v1/documents", limit, department=office(1))
    assert one["fiscal_year"] == 2023


@pytest.mark.parametrize("what", ["records", "facts", "checks", "findings"])
@pytest.mark.parametrize("limit", [7, 200])
def test_lists_of_a_document_are_those_of_its_extraction(server: Running, what: str, limit: int) -> None:
    client = server.program("the reviewer")
    document_id = client.get("/api/v1/documents").json()["items"][0]["id"]
    with server.database.transaction() as session:
        found = find(session, document_id, ReadingOptions().fingerprint)
        assert found
        extraction = load_extraction(session, found)
    made = {"facts": lines.facts, "checks": lines.checks, "findings": lines.findings}.get(what)
    items = whole(client, f"/api/v1/documents/{document_id}/{what}", limit)
    if made:
        assert items == list(made(extraction))
    else:
        assert [each["id"] for each in items] == [each.id for each in extraction.records]
    text = client.get(f"/api/v1/documents/{document_id}/text").text
    for fact in whole(client, f"/api/v1/documents/{document_id}/facts", 200):
        assert "".join(text[fact["start"] : fact["end"]].split()) == fact["raw"]
    body = client.get(f"/api/v1/documents/{document_id}/extraction").json()
    assert len(body[what if what != "facts" else "quantities"]) == len(items)


def test_a_cursor_is_of_one_document(server: Running) -> None:
    client = server.program("the reviewer")
    first, second, _ = (each["id"] for each in client.get("/api/v1/documents").json()["items"])
    after = client.get(f"/api/v1/documents/{first}/facts", params={"limit": 1}).json()["next"]
    is_problem(client.get(f"/api/v1/documents/{second}/facts", params={"after": after}), 404)


def test_findings_of_all_documents(server: Running) -> None:
    client = server.program("the reviewer")
    items = whole(client, "/api/v1/findings", 1)
    assert len({each["document_id"] for each in items}) == 3
    assert all("90" in each["message"] for each in items if each["family"] == "share")
    assert whole(client, "/api/v1/findings", 50, family="score") == []
    assert len(whole(client, "/api/v1/findings", 50, department=office(2), fiscal_year=2023)) == len(items) / 3


def test_exports_are_streamed_lines(server: Running) -> None:
    client = server.program("the reviewer")
    answer = client.get("/api/v1/exports/extractions.jsonl")
    assert answer.headers["content-disposition"] == 'attachment; filename="extractions.jsonl"'
    bodies = [json.loads(line) for line in answer.text.splitlines()]
    assert len(bodies) == 3
    facts = [json.loads(line) for line in client.get("/api/v1/exports/facts.jsonl").text.splitlines()]
    assert len(facts) == sum(len(each["quantities"]) for each in bodies)
    assert {each["department"] for each in facts} == {office(0), office(1), office(2)}
    some = client.get("/api/v1/exports/records.jsonl", params={"department": office(1)}).text.splitlines()
    assert len(some) == sum(len(each["records"]) for each in bodies) / 3


def test_tables_open_in_spreadsheets(server: Running) -> None:
    client = server.program("the reviewer")
    answer = client.get("/api/v1/exports/tables/BudgetTotal.csv")
    assert answer.content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff"))))
    assert {row["amount"] for row in rows} >= {"1061.00", "1062.00", "1063.00"}
    is_problem(client.get("/api/v1/exports/tables/Nothing.csv"), 404)


def test_all_tables_come_as_a_workbook_and_as_parquet(server: Running, tmp_path: Path) -> None:
    client = server.program("the reviewer")
    book = openpyxl.load_workbook(io.BytesIO(client.get("/api/v1/exports/tables.xlsx").content))
    assert book.sheetnames[0] == "findings"
    heading, *rows = book["BudgetTotal"].iter_rows(values_only=True)
    assert {row[heading.index("amount")] for row in rows} >= {1061, 1062, 1063}
    some = client.get("/api/v1/exports/tables.xlsx", params={"department": office(1)})
    assert 1 < openpyxl.load_workbook(io.BytesIO(some.content))["BudgetTotal"].max_row < len(rows) + 1
    with zipfile.ZipFile(io.BytesIO(client.get("/api/v1/exports/parquet.zip").content)) as archive:
        archive.extractall(tmp_path)
    facts = client.get("/api/v1/exports/facts.jsonl").text.splitlines()
    assert pyarrow.parquet.read_table(tmp_path / "records.parquet/facts").num_rows == len(facts)
    confirmed = client.get("/api/v1/exports/confirmed.xlsx").content
    assert openpyxl.load_workbook(io.BytesIO(confirmed)).worksheets[0].max_row == 1


def test_deleting_is_for_administrators_and_leaves_the_log(tmp_path: Path) -> None:
    with serving(str(tmp_path / "gouji.sqlite"), tmp_path) as running:
        [document_id] = fill(running.database, tmp_path, 1)
        running.add("admin", Role.ADMIN)
        client = running.program("admin")
        assert client.delete(f"/api/v1/documents/{document_id}").status_code == 204
        is_problem(client.get(f"/api/v1/documents/{document_id}"), 404)
        assert client.get("/api/v1/tasks").json()["items"] == []
        log = [json.loads(line) for line in client.get("/api/v1/exports/log.jsonl").text.splitlines()]
    assert [each["action"] for each in log if each["document_id"] == document_id] == ["delete"]
