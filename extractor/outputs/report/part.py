"""What one document adds to the report, made where the document is read: with its text and pages at hand."""

import base64
import logging
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import pypdfium2
from markupsafe import Markup

from extractor.documents.disclosure import Disclosure
from extractor.outputs.lines import gravity
from extractor.outputs.report.arithmetic import Arithmetic, Part, arithmetic_of, parts_of
from extractor.outputs.report.pictures import PagePictures, Strip, boxes_of
from extractor.outputs.report.rendering import render_template
from extractor.outputs.report.source import Excerpt, Marks, excerpts_of, shown_first
from extractor.outputs.summary import summary_of
from extractor.outputs.typenames import type_name
from schemas.checks import Cause, Check, Family, Finding, FindingKind, RecordStatus
from schemas.extraction import Extraction, Record, Section
from schemas.quantities import Quantity, Role

PDF = "application/pdf"

MOST_RELATIONS = 5
"""Relations written out of a finding; the rest is counted."""

_UNITS = {
    "元": (("万元", Decimal("0.0001")),),
    "万元": (("元", Decimal(10_000)), ("亿元", Decimal("0.0001"))),
    "亿元": (("万元", Decimal(10_000)),),
}
"""Units that are mistaken for each other, and the factor from a number meant in the printed unit to one in the other."""

_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")

_log = logging.getLogger("gouji.report")


@dataclass(frozen=True)
class Original:
    """The document as it was prepared for reading, and the file that it came from."""

    disclosure: Disclosure
    path: Path

    @property
    def name(self) -> str:
        """The file with its folder: many offices name their files alike."""
        return "/".join(self.path.parts[-2:])


@dataclass(frozen=True)
class FindingPart:
    """One finding as HTML: its line, and what it opens to. `rank` and the amount at stake sort it."""

    rank: int
    stake: Decimal
    kind: FindingKind
    cause: Cause
    document_id: str
    anchor: str
    line: str
    source: str
    pictures: str
    relations: str


@dataclass(frozen=True)
class ReportPart:
    """One document as HTML: its name in lists, its line, what it opens to, its findings."""

    document_id: str
    title: str
    department: str
    line: str
    opened: str
    findings: tuple[FindingPart, ...]


@dataclass(frozen=True)
class _Suggestion:
    """A figure as printed and as it probably should be; `turned` where only its direction word is wrong."""

    printed: str
    suggested: str
    turned: bool = False


@dataclass(frozen=True)
class _TypeCount:
    name: tuple[str, str]
    total: int
    by_status: Counter[RecordStatus]


@dataclass(frozen=True)
class _SectionLine:
    section: Section
    records: int
    unclaimed: int


def part_or_none(extraction: Extraction, original: Original) -> ReportPart | None:
    """The part of a document; None, said in the log and in the report, where a fault of the report's would otherwise
    cost the extraction."""
    try:
        return report_part(extraction, original)
    except Exception as error:
        _log.warning("%s is not in the report (%s: %s)", original.name, type(error).__name__, error)
        return None


def report_part(extraction: Extraction, original: Original) -> ReportPart:
    """The part of a run's report that shows one document. Works on any extraction of the original's file."""
    quantities = {quantity.id: quantity for quantity in extraction.quantities}
    checks = {check.id: check for check in extraction.checks}
    pictures = PagePictures(original.path, original.disclosure.loaded)
    try:
        findings = [
            _finding(extraction, finding, quantities, checks, original, pictures) for finding in extraction.findings
        ]
    finally:
        pictures.close()
    document = extraction.document
    return ReportPart(
        document_id=document.id,
        title=" · ".join(_title(extraction, original)),
        department=document.department or "",
        line=render_template(
            "document_line.html", extraction=extraction, name=original.name, summary=summary_of(extraction)
        ),
        opened=_document(extraction, original.disclosure),
        findings=tuple(findings),
    )


def _title(extraction: Extraction, original: Original) -> list[str]:
    document = extraction.document
    parts = [document.department, str(document.fiscal_year) if document.fiscal_year else None, original.name]
    return [part for part in parts if part]


def _finding(
    extraction: Extraction,
    finding: Finding,
    quantities: dict[str, Quantity],
    checks: dict[str, Check],
    original: Original,
    pictures: PagePictures,
) -> FindingPart:
    failed = [checks[each] for each in finding.checks if each in checks]
    suspects = frozenset([finding.suspect] if finding.suspect else ())
    marks = Marks(parts_of(failed, quantities) | _claimed(finding, failed), suspects)
    relations = [each for check in failed if (each := arithmetic_of(check, quantities, suspects)) is not None]
    excerpts, more = shown_first(excerpts_of(original.disclosure, finding, marks))
    rank, falling_stake = gravity(finding)
    anchor = f"{extraction.document.id}-{finding.id}"
    context = {
        "finding": finding,
        "document": extraction.document,
        "name": original.name,
        "anchor": anchor,
        "suggestion": _suggestion(finding, quantities),
        "pages": sorted({each.page for each in excerpts if each.page is not None}),
    }
    strips = _strips(finding, quantities, marks, original, pictures)
    return FindingPart(
        rank=rank,
        stake=-falling_stake,
        kind=finding.kind,
        cause=finding.cause,
        document_id=extraction.document.id,
        anchor=anchor,
        line=render_template("finding_line.html", **context),
        source=render_template("finding_source.html", excerpts=excerpts, more=more),
        relations=_relations(relations, finding, excerpts) if relations else "",
        pictures=render_template("pictures.html", strips=strips, base64=_base64) if strips else "",
    )


def _relations(relations: Sequence[Arithmetic], finding: Finding, excerpts: Sequence[Excerpt]) -> str:
    shown = relations[:MOST_RELATIONS]
    return render_template(
        "finding_relations.html",
        finding=finding,
        relations=shown,
        more=len(relations) - len(shown),
        parts=_shown_parts(excerpts, shown),
    )


def _claimed(finding: Finding, failed: Sequence[Check]) -> dict[str, Part]:
    """The figures of a judgement that is no arithmetic."""
    return {} if any(check.printed for check in failed) else dict.fromkeys(finding.quantities, Part.FIGURE)


def _suggestion(finding: Finding, quantities: dict[str, Quantity]) -> _Suggestion | None:
    suspect = quantities.get(finding.suspect or "")
    if suspect is None or finding.suggested is None:
        return None
    unit, suggested = suspect.unit or "", finding.suggested
    if finding.family is Family.DIRECTION:
        return _Suggestion(suspect.raw, "", turned=True)
    if not _NUMBER.fullmatch(suggested):
        return _Suggestion(suspect.raw, suggested)
    other = _other_unit(suspect, Decimal(suggested)) if finding.kind is FindingKind.WORDING else None
    if other is not None:
        return _Suggestion(suspect.raw, suspect.raw.removesuffix(unit) + other)
    return _Suggestion(suspect.raw, suggested + unit)


def _other_unit(suspect: Quantity, meant: Decimal) -> str | None:
    """The unit that makes the printed number what was meant, where it is 元 for 万元 or the like."""
    return next(
        (other for other, factor in _UNITS.get(suspect.unit or "", ()) if suspect.value == meant * factor), None
    )


def _shown_parts(excerpts: Sequence[Excerpt], relations: Sequence[Arithmetic]) -> list[Part]:
    """The colours that need to be explained."""
    pieces = [piece for each in excerpts for piece in (*each.pieces, *(cell.piece for cell in each.cells))]
    pieces += [piece for each in relations for piece in each.pieces]
    return [part for part in (Part.STATED, Part.TERM, Part.WHOLE) if any(piece.part is part for piece in pieces)]


def _strips(
    finding: Finding, quantities: dict[str, Quantity], marks: Marks, original: Original, pictures: PagePictures
) -> list[Strip]:
    """Pictures of the pages; none rather than a failure where a page that could be read cannot be drawn."""
    loaded = original.disclosure.loaded
    if loaded.media_type != PDF:
        return []
    try:
        return pictures.strips(boxes_of(loaded, finding, quantities, marks))
    except (pypdfium2.PdfiumError, OSError, IndexError) as error:
        _log.warning("%s: no picture (%s: %s)", loaded.name, type(error).__name__, error)
        return []


def _base64(png: bytes) -> str:
    return base64.b64encode(png).decode("ascii")


def _document(extraction: Extraction, disclosure: Disclosure) -> Markup:
    return render_template(
        "document_opened.html",
        extraction=extraction,
        warnings=disclosure.loaded.warnings,
        types=_types(extraction.records),
        sections=_sections(extraction),
        roles=Counter(each.role for each in extraction.quantities),
        outcomes=Counter(each.outcome for each in extraction.checks),
        statuses=list(RecordStatus),
    )


def _types(records: Sequence[Record]) -> list[_TypeCount]:
    """Records by type, in the order in which the document has them."""
    counts: dict[str, Counter[RecordStatus]] = {}
    for record in records:
        counts.setdefault(record.type, Counter())[record.status] += 1
    return [_TypeCount(type_name(name), each.total(), each) for name, each in counts.items()]


def _sections(extraction: Extraction) -> list[_SectionLine]:
    records = Counter(record.section for record in extraction.records)
    unclaimed = Counter(each.section for each in extraction.quantities if each.role is Role.UNCLAIMED)
    return [
        _SectionLine(section, records[section.id], unclaimed[section.id])
        for section in extraction.sections
        if section.path or records[section.id] or unclaimed[section.id]
    ]
