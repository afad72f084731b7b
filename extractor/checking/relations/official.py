"""“三公”经费: the items add up, for every figure that all of them print; vehicles agree with the assets."""

from collections.abc import Iterator, Sequence
from decimal import Decimal

from extractor.checking.book import Book, Entry
from extractor.checking.equations import HUNDRED, ONE, Equation, Rule, Term
from extractor.checking.figures import Figure
from extractor.checking.labels import subject_of
from schemas.checks import Family
from schemas.records import Change, OfficialExpense

TOTAL = Rule("official.total", Family.SUM, "“三公”经费等于出国、公务用车、接待三项之和", "the three items add up")
VEHICLE = Rule(
    "official.vehicle", Family.SUM, "公务用车经费等于购置费与运行维护费之和", "vehicles: purchase and running"
)
RECEPTION = Rule(
    "official.reception", Family.SUM, "公务接待费等于国内接待与外事接待之和", "reception, domestic and foreign"
)
SHARE = Rule("official.share", Family.SHARE, "占“三公”经费的比重", "share of the three expenses")
HELD = Rule("official.vehicles_held", Family.EQUAL, "公务用车保有量与车辆数一致", "vehicles held and vehicles owned")

_TREE = (
    (
        TOTAL,
        "total",
        (("abroad", "vehicle", "reception"), ("abroad", "vehicle_purchase", "vehicle_operation", "reception")),
    ),
    (VEHICLE, "vehicle", (("vehicle_purchase", "vehicle_operation"),)),
    (RECEPTION, "reception", (("reception_domestic", "reception_foreign"),)),
)
"""Rule, whole, and the sets of parts that make it up: the first set that is printed in full is taken."""


def official(book: Book) -> Iterator[Equation]:
    """Every relation among the items of the three public expenses."""
    total: Entry | None = None
    for statement in _statements(book):
        total = statement.get("total", total)
        for rule, whole, sets in _TREE:
            for parts in sets:
                if whole in statement and all(part in statement for part in parts):
                    yield from _sums(book, rule, statement[whole], [statement[part] for part in parts])
                    break
        yield from _shares(book, statement, total)
    yield from _held(book)


def _statements(book: Book) -> list[dict[str, Entry]]:
    """Records that state the items together: a new statement starts where an item is stated again.

    The same amount again for the same item (共计支出…, 其中一般公共预算…) is no new statement.
    """
    statements: list[dict[str, Entry]] = []
    for entry in book.entries("OfficialExpense"):
        item = entry.text("item")
        amount = book.figure(entry.fields, "amount")
        if not item or (amount is None and entry.get("declared_none") is None):
            continue
        held = statements[-1].get(item) if statements else None
        if held is None and statements:
            statements[-1][item] = entry
        elif held is None or not (_restates(book, held, entry) or _is_of_one_fund(held, entry)):
            statements.append({item: entry})
    return statements


def _restates(book: Book, held: Entry, entry: Entry) -> bool:
    first, second = book.figure(held.fields, "amount"), book.figure(entry.fields, "amount")
    same = first is not None and second is not None and first.value == second.value
    return same and held.section == entry.section


def _is_of_one_fund(held: Entry, entry: Entry) -> bool:
    """The same item again by where the money comes from (其中：一般公共预算支出…): a part of what was stated."""
    return held.section == entry.section and bool(entry.text("source")) and not held.text("source")


def _sums(book: Book, rule: Rule, whole: Entry, parts: Sequence[Entry]) -> Iterator[Equation]:
    records = (whole.record.id, *(part.record.id for part in parts))
    for name in ("amount", "initial_budget"):
        total, terms = book.term(whole, name), book.terms(parts, name)
        if total is not None and len(terms) == len(parts):
            more = rule is TOTAL and _counts_more(book, total, terms[-1])
            yield Equation(rule, total, tuple(terms), records=records, soft=more, unless="另含会议费、培训费")
    yield from _change_sums(book, rule, whole, parts, records)


def _counts_more(book: Book, total: Term, last: Term) -> bool:
    """True where meetings and training are counted with the three expenses."""
    return "会议费" in book.before(total.id, 40) + book.between(total.id, last.id) + book.after(last.id, 20)


def _change_sums(
    book: Book, rule: Rule, whole: Entry, parts: Sequence[Entry], records: tuple[str, ...]
) -> Iterator[Equation]:
    """Changes from the same base add up as the amounts do, and so do the bases."""
    for base, change in _changes(whole).items():
        others = [_changes(part).get(base) for part in parts]
        for name in ("amount", "base_amount"):
            target = _signed(book, whole, change, name)
            terms = [
                _signed(book, part, other, name) for part, other in zip(parts, others, strict=True) if other is not None
            ]
            found = [term for term in terms if term is not None]
            if target is not None and len(found) == len(parts):
                yield Equation(rule, target, tuple(found), records=records)


def _changes(entry: Entry) -> dict[str, Change]:
    fields = entry.fields
    assert isinstance(fields, OfficialExpense)
    return {change.base: change for change in reversed(fields.changes) if change.base is not None}


def _signed(book: Book, entry: Entry, change: Change, name: str) -> Term | None:
    figure: Figure | None = book.figure(change, name)
    if figure is None:
        return None
    falls = name == "amount" and change.direction == "decrease"
    label = subject_of(entry.record) + ("基数" if name == "base_amount" else "减少" if falls else "增加")
    return Term(figure, label, Decimal(-1) if falls else ONE)


def _shares(book: Book, statement: dict[str, Entry], total: Entry | None) -> Iterator[Equation]:
    """Shares of the total of the statement, or of the one before where the items come up to it."""
    whole = book.term(total, "amount") if total is not None else None
    items = [entry for item, entry in statement.items() if item != "total"]
    if whole is None or total is None or ("total" not in statement and not _is_parted(book, whole, items)):
        return
    for entry in items:
        share, amount = book.term(entry, "share"), book.term(entry, "amount")
        if share is not None and amount is not None:
            records = (entry.record.id, total.record.id)
            yield Equation(SHARE, share, (amount,), (whole,), HUNDRED, records=records)


def _is_parted(book: Book, whole: Term, items: Sequence[Entry]) -> bool:
    """三公”经费支出决算中，…费X，占…%: do the amounts come to the total stated before, or the shares to 100 %?"""
    parts = [entry for entry in items if entry.get("share") is not None]
    amounts, shares = book.terms(parts, "amount"), book.terms(parts, "share")
    if len(parts) < 2 or len(amounts) != len(parts) or len(shares) != len(parts):
        return False
    steps = whole.figure.step + sum(term.figure.step for term in amounts)
    comes_up = abs(sum(term.figure.value for term in amounts) - whole.figure.value) <= steps
    return comes_up or abs(sum(term.figure.value for term in shares) - HUNDRED) < 1


def _held(book: Book) -> Iterator[Equation]:
    held = [entry for entry in book.entries("OfficialExpense") if entry.get("vehicles_held") is not None]
    assets = [entry for entry in book.entries("StateAssets") if entry.get("vehicles") is not None]
    if held and len(assets) == 1:
        target, source = book.term(assets[0], "vehicles"), book.term(held[0], "vehicles_held")
        if target is not None and source is not None:
            yield Equation(
                HELD,
                target,
                (source,),
                records=(assets[0].record.id, held[0].record.id),
                soft=True,
                unless="部门车辆可能不全由财政拨款开支",
            )
