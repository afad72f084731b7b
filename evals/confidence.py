"""How sure a figure is: intervals for rates and scores, and paired tests between two readers.

Documents are the unit that is drawn: figures of one document succeed and fail together, so intervals from
single figures would be far too narrow (cluster bootstrap; Efron & Tibshirani 1993, ch. 8).
"""

from collections.abc import Callable, Sequence
from functools import lru_cache
from itertools import product

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.stats import binomtest

from schemas.base import Model

LEVEL = 0.95
SEED = 20_240_501
DRAWS, FEWEST_DRAWS = 2_000, 400
MOST_WEIGHTS = 4_000_000
"""Documents times draws that are held at once (32 MB); beyond, fewer draws are made of the many documents."""
EXACT_UP_TO = 14
"""Documents up to which the sign-flip test counts every case (2^14) instead of drawing."""
FEWEST_DOCUMENTS = 6
"""With fewer documents no two-sided sign-flip test can reach 5 % (2 · 2⁻⁵ = 6 %), and a bootstrap says little."""

Floats = NDArray[np.float64]
Statistic = Callable[[Floats], Floats]


class Interval(Model):
    """An interval of 95 % unless said otherwise; None where nothing can be said."""

    low: float | None
    high: float | None


NOTHING = Interval(low=None, high=None)


def wilson(count: int, of: int) -> Interval:
    """The score interval of a rate (Wilson 1927)."""
    return _rate(count, of, "wilson")


def clopper_pearson(count: int, of: int) -> Interval:
    """The exact, conservative interval of a rate (Clopper & Pearson 1934)."""
    return _rate(count, of, "exact")


def upper_bound(count: int, of: int) -> float | None:
    """The exact one-sided 95 % upper bound of a rate; with no event in n trials about 3/n."""
    if not of:
        return None
    return float(binomtest(count, of, alternative="less").proportion_ci(LEVEL, method="exact").high)


def trials_needed(rate: float) -> int:
    """How many trials without an event are needed before a rate can be called at most this."""
    return int(np.ceil(np.log(1 - LEVEL) / np.log(1 - rate)))


def _rate(count: int, of: int, method: str) -> Interval:
    if not of:
        return NOTHING
    found = binomtest(count, of).proportion_ci(LEVEL, method=method)
    return Interval(low=float(found.low), high=float(found.high))


def cluster_bootstrap(documents: ArrayLike, statistic: Statistic) -> Interval:
    """The percentile interval of a statistic of summed counts, drawing whole documents.

    `documents` holds the counts of each document; `statistic` takes an array (draws × counts) of sums and gives
    one value a draw, NaN where it is undefined.
    """
    counts = np.asarray(documents, dtype=np.float64)
    if len(counts) < 2:
        return NOTHING
    return _percentile(statistic(_weights(len(counts)) @ counts))


def cluster_bootstraps(counts: Floats, statistic: Statistic) -> list[Interval]:
    """As `cluster_bootstrap`, for many groups at once: `counts` is documents × groups × counts, zeros where a document
    has nothing of a group. Nothing is said of a group that fewer than two documents have something of.

    All groups share the draws of whole documents, so that a group is as large as chance makes it (domain estimation;
    Särndal, Swensson & Wretman 1992, ch. 10): draws of its own for each took 0.3 s a group of some 10,000 documents.
    """
    documents, groups, columns = counts.shape
    if documents < 2 or not groups:
        return [NOTHING] * groups
    held = counts.any(axis=2).sum(axis=0)
    sums = (_weights(documents) @ counts.reshape(documents, -1)).reshape(-1, groups, columns)
    return [NOTHING if held[each] < 2 else _percentile(statistic(sums[:, each])) for each in range(groups)]


def _percentile(values: Floats) -> Interval:
    values = values[~np.isnan(values)]
    if not len(values):
        return NOTHING
    low, high = np.quantile(values, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return Interval(low=float(low), high=float(high))


@lru_cache(maxsize=2)
def _weights(documents: int) -> Floats:
    """How often each document is drawn, a row a draw; the same rows at every call."""
    draws = max(FEWEST_DRAWS, min(DRAWS, MOST_WEIGHTS // documents))
    random = np.random.default_rng(SEED)
    drawn = random.multinomial(documents, [1 / documents] * documents, size=draws)
    return drawn.astype(np.float64)


def f1(sums: Floats) -> Floats:
    """F1 from columns true positive, false positive, false negative."""
    whole = 2 * sums[:, 0] + sums[:, 1] + sums[:, 2]
    return _divided(2 * sums[:, 0], whole)


def f1_difference(sums: Floats) -> Floats:
    """F1 of the last three columns less that of the first three."""
    difference: Floats = f1(sums[:, 3:]) - f1(sums[:, :3])
    return difference


def ratio(sums: Floats) -> Floats:
    """The first column over the second."""
    return _divided(sums[:, 0], sums[:, 1])


def _divided(part: Floats, whole: Floats) -> Floats:
    quotient = np.full(len(whole), np.nan)
    np.divide(part, whole, out=quotient, where=whole > 0)
    return quotient


def sign_flip(differences: Sequence[float]) -> float:
    """The two-sided p-value that paired differences are as far from zero as these by chance alone.

    Exact up to `EXACT_UP_TO` documents, else from seeded draws (with the observed case counted in).
    """
    values = np.asarray([each for each in differences if each], dtype=np.float64)
    if not len(values):
        return 1.0
    observed = abs(values.sum()) - 1e-12
    if len(values) <= EXACT_UP_TO:
        signs = np.array(list(product((1.0, -1.0), repeat=len(values))))
        return float((abs(signs @ values) >= observed).mean())
    random = np.random.default_rng(SEED)
    signs = random.choice((1.0, -1.0), size=(20_000, len(values)))
    return float(((abs(signs @ values) >= observed).sum() + 1) / (len(signs) + 1))


def mcnemar(only_first: int, only_second: int) -> float:
    """The exact two-sided p-value of a paired comparison of single fields (McNemar 1947); fields of one document
    are not independent, so it is a hint and no proof."""
    discordant = only_first + only_second
    return float(binomtest(only_first, discordant).pvalue) if discordant else 1.0
