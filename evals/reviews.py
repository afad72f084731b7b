"""Settled reviews become labels: what people left in an extraction counts as what the document says."""

from collections.abc import Iterator
from pathlib import Path

from pydantic import ValidationError

from evals.labelling import TABLES, label_of, placed
from evals.labels import Defect, DocumentKey, LabelError, Labels, Split
from schemas.checks import Finding, FindingKind, RecordStatus
from schemas.extraction import Extraction
from schemas.quantities import Quantity, Role
from schemas.settlement import Decision

SHOWN = 5


def settled_labels(extraction: Extraction, split: Split = Split.HELD_OUT, region: str = "") -> Labels:
    """The labels of a settled review. Findings that people confirmed are the document's known slips; `notes` say how
    many of the records people decided on, for what no person looked at is as the reader read it.

    Raises LabelError while figures of the narrative are unaccounted for, or a finding is open.
    """
    narrative = [each for each in extraction.quantities if each.role is not Role.TABLE]
    _require_settled(extraction, narrative)
    document = extraction.document
    return Labels(
        document=DocumentKey(file=document.name, sha256=document.sha256),
        region=region,
        kind=document.kind,
        fiscal_year=document.fiscal_year,
        split=split,
        figures={each.id: placed(each) for each in narrative},
        records=tuple(label_of(record) for record in extraction.records if record.type not in TABLES),
        context={each.id: each.context for each in narrative if each.role is Role.CONTEXT and each.context},
        defects=tuple(_defects(extraction)),
        notes=(_note(extraction),),
    )


def read_extractions(path: Path) -> Iterator[Extraction]:
    """The extractions of a file, of a folder that `gouji extract` wrote, or of the lines
    that the review server exports (`extractions.jsonl`). Raises LabelError."""
    folder = path / "documents" if (path / "documents").is_dir() else path
    files = sorted(folder.glob("*.json")) if folder.is_dir() else [path]
    if not files:
        raise LabelError(f"{path}: 没有找到抽取结果 (no extraction in it)")
    for file in files:
        try:
            data = file.read_bytes()
        except OSError as error:
            raise LabelError(f"{file}: 读不了 (cannot be read): {error.strerror}") from None
        bodies = data.splitlines() if file.suffix == ".jsonl" else [data]
        for number, body in enumerate(bodies, 1):
            name = f"{file}:{number}" if file.suffix == ".jsonl" else str(file)
            try:
                yield Extraction.model_validate_json(body)
            except ValidationError as error:
                first = error.errors(include_url=False)[0]
                where = ".".join(map(str, first["loc"]))
                raise LabelError(f"{name}: 不是抽取结果 (not an extraction): {where}: {first['msg']}") from None


def _require_settled(extraction: Extraction, narrative: list[Quantity]) -> None:
    name = extraction.document.name
    unclaimed = [each.raw for each in narrative if each.role is Role.UNCLAIMED]
    if unclaimed:
        raise LabelError(
            f"{name}: 还有 {len(unclaimed)} 个数字没有归属，不能作为标注：{'、'.join(unclaimed[:SHOWN])} "
            f"({len(unclaimed)} figures are unclaimed; settle them first)"
        )
    still_open = [
        each.message for each in extraction.findings if each.kind is not FindingKind.COVERAGE and not each.settled
    ]
    if still_open:
        raise LabelError(
            f"{name}: 还有 {len(still_open)} 个发现没有人裁定，不能作为标注：{still_open[0]} "
            f"({len(still_open)} findings are open; settle them first)"
        )


def _defects(extraction: Extraction) -> Iterator[Defect]:
    printed = {each.id: each.raw for each in extraction.quantities}
    confirmed = (each for each in extraction.findings if each.settled and each.settled.decision is Decision.DOCUMENT)
    for number, finding in enumerate(confirmed, 1):
        yield Defect(
            id=f"d{number}",
            status=finding.kind.value,
            family=finding.family.value if finding.family else "",
            title=finding.message,
            quotes=finding.evidence,
            relation="；".join(_statements(extraction, finding)),
            printed=printed.get(finding.suspect or "", ""),
            should_be=finding.suggested or "",
            quantities=(finding.suspect,) if finding.suspect else (),
        )


def _statements(extraction: Extraction, finding: Finding) -> Iterator[str]:
    return (check.statement for check in extraction.checks if check.id in finding.checks)


def _note(extraction: Extraction) -> str:
    records = [each for each in extraction.records if each.type not in TABLES]
    decided = [each for each in records if each.settled]
    rest = [each for each in records if not each.settled]
    proven = sum(each.status is RecordStatus.PROVEN for each in rest)
    people = ", ".join(sorted({each.settled.by for each in decided if each.settled}))
    who = f" ({people})" if people else ""
    return (
        f"{len(decided)} of {len(records)} records were decided by people{who}; of the others, which stand as "
        f"{extraction.provenance.reader} read them, arithmetic proves {proven} of {len(rest)}."
    )
