"""A model that knows its documents: what it answers to a request, spelled as agreed."""

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from evals.simulation.slips import UNKNOWN, Made, Slips, restricted
from evals.simulation.truth import Known, Library, shown
from extractor.reading.reader import Reading
from extractor.reading.resolve import resolve
from prompts.loader import MARK
from prompts.wire import encode, encode_contexts
from schemas.fields import Fields, pointers
from schemas.quantities import ContextKind

_SECTION = re.compile(r"^#(\d+)(?: .*)?$", re.MULTILINE)
_REPAIR = re.compile(r"\A原文：\n(?P<text>.*?)^原答：$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class _Stretch:
    """A stretch of a passage in a request, with what the request calls its quantities."""

    called: Mapping[str, str]
    start: int
    end: int


@dataclass
class SimulatedModel:
    """Answers requests about the documents of a library. `made` collects the errors it was told to make."""

    library: Library
    slips: Slips | None = None
    made: list[Made] = field(default_factory=list)

    def answer(self, text: str) -> list[str]:
        """The lines for the text of a request; what the model does not know it leaves out."""
        repair = _REPAIR.match(text)
        if repair:
            return self._lines(repair["text"].splitlines(), text)
        lines: list[str] = []
        parts = _SECTION.split(text)
        for number, body in zip(parts[1::2], parts[2::2], strict=True):
            lines += [f"#{number}", *self._lines([body.strip("\n")], body)]
        return lines if len(parts) > 3 else lines[1:]

    def _lines(self, texts: Sequence[str], asked: str) -> list[str]:
        """The records of some stretches of one passage, with errors if so told."""
        known = self.library.find(*map(_plain, texts))
        if known is None:
            return []
        stretches = [_stretch(known, text) for text in texts]
        called = {id: number for stretch in stretches for id, number in stretch.called.items()}
        records = [left for fields in known.reading.records if (left := _asked_for(known, fields, called, stretches))]
        if self.slips is not None:
            key = hashlib.sha256(asked.encode()).hexdigest()
            records, made = self.slips.make(known.passage, records, key)
            self.made.extend(_placed(known, records, made))
        called[UNKNOWN] = str(len(called) + 900)
        lines = [line for fields in records for line in encode(fields, {**_rest(fields), **called})]
        contexts = {id: kind for id, kind in known.reading.contexts.items() if id in called}
        return lines + encode_contexts(_not_hinted(known, contexts), called)


def _placed(known: Known, records: Sequence[Fields], made: Iterable[Made]) -> Iterator[Made]:
    """The errors with their document, and whether their answer resolves."""
    answer = resolve(known.disclosure, known.passage, Reading(tuple(records)), "simulated")
    refused = {id for refusal in answer.refusals for _, id in pointers(records[refusal.record])}
    wordless = {refusal.record for refusal in answer.refusals if not list(pointers(records[refusal.record]))}
    for each in made:
        is_refused = bool(refused & {*each.quantities, UNKNOWN}) or bool(wordless and not each.quantities)
        yield replace(each, document=known.disclosure.loaded.id, refused=is_refused)


def _plain(text: str) -> str:
    return MARK.sub(lambda match: match["raw"], text)


def _stretch(known: Known, text: str) -> _Stretch:
    """What a text of a passage calls the figures in it."""
    start = shown(known.passage.text).index(_plain(text))
    by_start = {span[0]: id for id, span in known.passage.spans.items()}
    called: dict[str, str] = {}
    shift = 0
    for match in MARK.finditer(text):
        id = by_start.get(start + match.start() - shift)
        if id is not None:
            called[id] = match["id"]
        shift += len(match.group()) - len(match["raw"])
    return _Stretch(called, start, start + len(_plain(text)))


def _asked_for(known: Known, fields: Fields, called: Mapping[str, str], stretches: Iterable[_Stretch]) -> Fields | None:
    """A record as far as the request holds its figures; one without figures where the whole passage is asked."""
    if any(True for _ in pointers(fields)):
        return restricted(fields, called)
    whole = any(stretch.start == 0 and stretch.end >= len(known.passage.text.rstrip()) for stretch in stretches)
    return fields if whole else None


def _rest(fields: Fields) -> dict[str, str]:
    """Names for figures that an error points at although the request does not number them."""
    return {id: "999" for _, id in pointers(fields)}


def _not_hinted(known: Known, contexts: Mapping[str, ContextKind]) -> dict[str, ContextKind]:
    hinted = {quantity.id for quantity in known.passage.quantities if quantity.context is not None}
    return {id: kind for id, kind in contexts.items() if id not in hinted}
