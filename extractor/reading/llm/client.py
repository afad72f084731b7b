"""What asks a model: the interface that the reading is written against."""

from dataclasses import dataclass
from typing import Protocol

from extractor.reading.llm.accounting import Cost
from schemas.base import GoujiError


class Failed(GoujiError):
    """No answer to a request could be had; `answered` is True when the server spoke, but nothing usable."""

    def __init__(self, reason: str, cost: Cost, answered: bool) -> None:
        super().__init__(reason)
        self.cost = cost
        self.answered = answered


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
