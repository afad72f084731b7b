"""The command line: `gouji extract`, `check`, `text`, `show`, `schema`."""

import json
import os
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    SpinnerColumn,
    Task,
    TimeRemainingColumn,
)
from rich.table import Table
from rich.text import Text

from extractor.batch.cli import app as batch_app
from extractor.batch.cli import worker
from extractor.checkcommand import HELP as CHECK_HELP
from extractor.checkcommand import check
from extractor.exports_cli import dictionary, query
from extractor.processes import import_ahead
from extractor.version import VERSION
from extractor.web.command import review, serve, users
from prompts.command import app as prompts_app
from schemas.base import GoujiError

if TYPE_CHECKING:
    from extractor.outputs.summary import Summary
    from extractor.running_model import ModelRun

app = typer.Typer(
    name="gouji",
    help="勾稽: structured, cross-checked records from Chinese department budgets and final accounts.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
out = Console()
err = Console(stderr=True)

SHOWN = 50
"""How many documents the closing table lists."""

WORST = 12
"""How many findings the closing lines of a run name."""

READERS = ("rules", "llm", "cascade", "consensus")


def fail(message: str, status: int = 2) -> NoReturn:
    """Say what is wrong and leave."""
    err.print(f"[bold red]✗[/] {message}", highlight=False)
    raise typer.Exit(status)


def _version(asked: bool) -> None:
    if asked:
        out.print(VERSION)
        raise typer.Exit


@app.callback()
def _main(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    pass


@app.command()
def extract(
    inputs: Annotated[list[str], typer.Argument(metavar="PATH…", help="Files, folders or patterns.")],
    folder: Annotated[Path, typer.Option("--out", help="Where the files go; a second run replaces them.")] = Path(
        "out"
    ),
    reader: Annotated[str, typer.Option(help="rules | llm | cascade | consensus")] = "rules",
    jobs: Annotated[int, typer.Option(help="Processes; 0 for one a core.", min=0)] = 0,
    formats: Annotated[str, typer.Option("--format", help="csv, xlsx, parquet; several with commas.")] = "csv",
    no_report: Annotated[bool, typer.Option("--no-report", help="Write no report.html.")] = False,
    no_cache: Annotated[bool, typer.Option("--no-cache", help="Ask the model again, whatever it answered.")] = False,
    budget_tokens: Annotated[int | None, typer.Option(help="Stop when a model took so many tokens.", min=1)] = None,
    budget_money: Annotated[float | None, typer.Option(help="Stop when a model cost so much.", min=0)] = None,
) -> None:
    """Extract and check the records of disclosures; write the files of the output contract."""
    from extractor.running import READING, READING_WITH_MODEL, extract_files, find_files

    jobs = jobs or os.cpu_count() or 1
    if jobs > 1 or reader != "rules":  # while this process imports what it needs itself
        import_ahead(READING if reader == "rules" else READING_WITH_MODEL)
    from extractor.outputs.run import ALWAYS, FORMATS, RunWriter

    wanted = [each.strip() for each in formats.split(",") if each.strip()]
    unknown = [each for each in wanted if each not in FORMATS]
    if unknown:
        fail(f"--format {unknown[0]}: not a format; choose from {', '.join(FORMATS)}")
    if reader not in READERS:
        fail(f"--reader {reader}: not a reader; choose from {', '.join(READERS)}")
    try:
        paths = find_files(inputs)
    except GoujiError as error:
        fail(str(error), 1)
    names = _names(paths)
    summaries: list[tuple[str, Summary]] = []
    messages: list[tuple[int, float, str, str]] = []
    failures: list[tuple[str, str]] = []
    model = None
    if reader != "rules":
        model = _model(cache=False if no_cache else None, budget_tokens=budget_tokens, budget_money=budget_money)
    with RunWriter(folder, (*ALWAYS, *wanted, *(() if no_report else ("report",)))) as writer, _progress() as progress:
        task = progress.add_task("", total=len(paths))
        seen: dict[str, str] = {}
        if model is None:
            outcomes = extract_files(paths, jobs, writer.wanted)
        else:
            from extractor.reading.llm import Mode  # takes a third of a second that the rules need not wait for

            outcomes = model.extract(paths, jobs, writer.wanted, Mode(reader))
        for outcome in outcomes:
            progress.advance(task)
            if outcome.rendered is None:
                failures.append((str(outcome.path), outcome.reason or ""))
                writer.fail(str(outcome.path), outcome.reason or "")
                continue
            rendered = outcome.rendered
            if rendered.document_id in seen:
                progress.console.print(f"{outcome.path}: the same bytes as {seen[rendered.document_id]}; taken once")
                continue
            seen[rendered.document_id] = str(outcome.path)
            writer.add(rendered)
            name = names[outcome.path]
            summaries.append((name, rendered.summary))
            messages.extend((kind, float(stake), name, text) for kind, stake, text in rendered.messages)
            messages = sorted(messages)[:WORST]
    order = {name: place for place, name in enumerate(names.values())}
    summaries.sort(key=lambda named: order[named[0]])
    _close(summaries, messages, failures, folder, not no_report)
    if model is not None:
        out.print(model.account(), highlight=False)
    raise typer.Exit(1 if failures else 0)


def _model(**options: object) -> "ModelRun":
    """What reads with a model; ends the call with a sentence when none is configured."""
    from extractor.running_model import ModelRun
    from extractor.settings import load_settings, require_model

    try:
        settings = load_settings(**options)
        require_model(settings)
    except GoujiError as error:
        fail(str(error))
    return ModelRun(settings)


def _names(paths: Sequence[Path]) -> dict[Path, str]:
    """What the files are called on the screen: by their names, with their folder where two have the same name."""
    counts = Counter(path.name for path in paths)
    return {path: path.name if counts[path.name] == 1 else f"{path.parent.name}/{path.name}" for path in paths}


class _RateColumn(ProgressColumn):
    """Documents a second."""

    def render(self, task: Task) -> Text:
        return Text(f"{task.speed:.1f}/s" if task.speed else "–/s", style="progress.data.speed")


def _progress() -> Progress:
    return Progress(
        SpinnerColumn(),
        BarColumn(),
        MofNCompleteColumn(),
        _RateColumn(),
        TimeRemainingColumn(),
        console=err,
        transient=True,
        disable=not sys.stderr.isatty(),
    )


def _close(
    summaries: list[tuple[str, "Summary"]],
    messages: list[tuple[int, float, str, str]],
    failures: list[tuple[str, str]],
    folder: Path,
    report: bool,
) -> None:
    table = Table(title=None, header_style="bold", show_edge=False, pad_edge=False)
    for title in (
        "文件 document",
        "记录 records",
        "数值 quantities",
        "证实 proven",
        "未认领 unclaimed",
        "发现 findings",
    ):
        first = title.startswith("文件")
        table.add_column(title, justify="left" if first else "right", overflow="fold" if first else "ellipsis")
    for name, summary in summaries[:SHOWN]:
        share = f"{summary.proven / summary.checked:.0%}" if summary.checked else "–"
        findings = Text(str(summary.findings), style="bold red" if summary.findings else "green")
        table.add_row(name, str(summary.records), str(summary.quantities), share, str(summary.unclaimed), findings)
    if len(summaries) > SHOWN:
        table.add_row(f"… {len(summaries) - SHOWN} more")
    if len(summaries) > 1:
        table.add_section()
        total = [
            sum(getattr(s, name) for _, s in summaries) for name in ("records", "quantities", "unclaimed", "findings")
        ]
        proven, checked = sum(s.proven for _, s in summaries), sum(s.checked for _, s in summaries)
        share = f"{proven / checked:.0%}" if checked else "–"
        table.add_row(f"共 {len(summaries)}", str(total[0]), str(total[1]), share, str(total[2]), str(total[3]))
    out.print(table)
    for _, _, name, text in messages:
        out.print(f"[red]•[/] [dim]{name}[/] {text}", highlight=False, soft_wrap=True)
    for path, reason in failures:
        err.print(f"[bold red]✗[/] {reason or path}", highlight=False)
    if report:
        out.print(f"→ {folder / 'report.html'}", highlight=False)
    out.print(f"→ {folder}/  (documents/ · facts.jsonl · checks.jsonl · findings.jsonl · records/)", highlight=False)


@app.command()
def text(path: Annotated[Path, typer.Argument(help="A document.")]) -> None:
    """Print a document's text as loaded: the text that all offsets refer to."""
    from extractor.documents.loading import load

    try:
        sys.stdout.write(load(path).text)
    except GoujiError as error:
        fail(str(error), 1)


@app.command()
def schema(
    name: Annotated[str | None, typer.Argument(help="A record type, or Extraction; all without it.")] = None,
) -> None:
    """Print JSON Schemas of the records and of the extraction."""
    from schemas.jsonschema import all_schemas, schema_of

    try:
        value = schema_of(name) if name else all_schemas()
    except KeyError:
        fail(f"{name}: no such record type; `gouji schema` without a name prints them all")
    sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=2) + "\n")


@app.command()
def show(path: Annotated[Path, typer.Argument(help="A document.")]) -> None:
    """Show a document in the terminal, its quantities coloured by role and status."""
    from extractor.showing import coloured

    try:
        out.print(coloured(path), soft_wrap=True)
    except GoujiError as error:
        fail(str(error), 1)


app.add_typer(batch_app, name="batch")
app.add_typer(prompts_app, name="prompts")
app.add_typer(users, name="users")
app.command(help=CHECK_HELP)(check)
app.command()(worker)
app.command()(review)
app.command()(serve)
app.command()(query)
app.command()(dictionary)


def main() -> None:
    """Run the command line. A user never sees a traceback."""
    try:
        app()
    except GoujiError as error:
        err.print(f"[bold red]✗[/] {error}", highlight=False)
        sys.exit(1)
    except KeyboardInterrupt:
        err.print("interrupted; the last run's files are as they were", highlight=False)
        sys.exit(130)
