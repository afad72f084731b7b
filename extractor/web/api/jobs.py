"""Batch jobs: documents read (again) by worker processes, followed from here. `gouji worker` does the work."""

import dataclasses
from datetime import datetime
from decimal import Decimal
from http import HTTPStatus
from typing import TYPE_CHECKING, Annotated, Literal

import sqlalchemy as sa
from fastapi import APIRouter, Depends, Path, Request
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy.orm import Session

from extractor.batch.inputs import Entry
from extractor.batch.progress import list_files, progress_of
from extractor.batch.reading import ReadingOptions, options_for
from extractor.errors import ConfigurationError
from extractor.review.actors import Actor, Scope, note
from extractor.settings import load_settings
from extractor.storage.models import DocumentRow
from extractor.storage.people import Role
from extractor.storage.repository import NotStored
from extractor.storage.work import ItemState, JobRow
from extractor.web.access import TheDesk, TheSettings, may
from extractor.web.api.once import OnceOnly
from extractor.web.api.paging import After, Limit, Page, page, place
from extractor.web.api.values import Number
from extractor.web.joblink import JobLink
from extractor.web.problems import Refusal
from extractor.web.settings import WebSettings

if TYPE_CHECKING:
    from extractor.batch.jobs import Jobs

router = APIRouter(prefix="/jobs", tags=["jobs"])

Reader = Annotated[Actor, may(Scope.READ)]
Submitter = Annotated[Actor, may(Scope.SUBMIT, Role.LEAD)]


def _link(request: Request) -> JobLink:
    link: JobLink = request.app.state.jobs
    return link


Link = Annotated[JobLink, Depends(_link)]


Reading = Literal["rules", "llm", "cascade", "consensus"]
"""Who reads: the rules, or the model that the server is configured with, alone or beside the rules."""


class NewJob(BaseModel):
    """Documents to be read by workers. The same name adds to the same job."""

    model_config = ConfigDict(extra="forbid")

    name: Annotated[str, Field(min_length=1, max_length=120, pattern=r"^[^\x00-\x1f\x7f]+$")]
    documents: Annotated[list[Annotated[str, Field(pattern=r"^[0-9a-f]{16}$")]], Field(min_length=1, max_length=10_000)]
    reader: Reading = "rules"


class Submission(BaseModel):
    """What a submission did: documents named, and how many of them are new to the job."""

    id: int
    job: str
    named: int
    new: int


class JobOut(BaseModel):
    """How far a job is. `rate` is files a second of late, `seconds_left` what is left at that rate."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    job: str
    reader: str
    state: str
    created_at: datetime
    documents: int
    waiting: int
    done: int
    failed: int
    cancelled: int
    incomplete: int
    sections: int
    requests: int
    input_tokens: int
    cached_tokens: int
    output_tokens: int
    money: Decimal | None
    seconds: float
    rate: float | None
    seconds_left: float | None
    workers: int


class FileOut(BaseModel):
    """One file of a job, and what became of it."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    name: str
    state: str
    document_id: str | None
    extraction_id: int | None
    complete: bool | None
    reason: str | None
    finished_at: datetime | None


def _job(session: Session, job_id: int) -> JobRow:
    row = session.get(JobRow, job_id)
    if row is None:
        raise NotStored(f"{job_id}: 没有这个任务 (there is no such job)")
    return row


def _progress(session: Session, job_id: int) -> JobOut:
    _job(session, job_id)
    progress = progress_of(session, job_id)
    return JobOut(id=job_id, documents=progress.documents, **dataclasses.asdict(progress))


@router.get("")
def jobs(desk: TheDesk, _: Reader, after: After = None, limit: Limit = 50) -> Page[JobOut]:
    """All jobs, newest first."""
    behind = place(after, int)
    query = sa.select(JobRow.id).order_by(JobRow.id.desc()).limit(limit + 1)
    with desk.database.transaction() as session:
        ids = session.scalars(query.where(JobRow.id < behind[0]) if behind else query).all()
        found = [_progress(session, job_id) for job_id in ids]
    return page(found, limit, [(each.id,) for each in found])


@router.post("", status_code=201, response_model=Submission)
def submit(
    desk: TheDesk, settings: TheSettings, link: Link, actor: Submitter, once: OnceOnly, wanted: NewJob
) -> Response:
    """Start a job over documents that are there, or add to one. A document that is in the job already stays as it is."""
    with desk.database.transaction() as session:
        kept = once.kept(session)
        entries = [] if kept else [_entry(session, settings, each) for each in dict.fromkeys(wanted.documents)]
    if kept is not None:
        return kept
    done = link.jobs.submit(wanted.name, entries, _options(wanted.reader))

    def work(session: Session) -> Submission:
        job_id = session.execute(sa.select(JobRow.id).where(JobRow.name == wanted.name)).scalar_one()
        note(session, actor, "submit", job=job_id, documents=done.named)
        return Submission(id=job_id, job=done.job, named=done.named, new=done.new)

    return once.run(desk.database, HTTPStatus.CREATED, work)


def _options(reader: Reading) -> ReadingOptions:
    """How a job reads, with the model of the server's configuration. Raises Refusal where it names none."""
    if reader == "rules":
        return ReadingOptions()
    try:
        return options_for(reader, load_settings())
    except ConfigurationError as error:
        raise Refusal(HTTPStatus.SERVICE_UNAVAILABLE, str(error)) from error


def _entry(session: Session, settings: WebSettings, document_id: str) -> Entry:
    """Where workers find a document. Raises NotStored, and Refusal for an upload that no worker could find."""
    row = session.get(DocumentRow, document_id)
    if row is None:
        raise NotStored(f"{document_id}: 库中没有这份文件 (the database holds no such document)")
    if row.stored and settings.files is None:
        raise Refusal(
            HTTPStatus.SERVICE_UNAVAILABLE,
            "上传的文件要由其他进程读取，请为服务器和 worker 设置 GOUJI_FILES (for workers to find uploaded files, the"
            " operator sets GOUJI_FILES for the server and for them)",
        )
    return Entry(row.address, f"sha256:{row.sha256}" if row.stored else "", row.region)


@router.get("/{job_id}")
def job(desk: TheDesk, _: Reader, job_id: Number) -> JobOut:
    """How far one job is."""
    with desk.database.transaction() as session:
        return _progress(session, job_id)


@router.get("/{job_id}/files")
def files(
    desk: TheDesk,
    _: Reader,
    job_id: Number,
    state: ItemState | None = None,
    after: After = None,
    limit: Limit = 50,
) -> Page[FileOut]:
    """The files of a job in the order they were entered."""
    behind = place(after, int)
    with desk.database.transaction() as session:
        _job(session, job_id)
        rows = list_files(session, job_id, state, int(behind[0]) if behind else 0, limit + 1)
    found = [
        FileOut(
            id=row.id,
            name=row.address.rsplit("/", 1)[-1],
            state=row.state,
            document_id=row.document_id,
            extraction_id=row.extraction_id,
            complete=row.complete,
            reason=row.reason,
            finished_at=row.finished_at,
        )
        for row in rows
    ]
    return page(found, limit, [(each.id,) for each in found])


class Step(BaseModel):
    """What became of a job."""

    id: int
    step: str
    files: int | None = None


@router.post("/{job_id}/{step}", response_model=Step)
def control(
    desk: TheDesk,
    link: Link,
    actor: Submitter,
    job_id: Number,
    step: Annotated[Literal["pause", "resume", "cancel", "retry-failed"], Path()],
) -> Step:
    """Pause, resume or cancel a job, or do again what failed. Each may be asked for twice without harm."""
    with desk.database.writing() as session:
        name = _job(session, job_id).name
        note(session, actor, step, job=job_id)
    return Step(id=job_id, step=step, files=_do(link.jobs, step, name))


def _do(jobs: "Jobs", step: str, name: str) -> int | None:
    match step:
        case "cancel":
            return jobs.cancel(name)
        case "retry-failed":
            return jobs.retry_failed(name)
        case "pause":
            jobs.pause(name)
        case _:
            jobs.resume(name)
    return None
