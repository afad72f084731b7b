"""Which figures arithmetic proves without saying what they are of.

保障机关正常运转的基本支出 adds up as well as 基本支出 does: a record's subject must have a name that is known, from the
classification, the official forms or a table. And where two records give the same thing otherwise (the totals of
several bodies in one document), one of them is not what it is called.
"""

from collections.abc import Iterable, Mapping, Sequence

from extractor.checking.relations.repeats import SAME
from extractor.checking.relations.wholes import kind_of_part
from extractor.classification import class_codes, economic, is_functional_name, name_key
from schemas.checks import Check, Outcome
from schemas.extraction import Record
from schemas.performance import FundUse
from schemas.records import CompositionItem, EconomicItem, FunctionalExpenditure
from schemas.tables import TableRow


def uncertain(records: Sequence[Record], checks: Iterable[Check], held: Mapping[str, Sequence[str]]) -> frozenset[str]:
    """The figures of records without a known name, and those that two records give otherwise, by id."""
    rows = {_key(row.name) for record in records if isinstance(row := record.fields, TableRow) and row.name}
    nameless = {each for record in records if not _has_name(record, rows) for each in held[record.id]}
    contested = {
        each
        for check in checks
        if check.rule == SAME.code and check.outcome is Outcome.NOT_APPLICABLE
        for each in check.operands
    }
    return frozenset(nameless | contested)


def _has_name(record: Record, rows: set[str]) -> bool:
    """Whether a record's names stand in some list; `rows` are those of the document's tables."""
    fields = record.fields
    if isinstance(fields, CompositionItem | EconomicItem):
        label = fields.label or ""
        is_economic = isinstance(fields, EconomicItem) and economic(label) is not None
        return is_economic or kind_of_part(label) is not None or _key(label) in rows
    if isinstance(fields, FundUse):
        return _key(fields.label or "") in rows
    if isinstance(fields, FunctionalExpenditure):
        names = [name for name in (fields.class_name, fields.section_name, fields.item_name) if name]
        return all(is_functional_name(each) or class_codes(each) or _key(each) in rows for each in names)
    return True


def _key(name: str) -> str:
    return name_key(name).removesuffix("支出")
