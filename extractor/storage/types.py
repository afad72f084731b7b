"""Column types that mean the same on SQLite and PostgreSQL."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import BigInteger, DateTime, Integer
from sqlalchemy.types import TypeDecorator

_LARGEST = 2**63 - 1

BigKey = BigInteger().with_variant(Integer, "sqlite")
"""Counting primary keys: SQLite counts up only INTEGER columns."""


class Fixed(TypeDecorator[Decimal]):
    """A decimal with a fixed number of places, kept as a whole number so that it sorts and adds exactly.

    What does not fit (with 4 places, beyond ±922 trillion: a misread figure, hardly an amount) is kept as the
    nearest number that does; figures as printed are in the extraction.
    """

    impl = BigInteger
    cache_ok = True

    def __init__(self, places: int) -> None:
        super().__init__()
        self.places = places

    def process_bind_param(self, value: Decimal | None, dialect: Any) -> int | None:
        """A decimal to steps of its last place."""
        if value is None:
            return None
        return max(-_LARGEST, min(_LARGEST, int(value.scaleb(self.places).to_integral_value())))

    def process_result_value(self, value: int | None, dialect: Any) -> Decimal | None:
        """Steps back to a decimal; sums come back as decimals from PostgreSQL, as whole numbers from SQLite."""
        return None if value is None else Decimal(int(value)).scaleb(-self.places)


def yuan() -> Fixed:
    """The type of amounts in yuan."""
    return Fixed(4)


class Moment(TypeDecorator[datetime]):
    """A point in time, always with the zone UTC."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> datetime | None:
        """Any zone to UTC; SQLite keeps no zone."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value}: a point in time without a zone")
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, dialect: Any) -> datetime | None:
        """UTC back, also from SQLite."""
        return value.replace(tzinfo=UTC) if value is not None and value.tzinfo is None else value


def now() -> datetime:
    """The present moment, UTC."""
    return datetime.now(UTC)
