"""What asks a model: the interface that the reading is written against."""

from dataclasses import dataclass
from typing import Protocol

from extractor.reading.llm.accounting import Cost
from schemas.base import GoujiError


class Failed(GoujiError):
    """No answer to a request could be had.

    `answered` is True when the server spoke, but nothing usable; `away` when it takes no requests at present
    (unreachable, overloaded), so that the same request may well be answered later.
    """

    def __init__(self, reason: str, cost: Cost, answered: bool, away: bool = False) -> None:
        super().__init__(reason)
        self.cost = cost
        self.answered = answered
        self.away = away


@dataclass(frozen=True)
class Reply:
    """An answer as lines, and its cost with all attempts."""

    lines: list[str]
    cost: Cost


class Client(Protocol):
    """A model that can be asked."""

    @property
    def model(self) -> str:
        """Its name, as part of what an answer is kept by."""
        ...

    async def ask(self, system: str, user: str, answer_tokens: int) -> Reply:
        """Send a prompt and a text; the answer takes at most so many tokens.

        Raises Failed, BudgetReached, or ConfigurationError when the server refuses the key or the model.
        """
        ...
