"""One self-contained HTML page: plots, tables, and every miss beside its source text."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from evals.report import words
from evals.report.markdown import comparable, silent
from evals.report.plots import Bar, Dot, Part, Series, bars, dots, lines, stacked
from evals.roles import CONTEXT, UNCLAIMED
from evals.runs import Run
from evals.strains import Fate, Stress
from evals.summary import Scored

_BAR_FLOOR = 0.5
"""Bars start here while all values are higher, so that differences can be seen; the axis says so."""

FATES = {
    Fate.REFUSED.value: "退回 refused",
    Fate.REPAIRED.value: "改正 repaired",
    Fate.FLAGGED.value: "标出 flagged",
    Fate.SILENT.value: "静默 silent",
}


def page(run: Run, others: Sequence[Run] = (), stress: Stress | None = None) -> str:
    """The page of a run. `others` are runs to hold it against, in cost and accuracy; `stress` a stress test."""
    environment = Environment(
        loader=PackageLoader("evals", "report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(
        number=words.number, percent=words.percent, between=words.between, rated=words.rated, cost=words.cost
    )
    summary = run.summary
    return environment.get_template("report.html").render(
        run=run,
        summary=summary,
        silent=silent(summary.risk) if summary.risk else None,
        by_type=_bars(summary.by_type),
        by_section=_bars(summary.by_section),
        by_document=_bars(summary.by_document),
        by_region=_bars({**_told(summary.by_region), **_told(summary.by_kind)}),
        risk_curve=_risk_curve(run),
        cost_plot=_cost_plot([run, *others]) if others else None,
        board=sorted([run, *others], key=lambda each: -(each.summary.roles.f1 or 0.0)) if others else [],
        comparable=lambda other: comparable(run, other),
        **(_stress(stress) if stress else {"stress": None}),
        confusion=_confusion(summary.confusion),
    )


def _bars(scores: Mapping[str, Scored]) -> Markup:
    rows = [
        Bar(name or words.NONE, each.f1, each.interval.low, each.interval.high, f"n={each.counts.tp + each.counts.fn}")
        for name, each in scores.items()
    ]
    values = [row.value for row in rows if row.value is not None]
    return Markup(bars(rows, _BAR_FLOOR if values and min(values) > _BAR_FLOOR else 0.0))


def _risk_curve(run: Run) -> Markup | None:
    risk = run.summary.risk
    if risk is None:
        return None
    points = [(0.0, risk.curve[0].risk), *((point.coverage, point.risk) for point in risk.curve)]
    notes = ["", *(f"≥ {point.score}: {point.coverage:.1%} accepted, {point.risk:.2%} wrong" for point in risk.curve)]
    return Markup(lines([Series("risk", points, notes)], "接受率 coverage", "误差 risk"))


def _told(scores: Mapping[str, Scored]) -> Mapping[str, Scored]:
    """Groups where there is more than one to tell apart."""
    return scores if len(scores) > 1 else {}


def _stress(stress: Stress) -> dict[str, Any]:
    """What the page says of a stress test: the fates of every kind of error, over all rates."""
    made: dict[str, Counter[Fate]] = {}
    for strain in stress.strains:
        for kind, fates in (strain.by_kind or {strain.slip: strain.fates}).items():
            made.setdefault(kind, Counter()).update(fates)
    rows = []
    for kind, counts in sorted(made.items(), key=lambda item: -item[1][Fate.SILENT] / max(1, item[1].total())):
        if counts.total():
            parts = [Part(fate.value, counts[fate] / counts.total()) for fate in Fate]
            rows.append((kind, parts, f"{counts[Fate.SILENT]}/{counts.total()} silent"))
    return {
        "stress": stress,
        "stress_curves": _stress_curves(stress),
        "stress_fates": Markup(stacked(rows)),
        "stress_made": sum(strain.made for strain in stress.strains),
        "fates": FATES,
        "escapes": [escape for strain in stress.strains for escape in strain.escaped],
    }


def _stress_curves(stress: Stress) -> Markup | None:
    """The share of errors that stay silent, by kind, over the rate at which they are made; None of a single rate."""
    if len({strain.rate for strain in stress.strains}) < 2:
        return None
    curves: dict[str, list[tuple[float, float]]] = {}
    for strain in stress.strains:
        share = strain.share(Fate.SILENT)
        if share is not None:
            curves.setdefault(strain.slip, []).append((strain.rate, share))
    series = [Series(name, points) for name, points in curves.items()]
    return Markup(lines(series, "错误比率 errors a record", "静默 silent"))


def _cost_plot(runs: Sequence[Run]) -> Markup:
    """Money where every run has it, else tokens, else seconds; a document each."""
    costs = [run.summary.cost for run in runs]
    if all(each.money is not None for each in costs):
        values, title = [float(each.money or 0) for each in costs], f"费用 money ({costs[0].currency}) a document"
    elif any(each.input_tokens for each in costs):
        values = [float(each.input_tokens + each.output_tokens) for each in costs]
        title = "tokens a document"
    else:
        values, title = [each.seconds for each in costs], "秒 seconds a document"
    points = [
        Dot(run.name, value / max(1, run.summary.documents), run.summary.roles.f1 or 0.0)
        for run, value in zip(runs, values, strict=True)
    ]
    return Markup(dots(points, title, "F1"))


def _confusion(counts: Mapping[str, Mapping[str, int]]) -> dict[str, Any]:
    """The table of labelled against answered types, with the shade of each cell by its share of the row."""
    names = sorted({*counts, *(name for row in counts.values() for name in row)} - {CONTEXT, UNCLAIMED})
    columns = [*names, CONTEXT, UNCLAIMED]
    rows = []
    for labelled in [*names, CONTEXT]:
        row = counts.get(labelled, {})
        whole = sum(row.values())
        if whole:
            cells = [(row.get(name, 0), row.get(name, 0) / whole, name == labelled) for name in columns]
            rows.append((labelled, cells))
    return {"columns": columns, "rows": rows}
