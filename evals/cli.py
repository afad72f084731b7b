"""`gouji eval …`: measure readers, compare runs, guard the project with them."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from evals.labelcommands import app as label_app
from evals.labels import Split
from extractor.cli import READERS, fail, out
from schemas.base import GoujiError

if TYPE_CHECKING:
    from evals.collection import Fixture
    from evals.gate import GateResult
    from evals.runs import Answers, Run

app = typer.Typer(
    name="eval",
    help="评测 How accurate, how sure, and is it better than before?",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)
app.add_typer(label_app)

CALL_WRONG = 2

Names = Annotated[list[str] | None, typer.Argument(metavar="NAME…", help="Fixtures by name; all without one.")]
SplitOption = Annotated[Split | None, typer.Option(help="Only the bundled fixtures of this split.")]
LabelsOption = Annotated[
    list[Path] | None,
    typer.Option("--labels", help="Folders with labels.json beside their documents, instead of the bundled ones."),
]
DocumentsOption = Annotated[
    Path | None,
    typer.Option("--documents", help="A folder with the real disclosures whose labels are known by SHA-256."),
]


@contextmanager
def _spoken() -> Iterator[None]:
    """A wrong call ends with a sentence and status 2."""
    try:
        yield
    except GoujiError as error:
        fail(str(error), CALL_WRONG)


@app.command()
def check(
    names: Names = None,
    split: SplitOption = None,
    labels: LabelsOption = None,
    documents: DocumentsOption = None,
    against: Annotated[
        Path | None, typer.Option(help="A second labelling of the same document: report agreement.")
    ] = None,
) -> None:
    """Validate labels: every figure accounted for, fields valid, texts verbatim, arithmetic sound."""
    from evals.labels import read_labels
    from evals.validation import agreement, validate

    with _spoken():
        fixtures = _fixtures(names, split, labels, documents)
        if against is not None:
            if len(fixtures) != 1:
                fail("--against: name the one fixture to compare with; " + ", ".join(each.name for each in fixtures))
            result = agreement(fixtures[0].labels, read_labels(against).with_text(fixtures[0].text))
            kappa = "–" if result.kappa is None else f"{result.kappa:.3f}"
            out.print(f"一致 agree {result.same}/{result.figures}, κ = {kappa}", highlight=False, soft_wrap=True)
            for differing in result.differences:
                out.print(
                    f"  {differing.figure} {differing.raw}: {differing.first} ≠ {differing.second}",
                    highlight=False,
                    soft_wrap=True,
                )
            return
        validations = [validate(fixture) for fixture in fixtures]
    for each in validations:
        out.print(
            f"[bold]{each.name}[/] {each.figures} 个数字 figures, {each.records} 条记录 records,"
            f" {each.checks} 个关系 relations, {len(each.problems)} 个问题 problems",
            highlight=False,
            soft_wrap=True,
        )
        for problem in each.problems:
            out.print(f"  [red]✗[/] {problem}", highlight=False, soft_wrap=True)
        for remark in each.remarks:
            out.print(f"  [yellow]·[/] {remark}", highlight=False, soft_wrap=True)
    raise typer.Exit(int(any(each.problems for each in validations)))


@app.command()
def run(
    names: Names = None,
    reader: Annotated[str, typer.Option(help="rules | llm | cascade | consensus")] = "rules",
    saved: Annotated[
        Path | None, typer.Option(help="Score what `gouji extract --out` wrote, instead of reading.")
    ] = None,
    split: SplitOption = None,
    labels: LabelsOption = None,
    documents: DocumentsOption = None,
    folder: Annotated[Path, typer.Option("--out", help="Where run.json, report.md and report.html go.")] = Path(
        "out/eval"
    ),
    name: Annotated[str | None, typer.Option(help="What the run is called in comparisons.")] = None,
    baseline: Annotated[
        Path | None, typer.Option(help="Hold the run against this: exit 0 passed, 1 regression, 3 not enough evidence.")
    ] = None,
    write_baseline: Annotated[Path | None, typer.Option(help="Keep the run as the new baseline.")] = None,
    must_hold: Annotated[
        list[str] | None,
        typer.Option(
            metavar="TYPE[.FIELD]", help="With --write-baseline: one new error here fails the gate by itself."
        ),
    ] = None,
) -> None:
    """Measure a reader, or saved extractions, on labelled documents."""
    from evals.runs import measure, saved_answers
    from extractor.checking.acceptance import ACCEPTED

    if must_hold and write_baseline is None:
        fail("--must-hold: 只与 --write-baseline 同用 (it is kept in a baseline: give --write-baseline too)")
    if reader not in READERS:
        fail(f"--reader {reader}: not a reader; choose from {', '.join(READERS)}")
    with _spoken():
        fixtures = _fixtures(names, split, labels, documents)
        answers = saved_answers(saved) if saved else _answers(reader, fixtures)
        measured = measure(name or (saved.name if saved else reader), fixtures, answers, ACCEPTED)
        _write_reports(measured, folder)
        verdict = _gated(measured, baseline, write_baseline, must_hold or ())
    if verdict is not None:
        raise typer.Exit(verdict.status)


@app.command()
def compare(
    before: Annotated[Path, typer.Argument(help="A stored run, or the folder that holds it.")],
    after: Annotated[Path, typer.Argument(help="The run to compare with it.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Compare two runs over the same documents: what got better, what got worse, and is it chance?"""
    from evals.compare import compare as compared
    from evals.report.markdown import comparison_markdown
    from evals.runs import read_run

    with _spoken():
        result = compared(read_run(before), read_run(after))
    print(result.model_dump_json(indent=1) if as_json else comparison_markdown(result))


@app.command()
def report(
    runs: Annotated[
        list[Path],
        typer.Argument(
            metavar="RUN…", help="Stored runs, or folders with stored runs below; the first is reported on in full."
        ),
    ],
    folder: Annotated[Path, typer.Option("--out", help="Where report.md and report.html go.")] = Path("out/eval"),
    stress_file: Annotated[Path | None, typer.Option("--stress", help="A stored stress test.")] = None,
) -> None:
    """Draw the report of a stored run, with other runs and a stress test beside it."""
    from evals.report.markdown import leaderboard, run_markdown, stress_markdown
    from evals.report.page import page
    from evals.runs import stored_runs
    from evals.strains import read_stress

    with _spoken():
        read = stored_runs(runs)
        strained = read_stress(stress_file) if stress_file else None
        folder.mkdir(parents=True, exist_ok=True)
        parts = [
            run_markdown(read[0]),
            leaderboard(read) if len(read) > 1 else "",
            stress_markdown(strained) if strained else "",
        ]
        (folder / "report.md").write_text("\n\n".join(filter(None, parts)), encoding="utf-8")
        (folder / "report.html").write_text(page(read[0], read[1:], strained), encoding="utf-8")
    if len(read) > 1:
        print(leaderboard(read))
    out.print(f"→ {folder}/report.md · report.html", highlight=False, soft_wrap=True)


@app.command()
def leaderboard(
    runs: Annotated[list[Path], typer.Argument(metavar="RUN…", help="Stored runs, or folders with stored runs below.")],
) -> None:
    """Stored runs side by side, best first."""
    from evals.report.markdown import leaderboard as board
    from evals.runs import stored_runs

    with _spoken():
        print(board(stored_runs(runs)))


@app.command("stress")
def stress_command(
    names: Names = None,
    reader: Annotated[str, typer.Option(help="llm | cascade | consensus")] = "cascade",
    rates: Annotated[str, typer.Option(help="Errors a record, with commas.")] = "0.01,0.05,0.1,0.2",
    kinds: Annotated[str, typer.Option(help="Kinds of error, with commas; all without.")] = "",
    seed: Annotated[int, typer.Option(help="Which records the errors fall on.")] = 1,
    repeats: Annotated[int, typer.Option(help="How often, each time with the next seed.", min=1)] = 1,
    together: Annotated[bool, typer.Option("--together", help="Only all kinds mixed, none by itself.")] = False,
    jobs: Annotated[int, typer.Option(help="Processes.", min=1)] = 2,
    split: SplitOption = None,
    labels: LabelsOption = None,
    documents: DocumentsOption = None,
    folder: Annotated[Path, typer.Option("--out", help="Where stress.json and stress.md go.")] = Path("out/stress"),
) -> None:
    """How many of a model's errors get through: a simulated model errs on purpose, kind by kind, rate by rate."""
    from evals.report.markdown import stress_markdown
    from evals.simulation.slips import Slip
    from evals.stress import stress
    from extractor.reading.llm import Mode

    try:
        wanted = [float(each) for each in rates.split(",")]
        slips = [Slip(each.strip()) for each in kinds.split(",") if each.strip()] or list(Slip)
        mode = Mode(reader)
    except ValueError as error:
        fail(f"--rates, --kinds or --reader: {error}; kinds are {', '.join(Slip)}")
    with _spoken():
        done = stress(
            _fixtures(names, split, labels, documents), wanted, slips, mode, seed, repeats, jobs, not together
        )
    done.write(folder / "stress.json")
    (folder / "stress.md").write_text(stress_markdown(done), encoding="utf-8")
    print(stress_markdown(done))
    out.print(f"→ {folder}/  (stress.json · stress.md)", highlight=False, soft_wrap=True)


def _fixtures(
    names: list[str] | None, split: Split | None, labels: list[Path] | None, documents: Path | None
) -> "list[Fixture]":
    from evals.collection import bundled, in_folder, matched, named

    if labels and documents:
        found = matched(documents, [path for folder in labels for path in sorted(folder.glob("*.json"))])
    elif labels:
        found = [fixture for folder in labels for fixture in in_folder(folder)]
    elif documents:
        found = matched(documents)
    else:
        found = bundled(split)
    return named(found, names or ())


def _answers(reader: str, fixtures: "list[Fixture]") -> "Answers":
    from evals.readers import model_answers, rules_answers

    return rules_answers() if reader == "rules" else model_answers(reader, fixtures)


def _write_reports(measured: "Run", folder: Path) -> None:
    from evals.report.markdown import headline, run_markdown
    from evals.report.page import page

    measured.write(folder / "run.json")
    (folder / "report.md").write_text(run_markdown(measured), encoding="utf-8")
    (folder / "report.html").write_text(page(measured), encoding="utf-8")
    print(headline(measured))
    for warning in measured.summary.warnings:
        out.print(f"[yellow]⚠[/] {warning}", highlight=False, soft_wrap=True)
    for document in measured.documents:
        if document.failure:
            out.print(f"[red]✗[/] {document.name}: {document.failure}", highlight=False, soft_wrap=True)
    out.print(f"→ {folder}/  (run.json · report.md · report.html)", highlight=False, soft_wrap=True)


def _gated(
    measured: "Run", baseline: Path | None, write_baseline: Path | None, must_hold: Sequence[str]
) -> "GateResult | None":
    from evals.gate import gate, read_baseline
    from evals.gate import write_baseline as keep
    from evals.report.markdown import gate_markdown

    result = gate(measured, read_baseline(baseline)) if baseline else None
    if result is not None:
        print("\n" + gate_markdown(result))
    if write_baseline is not None:
        keep(measured, write_baseline, must_hold)
        out.print(f"→ {write_baseline}", highlight=False, soft_wrap=True)
    return result
