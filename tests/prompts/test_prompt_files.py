"""The shipped prompts: every section kind has one, they speak in the names of the schemas, examples can't leak."""

import re
from pathlib import Path

import pytest

from extractor.reading.routing import SectionKind
from prompts.loader import (
    COMMON,
    MARK,
    REPAIR,
    SHIPPED,
    PromptError,
    difference,
    listing,
    prompt_for,
    prompts,
    repair_instructions,
)
from prompts.wire import words
from schemas.fields import leaves
from schemas.performance import PERFORMANCE_RECORDS
from schemas.records import CORE_RECORDS


@pytest.mark.parametrize("kind", list(SectionKind))
def test_every_kind_of_section_has_a_prompt(kind: SectionKind) -> None:
    assert kind in prompt_for(kind).sections


def test_no_prompt_speaks_of_a_kind_that_is_none() -> None:
    kinds = {section for prompt in prompts().values() for section in prompt.sections}
    assert kinds == set(SectionKind)


def test_every_record_is_asked_for_somewhere() -> None:
    asked = {record for prompt in prompts().values() for record in prompt.records}
    # a document's profile is told from its titles by code
    assert asked == {model.__name__ for model in (*CORE_RECORDS, *PERFORMANCE_RECORDS)} - {"DisclosureProfile"}


def test_codes_in_the_rules_are_codes() -> None:
    codes = {word.code for word in words().values()} | {"X", "JSON"}
    for prompt in prompts().values():
        for code in re.findall(r"(?<![A-Za-z/])[A-Z]{2,}(?![A-Za-z])", prompt.rules):
            assert code in codes, (prompt.id, code)
        for key, value in re.findall(r"([a-z]+)=([a-z]+)", prompt.rules):
            assert key in codes, (prompt.id, key)
            assert value in codes, (prompt.id, value)


def test_examples_cannot_leak() -> None:
    """No number of an example is one that a request could use, and no figure of one is a number."""
    for prompt in prompts().values():
        for example in prompt.examples:
            assert example.records
            for match in MARK.finditer(example.text):
                assert not match["id"].isdecimal()
            assert all(leaf.value for _, fields in example.records for leaf in leaves(fields))


def test_prompts_are_short_and_say_json() -> None:
    for prompt in prompts().values():
        assert len(prompt.system) <= 3200, prompt.id
        assert "JSON" in prompt.system
    assert "JSON" in repair_instructions()


def test_the_hash_is_of_what_is_sent(tmp_path: Path) -> None:
    for path in SHIPPED.glob("*.md"):
        (tmp_path / path.name).write_text(path.read_text(encoding="utf-8"), encoding="utf-8")
    changed = (tmp_path / "budget.md").read_text(encoding="utf-8").replace("逐条", "一条一条")
    (tmp_path / "budget.md").write_text(changed, encoding="utf-8")
    hashes = {id: rest[2] for id, *rest in listing()}
    others = {id: rest[2] for id, *rest in listing(tmp_path)}
    assert {id for id in hashes if hashes[id] != others[id]} == {"budget"}
    assert "+- FE：按类款项一条一条" in difference(SHIPPED, tmp_path)
    assert difference(SHIPPED, tmp_path, "report") == ""


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("no front matter", "front matter"),
        ("---\nid: x\n---\n", "version"),
        ("---\nid: x\nversion: 1\ndates: context\nrecords: [Nonsense]\nsections: []\n---\n", "Nonsense"),
        (
            "---\nid: x\nversion: 1\ndates: context\nrecords: [BudgetTotal]\nsections: []\n---\n## 例\n> 收入⟦A 1元⟧\n"
            "- BudgetTotal: {amount: B}\n",
            "does not stand in its text",
        ),
        (
            "---\nid: x\nversion: 1\ndates: context\nrecords: [BudgetTotal]\nsections: [overview]\n---\n",
            "already belongs to",
        ),
    ],
)
def test_a_wrong_file_is_refused_with_a_sentence(tmp_path: Path, text: str, said: str) -> None:
    for name in (COMMON, REPAIR, "budget.md"):
        (tmp_path / name).write_text((SHIPPED / name).read_text(encoding="utf-8"), encoding="utf-8")
    (tmp_path / "wrong.md").write_text(text, encoding="utf-8")
    with pytest.raises(PromptError, match=said):
        prompts(tmp_path)
