"""The findings that people confirmed: the document itself is wrong there. A list to be shared."""

import csv
import io
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path

import sqlalchemy as sa
import xlsxwriter
from sqlalchemy.orm import Session

from extractor.outputs.render import as_cell
from extractor.review.standing import said
from extractor.storage.models import DocumentRow, TaskRow, TaskStatus, VerdictRow
from schemas.base import Model
from schemas.settlement import Decision

PAGE = 200


class Confirmed(Model):
    """A confirmed finding. `printed` stands in the document, `suggested` is what it probably should be."""

    task: int
    document_id: str
    document: str
    department: str | None
    region: str | None
    kind: str | None
    fiscal_year: int | None
    page: int | None
    family: str | None
    message: str
    message_en: str
    printed: str | None
    suggested: str | None
    amount_at_stake_yuan: str | None
    evidence: str
    by: str
    at: datetime
    note: str | None


COLUMNS = tuple(Confirmed.model_fields)

HEADINGS = {
    "task": "任务",
    "document_id": "文件编号",
    "document": "文件",
    "department": "部门",
    "region": "地区",
    "kind": "种类",
    "fiscal_year": "年度",
    "page": "页",
    "family": "关系",
    "message": "说明",
    "message_en": "in English",
    "printed": "印出",
    "suggested": "应为",
    "amount_at_stake_yuan": "涉及金额（元）",
    "evidence": "原文",
    "by": "确认人",
    "at": "确认时间",
    "note": "备注",
}


def confirmed(session: Session, after: int = 0, limit: int = PAGE) -> list[Confirmed]:
    """A page of the list, by the number of the task; `after` is the last one of the page before."""
    newest = (
        sa.select(sa.func.max(VerdictRow.id))
        .where(VerdictRow.task_id == TaskRow.id, VerdictRow.action == Decision.DOCUMENT)
        .correlate(TaskRow)
        .scalar_subquery()
    )
    query = (
        sa.select(TaskRow, VerdictRow, DocumentRow.name)
        .join(VerdictRow, VerdictRow.id == newest)
        .join(DocumentRow, DocumentRow.id == TaskRow.document_id)
        .where(TaskRow.verdict == Decision.DOCUMENT, TaskRow.status == TaskStatus.SETTLED, TaskRow.id > after)
        .order_by(TaskRow.id)
        .limit(limit)
    )
    return [_row(task, verdict, name) for task, verdict, name in session.execute(query)]


def all_confirmed(session: Session) -> Iterator[Confirmed]:
    """The whole list, read page by page."""
    after = 0
    while page := confirmed(session, after):
        yield from page
        after = page[-1].task


def _row(task: TaskRow, verdict: VerdictRow, name: str) -> Confirmed:
    made = said(verdict)
    finding, place = made.get("finding", {}), made.get("place", {})
    return Confirmed(
        task=task.id,
        document_id=task.document_id,
        document=name,
        department=task.department,
        region=task.region,
        kind=task.document_kind,
        fiscal_year=task.fiscal_year,
        page=place.get("page"),
        family=task.family,
        message=finding.get("message", task.reason),
        message_en=finding.get("message_en", task.reason_en),
        printed=place.get("printed"),
        suggested=made.get("suggested") or finding.get("suggested"),
        amount_at_stake_yuan=f"{task.amount.normalize():f}" if task.amount else None,
        evidence=" … ".join(finding.get("evidence", ())),
        by=verdict.actor,
        at=verdict.made_at,
        note=verdict.note,
    )


def as_csv(rows: Iterable[Confirmed]) -> Iterator[str]:
    """The list as CSV, line by line, with the mark by which Excel knows UTF-8."""
    line = io.StringIO()
    writer = csv.writer(line)
    writer.writerow(COLUMNS)
    yield "\ufeff" + line.getvalue()
    for row in rows:
        line.seek(0)
        line.truncate()
        writer.writerow([as_cell(value) for value in _values(row)])
        yield line.getvalue()


def write_xlsx(rows: Iterable[Confirmed], path: Path) -> int:
    """The list as a workbook; returns how many there are."""
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    book = xlsxwriter.Workbook(str(path), options)
    sheet, bold = book.add_worksheet("confirmed 确认的问题"), book.add_format({"bold": True})
    for column, name in enumerate(COLUMNS):
        sheet.write_string(0, column, f"{HEADINGS[name]} {name}", bold)
    sheet.set_column(0, len(COLUMNS), 18)
    sheet.freeze_panes(1, 0)
    count = 0
    for count, row in enumerate(rows, 1):
        for column, value in enumerate(_values(row)):
            if isinstance(value, int):
                sheet.write_number(count, column, value)
            else:
                sheet.write_string(count, column, str(value)[:32_000])
    book.close()
    return count


def _values(row: Confirmed) -> list[str | int]:
    values = (getattr(row, name) for name in COLUMNS)
    return ["" if each is None else each.isoformat() if isinstance(each, datetime) else each for each in values]
