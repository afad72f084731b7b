"""Scores of the real disclosures equal those of the team's own scorers where both define them."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from evals.collection import Fixture, matched
from evals.labelling import from_gold
from evals.labels import Labels, PlacedFigure, RecordLabel
from evals.readers import as_answer
from evals.scores import summed
from evals.scoring import score
from extractor.pipeline import extract
from schemas.extraction import Extraction


@pytest.fixture(scope="module")
def extracted(shared: Path) -> dict[str, tuple[Fixture, Extraction]]:
    """The extraction of every real disclosure, by name."""
    return {each.name: (each, extract(each.document)) for each in matched(shared / "documents")}


def _reference(script: Path, *arguments: Path | str) -> str:
    done = subprocess.run([sys.executable, script, *arguments], capture_output=True, text=True, check=True)
    return done.stdout


@pytest.mark.parametrize("name", ["000", "001", "002", "003"])
def test_roles_grouping_enums_and_texts(
    name: str, shared: Path, extracted: dict[str, tuple[Fixture, Extraction]], tmp_path: Path
) -> None:
    fixture, extraction = extracted[name]
    path = tmp_path / "extraction.json"
    path.write_text(extraction.to_json(), encoding="utf-8")
    expected = json.loads(_reference(shared / "tools" / "score_facts.py", shared / "gold" / name, path))
    scored = score(name, fixture.labels, as_answer(extraction))
    counts = scored.role_counts
    assert round(counts.precision or 0, 4) == expected["precision"]
    assert round(counts.recall or 0, 4) == expected["recall"]
    assert round(counts.f1 or 0, 4) == expected["f1"]
    assert round(scored.grouping.f1, 4) == expected["grouping_f1"]
    assert round(scored.enums.rate or 0, 4) == expected["enum_accuracy"]
    assert round(scored.texts.rate or 0, 4) == expected["text_accuracy"]
    by_type = {kind: tuple(summed(fields.values())) for kind, fields in scored.roles.items()}
    assert by_type == {kind: (each["tp"], each["fp"], each["fn"]) for kind, each in expected["per_type"].items()}


def test_findings(shared: Path, extracted: dict[str, tuple[Fixture, Extraction]], tmp_path: Path) -> None:
    path = tmp_path / "findings.jsonl"
    with path.open("w", encoding="utf-8") as file:
        for _, extraction in extracted.values():
            for finding in extraction.findings:
                line = {**finding.model_dump(mode="json"), "document": extraction.document.name}
                file.write(json.dumps(line, ensure_ascii=False) + "\n")
    words = _reference(shared / "tools" / "score_findings.py", shared / "gold" / "defects.json", path).split()
    scores = [
        score(name, fixture.labels, as_answer(extraction)).findings for name, (fixture, extraction) in extracted.items()
    ]
    assert None not in scores
    arithmetic, wording = ("error", "misrounded"), ("wording",)
    found, known = (
        {
            kinds: sum(getattr(each, part).get(kind, 0) for each in scores for kind in kinds)
            for kinds in (arithmetic, wording)
        }
        for part in ("found", "known")
    )
    assert found[arithmetic] == known[arithmetic]
    assert found[wording] >= 0.6 * known[wording]
    assert words[2] == f"{found[arithmetic]}/{known[arithmetic]}"
    assert words[4] == f"{found[wording]}/{known[wording]}"
    assert int(words[words.index("findings") + 1]) == sum(each.raised for each in scores if each)
    assert int(words[words.index("matched") + 1]) == sum(each.confirmed for each in scores if each)


@pytest.mark.parametrize("name", ["000", "001", "002", "003"])
def test_shipped_labels_are_the_gold_labels_without_the_words(
    name: str, shared: Path, extracted: dict[str, tuple[Fixture, Extraction]]
) -> None:
    fixture, _ = extracted[name]
    shipped = fixture.labels
    gold = json.loads((shared / "gold" / name / "gold.json").read_text(encoding="utf-8"))
    mentions = (line.split("\t") for line in (shared / "gold" / name / "mentions.tsv").open(encoding="utf-8"))
    figures = {q: PlacedFigure(start=int(start), end=int(end), raw=raw) for q, raw, start, end in mentions}
    assert shipped.figures == figures
    made = from_gold(shared / "gold" / name, fixture.text, fixture.sha256).with_text(fixture.text)
    assert made.records == shipped.records
    direct = Labels(figures=figures, records=tuple(RecordLabel(**each) for each in gold["records"]))
    assert [each.type for each in shipped.records] == [each.type for each in direct.records]
    assert _texts(shipped) == _texts(direct)


def _texts(labels: Labels) -> list[str]:
    def walk(value: Any) -> list[str]:
        if isinstance(value, dict):
            return [word for each in value.values() for word in walk(each)]
        if isinstance(value, list):
            return [word for each in value for word in walk(each)]
        return [str(value)]

    return [word for record in labels.records for word in walk(record.fields)]
