"""Records that both sides agree on in everything: figures place for place, words but for their punctuation.

Most records of a good reader are such. They are right by every measure and are counted by their shape (which fields
are filled) instead of field by field; only what is left over is aligned, judged and told apart. That is what makes
ten thousand documents a minute possible, so they are found with as little as can be: a labelled record is written
once as the answer would have it, and compared whole with the answered record that holds one of its figures. Only
where the two differ is it asked whether punctuation is all that differs.
"""

from collections import defaultdict
from collections.abc import Hashable, Mapping, Sequence
from functools import cache
from typing import Any

import msgspec

from evals.matching import Match
from evals.shapes import Shape, shape_of
from evals.sheets import Entry, specs
from evals.texts import plain

Pointer = dict[str, str]
"""`{"quantity": id}`, as fields hold it."""


class Agreed(msgspec.Struct, frozen=True, gc=False):
    """A labelled and an answered record that say the same, their shape, and the answer's figures that they hold."""

    label: Entry
    answer: Entry
    shape: Shape
    figures: list[str]


def agreed_records(
    left: Sequence[Entry], right: Sequence[Entry], match: Match
) -> tuple[list[Agreed], list[Entry], list[Entry]]:
    """The records that agree, in the order of the labels, and what is left over of both sides."""
    places = {name: {"quantity": held} for name, held in match.answer.items() if name not in match.misread}
    waiting: dict[Hashable, list[Entry]] = defaultdict(list)
    for answer in right:
        waiting[_first_figure(answer.fields) or _words(answer.type, answer.fields)].append(answer)
    agreed: list[Agreed] = []
    alone: list[Entry] = []
    taken: set[int] = set()
    for label in left:
        figures: list[str] = []
        outline: list[Hashable] = [label.type, *label.fields]
        written = _empty_lists(label.type).copy()
        found = None
        if _write(label.fields, written, places, figures, outline):
            found = _counterpart(label.type, written, figures, waiting, taken)
        if found is None:
            alone.append(label)
        else:
            taken.add(id(found))
            agreed.append(Agreed(label, found, shape_of(label, tuple(outline)), figures))
    return agreed, alone, [answer for answer in right if id(answer) not in taken]


@cache
def _empty_lists(type_name: str) -> dict[str, Any]:
    """The lists of a record as answers write them, filled or not."""
    return {name: [] for name, spec in specs(type_name).items() if spec.items}


def _write(
    label: Mapping[str, Any],
    written: dict[str, Any],
    places: Mapping[str, Pointer],
    figures: list[str],
    outline: list[Hashable],
) -> bool:
    """Write a label's filled fields as the answer would have them; put down the figures and the outline of its lists.
    False where a figure isn't in the answer as it is printed."""
    for name, value in label.items():
        kind = type(value)
        if kind is str:
            written[name] = value
        elif kind is dict:
            pointer = places.get(value["quantity"])
            if pointer is None:
                return False
            written[name] = pointer
            figures.append(pointer["quantity"])
        elif value:
            items: list[dict[str, Any]] = []
            written[name] = items
            for item in value:
                outline += (name, item.get("base"), *item)
                items.append({})
                if not _write(item, items[-1], places, figures, outline):
                    return False
    return True


def _counterpart(
    type_name: str,
    written: Mapping[str, Any],
    figures: Sequence[str],
    waiting: Mapping[Hashable, Sequence[Entry]],
    taken: set[int],
) -> Entry | None:
    """The first answered record that says what is written and has no counterpart yet."""
    for key in figures or (_words(type_name, written),):
        for answer in waiting.get(key, ()):
            if answer.type != type_name or id(answer) in taken:
                continue
            if answer.fields == written or _say_the_same(written, answer.fields):
                return answer
    return None


def _first_figure(fields: Mapping[str, Any]) -> str | None:
    for value in fields.values():
        kind = type(value)
        if kind is dict:
            return str(value["quantity"])
        if kind is list:
            for item in value:
                figure = _first_figure(item)
                if figure is not None:
                    return figure
    return None


def _words(type_name: str, fields: Mapping[str, Any]) -> Hashable:
    """What a record without figures is looked up by."""
    return type_name, frozenset([plain(value) for value in fields.values() if type(value) is str])


def _say_the_same(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether two records fill the same fields alike but for punctuation."""
    names = _filled(one)
    return len(names) == len(_filled(other)) and all(_alike(one[name], other.get(name)) for name in names)


def _filled(fields: Mapping[str, Any]) -> list[str]:
    return [name for name, value in fields.items() if value or value == ""]


def _alike(one: Any, other: Any) -> bool:
    if isinstance(one, str):
        return one == other or (isinstance(other, str) and plain(one) == plain(other))
    if isinstance(one, list):
        return isinstance(other, list) and len(one) == len(other) and all(map(_say_the_same, one, other))
    return bool(one == other)
