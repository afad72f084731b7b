"""What a run writes: the stable contract's files, whole or not at all."""

import csv
import json
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from openpyxl import load_workbook

from extractor.outputs import writers
from extractor.outputs.render import Rendered, as_cell, render
from extractor.outputs.run import ALWAYS, RunWriter
from extractor.outputs.tables import all_tables, rows_of
from schemas.checks import Finding, FindingKind
from schemas.extraction import DocumentInfo, Extraction, Provenance, Record, Section
from schemas.quantities import Quantity, QuantityKind, Role


def _extraction(number: int, stake: str = "10") -> Extraction:
    name = f"文件{number}.txt"
    document = DocumentInfo(
        id=f"{number:016x}",
        name=name,
        media_type="text/plain",
        sha256="0" * 64,
        text_sha256="0" * 64,
        department="某县某局",
        kind="final_account",
        fiscal_year=2023,
    )
    amount = Quantity(
        id="q1",
        raw="5267.40万元",
        kind=QuantityKind.MONEY,
        value=Decimal("5267.40"),
        unit="万元",
        decimals=2,
        yuan=Decimal("52674000.00"),
        start=10,
        end=19,
        section="s1",
        role=Role.FIELD,
    )
    percent = Quantity(
        id="q2",
        raw="3.1%",
        kind=QuantityKind.PERCENT,
        value=Decimal("3.1"),
        unit="%",
        decimals=1,
        start=30,
        end=34,
        section="s1",
        role=Role.FIELD,
    )
    change = {"base": "prior_year", "direction": "increase", "percent": {"quantity": "q2"}, "reason": "=1+1，新增项目"}
    record = Record.model_validate(
        {
            "id": "r1",
            "type": "BudgetTotal",
            "section": "s1",
            "reader": "rules",
            "fields": {"scope": "department", "side": "both", "amount": {"quantity": "q1"}, "changes": [change]},
        }
    )
    finding = Finding(
        id="f1",
        kind=FindingKind.ERROR,
        message=f"{name} 不符",
        message_en="does not add up",
        evidence=("5267.40万元",),
        spans=((10, 19),),
        amount_at_stake=Decimal(stake),
    )
    return Extraction(
        document=document,
        sections=(Section(id="s1", path=("一、总体情况",), start=0, end=40),),
        quantities=(amount, percent),
        records=(record,),
        findings=(finding,),
        provenance=Provenance(reader="rules", version="test", created_at=datetime.now(UTC)),
    )


def _write(folder: Path, *rendered: Rendered, formats: tuple[str, ...] = ALWAYS) -> None:
    with RunWriter(folder, formats) as writer:
        for each in rendered:
            writer.add(each)


def test_a_document_reads_back_as_it_was(tmp_path: Path) -> None:
    extraction = _extraction(1)
    _write(tmp_path, render(extraction))
    written = (tmp_path / "documents" / f"{extraction.document.id}.json").read_text(encoding="utf-8")
    assert Extraction.model_validate_json(written) == extraction
    assert '"value": "5267.40"' in written  # trailing zeros are what is printed


def test_every_quantity_is_a_fact_with_its_record(tmp_path: Path) -> None:
    _write(tmp_path, render(_extraction(1)))
    facts = [json.loads(line) for line in (tmp_path / "facts.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [(f["id"], f["record_type"], f["field"]) for f in facts] == [
        ("q1", "BudgetTotal", "amount"),
        ("q2", "BudgetTotal", "changes[0].percent"),
    ]
    assert facts[0]["section_path"] == ["一、总体情况"]


def test_findings_of_all_documents_stand_most_serious_first(tmp_path: Path) -> None:
    _write(tmp_path, *(render(_extraction(n, stake)) for n, stake in ((1, "5"), (2, "900"), (3, "70"))))
    findings = [json.loads(line) for line in (tmp_path / "findings.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [finding["document"] for finding in findings] == ["文件2.txt", "文件3.txt", "文件1.txt"]
    assert {"document", "document_id", "evidence", "spans"} <= set(findings[0])


def test_csv_is_tidy_opens_in_excel_and_holds_no_formulas(tmp_path: Path) -> None:
    _write(tmp_path, render(_extraction(1)), render(_extraction(2)))
    path = tmp_path / "records" / "BudgetTotal.csv"
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    with path.open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert [(r["document"], r["amount"], r["amount_unit"], r["amount_yuan"]) for r in rows] == [
        ("文件1.txt", "5267.40", "万元", "52674000.00"),
        ("文件2.txt", "5267.40", "万元", "52674000.00"),
    ]
    with (tmp_path / "records" / "BudgetTotal.changes.csv").open(encoding="utf-8-sig", newline="") as stream:
        changes = list(csv.DictReader(stream))
    assert changes[0]["record"] == "r1"
    assert changes[0]["percent"] == "3.1"
    assert changes[0]["reason"].startswith("'=")
    assert as_cell("@SUM(A1)") == "'@SUM(A1)"


def test_workbook_and_parquet_hold_the_same_rows(tmp_path: Path) -> None:
    extractions = [_extraction(1), _extraction(2)]
    _write(tmp_path, *(render(e, tabular=True) for e in extractions), formats=("csv", "xlsx", "parquet"))
    sheet = load_workbook(tmp_path / "records.xlsx")["BudgetTotal"]
    header, *rows = sheet.iter_rows(values_only=True)
    assert [row[header.index("amount_yuan")] for row in rows] == [52674000, 52674000]
    table = pq.read_table(tmp_path / "records.parquet" / "BudgetTotal").to_pylist()
    assert [row["amount"] for row in table] == ["5267.40", "5267.40"]
    assert [row["amount_yuan"] for row in table] == [Decimal("52674000"), Decimal("52674000")]
    assert {row["fiscal_year"] for row in table} == {2023}


def test_a_workbook_opens_with_the_findings_and_leads_to_the_pages(tmp_path: Path) -> None:
    paged = [_extraction(n, stake) for n, stake in ((1, "5"), (2, "900"))]
    paged = [
        e.model_copy(update={"quantities": tuple(q.model_copy(update={"page": 7}) for q in e.quantities)})
        for e in paged
    ]
    source = str(tmp_path / "文件 甲.pdf")
    rendered = [render(e, tabular=True, source=source) for e in paged]
    _write(tmp_path, *rendered, formats=("xlsx",))
    assert [path.name for path in tmp_path.iterdir()] == ["records.xlsx"], "nothing that was not asked for"
    book = load_workbook(tmp_path / "records.xlsx")
    assert book.sheetnames == ["findings", "BudgetTotal", "BudgetTotal.changes"]
    findings = book["findings"]
    assert (findings.freeze_panes, findings.auto_filter.ref[:2]) == ("A2", "A1")
    header, *rows = findings.iter_rows(values_only=True)
    assert [row[header.index("amount_at_stake_yuan")] for row in rows] == [900, 5], "most serious first"
    totals = book["BudgetTotal"]
    header = [cell.value for cell in totals[1]]
    cell = totals[2][header.index("page")]
    assert (cell.value, cell.hyperlink.location or cell.hyperlink.target.split("#")[1]) == ("7", "page=7")
    assert totals[2][header.index("amount_yuan")].number_format == "#,##0.00"


def test_parquet_holds_facts_checks_and_findings_by_year(tmp_path: Path) -> None:
    _write(tmp_path, *(render(_extraction(n), tabular=True) for n in (1, 2)), formats=("parquet",))
    folder = tmp_path / "records.parquet"
    assert {path.name for path in folder.iterdir()} == {"BudgetTotal", "BudgetTotal.changes", "facts", "findings"}
    facts = pq.read_table(folder / "facts" / "fiscal_year=2023").to_pylist()
    assert [(f["quantity"], f["raw"], f["record_type"]) for f in facts[:2]] == [
        ("q1", "5267.40万元", "BudgetTotal"),
        ("q2", "3.1%", "BudgetTotal"),
    ]
    assert len(pq.read_table(folder / "findings").to_pylist()) == 2


def test_parquet_writes_before_it_holds_much(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writers, "ROWS_HELD", 3)
    _write(tmp_path, *(render(_extraction(n), tabular=True) for n in range(5)), formats=("parquet",))
    assert pq.read_metadata(next((tmp_path / "records.parquet" / "facts").rglob("*.parquet"))).num_row_groups > 1
    assert len(pq.read_table(tmp_path / "records.parquet" / "BudgetTotal")) == 5


def test_a_second_run_replaces_the_first(tmp_path: Path) -> None:
    _write(tmp_path, render(_extraction(1), tabular=True), formats=("xlsx",))
    with RunWriter(tmp_path) as writer:
        writer.add(render(_extraction(2)))
        writer.fail("b.pdf", "b.pdf: 损坏")
    assert [path.name for path in (tmp_path / "documents").iterdir()] == [f"{2:016x}.json"]
    assert not (tmp_path / "records.xlsx").exists()
    assert json.loads((tmp_path / "failures.jsonl").read_text(encoding="utf-8")) == {
        "document": "b.pdf",
        "reason": "b.pdf: 损坏",
    }
    _write(tmp_path, render(_extraction(2)))
    assert not (tmp_path / "failures.jsonl").exists()


def test_a_run_that_breaks_off_leaves_the_last_files_alone(tmp_path: Path) -> None:
    _write(tmp_path, render(_extraction(1)))
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    with pytest.raises(RuntimeError):
        _write_and_break_off(tmp_path)
    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == before


def _write_and_break_off(folder: Path) -> None:
    with RunWriter(folder) as writer:
        writer.add(render(_extraction(2)))
        raise RuntimeError


def test_rows_have_only_declared_columns() -> None:
    columns = {table.name: set(table.columns) for table in all_tables()}
    for table, row in rows_of(_extraction(1)):
        assert set(row) <= columns[table]
