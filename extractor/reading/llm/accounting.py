"""What reading costs: tokens, requests, retries, seconds and money, for a request, a section, a document, a run."""

from dataclasses import dataclass, fields
from decimal import Decimal
from multiprocessing.context import BaseContext
from operator import add
from typing import Any

from extractor.settings import ModelSettings, Price
from schemas.base import GoujiError
from schemas.extraction import Tokens, Usage

_MILLION = Decimal(1_000_000)


class BudgetReached(GoujiError):
    """The configured budget is used up. What was read is kept; the same call goes on where it stopped."""


@dataclass(frozen=True)
class Cost:
    """An amount of work. Characters are what we sent and what was answered, whether or not a server counts tokens."""

    input: int = 0
    cached: int = 0
    output: int = 0
    requests: int = 0
    retries: int = 0
    seconds: float = 0.0
    sent_characters: int = 0
    answered_characters: int = 0

    def __add__(self, other: "Cost") -> "Cost":
        return Cost(*map(add, vars(self).values(), vars(other).values()))

    @property
    def total_tokens(self) -> int:
        """Tokens sent and answered."""
        return self.input + self.output

    def share(self, part: int, whole: int, first: bool) -> "Cost":
        """The part of a shared request that falls to a section, by its length; requests and characters are not
        divided but the first section's."""
        if part >= whole and first:
            return self
        whole = max(whole, 1)
        return Cost(
            input=self.input * part // whole,
            cached=self.cached * part // whole,
            output=self.output * part // whole,
            requests=self.requests if first else 0,
            retries=self.retries if first else 0,
            seconds=self.seconds * part / whole,
            sent_characters=self.sent_characters if first else 0,
            answered_characters=self.answered_characters if first else 0,
        )

    def money(self, price: Price | None) -> Decimal | None:
        """What it costs, None without a price."""
        if price is None:
            return None
        cached = price.input if price.cached is None else price.cached
        full = (self.input - self.cached) * price.input + self.cached * cached + self.output * price.output
        return full / _MILLION

    def tokens(self) -> Tokens:
        """As written in a document's provenance."""
        return Tokens(input=self.input, cached=self.cached, output=self.output)

    def usage(self, price: Price | None) -> Usage:
        """As written in a document's provenance."""
        return Usage(
            requests=self.requests,
            retries=self.retries,
            seconds=round(self.seconds, 3),
            money=self.money(price),
            currency=price.currency if price else None,
        )


NOTHING = Cost()

_ENTRIES = tuple(each.name for each in fields(Cost))


class Ledger:
    """The account of a run: it adds up, and refuses what would go beyond the budget.

    Several processes keep one account: each enters its costs in its own seat of `cells`, which are in memory that
    they have in common (`cells_for`), and reads those of all.
    """

    def __init__(self, settings: ModelSettings, cells: Any = None, seat: int = 0) -> None:
        self._settings = settings
        self._cells = [0.0] * len(_ENTRIES) if cells is None else cells
        self._first = len(_ENTRIES) * seat

    @staticmethod
    def cells_for(context: BaseContext, seats: int) -> Any:
        """Memory for the accounts of so many processes."""
        return context.RawArray("d", len(_ENTRIES) * seats)

    @property
    def total(self) -> Cost:
        """What all of it cost."""
        cells = self._cells[:]
        sums = {name: sum(cells[place :: len(_ENTRIES)]) for place, name in enumerate(_ENTRIES)}
        return Cost(**{name: amount if name == "seconds" else round(amount) for name, amount in sums.items()})

    def add(self, cost: Cost) -> None:
        """Enter what a request cost, answered or not."""
        for place, amount in enumerate(vars(cost).values(), self._first):
            self._cells[place] += amount

    @property
    def reached(self) -> str | None:
        """Why no further request may be sent; None while there is budget left."""
        settings = self._settings
        if settings.budget_tokens is None and settings.budget_money is None:
            return None
        total = self.total
        if settings.budget_tokens is not None and total.total_tokens >= settings.budget_tokens:
            return f"{total.total_tokens} of {settings.budget_tokens} tokens (GOUJI_BUDGET_TOKENS) are used"
        money = total.money(settings.price)
        if settings.budget_money is not None and money is not None and money >= settings.budget_money:
            return f"{money:.4f} of {settings.budget_money} {self.currency} (GOUJI_BUDGET_MONEY) are used"
        return None

    @property
    def currency(self) -> str:
        """The currency of the configured price."""
        return self._settings.price.currency if self._settings.price else ""
