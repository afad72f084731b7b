"""Risk against coverage."""

from decimal import Decimal

from evals.risk import Bucket, risk_report

HIGH, MIDDLE, LOW = Decimal("0.9"), Decimal("0.5"), Decimal("0.1")


def _bucket(score: Decimal, figures: int, wrong: int = 0) -> Bucket:
    return Bucket(score=score, figures=figures, wrong=wrong)


def test_errors_below_the_threshold_are_not_silent() -> None:
    report = risk_report([[_bucket(HIGH, 50), _bucket(LOW, 10, 9)], [_bucket(HIGH, 30, 1)]], HIGH)
    assert (report.figures, report.wrong, report.accepted, report.silent) == (90, 10, 80, 1)
    assert report.silent_rate == 1 / 80
    assert report.upper is not None
    assert report.upper > report.silent_rate


def test_the_curve_runs_from_the_surest_to_all() -> None:
    report = risk_report([[_bucket(HIGH, 60), _bucket(MIDDLE, 20, 1), _bucket(LOW, 20, 10)]], HIGH)
    assert [(point.coverage, point.risk) for point in report.curve] == [(0.6, 0.0), (0.8, 1 / 80), (1.0, 0.11)]
    assert report.coverage_at_tolerated == 0.6


def test_a_score_that_tells_right_from_wrong_has_less_area_than_one_that_does_not() -> None:
    telling = risk_report([[_bucket(HIGH, 80), _bucket(LOW, 20, 20)]], HIGH)
    blind = risk_report([[_bucket(HIGH, 80, 16), _bucket(LOW, 20, 4)]], HIGH)
    assert telling.area is not None
    assert blind.area is not None
    assert telling.area < blind.area


def test_too_few_accepted_figures_support_no_claim() -> None:
    assert not risk_report([[_bucket(HIGH, 597)]], HIGH).enough
    assert risk_report([[_bucket(HIGH, 598)]], HIGH).enough


def test_nothing_accepted_is_no_rate() -> None:
    report = risk_report([[_bucket(LOW, 5)]], HIGH)
    assert report.silent_rate is None
    assert report.upper is None
    assert not report.enough
