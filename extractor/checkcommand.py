"""`gouji check`: the findings of documents as sentences, with an exit status for scripts."""

import json
import os
import sys
from collections import Counter
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.text import Text

from extractor.outputs.report.words import CAUSES, KINDS
from schemas.base import GoujiError
from schemas.checks import Cause, Finding, FindingKind

_Line = dict[str, Any]


class Level(StrEnum):
    """From which kind of finding on a check fails; each level includes those before it."""

    ERROR = "error"
    MISROUNDED = "misrounded"
    WORDING = "wording"
    STRUCTURE = "structure"
    COVERAGE = "coverage"
    NEVER = "never"


_STYLES = {
    FindingKind.ERROR: "bold red",
    FindingKind.MISROUNDED: "yellow",
    FindingKind.WORDING: "cyan",
    FindingKind.STRUCTURE: "blue",
    FindingKind.COVERAGE: "dim",
}

HELP = """检查文件，只列出发现。 Check documents and print their findings, each a sentence, the most serious first.

退出状态 Exit status:

0  没有达到 --fail-on 的发现 (no finding at or above --fail-on)

1  有这样的发现，或有文件无法读取 (there is one, or a file could not be read)

2  用法有误 (the call itself was wrong)

轻重次序 from grave to slight: error 数字不符 > misrounded 尾数 > wording 文字、单位、年份、编号 > structure 缺表、缺说明 >
coverage 数字没有读入。--fail-on wording 即前三种；never 只在文件无法读取时为 1。可能是误读的发现
(cause: reading) 照样列出，只在 --fail-on coverage 时计入，因为错的多半不是文件。
(Findings that are probably our own misreading are printed, but count only with --fail-on coverage.)

--json 每行一个 JSON 对象：发现同 findings.jsonl，另有 path；无法读取的文件为 {"path": …, "reason": 原因}。
(One JSON object a line: findings as in findings.jsonl, unreadable files with their reason.)
"""


def check(
    inputs: Annotated[list[str], typer.Argument(metavar="PATH…", help="Files, folders or patterns.")],
    fail_on: Annotated[Level, typer.Option(help="Exit 1 for findings of this kind or a graver one.")] = Level.ERROR,
    english: Annotated[bool, typer.Option("--english", help="Sentences in English.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False,
    jobs: Annotated[int, typer.Option(help="Processes; 0 for one a core.", min=0)] = 0,
) -> None:
    """Check documents and print their findings."""
    from extractor.running import find_files

    report = _Lines() if as_json else _Sentences(english)
    try:
        paths = find_files(inputs)
    except GoujiError as error:
        report.failure(inputs[0], str(error))
        raise typer.Exit(1) from None
    failing = False
    for path, found, reason in _in_order(paths, min(jobs or os.cpu_count() or 1, len(paths))):
        if reason is not None:
            report.failure(str(path), reason)
            failing = True
            continue
        report.document(str(path), found)
        failing = failing or any(counts(finding, fail_on) for finding in _findings(found))
    report.close()
    raise typer.Exit(1 if failing else 0)


def _in_order(paths: list[Path], jobs: int) -> Iterator[tuple[Path, list[_Line], str | None]]:
    """What was found in every file, or why it could not be read, in the order in which they were named."""
    from extractor.outputs.render import Wanted
    from extractor.running import extract_files

    early: dict[Path, tuple[list[_Line], str | None]] = {}
    waiting = iter(paths)
    due = next(waiting, None)
    for outcome in extract_files(paths, jobs, Wanted()):
        lines = outcome.rendered.findings if outcome.rendered else ()
        found = [json.loads(line) for _, _, line in lines]
        early[outcome.path] = found, None if outcome.rendered else outcome.reason or str(outcome.path)
        while due in early:
            yield due, *early.pop(due)
            due = next(waiting, None)


def counts(finding: Finding, level: Level) -> bool:
    """Whether a finding makes a check of this level fail."""
    if level is Level.NEVER:
        return False
    ranks = list(FindingKind)
    probably_ours = finding.cause is Cause.READING and level is not Level.COVERAGE
    return not probably_ours and ranks.index(finding.kind) <= ranks.index(FindingKind(level.value))


def _findings(lines: list[_Line]) -> Iterator[Finding]:
    for line in lines:
        yield Finding.model_validate({key: line[key] for key in line.keys() - {"document", "document_id"}})


class _Lines:
    """Findings for programs."""

    def document(self, path: str, found: list[_Line]) -> None:
        for finding in found:
            self._write({"path": path, **finding})

    def failure(self, path: str, reason: str) -> None:
        self._write({"path": path, "reason": reason})

    def close(self) -> None:
        pass

    def _write(self, line: _Line) -> None:
        sys.stdout.write(json.dumps(line, ensure_ascii=False) + "\n")


class _Sentences:
    """Findings for people, document by document."""

    def __init__(self, english: bool) -> None:
        self._english = english
        self._out = Console(soft_wrap=True, highlight=False)
        self._err = Console(stderr=True, soft_wrap=True, highlight=False)
        self._documents = 0
        self._failures = 0
        self._kinds: Counter[FindingKind] = Counter()

    def document(self, path: str, found: list[_Line]) -> None:
        self._documents += 1
        if not found:
            self._out.print(Text.assemble(("✓ ", "green"), (path, "bold"), f"  {self._say('没有发现', 'no findings')}"))
            return
        self._out.print(Text(path, style="bold"))
        for finding in _findings(found):
            self._kinds[finding.kind] += 1
            self._out.print(self._sentence(finding))

    def _sentence(self, finding: Finding) -> Text:
        zh, en = KINDS[finding.kind]
        style = _STYLES[finding.kind]
        line = Text.assemble("  ", (self._say(zh, en), style), "  ", self._say(finding.message, finding.message_en))
        if finding.cause is not Cause.DOCUMENT and finding.kind is not FindingKind.COVERAGE:
            line.append(f"  [{self._say(*CAUSES[finding.cause])}]", style="dim")
        return line

    def failure(self, path: str, reason: str) -> None:
        self._failures += 1
        self._err.print(Text.assemble(("✗ ", "bold red"), reason or path))

    def close(self) -> None:
        kinds = [f"{self._say(zh, en)} {self._kinds[kind]}" for kind, (zh, en) in KINDS.items() if self._kinds[kind]]
        total = self._say(
            f"{self._documents} 份文件，{sum(self._kinds.values())} 处发现",
            f"{self._documents} documents, {sum(self._kinds.values())} findings",
        )
        if self._failures:
            total += self._say(f"，{self._failures} 份无法读取", f", {self._failures} unreadable")
        self._out.print(Text(total + (f"  ({' · '.join(kinds)})" if kinds else ""), style="dim"))

    def _say(self, zh: str, en: str) -> str:
        return en if self._english else zh
