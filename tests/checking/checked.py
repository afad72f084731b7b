"""Small disclosures written out in tests, with their records, checked by the real engine."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from extractor.checking import Verdict, check_records
from extractor.documents.disclosure import Disclosure, prepare
from extractor.documents.loading import load
from schemas.catalogue import RECORD_TYPES
from schemas.checks import Check, Finding
from schemas.extraction import Record
from schemas.fields import FieldKind, Fields, specs_of

MARK = re.compile(r"⟦(\w+) ([^⟧]*)⟧")
HEAD = "示例市示例局部门收入支出决算\n"
Label = tuple[str, dict[str, Any]]


@dataclass(frozen=True)
class Checked:
    """A disclosure with the verdict on its records; `ids` leads from marks to quantities."""

    disclosure: Disclosure
    verdict: Verdict
    ids: dict[str, str]
    records: list[Record]

    def check(self, rule: str) -> Check:
        """The only check of a rule."""
        found = self.all(rule)
        assert len(found) == 1, [(check.rule, check.statement) for check in self.verdict.checks]
        return found[0]

    def all(self, rule: str) -> list[Check]:
        """The checks of a rule."""
        return [check for check in self.verdict.checks if check.rule == rule]

    @property
    def findings(self) -> list[Finding]:
        """The findings but for coverage."""
        return [finding for finding in self.verdict.findings if finding.kind != "coverage"]

    def raw(self, quantity_id: str | None) -> str:
        """A figure as printed."""
        assert quantity_id is not None
        return self.disclosure.by_id[quantity_id].raw


Checker = Callable[..., Checked]


def check_text(path: Path, text: str, *labels: Label) -> Checked:
    """Write a text with marked figures (⟦a 5.00万元⟧) to `path`, and check it with records that name the marks."""
    plain, places, position = "", {}, 0
    text = HEAD + text
    for match in MARK.finditer(text):
        plain += text[position : match.start()]
        places[match[1]] = len(plain)
        plain += match[2]
        position = match.end()
    plain += text[position:]
    path.write_text(plain, encoding="utf-8")
    disclosure = prepare(load(path))
    starts = {quantity.start: quantity.id for quantity in disclosure.quantities}
    ids = {mark: starts[place] for mark, place in places.items()}
    records = [_record(disclosure, number, label, ids) for number, label in enumerate(labels, 1)]
    return Checked(disclosure, check_records(disclosure, records), ids, records)


def _record(disclosure: Disclosure, number: int, label: Label, ids: dict[str, str]) -> Record:
    record_type, values = label
    model = RECORD_TYPES[record_type]
    fields = model.model_validate(_pointed(model, values, ids))
    first = next((each for each in _marks(values) if each in ids), None)
    section = disclosure.by_id[ids[first]].section if first else None
    return Record(id=f"r{number}", type=record_type, section=section, reader="test", fields=fields)


def _pointed(model: type[Fields], values: dict[str, Any], ids: dict[str, str]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in values.items():
        spec = specs_of(model)[name]
        if spec.kind.points:
            found[name] = {"quantity": ids[value]}
        elif spec.kind is FieldKind.LIST and spec.items is not None:
            found[name] = tuple(_pointed(spec.items, each, ids) for each in value)
        else:
            found[name] = value
    return found


def _marks(values: dict[str, Any]) -> list[str]:
    found: list[str] = []
    for value in values.values():
        if isinstance(value, str):
            found.append(value)
        elif isinstance(value, list):
            for each in value:
                found.extend(_marks(each))
    return found
