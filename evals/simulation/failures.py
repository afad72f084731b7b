"""The ways in which a server fails to answer, by seed."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from random import Random


class Failure(StrEnum):
    """A kind of failure. A request suffers the first kind that its dice choose."""

    RATE_LIMIT = "429"  # with Retry-After
    SERVER_ERROR = "500"
    HANG = "hang"  # nothing ever comes
    DROPPED = "dropped"  # the connection is closed in mid-answer
    SLOW = "slow"
    TRUNCATED = "truncated"  # cut at max_tokens
    MALFORMED = "malformed"  # not JSON
    EMPTY = "empty"
    REFUSAL = "refusal"
    WHITE_SPACE = "white_space"  # until max_tokens
    WRONG_TOOL = "wrong_tool"
    PROSE = "prose"  # words round the JSON


@dataclass(frozen=True)
class Failures:
    """Chooses failures, each kind with its own rate a request."""

    rates: Mapping[Failure, float]
    seed: int = 0

    def choose(self, key: str) -> Failure | None:
        """The failure of a request; the same key gives the same one."""
        random = Random(f"{self.seed}:{key}")
        draws = [(kind, random.random()) for kind in Failure]
        chosen = [kind for kind, draw in draws if draw < self.rates.get(kind, 0.0)]
        return random.choice(chosen) if chosen else None
