"""What reading costs: tokens, requests, retries, seconds and money, for a request, a section, a document, a run."""

from dataclasses import dataclass
from decimal import Decimal
from operator import add

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


class Ledger:
    """The account of a run: it adds up, and refuses what would go beyond the budget."""

    def __init__(self, settings: ModelSettings) -> None:
        self.total = Cost()
        self.cache_hits = 0
        self._settings = settings

    def add(self, cost: Cost) -> None:
        """Enter what a request cost, answered or not."""
        self.total += cost

    @property
    def reached(self) -> str | None:
        """Why no further request may be sent; None while there is budget left."""
        settings, total = self._settings, self.total
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
