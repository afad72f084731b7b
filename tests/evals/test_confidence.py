"""Intervals and tests against values from the literature and against simulation."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evals.confidence import (
    FEWEST_DOCUMENTS,
    NOTHING,
    clopper_pearson,
    cluster_bootstrap,
    cluster_bootstraps,
    f1,
    f1_difference,
    mcnemar,
    ratio,
    sign_flip,
    trials_needed,
    upper_bound,
    wilson,
)


def test_intervals_of_a_rate() -> None:
    """Values of Brown, Cai & DasGupta 2001 and of the rule of three."""
    score = wilson(5, 20)
    assert (score.low, score.high) == (pytest.approx(0.1119, abs=1e-4), pytest.approx(0.4687, abs=1e-4))
    exact = clopper_pearson(5, 20)
    assert (exact.low, exact.high) == (pytest.approx(0.0866, abs=1e-4), pytest.approx(0.4910, abs=1e-4))
    assert upper_bound(0, 300) == pytest.approx(3 / 300, rel=0.01)
    assert wilson(0, 0) == NOTHING
    assert upper_bound(0, 0) is None


def test_the_trials_needed_for_a_claim_are_just_enough() -> None:
    needed = trials_needed(0.005)
    assert needed == 598
    assert (upper_bound(0, needed) or 1) <= 0.005 < (upper_bound(0, needed - 1) or 1)


def test_sign_flip_counts_every_case() -> None:
    assert sign_flip([1.0] * 8) == pytest.approx(2 / 2**8)
    assert sign_flip([1.0, -1.0]) == 1
    assert sign_flip([0.0, 0.0]) == 1
    assert sign_flip([1.0] * (FEWEST_DOCUMENTS - 1)) > 0.05 >= sign_flip([1.0] * FEWEST_DOCUMENTS)


def test_sign_flip_with_many_documents_is_near_the_exact_value() -> None:
    differences = [1.0] * 12 + [-1.0] * 4
    several = [each + 0.0 for each in differences]
    exact = 2 * sum(_binomial(16, k) for k in range(5)) / 2**16
    assert sign_flip(several) == pytest.approx(exact, abs=0.01)


def _binomial(n: int, k: int) -> int:
    return 1 if k in (0, n) else _binomial(n - 1, k - 1) + _binomial(n - 1, k)


def test_mcnemar_is_the_exact_binomial_test() -> None:
    assert mcnemar(0, 0) == 1
    assert mcnemar(1, 9) == pytest.approx(0.0215, abs=1e-3)


def test_the_bootstrap_covers_the_truth_about_as_often_as_it_says() -> None:
    random = np.random.default_rng(7)
    covered = 0
    for _ in range(100):
        of = random.integers(20, 60, size=30)
        right = random.binomial(of, 0.8)
        found = cluster_bootstrap(list(zip(right.tolist(), of.tolist(), strict=True)), ratio)
        assert found.low is not None
        assert found.high is not None
        covered += found.low <= 0.8 <= found.high
    assert 85 <= covered <= 100


def test_documents_that_fail_together_make_the_interval_wide() -> None:
    """Ten documents, each all right or all wrong: single figures would claim ±3 points."""
    found = cluster_bootstrap([(100, 100)] * 7 + [(0, 100)] * 3, ratio)
    assert found.low is not None
    assert found.high is not None
    assert found.high - found.low > 0.4


def test_one_document_says_nothing_of_others() -> None:
    assert cluster_bootstrap([(9, 1, 1)], f1) == NOTHING
    assert cluster_bootstrap([(0, 0, 0), (0, 0, 0)], f1) == NOTHING


@given(st.lists(st.tuples(*[st.integers(0, 50)] * 3), min_size=2, max_size=8))
def test_a_run_differs_from_itself_by_nothing(counts: list[tuple[int, int, int]]) -> None:
    found = cluster_bootstrap([(*each, *each) for each in counts], f1_difference)
    assert found == NOTHING or found.low == found.high == 0


def test_groups_of_documents_are_covered_about_as_often_as_said() -> None:
    """Every document is of one of two regions; their intervals come from the draws of all documents."""
    random = np.random.default_rng(3)
    covered = [0, 0]
    for _ in range(100):
        counts = np.zeros((40, 2, 2))
        of = random.integers(20, 60, size=40)
        region = random.integers(0, 2, size=40)
        counts[np.arange(40), region] = np.stack([random.binomial(of, np.where(region, 0.9, 0.7)), of], axis=1)
        for each, (found, truth) in enumerate(zip(cluster_bootstraps(counts, ratio), (0.7, 0.9), strict=True)):
            assert found.low is not None
            assert found.high is not None
            covered[each] += found.low <= truth <= found.high
    assert all(85 <= each <= 100 for each in covered)


def test_a_group_of_all_documents_has_the_interval_of_all() -> None:
    counts = [(9, 1, 0), (5, 0, 3), (7, 2, 2)]
    grouped = np.zeros((3, 2, 3))
    grouped[:, 0] = counts
    grouped[1, 1] = (4, 1, 1)
    everything, one_document = cluster_bootstraps(grouped, f1)
    assert everything == cluster_bootstrap(counts, f1)
    assert one_document == NOTHING
