"""Reading a text in a test: records as plain dictionaries with printed figures instead of pointers."""

import hashlib
from collections.abc import Callable
from typing import Any

import pytest

from extractor.documents.disclosure import prepare
from extractor.documents.loaded import LoadedDocument
from extractor.pipeline import read
from extractor.reading.rules import RulesReader
from schemas.fields import Fields, QuantityRef, specs_of

Plain = dict[str, Any]


@pytest.fixture
def records_of() -> Callable[[str], list[tuple[str, Plain]]]:
    """Read a text with the rules reader: (type, fields) of every record, in order; nothing may be refused."""

    def run(text: str) -> list[tuple[str, Plain]]:
        loaded = LoadedDocument("test.txt", "text/plain", hashlib.sha256(text.encode()).hexdigest(), text)
        disclosure = prepare(loaded)
        found = []
        for reading in read(disclosure, RulesReader()):
            assert not reading.refusals
            for record in reading.records:
                raws = {quantity.id: quantity.raw for quantity in disclosure.quantities}
                found.append((record.type, _plain(record.fields, raws)))
        return found

    return run


def _plain(fields: Fields, raws: dict[str, str]) -> Plain:
    plain: Plain = {}
    for name in specs_of(type(fields)):
        value = getattr(fields, name)
        if isinstance(value, QuantityRef):
            plain[name] = raws[value.quantity]
        elif isinstance(value, tuple):
            if value:
                plain[name] = [_plain(item, raws) for item in value]
        elif value is not None:
            plain[name] = value
    return plain
