"""Facts: what one printed figure is said to be, whatever record it was put in.

A figure is read rightly when it has the labelled record type and field, the enums that say what it is a figure
of (whose, which side, compared with what), and the name of its subject. How figures are grouped into records is
measured elsewhere: a statement that two paragraphs make may be one record or two, and is right either way.
"""

from enum import StrEnum

from evals.align import Alignment
from evals.matching import Match
from evals.sheets import LISTED, Entry
from evals.texts import same_text
from evals.told import Told

NAMING = frozenset({"label", "class_name", "section_name", "item_name", "category", "dimension", "indicator", "name"})
"""Texts without which a figure is another fact."""


class Reading(StrEnum):
    """How an answered figure compares with its label."""

    RIGHT = "right"
    WRONG_FIELD = "wrong_field"  # another type or field, or no fact at all
    WRONG_ENUM = "wrong_enum"
    WRONG_NAME = "wrong_name"


def compare_facts(match: Match, alignment: Alignment) -> dict[str, Reading]:
    """How every answered figure that the labels mark was read, by its id in the answer."""
    readings = {
        figure: Reading.RIGHT
        for agreed in alignment.same
        if agreed.label.type not in LISTED
        for figure in agreed.figures
    }
    for figure, told in alignment.answered.items():
        if figure in match.label:
            readings[figure] = _compare(alignment.labelled.get(match.label[figure]), told)
    return readings


def _compare(label: Told | None, answer: Told) -> Reading:
    if label is None or label.entry.type != answer.entry.type or label.field != answer.field:
        return Reading.WRONG_FIELD
    if label.enums != answer.enums:
        return Reading.WRONG_ENUM
    names, named = _names(label.entry), _names(answer.entry)
    same = names.keys() == named.keys() and all(same_text(value, named[name]) for name, value in names.items())
    return Reading.RIGHT if same else Reading.WRONG_NAME


def _names(entry: Entry) -> dict[str, str]:
    return {name: value for name, value in entry.parts.words.items() if name in NAMING}
