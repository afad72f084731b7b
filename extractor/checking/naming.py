"""Whether the subject of a record has a name that is known: from the classification, the official forms or a table.

Arithmetic proves what an amount comes to, not what it is of: 保障机关正常运转的基本支出 adds up as well as 基本支出 does.
"""

from collections.abc import Iterable

from extractor.checking.relations.wholes import kind_of_part
from extractor.classification import class_codes, economic, is_functional_name, name_key
from schemas.extraction import Record
from schemas.records import CompositionItem, EconomicItem, FunctionalExpenditure
from schemas.tables import TableRow


class KnownNames:
    """The names that a document's tables print, and the official ones."""

    def __init__(self, records: Iterable[Record]) -> None:
        rows = [record.fields for record in records if isinstance(record.fields, TableRow)]
        self._rows = {_key(row.name) for row in rows if row.name}

    def has_name_of(self, record: Record) -> bool:
        """False where a record's names stand in no list; records of types without such names have theirs."""
        fields = record.fields
        if isinstance(fields, CompositionItem | EconomicItem):
            label = fields.label or ""
            is_economic = isinstance(fields, EconomicItem) and economic(label) is not None
            return is_economic or kind_of_part(label) is not None or _key(label) in self._rows
        if isinstance(fields, FunctionalExpenditure):
            names = [name for name in (fields.class_name, fields.section_name, fields.item_name) if name]
            return all(is_functional_name(each) or class_codes(each) or _key(each) in self._rows for each in names)
        return True


def _key(name: str) -> str:
    return name_key(name).removesuffix("支出")
