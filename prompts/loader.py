"""The prompts: one Markdown file a family of records, and what is sent of it.

A file has front matter (`id`, `version`, `records`, `sections`, `dates`), rules as a list under `## 规则`, and invented
examples under `## 例`: a quoted section with its figures marked, then the records it states as YAML. Codes and
record tables are put in from `prompts.wire`, so a prompt file speaks in the names of the schemas only.
"""

import difflib
import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import yaml

from prompts.wire import describe, encode, encode_contexts
from schemas.base import GoujiError
from schemas.catalogue import RECORD_TYPES
from schemas.fields import FieldKind, Fields, QuantityRef, leaves, specs_of
from schemas.quantities import ContextKind

SHIPPED = Path(__file__).parent
COMMON, REPAIR = "common.md", "repair.md"
MARK = re.compile(r"⟦(?P<id>\w+) (?P<raw>[^⟧]*)⟧")
"""A marked figure in a prompt: its number, and what is printed."""

_FRONT_MATTER = re.compile(r"\A---\n(?P<front>.*?)\n---\n(?P<body>.*)\Z", re.DOTALL)
_HEADING = re.compile(r"^## (.+)$", re.MULTILINE)
_EXAMPLE = re.compile(r"(?P<quoted>(?:^>.*\n?)+)(?P<answer>(?:^(?!>).*\n?)+)", re.MULTILINE)


class PromptError(GoujiError):
    """A prompt file is not as it should be."""


class Dates(StrEnum):
    """What becomes of dates that code takes for context (the fiscal year, the year compared with)."""

    CONTEXT = "context"  # they are not numbered: no record of this family holds a date
    ATTACHED = "attached"  # numbered, for records whose figures a date belongs to
    FACTS = "facts"  # numbered, and worth asking for alone: steps of a project


@dataclass(frozen=True)
class Example:
    """An invented text and the records that it states. Its figures are lettered: no answer can use them.

    `records` come with the number of the section that they stand in, 0 where the text is one section.
    """

    text: str
    records: tuple[tuple[int, Fields], ...]
    contexts: Mapping[str, ContextKind]

    @property
    def rendered(self) -> str:
        """The example as a model sees it."""
        names = {match["id"]: match["id"] for match in MARK.finditer(self.text)}
        lines: list[str] = []
        section = 0
        for number, fields in self.records:
            lines += [f"#{number}"] if number != section else []
            lines += encode(fields, names)
            section = number
        lines += encode_contexts(self.contexts, names)
        answer = json.dumps({"r": lines}, ensure_ascii=False, separators=(",", ":"))
        return f"例：{self.text}\n{answer}"


@dataclass(frozen=True)
class Prompt:
    """The prompt of one family: which records it asks for, in which kinds of section."""

    id: str
    version: int
    records: tuple[str, ...]
    sections: tuple[str, ...]
    common: str
    dates: Dates
    rules: str
    examples: tuple[Example, ...]

    @property
    def system(self) -> str:
        """Everything that is sent before a section: the same for all sections of these kinds."""
        return self._system

    @cached_property
    def sha256(self) -> str:
        """The hash of what is sent, for the provenance of an extraction."""
        return hashlib.sha256(self.system.encode()).hexdigest()

    def __post_init__(self) -> None:
        parts = [self.common, describe(self.records), self.rules, *(example.rendered for example in self.examples)]
        object.__setattr__(self, "_system", "\n".join(part for part in parts if part))

    _system: str = ""


@cache
def prompts(folder: Path = SHIPPED) -> dict[str, Prompt]:
    """Every prompt of a folder by id. Raises PromptError when a file is wrong or two claim the same section kind."""
    common = _text(folder / COMMON)
    found: dict[str, Prompt] = {}
    claimed: dict[str, str] = {}
    for path in sorted(folder.glob("*.md")):
        if path.name in (COMMON, REPAIR, "README.md"):
            continue
        prompt = _parse(path, common)
        found[prompt.id] = prompt
        for kind in prompt.sections:
            if kind in claimed:
                raise PromptError(f"{path}: the section kind {kind} already belongs to the prompt {claimed[kind]}")
            claimed[kind] = prompt.id
    return found


def prompt_for(kind: str, folder: Path = SHIPPED) -> Prompt:
    """The prompt for a kind of section. Raises PromptError when none is meant for it."""
    for prompt in prompts(folder).values():
        if kind in prompt.sections:
            return prompt
    raise PromptError(f"{folder}: no prompt lists the section kind {kind}; add it to the `sections` of one")


def repair_instructions(folder: Path = SHIPPED) -> str:
    """What is sent before the clauses of a repair. Raises PromptError where the folder has none."""
    return _text(folder / REPAIR)


def listing(folder: Path = SHIPPED) -> list[tuple[str, int, int, str, str]]:
    """(id, version, characters sent, first 12 hex digits of the hash, record types) of every prompt."""
    return [(p.id, p.version, len(p.system), p.sha256[:12], " ".join(p.records)) for p in prompts(folder).values()]


def difference(left: Path, right: Path, id: str | None = None) -> str:
    """A unified diff of what two folders of prompts send, of one prompt or of all."""
    old, new = prompts(left), prompts(right)
    lines: list[str] = []
    for name in [id] if id else sorted({*old, *new}):
        before, after = (side[name].system.splitlines() if name in side else [] for side in (old, new))
        lines += difflib.unified_diff(before, after, f"{left.name}/{name}", f"{right.name}/{name}", lineterm="")
    return "\n".join(lines)


@cache
def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8").strip()
    except OSError as error:
        raise PromptError(f"{path}: {error.strerror}; a folder of prompts needs this file") from error


def _parse(path: Path, common: str) -> Prompt:
    match = _FRONT_MATTER.match(path.read_text(encoding="utf-8"))
    if match is None:
        raise PromptError(f"{path}: begins without front matter between two lines of ---")
    try:
        front = yaml.safe_load(match["front"])
        sections = _sections(match["body"])
        examples = tuple(_examples(path, sections.get("例", "")))
        return Prompt(
            id=front["id"],
            version=int(front["version"]),
            records=tuple(front["records"]),
            sections=tuple(front["sections"]),
            common=common,
            dates=Dates(front["dates"]),
            rules=sections.get("规则", ""),
            examples=examples,
        )
    except (KeyError, TypeError, ValueError, yaml.YAMLError) as error:
        raise PromptError(f"{path}: {error!r}; see prompts/README.md for what a prompt file holds") from error


def _sections(body: str) -> dict[str, str]:
    parts = _HEADING.split(body)
    return {title.strip(): text.strip() for title, text in zip(parts[1::2], parts[2::2], strict=True)}


def _examples(path: Path, text: str) -> Iterator[Example]:
    for block in _EXAMPLE.finditer(text):
        quoted = "\n".join(line[1:].strip() for line in block["quoted"].splitlines())
        yield _example(path, quoted, yaml.safe_load(block["answer"]) or [])


def _example(path: Path, text: str, answer: list[dict[str, Any]]) -> Example:
    records: list[tuple[int, Fields]] = []
    contexts: dict[str, ContextKind] = {}
    section = 0
    marks = {match["id"] for match in MARK.finditer(text)}
    plain = MARK.sub(lambda match: match["raw"], text)
    for entry in answer:
        for name, values in entry.items():
            if name == "context":
                contexts |= {id: ContextKind(kind) for kind, ids in values.items() for id in ids}
            elif name == "section":
                section = int(values)
            else:
                records.append((section, _record(RECORD_TYPES[name], values)))
    for _, fields in records:
        for leaf in leaves(fields):
            if isinstance(leaf.value, QuantityRef):
                known = leaf.value.quantity in marks and not leaf.value.quantity.isdecimal()
            else:
                known = leaf.spec.kind is FieldKind.ENUM or leaf.value in plain
            if not known:
                raise PromptError(f"{path}: the example's {leaf.path} {leaf.value!r} does not stand in its text")
    return Example(text, tuple(records), contexts)


def _record(model: type[Fields], values: Mapping[str, Any]) -> Fields:
    specs = specs_of(model)
    filled: dict[str, Any] = {}
    for name, value in values.items():
        spec = specs[name]
        if spec.items is not None:
            filled[name] = [_record(spec.items, item) for item in value]
        elif spec.kind.points:
            filled[name] = QuantityRef(quantity=str(value))
        else:
            filled[name] = "yes" if value is True else str(value)
    return model.model_validate(filled)
