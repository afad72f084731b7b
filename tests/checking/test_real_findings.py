"""What is raised on the real disclosures, against a person's reading of each finding (rules and offsets, no text)."""

import json
from hashlib import sha256
from pathlib import Path

from evals import fixtures
from extractor.pipeline import extract
from schemas.checks import FindingKind

READINGS = Path(fixtures.__file__).parent / "findings_of_real.json"
LEAST_PRECISION = 0.95


def test_findings_on_real_disclosures_are_true(shared: Path) -> None:
    """A finding nobody has read counts as false: read it, and enter it as true or false."""
    readings = json.loads(READINGS.read_text(encoding="utf-8"))
    raised, true = 0, 0
    for path in sorted((shared / "documents").glob("*.txt")):
        known = {
            (each["rule"], each["start"]): each["true"] for each in readings[sha256(path.read_bytes()).hexdigest()]
        }
        extraction = extract(path)
        rules = {check.id: check.rule for check in extraction.checks}
        for finding in extraction.findings:
            if finding.kind is not FindingKind.COVERAGE:
                raised += 1
                true += known.get((rules[finding.checks[0]], min(start for start, _ in finding.spans)), False)
    assert true >= raised * LEAST_PRECISION, f"{true} of {raised}"
