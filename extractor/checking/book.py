"""A document's records as the relations see them: in reading order, with their figures and the words around."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from decimal import Decimal
from functools import cached_property

from extractor.checking.equations import ONE, Term
from extractor.checking.figures import Figure, Figures
from extractor.checking.frozen import frozen
from extractor.checking.labels import label_of
from extractor.checking.precision import convention_of
from extractor.checking.sheets import Sheet, sheets_of
from extractor.classification import name_key
from extractor.documents.disclosure import Disclosure
from schemas.extraction import Record
from schemas.fields import FieldKind, Fields, QuantityRef, held_by, specs_of
from schemas.quantities import QuantityKind
from schemas.records import Change, DisclosureProfile

_KINDS = {
    FieldKind.MONEY: QuantityKind.MONEY,
    FieldKind.PERCENT: QuantityKind.PERCENT,
    FieldKind.COUNT: QuantityKind.COUNT,
    FieldKind.SCORE: QuantityKind.SCORE,
}


@frozen
class Entry:
    """One record with its place: `start` in the loaded text, `paragraph` of the unwrapped text; `ids` are the
    quantities it points at."""

    record: Record
    start: int
    paragraph: int | None
    ids: tuple[str, ...]

    @property
    def fields(self) -> Fields:
        """The record's fields."""
        return self.record.fields

    @property
    def section(self) -> str | None:
        """The innermost section that holds the record."""
        return self.record.section

    def get(self, name: str) -> object:
        """A field by name."""
        return getattr(self.record.fields, name)

    def text(self, name: str) -> str:
        """A text or enum field; empty where it is absent."""
        value = getattr(self.record.fields, name)
        return value if isinstance(value, str) else ""


def changes_of(fields: Fields) -> tuple[Change, ...]:
    """The changes that a record states; none where its type has none."""
    found: tuple[Change, ...] = getattr(fields, "changes", ())
    return found


class Book:
    """All records of a document, by type and in reading order."""

    def __init__(self, disclosure: Disclosure, records: Sequence[Record]) -> None:
        self.disclosure = disclosure
        self.records = tuple(records)
        self.figures = Figures(disclosure.by_id, convention_of(disclosure))
        self._terms: dict[tuple[str, str], Term | None] = {}
        self.by_type: dict[str, list[Entry]] = {}
        for record in records:
            self.by_type.setdefault(record.type, []).append(self._entry(record))
        for entries in self.by_type.values():
            entries.sort(key=lambda entry: entry.start)

    def _entry(self, record: Record) -> Entry:
        by_id, unwrapped = self.disclosure.by_id, self.disclosure.unwrapped
        ids = tuple([each for each in held_by(record.fields) if each in by_id])
        starts = [by_id[each].start for each in ids] or [place[0] for place in record.places.values()]
        start = min(starts, default=0)
        inside = unwrapped.index(start) if starts else None
        return Entry(record, start, None if inside is None else unwrapped.paragraph_at(inside), ids)

    def entries(self, record_type: str, **conditions: str | None) -> list[Entry]:
        """The records of a type whose fields have the given values, in reading order."""
        found = self.by_type.get(record_type, [])
        if not conditions:
            return found
        return [
            entry for entry in found if all(getattr(entry.fields, name) == value for name, value in conditions.items())
        ]

    @cached_property
    def sheets(self) -> tuple[Sheet, ...]:
        """The official tables, with the records of their rows."""
        rows = {each: entry.record.id for entry in self.by_type.get("TableRow", []) for each in entry.ids}
        return sheets_of(self.disclosure, self.figures, rows)

    @cached_property
    def changing(self) -> tuple[Entry, ...]:
        """The records whose type can state changes (asking a model for a field that it lacks is slow)."""
        return tuple(
            entry
            for entries in self.by_type.values()
            if "changes" in specs_of(type(entries[0].fields))
            for entry in entries
        )

    @cached_property
    def held(self) -> dict[str, tuple[str, ...]]:
        """The quantities that each record points at, by the record's id."""
        return {entry.record.id: entry.ids for entries in self.by_type.values() for entry in entries}

    @cached_property
    def _paths(self) -> dict[str, tuple[str, ...]]:
        return {node.id: node.path for node in self.disclosure.sections}

    def path(self, entry: Entry) -> tuple[str, ...]:
        """The headings above a record, from the top down."""
        return self._paths.get(entry.section or "", ())

    @cached_property
    def profile(self) -> DisclosureProfile:
        """What the document says of itself."""
        for entry in self.by_type.get("DisclosureProfile", []):
            if isinstance(entry.fields, DisclosureProfile):
                return entry.fields
        return DisclosureProfile()

    @cached_property
    def year(self) -> int | None:
        """The fiscal year."""
        reference = self.profile.fiscal_year
        date = self.disclosure.by_id[reference.quantity].date if reference else None
        return int(date[:4]) if date and date[:4].isdecimal() else None

    @property
    def is_final_account(self) -> bool:
        """True for a 决算."""
        return self.profile.kind == "final_account"

    def figure(self, holder: Fields, name: str) -> Figure | None:
        """The figure in a field of a record or sub-record; None where there is none."""
        reference = getattr(holder, name)
        if not isinstance(reference, QuantityRef) or reference.quantity not in self.disclosure.by_id:
            return None
        return self.figures.get(reference.quantity, _KINDS.get(specs_of(type(holder))[name].kind))

    def term(self, entry: Entry, name: str, sign: Decimal = ONE, label: str | None = None) -> Term | None:
        """A field of a record as a term of a relation."""
        if label is None and sign is ONE:
            key = entry.record.id, name
            if key not in self._terms:  # several relations ask for an amount
                self._terms[key] = self._term(entry, name, ONE, None)
            return self._terms[key]
        return self._term(entry, name, sign, label)

    def _term(self, entry: Entry, name: str, sign: Decimal, label: str | None) -> Term | None:
        figure = self.figure(entry.fields, name)
        return None if figure is None else Term(figure, label or label_of(entry.record, name), sign)

    def terms(self, entries: Iterable[Entry], name: str) -> list[Term]:
        """The same field of several records, those that have it."""
        return [term for entry in entries if (term := self.term(entry, name)) is not None]

    def before(self, quantity_id: str, length: int = 30) -> str:
        """The words of the narrative before a figure, within its paragraph; empty for a cell."""
        span = self.disclosure.spans.get(quantity_id)
        if span is None:
            return ""
        text = self.disclosure.unwrapped.text
        return text[max(text.rfind("\n", 0, span[0]) + 1, span[0] - length) : span[0]]

    def after(self, quantity_id: str, length: int = 30) -> str:
        """The words of the narrative behind a figure, within its paragraph; empty for a cell."""
        span = self.disclosure.spans.get(quantity_id)
        return "" if span is None else self.disclosure.unwrapped.text[span[1] : span[1] + length].split("\n")[0]

    def between(self, first: str, second: str) -> str:
        """The narrative between two figures; empty where one is a cell or they stand the other way round."""
        spans = self.disclosure.spans
        if first not in spans or second not in spans:
            return ""
        return self.disclosure.unwrapped.text[spans[first][1] : spans[second][0]]

    @cached_property
    def _money(self) -> list[Figure]:
        """The amounts of the narrative in the order of the loaded text."""
        return [
            figure
            for quantity in self.disclosure.quantities
            if quantity.kind is QuantityKind.MONEY
            and quantity.id in self.disclosure.spans
            and (figure := self.figures.get(quantity.id)) is not None
        ]

    @cached_property
    def _money_starts(self) -> list[int]:
        return [figure.quantity.start for figure in self._money]

    def money_between(self, start: int, end: int) -> list[Figure]:
        """The amounts of the narrative that begin behind `start` and before `end`, offsets in the loaded text."""
        first, last = bisect_right(self._money_starts, start), bisect_left(self._money_starts, end)
        return self._money[first:last]

    def sentence_start(self, quantity_id: str) -> int:
        """Where a figure's sentence begins, just before it, in the loaded text."""
        span = self.disclosure.spans.get(quantity_id)
        if span is None:
            return self.disclosure.by_id[quantity_id].start
        text = self.disclosure.unwrapped.text
        start = max(text.rfind("。", 0, span[0]), text.rfind("\n", 0, span[0]))
        return self.disclosure.unwrapped.source(start) if start >= 0 else -1

    def is_printed_nearby(self, whole: Term, total: Decimal) -> bool:
        """True when what parts lack of their whole is printed in the whole's section: then it is one of the parts."""
        gap, step = whole.figure.value - total, whole.figure.step
        section = whole.figure.quantity.section
        return gap > step and any(
            abs(figure.value - gap) <= step * 2 for figure in self._money if figure.quantity.section == section
        )

    def is_score_nearby(self, whole: Term, gap: Decimal) -> bool:
        """True when the narrative prints so many points in the section of a total score, the total aside."""
        section = whole.figure.quantity.section
        return any(
            quantity.kind is QuantityKind.SCORE and quantity.value == gap and quantity.id != whole.id
            for quantity in self.disclosure.quantities
            if quantity.section == section
        )

    def left_out(self, whole: Term, total: Decimal, listed: Iterable[str]) -> str | None:
        """The table row, not among the names listed, that makes up what they lack of their whole; None if none does."""
        gap, step = whole.figure.value - total, whole.figure.step
        if gap <= step * 2:
            return None
        known = {name_key(name).removesuffix("支出") for name in listed}
        for sheet in self.sheets:
            for row in sheet.rows:
                name = name_key(row.name).removesuffix("支出")
                near = any(abs(cell.term.figure.value - gap) <= step * 3 for cell in row.cells)
                if near and name and name not in known and not row.is_total:
                    return row.name
        return None
