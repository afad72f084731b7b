"""Figures as people read them."""

from decimal import Decimal

from evals.confidence import Interval
from evals.scores import Cost
from evals.summary import Rated, Scored

NONE = "–"


def number(value: float | None, digits: int = 4) -> str:
    """A score, or a dash."""
    return NONE if value is None else f"{value:.{digits}f}"


def percent(value: float | None, digits: int = 1) -> str:
    """A share, or a dash."""
    return NONE if value is None else f"{value * 100:.{digits}f}%"


def between(interval: Interval, digits: int = 3) -> str:
    """An interval, or nothing."""
    if interval.low is None or interval.high is None:
        return ""
    return f"[{interval.low:.{digits}f}, {interval.high:.{digits}f}]"


def scored(scored_: Scored) -> tuple[str, str, str, str]:
    """Precision, recall, F1 and its interval."""
    return number(scored_.precision), number(scored_.recall), number(scored_.f1), between(scored_.interval)


def rated(rated_: Rated | None) -> str:
    """A share with its count and interval."""
    if rated_ is None or rated_.rate is None:
        return NONE
    share = rated_.share
    return f"{percent(rated_.rate)} ({share.count}/{share.of}) {between(rated_.interval)}".rstrip()


def cost(cost_: Cost) -> str:
    """Requests, tokens, money and seconds; what is zero is left out."""
    parts = []
    if cost_.requests:
        parts.append(f"{cost_.requests} requests ({cost_.retries} retries)")
        parts.append(f"{cost_.input_tokens:,}+{cost_.output_tokens:,} tokens ({cost_.cached_tokens:,} cached)")
    if cost_.money is not None:
        parts.append(f"{money(cost_.money)} {cost_.currency or ''}".strip())
    parts.append(f"{cost_.seconds:.2f} s")
    return ", ".join(parts)


def money(value: Decimal) -> str:
    """An amount of money, to four decimals."""
    return f"{value:.4f}"
