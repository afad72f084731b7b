"""What every reader, rules or model, is given and gives back."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from extractor.documents.disclosure import Disclosure
from extractor.documents.sections import SectionNode
from schemas.fields import Fields
from schemas.quantities import ContextKind, Quantity

MODEL_READER = "llm"
"""The name that records carry which a language model read: it may err anywhere, where the rules leave out."""


@dataclass(frozen=True)
class Passage:
    """A section as a reader sees it: its heading and own paragraphs, without its sub-sections.

    `text` is unwrapped text, `start` its offset in the document's unwrapped text; `spans` gives the stretch
    of `text` of every quantity in it. `kind` says which part of a disclosure this is (see `routing`).
    """

    section: SectionNode
    kind: str
    text: str
    start: int
    quantities: tuple[Quantity, ...]
    spans: Mapping[str, tuple[int, int]]

    @property
    def id(self) -> str:
        """The section's id."""
        return self.section.id


@dataclass(frozen=True)
class Reading:
    """What a reader found in one passage, before it is resolved.

    `records` point at quantities by id and copy their texts from the passage; `contexts` names quantities
    that are no facts of their own.
    """

    records: tuple[Fields, ...] = ()
    contexts: Mapping[str, ContextKind] = field(default_factory=dict)


class Reader(Protocol):
    """A reader of single passages that needs no waiting."""

    @property
    def name(self) -> str:
        """The name that records carry."""
        ...

    def read(self, disclosure: Disclosure, passage: Passage) -> Reading:
        """Everything that the passage states. What it can't read it leaves out; it never guesses."""
        ...
