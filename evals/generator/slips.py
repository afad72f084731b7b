"""One slip of the pen, planted in a consistent paper."""

import random
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import pairwise

from evals.generator.paper import Paper, Printed, decimal_text


@dataclass(frozen=True)
class Planted:
    """A paper with one slip: its kind, the keys of the figures that are wrong, and what they should be.

    `truth` holds the right figure of each wrong key, in the printed unit of the original; it is empty where
    words or whole items are wrong. `place` is where the slip can be seen when no figure is.
    """

    paper: Paper
    kind: str
    keys: tuple[str, ...]
    truth: dict[str, Printed]
    place: tuple[int, int] | None = None


Slip = Callable[[random.Random, Paper], Planted | None]


def _figures(paper: Paper, *units: str) -> list[Printed]:
    """Figures worth slipping in: not zero, printed with some digits."""
    return [
        figure
        for figure in paper.figures.values()
        if figure.unit in units and figure.value and len(re.sub(r"\D", "", figure.number)) >= 2
    ]


def _one(paper: Paper, kind: str, old: Printed, new: Printed) -> Planted:
    return Planted(paper.replaced({old.key: new}), kind, (old.key,), {old.key: old})


def digit(rng: random.Random, paper: Paper) -> Planted | None:
    """One digit changed, not the last: rounding explains that one."""
    figure = rng.choice(_figures(paper, "万元", "%", "辆", "个", "分", ""))
    places = [place for place, character in enumerate(figure.number) if character.isdigit()]
    places = places[: _telling(figure)] or places[:1]
    place = rng.choice(places)
    others = [each for each in "0123456789" if each != figure.number[place] and not (place == 0 and each == "0")]
    number = figure.number[:place] + rng.choice(others) + figure.number[place + 1 :]
    return _one(paper, "digit", figure, replace(figure, number=number))


def _telling(figure: Printed) -> int:
    """How many leading digits are beyond what rounding can explain."""
    digits = sum(character.isdigit() for character in figure.number)
    decimals = len(figure.number.partition(".")[2])
    if decimals > 2:
        return digits - decimals + 1
    return max(1, digits - 1)


def neighbours(rng: random.Random, paper: Paper) -> Planted | None:
    """Two neighbouring digits swapped."""
    found: list[tuple[Printed, int, int]] = []
    for figure in _figures(paper, "万元", "%", "分", ""):
        limit = _telling(figure)
        places = [place for place, character in enumerate(figure.number) if character.isdigit()][:limit]
        found.extend(
            (figure, one, other)
            for one, other in pairwise(places)
            if figure.number[one] != figure.number[other] and not (one == 0 and figure.number[other] == "0")
        )
    figure, one, other = rng.choice(found)
    letters = list(figure.number)
    letters[one], letters[other] = letters[other], letters[one]
    return _one(paper, "neighbours", figure, replace(figure, number="".join(letters)))


def unit(rng: random.Random, paper: Paper) -> Planted | None:
    """元 or 亿元 for 万元."""
    figure = rng.choice(_figures(paper, "万元"))
    return _one(paper, "unit", figure, replace(figure, unit=rng.choice(["元", "亿元"])))


def sign(rng: random.Random, paper: Paper) -> Planted | None:
    """A minus before a cell, or before the amount of a change."""
    cells = _figures(paper, "")
    figure = rng.choice(cells or [each for each in _figures(paper, "万元") if each.key.endswith(".delta")])
    return _one(paper, "sign", figure, replace(figure, number="-" + figure.number))


def stale(rng: random.Random, paper: Paper) -> Planted | None:
    """A figure of the narrative as it stood in an earlier draft, some percent away."""
    figure = rng.choice([each for each in _figures(paper, "万元") if not each.key.startswith("tab.")])
    share = Decimal(rng.choice([-1, 1]) * rng.randint(21, 190)) / 1000
    decimals = len(figure.number.partition(".")[2]) or 2
    number = decimal_text(figure.value * (1 + share), decimals)
    if Decimal(number) == figure.value:
        return None
    return _one(paper, "stale", figure, replace(figure, number=number))


_TOTALS = ("expenditure", "revenue", "structure", "basic", "basic.personnel", "basic.public", "procurement", "score")


def wrong_total(rng: random.Random, paper: Paper) -> Planted | None:
    """A total with one of its parts counted twice."""
    figures = paper.figures
    totals = [key for key in _TOTALS if key in figures]
    key = rng.choice(totals)
    parts = [
        figure
        for name, figure in figures.items()
        if name.startswith(f"{key}.") and figure.unit == figures[key].unit and figure.value and ".delta" not in name
    ]
    if not parts:
        return None
    total = figures[key]
    decimals = len(total.number.partition(".")[2]) or 2
    number = decimal_text(total.value + rng.choice(parts).value, decimals)
    return _one(paper, "wrong_total", total, replace(total, number=number))


def swapped_rows(rng: random.Random, paper: Paper) -> Planted | None:
    """The amounts of two parts of one list in each other's place; their shares stand."""
    figures = paper.figures
    lists = [
        [figures[f"{key}.{n}"] for n in range(12) if f"{key}.{n}" in figures and figures[f"{key}.{n}"].value]
        for key in ("structure", "expenditure")
    ]
    found = [each for each in lists if len(each) >= 2]
    if not found:
        return None
    one, other = rng.sample(rng.choice(found), 2)
    if one.number == other.number:
        return None
    changes = {one.key: replace(one, number=other.number), other.key: replace(other, number=one.number)}
    return Planted(paper.replaced(changes), "swapped_rows", (one.key, other.key), {one.key: one, other.key: other})


_DIRECTIONS = {"增加": "减少", "减少": "增加"}


def direction(rng: random.Random, paper: Paper) -> Planted | None:
    """增加 for 减少, with the rate's word left as it is."""
    found = [
        (number, piece)
        for number, piece in enumerate(paper.pieces[:-1])
        if piece in _DIRECTIONS and isinstance(paper.pieces[number + 1], Printed) and paper.pieces[number + 1].value  # type: ignore[union-attr]
    ]
    number, word = rng.choice(found)
    pieces = list(paper.pieces)
    pieces[number] = _DIRECTIONS[str(word)]
    delta = pieces[number + 1]
    assert isinstance(delta, Printed)
    labels = [(kind, _turned(fields, delta.key)) for kind, fields in paper.labels]
    return Planted(Paper(pieces, labels), "direction", (delta.key,), {})


def _turned(fields: dict[str, object], key: str) -> dict[str, object]:
    """The labels as the wrong word reads."""
    changes = fields.get("changes")
    if not isinstance(changes, list):
        return fields
    words = {"increase": "decrease", "decrease": "increase"}
    turned = [
        {**change, "direction": words[change["direction"]]} if change.get("amount") == key else change
        for change in changes
    ]
    return {**fields, "changes": turned}


def year(rng: random.Random, paper: Paper) -> Planted | None:
    """The day of the count, or a comparison, in another year."""
    figures = paper.figures
    as_of = figures["assets.as_of"]
    if rng.random() < 0.5:
        return _one(paper, "year", as_of, replace(as_of, number=str(int(as_of.number) - 1)))
    prior = str(int(as_of.number) - 1)
    found = [number for number, piece in enumerate(paper.pieces) if piece == prior]
    if len(found) < 4:
        return _one(paper, "year", as_of, replace(as_of, number=str(int(as_of.number) + 1)))
    number = rng.choice(found)
    pieces: list[str | Printed] = list(paper.pieces)
    pieces[number] = str(int(prior) - 1)
    start = sum(len(each.text if isinstance(each, Printed) else each) for each in pieces[:number])
    return Planted(Paper(pieces, list(paper.labels)), "year", (), {}, (start, start + 4))


def missing_item(rng: random.Random, paper: Paper) -> Planted | None:
    """One part of a list left out, with its share; the total stands."""
    figures = paper.figures
    keys = [f"basic.{group}.{n}" for group in ("personnel", "public") for n in range(12)]
    found = [figures[key] for key in keys if key in figures and figures[key].value]
    gone = rng.choice(found)
    index = next(n for n, piece in enumerate(paper.pieces) if isinstance(piece, Printed) and piece.key == gone.key)
    pieces = list(paper.pieces)
    after = pieces[index + 1]
    joins = isinstance(after, str) and after.startswith("、")
    del pieces[index - 1 : index + 1]  # the name and the figure
    if joins:
        del pieces[index - 1]
    else:
        del pieces[index - 2]
    labels = [(kind, fields) for kind, fields in paper.labels if fields.get("amount") != gone.key]
    whole = gone.key.rpartition(".")[0]
    return Planted(Paper(pieces, labels), "missing_item", (whole,), {})


SLIPS: dict[str, Slip] = {
    "digit": digit,
    "neighbours": neighbours,
    "unit": unit,
    "sign": sign,
    "stale": stale,
    "wrong_total": wrong_total,
    "swapped_rows": swapped_rows,
    "direction": direction,
    "year": year,
    "missing_item": missing_item,
}


def plant(rng: random.Random, paper: Paper, kind: str) -> Planted | None:
    """The paper with one slip of a kind; None where the paper offers no place for it."""
    return SLIPS[kind](rng, paper)
