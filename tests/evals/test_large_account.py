"""The large document of the benchmark of checking: as large as it claims, and without a fault."""

from pathlib import Path

from evals.benchmarks.department import large_account
from evals.fixtures.build import build_html
from extractor.pipeline import extract
from schemas.checks import Outcome
from schemas.quantities import Role


def test_a_large_account_is_read_whole_and_accuses_nobody(tmp_path: Path) -> None:
    path = tmp_path / "disclosure.html"
    path.write_bytes(build_html(large_account()))
    extraction = extract(path)
    cells = [quantity for quantity in extraction.quantities if quantity.role is Role.TABLE]
    assert len(extraction.quantities) > 5_000
    assert len(cells) > 4_500
    assert [finding.message for finding in extraction.findings] == []
    assert sum(check.outcome is Outcome.EXACT for check in extraction.checks) > 3_500
    # no table goes into more detail than another: income and what is carried over are no expenditure
    assert not [check for check in extraction.checks if check.rule == "details.sum"]
