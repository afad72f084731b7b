"""One passage while it is being read: its statements, what is claimed, and the records so far."""

import re
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, TypeVar

from extractor.documents.disclosure import Disclosure
from extractor.documents.numbering import marker_of
from extractor.reading.reader import Passage
from extractor.reading.routing import SectionKind
from extractor.reading.rules.encode import Encoded, Sentence
from extractor.reading.rules.statements import ChangeDraft, Setting, Statement
from schemas.fields import Fields, QuantityRef, pointers
from schemas.quantities import ContextKind, Quantity
from schemas.records import Change

FieldsT = TypeVar("FieldsT", bound=Fields)

_CLASSIFIED = re.compile(r"[（(]\s*\d*\s*[类款项]\s*[)）]")
_LEVEL_MARK = re.compile(r"[（(]\s*[类款项]\s*[)）]")
_AMOUNT = re.compile(r"\d\s?[万亿]?元")
_WORK_TITLE = re.compile(r"工作|任务|成效|成绩")
_TOPIC_END = re.compile(r"[。：:，,；;]|\d")
_REASON_LEAD = re.compile(r"^(?:的)?(?:是)?(?:由于|因为)(?=[^，。；]{2})")


@dataclass
class Scene:
    """What binders share.

    `topics` gives for every line of the passage the title of the numbered item that it belongs to, `titles`
    the whole line that holds it; '' where there is none. Binders claim quantities by adding records that point at them.
    """

    disclosure: Disclosure
    passage: Passage
    encoded: Encoded
    setting: Setting
    statements: list[Statement]
    topics: list[str]
    titles: list[str]
    records: list[Fields] = field(default_factory=list)
    contexts: dict[str, ContextKind] = field(default_factory=dict)
    claimed: set[str] = field(default_factory=set)

    def add(self, model: type[FieldsT], **values: Any) -> FieldsT | None:
        """Add a record of the values that are there; a figure that is already claimed is left out.

        A record that would hold no figure, no denial and no text is not added.
        """
        kept = {name: self._value(value) for name, value in values.items() if value not in (None, "", (), [])}
        fields = model(**{name: value for name, value in kept.items() if value is not None})
        ids = [each for _, each in pointers(fields)]
        if self.claimed & set(ids):
            free = {name: part for name, value in kept.items() if (part := self._unclaimed(value)) not in (None, ())}
            fields = model(**free)
            ids = [each for _, each in pointers(fields)]
            if not ids:
                return None
        if len(set(ids)) != len(ids):
            return None
        self.claimed.update(ids)
        self.records.append(fields)
        return fields

    def _value(self, value: Any) -> Any:
        return QuantityRef(quantity=value.id) if isinstance(value, Quantity) else value

    def _unclaimed(self, value: Any) -> Any:
        """A value unless its figure is claimed; of sub-records those whose figures are all free."""
        if isinstance(value, QuantityRef):
            return None if value.quantity in self.claimed else value
        if isinstance(value, tuple):
            return tuple(item for item in value if not self.claimed & {each for _, each in pointers(item)})
        return value

    def free(self, quantity: Quantity | None) -> Quantity | None:
        """The quantity unless a record already holds it."""
        return None if quantity is None or quantity.id in self.claimed else quantity

    def printed(self, words: str | None) -> str | None:
        """Words, if the passage prints them just so or with the marks of their level inside; else None."""
        return words if words and (words in self.encoded.source or words in self.unmarked) else None

    def give(self, name: str, figure: Quantity, number: int = -1) -> None:
        """Give a record that was read already, the last unless said otherwise, one more figure."""
        self.records[number] = self.records[number].model_copy(update={name: self._value(figure)})
        self.claimed.add(figure.id)

    def leave(self, *figures: Quantity | None) -> None:
        """Figures that the catalogue has no place for: no record holds them."""
        left = {figure.id: ContextKind.OTHER for figure in figures if figure is not None}
        self.contexts.update(left)
        self.claimed.update(left)

    def part(self, lines: set[int]) -> "Scene":
        """The same scene restricted to some lines; records and claims are shared."""
        sentences = tuple(s for s in self.encoded.sentences if s.paragraph in lines)
        statements = [s for s in self.statements if s.paragraph in lines]
        return replace(self, encoded=replace(self.encoded, sentences=sentences), statements=statements)

    def of(self, sentence: Sentence) -> "Scene":
        """The same scene restricted to one sentence, without its statements."""
        return replace(self, encoded=replace(self.encoded, sentences=(sentence,)), statements=[])

    def parts_by_use(self) -> bool:
        """人员支出X、公用支出Y、对个人和家庭的补助支出Z、项目支出W: the passage parts all expenditure without 基本支出, so that
        these are parts of the total and no list of economic classes."""
        return "项目支出" in self.passage.text and "基本支出" not in self.passage.text

    @property
    def title(self) -> str:
        """The heading of the section; '' outside all sections."""
        path = self.passage.section.path
        return path[-1] if path else ""

    @cached_property
    def tells_work(self) -> bool:
        """Does the section tell of work that was done or is to be done (重点工作完成情况)?"""
        return self.passage.kind in (SectionKind.TASKS, SectionKind.OTHER) and bool(_WORK_TITLE.search(self.title))

    @cached_property
    def unmarked(self) -> str:
        """The passage without the marks of levels: 教育支出 where 教育（类）支出 is printed."""
        return _LEVEL_MARK.sub("", self.encoded.source)

    @cached_property
    def lines(self) -> list[str]:
        """The lines of the passage as printed."""
        return self.passage.text.split("\n")

    def line(self, paragraph: int) -> str:
        """A line of the passage as printed; '' behind the last."""
        return self.lines[paragraph] if paragraph < len(self.lines) else ""


def topics_of(text: str, has_heading: bool) -> tuple[list[str], list[str]]:
    """For every line the short title of its numbered item (of its own number, or of the last numbered line
    above), and that line in full."""
    topics: list[str] = []
    titles: list[str] = []
    topic = title = ""
    for number, line in enumerate(text.split("\n")):
        marker = marker_of(line)
        if marker is not None and not (number == 0 and has_heading):
            title, rest = line, line[marker.length :]
            end = _TOPIC_END.search(rest)
            topic = rest[: end.start()] if end else rest
        elif _is_classified(line):
            topic, title = "", line
        topics.append(topic)
        titles.append(title)
    return topics, titles


def _is_classified(line: str) -> bool:
    """Does a line name its 类, 款 or 项 before its first amount?"""
    amount = _AMOUNT.search(line)
    return bool(_CLASSIFIED.search(line, 0, amount.start() if amount else len(line)))


def change_records(drafts: list[ChangeDraft]) -> tuple[Change, ...]:
    """Change sub-records of the drafts that say something."""
    changes = []
    for draft in drafts:
        if draft.base is None and draft.amount is None and draft.percent is None and draft.direction is None:
            continue
        values = {
            "base": draft.base,
            "direction": draft.direction,
            "base_amount": _ref(draft.base_figure),
            "amount": _ref(draft.amount),
            "percent": _ref(draft.percent),
            "reason": draft.reason or None,
        }
        changes.append(Change(**{name: value for name, value in values.items() if value is not None}))
    return tuple(changes)


def _ref(quantity: Quantity | None) -> QuantityRef | None:
    return QuantityRef(quantity=quantity.id) if quantity is not None else None


def completion_base(words: str, statement: Statement) -> str:
    """Which budget a completion is of, by the words that print it."""
    if re.search(r"调整|全年", words):
        return "adjusted_budget"
    if re.search(r"年初|当年", words):
        return "initial_budget"
    if statement.initial is not None and statement.initial_base == "adjusted_budget":
        return "adjusted_budget"
    two = any(change.base == "adjusted_budget" and change.base_figure for change in statement.changes)
    return "initial_budget" if statement.names_initial and not two else "unspecified"
