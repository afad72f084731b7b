"""Every figure that was labelled in the real disclosures is found where it is printed."""

import json
import re
from pathlib import Path

import pytest

from extractor.documents.disclosure import prepare
from extractor.documents.loading import load

UNLABELLED_NUMBERING = 11
"""Labelled contexts that are list numbering or paper numbers, which are cut otherwise here."""


@pytest.mark.parametrize("number", ["000", "001", "002", "003"])
def test_labelled_figures_are_found_at_their_offsets(shared: Path, number: str) -> None:
    (path,) = (shared / "documents").glob(f"{number}_*.txt")
    gold = json.loads((shared / "gold" / number / "gold.json").read_text(encoding="utf-8"))
    facts = set(re.findall(r'"([qx]\d+)"', json.dumps(gold["records"])))
    found = {(quantity.start, quantity.end) for quantity in prepare(load(path)).quantities}
    missed = []
    for line in (shared / "gold" / number / "mentions.tsv").read_text(encoding="utf-8").splitlines():
        mention, raw, start, end = line.split("\t")
        if (int(start), int(end)) not in found:
            missed.append((mention, raw))
    assert [each for each in missed if each[0] in facts] == []
    assert {gold["context"].get(mention) for mention, _ in missed} <= {"ordinal", "legal", "year"}
    assert len(missed) <= UNLABELLED_NUMBERING
