"""`gouji batch …` and `gouji worker`: the command line of jobs."""

import contextlib
import dataclasses
import json
import logging
import os
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from schemas.base import GoujiError

if TYPE_CHECKING:
    from extractor.batch.jobs import Jobs
    from extractor.batch.progress import Progress
    from extractor.batch.reading import ReadingOptions
    from extractor.batch.results import Exported
    from extractor.batch.settings import BatchSettings
    from extractor.storage.database import Database

app = typer.Typer(help="任务 Durable jobs over many files: one machine, or many workers.", no_args_is_help=True)
out = Console()
err = Console(stderr=True)

READERS = ("rules", "llm", "cascade", "consensus")

DatabaseOption = Annotated[
    str | None, typer.Option("--database", help="A file or postgresql://…; GOUJI_DATABASE, else gouji.sqlite.")
]
JobArgument = Annotated[str, typer.Argument(help="The job's name.")]
InputsArgument = Annotated[
    list[str],
    typer.Argument(metavar="INPUT…", help="Files, folders, patterns, s3://…, https://…, MANIFEST.csv; - for stdin."),
]
ReaderOption = Annotated[str, typer.Option(help=" | ".join(READERS))]
FormatsOption = Annotated[
    str, typer.Option("--format", help="documents, jsonl, csv, xlsx, parquet; several with commas.")
]
JsonOption = Annotated[bool, typer.Option("--json", help="For programs.")]


def _fail(message: str, status: int = 2) -> NoReturn:
    err.print(f"[bold red]✗[/] {message}", highlight=False)
    raise typer.Exit(status)


@contextlib.contextmanager
def _in_words() -> Iterator[None]:
    """Errors meant for users as a sentence and an exit status."""
    try:
        yield
    except GoujiError as error:
        _fail(str(error), 1)


def _settings(database: str | None) -> "BatchSettings":
    from extractor.batch.settings import load_batch_settings

    return load_batch_settings(database=database)


@contextlib.contextmanager
def _database(settings: "BatchSettings") -> Iterator["Database"]:
    from extractor.storage.database import open_database

    opened = open_database(settings.database)
    try:
        yield opened
    finally:
        opened.close()


@contextlib.contextmanager
def _jobs(database: str | None) -> Iterator["Jobs"]:
    """The jobs of the configured database; errors become sentences."""
    from extractor.batch.engine import Engine
    from extractor.batch.files import FileStore
    from extractor.batch.jobs import Jobs

    with _in_words():
        settings = _settings(database)
        with _database(settings) as opened:
            engine = Engine(opened)
            try:
                yield Jobs(opened, engine, FileStore(settings.files) if settings.files else None)
            finally:
                engine.close()


@app.command()
def submit(
    inputs: InputsArgument,
    job: Annotated[str, typer.Option("--job", help="The job's name; the same name adds to the same job.")],
    reader: ReaderOption = "rules",
    database: DatabaseOption = None,
) -> None:
    """Add files to a job; a file that is in it already is left alone unless it was changed."""
    from extractor.batch.inputs import entries_of

    options = _options(reader)
    with _jobs(database) as jobs:
        done = jobs.submit(job, entries_of(inputs), options)
    out.print(f"{done.job}: {done.named} 个文件 files, 新 new {done.new}", highlight=False)


def _options(reader: str) -> "ReadingOptions":
    from extractor.batch.reading import options_for
    from extractor.settings import load_settings

    if reader not in READERS:
        _fail(f"--reader {reader}: not a reader; choose from {', '.join(READERS)}")
    try:
        return options_for(reader, load_settings())
    except GoujiError as error:
        _fail(str(error))


@app.command()
def status(
    job: JobArgument,
    watch: Annotated[bool, typer.Option("--watch", help="Show it again every second until it is finished.")] = False,
    as_json: JsonOption = False,
    database: DatabaseOption = None,
) -> None:
    """How far a job is: files, sections, requests, tokens, money, rate, time left."""
    from extractor.batch.progress import progress_of

    with _in_words(), _database(_settings(database)) as opened:
        job_id = _job_id(opened, job)
        while True:
            with opened.transaction() as session:
                progress = progress_of(session, job_id)
            if as_json:
                sys.stdout.write(json.dumps(_plain(progress), ensure_ascii=False, default=str) + "\n")
            else:
                out.print(_shown(progress))
            if not watch or progress.finished:
                return
            time.sleep(1)


def _job_id(database: "Database", name: str) -> int:
    from extractor.batch.progress import job_named

    with database.transaction() as session:
        return job_named(session, name)


def _plain(progress: "Progress") -> dict[str, object]:
    return {**dataclasses.asdict(progress), "documents": progress.documents, "finished": progress.finished}


def _shown(progress: "Progress") -> Table:
    table = Table(show_header=False, show_edge=False, pad_edge=False, title=f"{progress.job} · {progress.state}")
    table.add_row("文件 documents", f"{progress.documents:,}")
    table.add_row("完成 done", f"[green]{progress.done:,}[/]")
    table.add_row("等待 waiting", f"{progress.waiting:,}")
    for name, count in (("失败 failed", progress.failed), ("取消 cancelled", progress.cancelled)):
        if count:
            table.add_row(name, f"[red]{count:,}[/]")
    if progress.incomplete:
        table.add_row("有缺失章节 incomplete", f"[red]{progress.incomplete:,}[/]")
    table.add_row("章节 sections", f"{progress.sections:,}")
    if progress.requests:
        table.add_row("请求 requests", f"{progress.requests:,}")
        table.add_row("词元 tokens", f"{progress.input_tokens:,} → {progress.output_tokens:,}")
    if progress.money is not None:
        table.add_row("费用 money", f"{progress.money:,.4f}")
    if progress.rate:
        table.add_row("速度 rate", f"{progress.rate:.2f}/s")
    if progress.seconds_left is not None:
        table.add_row("剩余 left", _duration(progress.seconds_left))
    table.add_row("进程 workers", str(progress.workers))
    if progress.trouble:
        table.add_row("受阻 trouble", f"[red]{escape(progress.trouble)}[/]")
    return table


def _duration(seconds: float) -> str:
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}"


@app.command(name="list")
def list_(as_json: JsonOption = False, database: DatabaseOption = None) -> None:
    """All jobs, newest first."""
    from extractor.batch.progress import list_jobs

    with _in_words(), _database(_settings(database)) as opened, opened.transaction() as session:
        lines = list(list_jobs(session))
    if as_json:
        for line in lines:
            sys.stdout.write(json.dumps(dataclasses.asdict(line), ensure_ascii=False, default=str) + "\n")
        return
    table = Table(show_edge=False, pad_edge=False)
    for title in (
        "任务 job",
        "方式 reader",
        "状态 state",
        "等待 waiting",
        "完成 done",
        "失败 failed",
        "取消 cancelled",
    ):
        table.add_column(title)
    for line in lines:
        counts = (line.waiting, line.done, line.failed, line.cancelled)
        table.add_row(line.job, line.reader, line.state, *(f"{count:,}" for count in counts))
    out.print(table)


@app.command()
def files(
    job: JobArgument,
    state: Annotated[str | None, typer.Option(help="waiting | done | failed | cancelled")] = None,
    after: Annotated[int, typer.Option(help="Go on behind this id.")] = 0,
    limit: Annotated[int, typer.Option(min=1, max=10_000)] = 50,
    database: DatabaseOption = None,
) -> None:
    """The files of a job, one JSON object a line."""
    from extractor.batch.progress import list_files
    from extractor.storage.work import ItemState

    if state is not None and state not in [each.value for each in ItemState]:
        _fail(f"--state {state}: not a state; choose from {', '.join(ItemState)}")
    with _in_words(), _database(_settings(database)) as opened:
        job_id = _job_id(opened, job)
        with opened.transaction() as session:
            rows = list_files(session, job_id, ItemState(state) if state else None, after, limit)
    for row in rows:
        line = {"id": row.id, "address": row.address, "state": row.state, "document_id": row.document_id}
        line |= {"extraction": row.extraction_id, "complete": row.complete, "reason": row.reason}
        sys.stdout.write(json.dumps(line, ensure_ascii=False) + "\n")


@app.command()
def pause(job: JobArgument, database: DatabaseOption = None) -> None:
    """Begin no further file of a job."""
    with _jobs(database) as jobs:
        jobs.pause(job)


@app.command()
def resume(job: JobArgument, database: DatabaseOption = None) -> None:
    """Go on with a job that was paused or cancelled."""
    with _jobs(database) as jobs:
        jobs.resume(job)


@app.command()
def cancel(job: JobArgument, database: DatabaseOption = None) -> None:
    """End a job; what is done stays."""
    with _jobs(database) as jobs:
        count = jobs.cancel(job)
    out.print(f"{job}: 取消 cancelled {count}", highlight=False)


@app.command(name="retry-failed")
def retry_failed(job: JobArgument, database: DatabaseOption = None) -> None:
    """Do again what failed, and what was read with sections missing."""
    with _jobs(database) as jobs:
        count = jobs.retry_failed(job)
    out.print(f"{job}: 重做 again {count}", highlight=False)


@app.command()
def delete(
    job: JobArgument,
    results: Annotated[
        bool, typer.Option("--results", help="Its extractions too, unless other jobs have them.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    database: DatabaseOption = None,
) -> None:
    """Delete a job; its extractions stay unless --results is given."""
    if not yes:
        typer.confirm(f"删除任务 delete the job {job}{' 及其结果 and its results' if results else ''}?", abort=True)
    with _jobs(database) as jobs:
        jobs.delete(job, results)


def worker(
    concurrency: Annotated[int, typer.Option(help="Reading processes; 0 for one a core.", min=0)] = 0,
    patience: Annotated[int, typer.Option(help="Seconds to finish files when asked to stop.", min=0)] = 30,
    database: DatabaseOption = None,
) -> None:
    """Work on the jobs of a database until told to stop; as many workers on as many machines as wanted."""
    from extractor.batch import logs
    from extractor.batch.presence import DeclaredDead
    from extractor.batch.worker import Worker, only_worker

    with _in_words():
        settings = _settings(database)
        logs.set_up(settings.log_format)
        with _database(settings) as opened, only_worker(opened):
            working = Worker(opened, settings, concurrency or os.cpu_count() or 1)
            for number in (signal.SIGTERM, signal.SIGINT):
                signal.signal(number, lambda *_: working.stop())
            try:
                working.run(patience=patience)
            except DeclaredDead as error:
                logging.getLogger("gouji.batch").error(str(error))
                os._exit(3)
    sys.stderr.flush()
    os._exit(0)  # threads that wait for the engine would hold the process


@app.command()
def results(
    job: JobArgument,
    folder: Annotated[
        Path | None, typer.Option("--out", help="Without it, one whole extraction a line goes to standard output.")
    ] = None,
    formats: FormatsOption = "jsonl",
    processes: Annotated[int, typer.Option("--jobs", help="Processes; 0 for one a core.", min=0)] = 0,
    database: DatabaseOption = None,
) -> None:
    """Export what a job has so far; of every document the newest version that people settled."""
    from extractor.batch import results

    wanted = _formats(formats)
    if folder is None and wanted != ["jsonl"]:
        _fail(
            f"--format {formats}: 请用 --out 指定文件夹 (give a folder with --out; only jsonl goes to standard output)"
        )
    with _in_words(), _database(_settings(database)) as opened:
        job_id = _job_id(opened, job)
        if folder is None:
            with contextlib.suppress(BrokenPipeError):  # whoever reads has seen enough
                results.stream(opened, job_id, sys.stdout)
            return
        done = results.export(opened, job_id, folder, wanted, processes or os.cpu_count() or 1)
    _tell_exported(done, folder)


def _formats(given: str) -> list[str]:
    from extractor.batch.results import FORMATS

    wanted = [each.strip() for each in given.split(",") if each.strip()]
    for each in wanted:
        if each not in FORMATS:
            _fail(f"--format {each}: not a format; choose from {', '.join(FORMATS)}")
    return wanted


def _tell_exported(done: "Exported", folder: Path) -> None:
    failed = f", {done.failed} 个失败 failed (failures.jsonl)" if done.failed else ""
    out.print(f"→ {folder}/  {done.documents} 份文件 documents{failed}", highlight=False)


@app.command()
def run(
    inputs: InputsArgument,
    job: Annotated[str | None, typer.Option("--job", help="The job's name; by default the inputs as given.")] = None,
    folder: Annotated[Path | None, typer.Option("--out", help="Export the results there when all is done.")] = None,
    formats: FormatsOption = "jsonl,csv",
    reader: ReaderOption = "rules",
    concurrency: Annotated[int, typer.Option(help="Reading processes; 0 for one a core.", min=0)] = 0,
    database: DatabaseOption = None,
) -> None:
    """Submit, work and export in one process; run again after a stop of any kind, it goes on where it was."""
    from extractor.batch.results import export
    from extractor.batch.running import run_job

    options, wanted = _options(reader), _formats(formats)
    processes = concurrency or os.cpu_count() or 1
    with _in_words():
        settings = _settings(database)
        name = job or " ".join(inputs)[:120]
        progress = run_job(settings, name, inputs, options, processes, err)
        out.print(_shown(progress))
        if folder is not None and progress.finished:
            with _database(settings) as opened:
                _tell_exported(export(opened, _job_id(opened, name), folder, wanted, processes), folder)
    sys.stdout.flush()
    os._exit(0 if progress.finished and not progress.failed else 1)
