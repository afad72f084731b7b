"""What each printed amount is about, in one vocabulary for narrative and tables.

Two amounts with the same concept state the same fact and must be equal.
"""

from collections.abc import Iterator
from typing import NamedTuple

from extractor.checking.book import Book, Entry
from extractor.checking.equations import Term
from extractor.checking.relations.wholes import kind_of_part
from extractor.classification import name_key

Concept = tuple[str, ...]

_FUNDS = (
    ("general_public", ("一般公共预算", "公共财政预算")),
    ("government_fund", ("政府性基金",)),
    ("state_capital", ("国有资本经营",)),
    ("fiscal_appropriation", ("财政拨款",)),
)
_COMPOSITION_FUNDS = {
    "revenue": "department",
    "expenditure": "department",
    "fiscal_revenue": "fiscal_appropriation",
    "fiscal_expenditure": "fiscal_appropriation",
    "general_public_expenditure": "general_public",
}
_PROCUREMENT = ("amount", "goods", "works", "services", "sme_contracts", "micro_contracts")


class Fact(NamedTuple):
    """One printed amount with its concept, where it stands, and whether a table prints it."""

    concept: Concept
    term: Term
    record: str
    place: str
    table: bool = False


def fund_of(words: str) -> str | None:
    """The fund that words name: 一般公共预算财政拨款 → general_public; None where they name none."""
    own = words.replace("非财政拨款", "")  # 使用非财政拨款结余
    return next((fund for fund, names in _FUNDS if any(name in own for name in names)), None)


def class_key(name: str) -> str:
    """A class by its name with or without the closing 支出."""
    return name_key(name).removesuffix("支出")


def nature_key(label: str) -> str | None:
    """基本支出, 项目支出 …: the kinds of expenditure; None for another label."""
    if kind_of_part(label) != "nature":
        return None
    return name_key(label).removeprefix("事业单位").removesuffix("预算").removesuffix("支出")


def narrative_facts(book: Book) -> Iterator[Fact]:
    """The amounts of the narrative that can stand in a second place."""
    for entry in book.entries("BudgetTotal"):
        yield from _fact(book, entry, "amount", ("total", entry.text("scope"), entry.text("side")))
        yield from _fact(book, entry, "initial_budget", ("initial", entry.text("scope"), entry.text("side")))
    for entry in book.entries("Carryover"):
        yield from _fact(book, entry, "amount", ("carryover", entry.text("scope"), entry.text("moment")))
    for entry in book.entries("CompositionItem"):
        concept = composition_concept(entry)
        if concept is not None:
            yield from _fact(book, entry, "amount", concept)
    for entry in book.entries("FunctionalExpenditure"):
        yield from _functional(book, entry)
    for entry in book.entries("EconomicItem"):
        yield from _economic(book, entry)
    for entry in book.entries("OfficialExpense"):
        item = (entry.text("item"), *([entry.text("source")] if entry.text("source") else []))
        yield from _fact(book, entry, "amount", ("official", *item))
        yield from _fact(book, entry, "initial_budget", ("official_budget", *item))
    for entry in book.entries("OperatingExpense"):
        yield from _fact(book, entry, "amount", ("operating",))
    for entry in book.entries("PurchasedServices"):
        yield from _fact(book, entry, "amount", ("purchased",))
    for entry in book.entries("Procurement"):
        for name in _PROCUREMENT:
            yield from _fact(book, entry, name, ("procurement", name))


def _fact(book: Book, entry: Entry, name: str, concept: Concept) -> Iterator[Fact]:
    term = book.term(entry, name)
    if term is not None and all(concept):
        yield Fact(concept, term, entry.record.id, entry.section or "")


def composition_concept(entry: Entry) -> Concept | None:
    """The concept of a composition item by its scope and label; None where the label is not known."""
    label, scope = entry.text("label"), entry.text("scope")
    fund = _COMPOSITION_FUNDS.get(scope, "")
    kind = kind_of_part(label)
    if kind == "class":
        return "class", fund, class_key(label)
    nature = nature_key(label)
    if nature is not None:
        return "nature", fund, nature
    if kind in ("fund", "fiscal", "source") and scope in ("revenue", "fiscal_revenue"):
        return "source", fund_of(label) or name_key(label).removesuffix("收入")
    return None


def _functional(book: Book, entry: Entry) -> Iterator[Fact]:
    names = [entry.text(name) for name in ("class_name", "section_name", "item_name")]
    if all(names):
        concept = ("item", "general_public", class_key(names[0]), name_key(names[1]), name_key(names[2]))
        yield from _fact(book, entry, "amount", concept)
        yield from _fact(book, entry, "initial_budget", ("initial_item", *concept[1:]))


def _economic(book: Book, entry: Entry) -> Iterator[Fact]:
    fund = fund_of(entry.text("source")) or "general_public"
    if entry.text("group") == "total":
        yield from _fact(book, entry, "amount", ("nature", fund, "基本"))
    elif entry.text("label"):
        yield from _fact(book, entry, "amount", ("economic", fund, economic_key(entry.text("label"))))


def economic_key(label: str) -> str:
    """An economic item by its name; 日常公用经费 is 公用经费."""
    return name_key(label).removeprefix("日常").removesuffix("支出")
