"""A printed figure of a document: what it says, what it stands for, and where it is."""

from decimal import Decimal
from enum import StrEnum

from schemas.base import Model


class QuantityKind(StrEnum):
    """What a printed figure measures."""

    MONEY = "money"
    PERCENT = "percent"
    COUNT = "count"  # a number of things, with its measure word
    SCORE = "score"  # a number of points (分)
    DATE = "date"  # a day, month or year
    NUMBER = "number"  # a figure without a unit, or with one that is none of the above


class Role(StrEnum):
    """What accounts for a quantity."""

    FIELD = "field"  # a record holds it
    CONTEXT = "context"  # it is no fact of its own; `context` says which kind
    TABLE = "table"  # a cell of an official table
    UNCLAIMED = "unclaimed"  # nothing accounts for it: a hole in the reading


class ContextKind(StrEnum):
    """Why a printed figure is not a fact of its own."""

    YEAR = "year"  # the fiscal year or the year compared with
    THRESHOLD = "threshold"  # 单位价值100万元以上
    LEGAL = "legal"  # 文号, dates and numbers of laws and papers
    ORDINAL = "ordinal"  # numbering: 图1, 附件2, 表3
    PERIOD = "period"  # 1—12月, 三年
    TERM = "term"  # figures inside names: 十四五, 12345热线, 7*24小时
    OTHER = "other"


class Bound(StrEnum):
    """How a figure is hedged in print."""

    AT_LEAST = "ge"  # 不少于, ≥, 以上, 超过
    AT_MOST = "le"  # 不超过, ≤, 以内
    ABOUT = "about"  # 10余个, 约, 左右


class Quantity(Model):
    """One printed figure.

    `raw` is the printed stretch without white space; `start`/`end` are offsets into the document's text as
    loaded (end exclusive). `value` is the printed number (`5267.44` of `5267.44万元`), `decimals` how many
    digits it prints behind the point, `yuan` the amount in yuan for money whose unit is known, else None.
    A date's `value` is None; its parts are in `date` as `2024`, `2024-05` or `2024-05-31`. `acceptance` says how
    sure its reading is, from 0 to 1, when a record holds it (see `extractor.checking.acceptance`).
    """

    id: str
    raw: str
    kind: QuantityKind
    value: Decimal | None = None
    unit: str | None = None
    decimals: int = 0
    yuan: Decimal | None = None
    date: str | None = None
    bound: Bound | None = None
    start: int
    end: int
    page: int | None = None
    bbox: tuple[float, float, float, float] | None = None
    section: str | None = None
    role: Role = Role.UNCLAIMED
    context: ContextKind | None = None
    acceptance: Decimal | None = None
