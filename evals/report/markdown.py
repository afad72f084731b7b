"""A run, a comparison or a gate in Markdown."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from evals.compare import Comparison, FieldChange
from evals.gate import GateResult
from evals.report import words
from evals.risk import RiskReport
from evals.runs import Run
from evals.strains import Fate, Stress
from evals.summary import FindingSummary, Scored

SHOWN = 20
"""Changes named one by one; the rest is counted."""


def run_markdown(run: Run) -> str:
    """The whole report of a run."""
    summary = run.summary
    parts = [
        f"# {run.name}",
        headline(run),
        *(f"> ⚠ {warning}" for warning in summary.warnings),
        "## 按记录类型 By record type",
        _scores("类型 type", summary.by_type),
        "## 按章节 By section kind",
        _scores("章节 section", summary.by_section),
        "## 按地区、文种、文档 By region, kind and document",
        _scores("", {**summary.by_region, **summary.by_kind, **summary.by_document}),
        "## 按字段 By field",
        _fields(run),
        "## 错误 Errors",
        _table(("种类 kind", "个数 count"), [(kind, str(count)) for kind, count in summary.errors.items()]),
    ]
    if summary.findings:
        parts += ["## 发现 Findings", _findings(summary.findings)]
    if summary.risk:
        parts += ["## 自动接受 Automatic acceptance", _risk(summary.risk)]
    return "\n\n".join(part for part in parts if part) + "\n"


def headline(run: Run) -> str:
    """The figures that matter most, as a table."""
    summary = run.summary
    risk = summary.risk
    rows = [
        ("数字的角色 F1 Roles of figures", " / ".join(words.scored(summary.roles)[:3]), between(summary.roles)),
        ("全部字段 F1 All fields", " / ".join(words.scored(summary.fields)[:3]), between(summary.fields)),
        ("归组 F1 Grouping", words.number(summary.grouping), ""),
        ("枚举 Enums", words.rated(summary.enums), ""),
        ("文字 Texts", words.rated(summary.texts), ""),
        ("无误文档 Documents without an error", words.rated(summary.exact), ""),
        ("每份文档须改 Edits a document", words.number(summary.edits_per_document, 1), ""),
        ("未认领数字 Unclaimed figures", words.rated(summary.unclaimed), ""),
    ]
    if risk:
        rows.append(("静默错误 Silent errors", silent(risk), ""))
    rows.append(("用时与费用 Time and cost", words.cost(summary.cost), ""))
    model = f" · {run.model}" if run.model else ""
    what = f"{run.reader}{model} · gouji {run.version} · {run.created_at:%Y-%m-%d %H:%M} UTC"
    counted = f"{summary.documents} 份文档 documents" + (f"，{summary.failed} 份失败 failed" if summary.failed else "")
    return f"{what} · {counted}\n\n" + _table(("", "P / R / F1", "95 %"), rows)


def between(scored: Scored) -> str:
    """The interval of F1."""
    return words.between(scored.interval)


def silent(risk: RiskReport) -> str:
    """Silent errors among accepted figures, with the bound that the number of figures allows."""
    rate = words.percent(risk.silent_rate, 2)
    return (
        f"{rate} ({risk.silent}/{risk.accepted}), ≤ {words.percent(risk.upper, 2)}; "
        f"接受 accepted {words.percent(risk.accepted / risk.figures)}"
    )


def comparison_markdown(comparison: Comparison) -> str:
    """What got better, what got worse, and whether that can be told from chance."""
    rows = [
        (
            name,
            words.number(paired.before),
            words.number(paired.after),
            f"{paired.difference:+.4f}",
            words.between(paired.interval, 4),
            f"{paired.p:.3f}",
        )
        for name, paired in comparison.measures.items()
    ]
    parts = [
        f"# {comparison.before} → {comparison.after}",
        comparison.verdict,
        _table(("F1", "前 before", "后 after", "差 difference", "95 %", "p"), rows),
        f"{len(comparison.documents)} 份共同文档 documents in common"
        + (f"；未比较 left out: {', '.join(comparison.left_out)}" if comparison.left_out else ""),
        f"McNemar (fields, 仅供参考 a hint only): p = {comparison.mcnemar_p:.3f}",
    ]
    if comparison.by_type:
        changed = [(name, f"{difference:+.4f}") for name, difference in comparison.by_type.items()]
        parts += ["## 按记录类型 By record type", _table(("类型 type", "差 difference"), changed)]
    parts += _changes("变好 Better", comparison.better)
    parts += _changes("变差 Worse", comparison.worse)
    return "\n\n".join(parts) + "\n"


def gate_markdown(result: GateResult) -> str:
    """The verdict of the gate, with its reasons."""
    title = {0: "✓ 通过 passed", 1: "✗ 退步 regression", 3: "? 证据不足 not enough evidence"}[result.status]
    return "\n".join([f"## {title}", "", *(f"- {reason}" for reason in result.reasons)]) + "\n"


def comparable(run: Run, other: Run) -> bool:
    """Whether two runs are over the same documents."""
    documents, others = ({each.document_id or each.name for each in of.documents} for of in (run, other))
    return documents == others


def leaderboard(runs: Sequence[Run]) -> str:
    """Stored runs side by side, best first. Runs over other documents are not comparable, and marked."""
    rows = []
    for run in sorted(runs, key=lambda each: -(each.summary.roles.f1 or 0.0)):
        rows.append(
            (
                run.name + ("" if comparable(runs[0], run) else " *"),
                " ".join(filter(None, (run.reader, run.model))),
                f"{run.created_at:%m-%d %H:%M}",
                str(run.summary.documents),
                words.number(run.summary.roles.f1),
                words.between(run.summary.roles.interval),
                words.number(run.summary.fields.f1),
                silent(run.summary.risk) if run.summary.risk else "–",
                words.cost(run.summary.cost),
            )
        )
    header = (
        "运行 run",
        "读法 reader",
        "时间 at (UTC)",
        "文档 documents",
        "F1",
        "95 %",
        "字段 fields F1",
        "静默错误 silent",
        "费用 cost",
    )
    note = "" if all(not row[0].endswith("*") for row in rows) else "\n\n\\* 文档不同，不可比 (over other documents)"
    return _table(header, rows) + note


def stress_markdown(stress: Stress) -> str:
    """What became of a simulated model's errors, by kind and rate."""
    header = (
        "错误 error",
        "比率 rate",
        "次数 made",
        "退回 refused",
        "改正 repaired",
        "标出 flagged",
        "静默 silent",
        "拦下 caught",
        "已接受中的错 wrong accepted",
        "占比 rate",
        "≤",
    )
    rows = []
    for each in stress.strains:
        silent_figures = f"{each.silent_figures}/{each.accepted}"
        rates = words.percent(each.silent_rate, 2), words.percent(each.silent_bound, 2)
        rows.append((each.slip, words.percent(each.rate, 0), *_fates(each.fates), silent_figures, *rates))
        rows += [(f"· {kind}", "", *_fates(fates), "", "", "") for kind, fates in each.by_kind.items()]
    times = f", {stress.repeats} 次 repeats" if stress.repeats > 1 else ""
    title = f"## 压力 Stress: {stress.reader}, {stress.documents} 份文档 documents{times}, 模拟模型 a simulated model"
    return "\n\n".join([title, _table(header, rows), *_escapes(stress)])


def _fates(fates: Mapping[Fate, int]) -> tuple[str, ...]:
    """How many errors there were, how many met each fate, and the share that was noticed."""
    made = sum(fates.values())
    caught = words.percent(1 - fates.get(Fate.SILENT, 0) / made) if made else words.NONE
    return str(made), *(str(fates.get(fate, 0)) for fate in Fate), caught


def _escapes(stress: Stress) -> list[str]:
    """The errors that stayed silent, alike ones counted."""
    alike = Counter(
        (escape.slip, escape.type, "、".join(escape.figures), escape.document)
        for strain in stress.strains
        for escape in strain.escaped
    )
    if not alike:
        return []
    rows = [(*each, str(count)) for each, count in alike.most_common(SHOWN)]
    more = [f"…{len(alike) - SHOWN} more"] if len(alike) > SHOWN else []
    header = ("错误 error", "记录 record", "数字 figures", "文档 document", "次数 times")
    return ["### 静默的错误 Errors that stayed silent", _table(header, rows), *more]


def _changes(title: str, changes: Sequence[FieldChange]) -> list[str]:
    if not changes:
        return []
    rows = [
        (change.document, f"{change.type}.{change.field}", change.labelled or words.NONE, change.answered or words.NONE)
        for change in changes[:SHOWN]
    ]
    more = [f"…{len(changes) - SHOWN} more"] if len(changes) > SHOWN else []
    header = ("文档 document", "字段 field", "应为 labelled", "读作 answered")
    return [f"## {title} ({len(changes)})", _table(header, rows), *more]


def _scores(title: str, rows: Mapping[str, Scored]) -> str:
    header = (title, "P", "R", "F1", "95 %", "n")
    return _table(
        header, [(name, *words.scored(each), str(each.counts.tp + each.counts.fn)) for name, each in rows.items()]
    )


def _fields(run: Run) -> str:
    rows = [
        (
            f"{row.type}.{row.field}",
            *map(str, (t.correct, t.wrong, t.missed, t.invented, t.absent)),
            words.number(row.scored.f1),
        )
        for row in run.summary.field_rows
        for t in (row.tally,)
    ]
    return _table(("字段 field", "对 correct", "错 wrong", "漏 missed", "多 invented", "空 absent", "F1"), rows)


def _findings(findings: FindingSummary) -> str:
    rows = [(f"召回 recall: {status}", words.rated(each)) for status, each in findings.recall.items()]
    rows += [
        ("精确 precision", words.rated(findings.precision)),
        ("定位首位 suspect first", words.rated(findings.first)),
        ("定位前三 among first three", words.rated(findings.top)),
    ]
    return _table(("", ""), rows)


def _risk(risk: RiskReport) -> str:
    rows = [
        ("阈值 threshold", str(risk.threshold)),
        ("静默错误 silent errors", silent(risk)),
        ("误差 ≤ 0.5 % 时的接受率 coverage at ≤ 0.5 % error", words.percent(risk.coverage_at_tolerated)),
        ("AURC", words.number(risk.area)),
    ]
    curve = [(str(each.score), words.percent(each.coverage), words.percent(each.risk, 2)) for each in risk.curve]
    return _table(("", ""), rows) + "\n\n" + _table(("分数 score ≥", "接受率 coverage", "误差 risk"), curve)


def _table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join(
        "| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in line) + " |" for line in lines
    )
