"""From the printed words above a table's rows to its columns.

Text exports interleave the cells of a header and break them over lines. Words are joined where the parts make a known
heading; the tree of headings is the one in which each child most surely stands under its parent and which has
as many leaves as the rows have figures.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import combinations, pairwise

from extractor.documents.tables.headwords import (
    Role,
    affinity,
    is_headword,
    is_total,
    normal,
    role_of,
    sort_of,
    starts_headword,
    year_of,
)
from extractor.documents.tables.tokens import Token

JOINED_LINES = 3
"""A heading's parts stand at most this many printed lines apart."""

CLOSE = 3.0
"""Readings of a header within this of the likeliest are kept, for the rows to choose from."""

MOST_CUTS = 6
"""More places than this at which a row of headings may start are not tried."""

REPEATED = 20.0
"""The worth of a lower row that repeats the same list under each heading: it cannot be meant otherwise."""

LONE_TOTAL = -3.0
"""The worth of 小计 by itself under a heading, with nothing that it sums up."""

TIE = 1e-9
"""Scores that differ by no more are equal."""

MISFIT = -4.0
"""The worth of a heading under one that it does not belong to."""


@dataclass(frozen=True)
class Label:
    """A column of labels: its heading and what it holds."""

    heading: str
    role: Role


@dataclass(frozen=True)
class Block:
    """A group of columns that repeats across the page: labels, then figures under full headings (`A/B`).

    `ordinal` says that a column of row numbers (行次) stands before the figures. `certain` is False where the
    header could not be told apart into as many columns as there are figures. `others` are readings of the header
    that are hardly less likely than `figures`, the first `alike` of them not at all. `behind` counts the labels whose columns stand behind the figures (备注).
    """

    labels: tuple[Label, ...]
    figures: tuple[str, ...]
    ordinal: bool = False
    certain: bool = True
    others: tuple[tuple[str, ...], ...] = ()
    alike: int = 0
    behind: int = 0

    @property
    def leading(self) -> tuple[Label, ...]:
        """The labels whose columns stand before the figures."""
        return self.labels[: len(self.labels) - self.behind]

    def has(self, *roles: Role) -> bool:
        """True when a label column of one of these roles is printed."""
        return any(label.role in roles for label in self.labels)


@dataclass
class _Term:
    """A heading under way: its words so far, the printed lines of its first and of its latest part, whether it was
    broken before."""

    text: str
    first: int
    latest: int
    broken: bool = False


_Reading = Callable[[str], Role | None]

Term = tuple[str, int]
"""A heading and the printed line that it starts in."""

_SIDES = ("收入", "支出")
_SIDE = re.compile(r"(?:收入|支出)(?:[（(].{1,20}[)）])?|人员经费|公用经费")
_OUTLAY_LIST = re.compile(r"支出|功能|经济|性质|用途")
_CLASS_COLUMNS = {"类", "款", "项"}
_TAILS = {"编码", "代码", "名称"}
_KEYS = (Role.CODE, Role.NAME, Role.FUNCTION, Role.DEPARTMENT, Role.PROJECT)


def read_head(lines: Sequence[Sequence[Token]], wanted: int, exact: bool) -> tuple[Block, ...]:
    """The columns that printed header lines name.

    `wanted` is the number of figures in a full row (0 where unknown), `exact` says that it is the number of
    columns rather than the most figures seen.
    """
    rows = [[token for token in line if not token.dash] for line in lines]
    titles = _side_titles(rows)
    if titles:
        above = len({number for number, _ in titles})
        numbering = [token for line in rows[:above] for token in line if role_of(token.text) is Role.ORDINAL]
        rows = [numbering, *rows[above:]] if numbering else rows[above:]
    attempts = []
    for eager in (False, True):
        terms = [(term.text, term.first) for term in _join(rows, eager)]
        read = _role_of_bare if not titles and _heads_bare_sides(terms, wanted == 0) else role_of
        parted = _split(_without_groups(terms), read, wanted == 0)
        blocks = [_block(each, wanted, exact, read) for each in parted]
        if not titles and len(blocks) > 1 and len(blocks[0].labels) == 0:
            titles, blocks = [], blocks[1:]
        attempts.append(blocks)
        if len(blocks) != 1 or blocks[0].certain:
            break
    best = min(attempts, key=lambda blocks: [not block.certain for block in blocks] + [len(blocks[0].figures) - wanted])
    return _titled(best, titles)


def _side_titles(rows: Sequence[Sequence[Token]]) -> list[tuple[int, str]]:
    """收入 and 支出 above the sides of a table, each with the line that it stands in."""
    titles: list[tuple[int, str]] = []
    for number, line in enumerate(rows[:3]):
        tokens = [token for token in line if role_of(token.text) is not Role.ORDINAL]
        if not tokens or not all(_SIDE.fullmatch(token.text) for token in tokens):
            break
        titles += [(number, token.text) for token in tokens]
        if len(tokens) > 1:
            break
    return titles if len({text for _, text in titles}) == len(titles) > 1 else []


def _heads_bare_sides(terms: Sequence[Term], sides: bool) -> bool:
    """收入 预算数 支出 预算数: the titles of the sides head their names, as the rows show or the same columns behind both."""
    names = [normal(text) for text, _ in terms]
    if [name for name in names if name in _SIDES] != list(_SIDES) or names[0] != _SIDES[0]:
        return False
    second = names.index(_SIDES[1])
    alike = names[1:second] == names[second + 1 :] != []
    return (sides or alike) and not any(role_of(text) in _KEYS for text, _ in terms)


def _role_of_bare(text: str) -> Role | None:
    return Role.NAME if normal(text) in _SIDES else role_of(text)


def _titled(blocks: Sequence[Block], titles: Sequence[tuple[int, str]]) -> tuple[Block, ...]:
    """The blocks with the titles of their sides; expenditure may be listed twice, by function and by kind."""
    names = [title for _, title in titles]
    if len(names) == 2 and names[1] == "支出" and all(_lists_outlay(block) for block in blocks[1:]):
        names += ["支出"] * (len(blocks) - 2)
    if len(blocks) != len(names) or len(blocks) < 2:
        return tuple(blocks)
    return tuple(
        replace(
            block,
            figures=tuple(f"{title}/{name}" for name in block.figures),
            others=tuple(tuple(f"{title}/{name}" for name in other) for other in block.others),
        )
        for block, title in zip(blocks, names, strict=True)
    )


def _lists_outlay(block: Block) -> bool:
    return any(_OUTLAY_LIST.search(label.heading) for label in block.labels)


def _join(rows: Sequence[Sequence[Token]], eager: bool) -> list[_Term]:
    """Put headings together that the layout broke; `eager` also joins two that are headings by themselves."""
    terms: list[_Term] = []
    for number, tokens in enumerate(rows):
        for token in tokens:
            open_term = _continued(terms, token.text, number, eager, len(tokens) == 1)
            if open_term is None:
                terms.append(_Term(token.text, number, number))
            else:
                open_term.text += token.text
                open_term.latest = number
                open_term.broken = True
    return terms


def _continued(terms: Sequence[_Term], text: str, number: int, eager: bool, alone: bool) -> _Term | None:
    """The heading that goes on with these words, None where they start one.

    Two headings by themselves are one where the first was broken already and the second stands `alone` in the next
    line, as in a narrow column.
    """
    whole_by_itself = is_headword(text) and normal(text) not in _TAILS
    best: tuple[tuple[bool, bool, int, int], _Term] | None = None
    for index, term in enumerate(terms):
        if not 1 <= number - term.latest <= JOINED_LINES:
            continue
        joined = term.text + text
        whole = is_headword(joined)
        complete = is_headword(term.text)
        rest = not whole_by_itself and not starts_headword(text)  # no heading begins so: 政府性基金 预算财政拨 款
        if not whole and ((complete and not rest) or not starts_headword(joined)):
            continue
        narrow = term.broken and alone and number == term.latest + 1
        if complete and whole_by_itself and not (eager or narrow):
            continue
        rank = (not complete, whole, term.latest, -index)
        if best is None or rank > best[0]:
            best = (rank, term)
    return best[1] if best else None


def _without_groups(terms: Sequence[Term]) -> list[Term]:
    """Drop label headings that only span other label headings: 项目 over 科目编码 and 科目名称."""
    roles = {role_of(text) for text, _ in terms}
    names = {normal(text) for text, _ in terms}
    dropped: set[str] = set()
    if Role.CODE in roles and any(name.endswith("科目名称") for name in names):
        dropped |= {"项目"} | {normal(t) for t, _ in terms if role_of(t) in (Role.FUNCTION, Role.DEPARTMENT)}
    if any(role_of(text) is Role.CODE and normal(text) not in _CLASS_COLUMNS for text, _ in terms):
        dropped |= _CLASS_COLUMNS
    if "一级" in names or "一级目录" in names:
        dropped.add("指导性目录")
    return [term for term in terms if normal(term[0]) not in dropped]


def _split(terms: Sequence[Term], read: _Reading, sides: bool) -> list[list[Term]]:
    """Cut where the labels start again behind figures: 项目 预算数 | 项目 预算数; in a table of several `sides` also
    where they go by another name: 项目 预算数 | 支出功能分类科目 预算数."""
    blocks: list[list[Term]] = [[]]
    seen: set[Role] = set()
    figures_seen = False
    for index, term in enumerate(terms):
        role = read(term[0])
        again = role in _KEYS and figures_seen and (sides or role in seen)
        if again and any(read(text) is None and sort_of(text) for text, _ in terms[index:]):
            blocks.append([])
            seen, figures_seen = set(), False
        if role is not None:
            seen.add(role)
        figures_seen = figures_seen or (role is None and sort_of(term[0]) is not None)
        blocks[-1].append(term)
    return blocks


def _block(terms: Sequence[Term], wanted: int, exact: bool, read: _Reading) -> Block:
    labels: list[Label] = []
    figures: list[Term] = []
    known = sum(1 for text, _ in terms if read(text) is None and sort_of(text) is not None)
    for at, (text, line) in enumerate(terms):
        role = read(text)
        if role is None and sort_of(text) is None:
            # a heading nobody knows: a label before the figures, a figure where figures are missing or between them
            missing = known < max(wanted, 1) or _stands_between(figures, terms[at + 1 :], line, read)
            role = None if (labels or figures) and missing else Role.OTHER
        if role is None:
            figures.append((text, line))
        else:
            labels.append(Label(normal(text), role))
    ordinal = any(label.heading == "行次" for label in labels)
    labels = [label for label in labels if label.heading not in ("行次", "栏次")]
    trees, alike = leaf_headings(tuple(figures), wanted, exact)
    certain = len(trees[0]) >= wanted and not (exact and wanted and len(trees[0]) != wanted)
    last = max((at for at, (text, _) in enumerate(terms) if (text, _) in figures), default=len(terms))
    behind = sum(line == terms[last][1] for _, line in terms[last + 1 :]) if figures else 0
    behind = min(behind, len(labels) - 1) if labels else 0
    return Block(tuple(labels), trees[0], ordinal, certain, trees[1:], alike, behind)


def _stands_between(before: Sequence[Term], after: Sequence[Term], line: int, read: _Reading) -> bool:
    """True between two headings of figures in one printed line."""
    behind = (text for text, number in after if number == line)
    return any(number == line for _, number in before) and any(read(text) is None and sort_of(text) for text in behind)


@lru_cache(maxsize=512)
def leaf_headings(terms: tuple[Term, ...], wanted: int, exact: bool) -> tuple[tuple[tuple[str, ...], ...], int]:
    """The full headings (`A/B/C`) of the columns that headings in reading order make, the likeliest tree first; how many
    others are as likely as that one."""
    flat: list[_Leaf] = [((text,), line) for text, line in terms]
    options = [(_flat_penalty([text for text, _ in terms]), flat), *_trees(flat, terms), *_repeated(flat, terms)]
    ranked = sorted(options, key=lambda option: -(option[0] + _fit(len(option[1]), wanted, exact)))
    first = ranked[0][0]
    names: dict[tuple[str, ...], float] = {}
    for score, leaves in ranked:
        if score >= first - CLOSE and len(leaves) == len(ranked[0][1]):
            names.setdefault(tuple("/".join(part.rstrip("：:") for part in path) for path, _ in leaves), score)
    return tuple(names), sum(score >= first - TIE for score in names.values()) - 1


def _trees(flat: Sequence["_Leaf"], terms: Sequence[Term]) -> Iterator[tuple[float, list["_Leaf"]]]:
    """Every tree of two to four rows of headings whose lower rows start at likely places, with its score."""
    cuts = _cuts(terms)
    for depth in (1, 2, 3):
        for chosen in combinations(cuts, depth):
            for late in (False, True):
                score, leaves = 0.0, list(flat[: chosen[0]])
                for start, stop in pairwise((*chosen, len(terms))):
                    more, leaves = _grown(leaves, terms[start:stop], late)
                    score += more
                yield score, leaves


def _repeated(flat: Sequence["_Leaf"], terms: Sequence[Term]) -> Iterator[tuple[float, list["_Leaf"]]]:
    """预算数 决算数 / 合计 … 接待费 合计 … 接待费: a lower row that is the same list under each heading of the upper."""
    names = [normal(text) for text, _ in terms]
    for count in (2, 3):
        parents, below = terms[:count], terms[count:]
        width = len(below) // count
        lists = [names[count + at * width : count + (at + 1) * width] for at in range(count)]
        alike = width > 1 and len(below) == width * count and all(each == lists[0] for each in lists)
        if alike and len(set(lists[0])) == width and parents[-1][1] < below[0][1]:
            leaves = [((*flat[at // width][0], text), line) for at, (text, line) in enumerate(below)]
            yield REPEATED, leaves


_Leaf = tuple[tuple[str, ...], int]


def _fit(leaves: int, wanted: int, exact: bool) -> float:
    if wanted == 0:
        return 0.0
    if leaves == wanted:
        return 6.0 if exact else 1.5
    return -8.0 if leaves < wanted or exact else 0.0


def _flat_penalty(texts: Sequence[str]) -> float:
    repeated = len(texts) - len({normal(text) for text in texts})
    return -3.0 * repeated - sum(1.0 for text in texts[1:] if is_total(text))


def _cuts(terms: Sequence[Term]) -> list[int]:
    """Where a lower row of headings may start: at 小计, at a heading that comes again, below a heading it fits under."""
    names = [normal(text) for text, _ in terms]
    surely: list[int] = []
    perhaps: list[int] = []
    for index in range(1, len(terms)):
        text, line = terms[index]
        fits = terms[index - 1][1] < line and any(affinity(parent, text) >= 1 for parent, _ in terms[:index])
        if is_total(text) or (names[index] in names[index + 1 :] and names[index] not in names[:index]):
            surely.append(index)
        elif fits:
            perhaps.append(index)
    return sorted((surely + perhaps)[:MOST_CUTS])


def _grown(parents: Sequence[_Leaf], children: Sequence[Term], late: bool) -> tuple[float, list[_Leaf]]:
    """Hang headings under the leaves of a tree, in order, where they fit best; the score and the new leaves.

    Where they fit under two of them equally well, they are hung under the `late` or the early one."""
    count = len(children)
    year = max((found for path, _ in parents if (found := year_of(path[-1]))), default=None)
    worth = [[_worth(parent, child, year) for child in children] for parent in parents]
    least = -TIE if late else TIE
    totals = [is_total(text) for text, _ in children]
    reach = _without_repeats([normal(text) for text, _ in children])
    best: list[list[tuple[float, int]]] = [[(0.0, 0)] + [(float("-inf"), 0)] * count]
    for row in worth:
        before, here = best[-1], list(best[-1])
        for end in range(count + 1):
            here[end] = (before[end][0], end)
        for start in range(count):
            score = before[start][0]
            for end in range(start + 1, reach[start] + 1):
                score += row[end - 1] + (0.3 if end == start + 1 else -2.0) * totals[end - 1]
                lone = end == start + 1 and totals[start]
                if score + LONE_TOTAL * lone > here[end][0] + least:
                    here[end] = (score + LONE_TOTAL * lone, start)
        best.append(here)
    leaves: list[_Leaf] = []
    end = count
    for index in range(len(parents), 0, -1):
        start = best[index][end][1]
        path, line = parents[index - 1]
        below = [((*path, text), below_line) for text, below_line in children[start:end]]
        leaves = [*(below or [(path, line)]), *leaves]
        end = start
    return best[-1][count][0], leaves


def _worth(parent: _Leaf, child: Term, latest: int | None) -> float:
    """How well a heading stands under another; what is split up is the year of the document, not those before it."""
    if child[1] <= parent[1]:
        return MISFIT
    year = year_of(parent[0][-1])
    earlier = year is not None and latest is not None and year < latest
    return affinity(parent[0][-1], child[0]) * (0.5 if earlier else 1.0) or MISFIT


def _without_repeats(names: Sequence[str]) -> list[int]:
    """For every start the furthest end up to which no name comes twice."""
    reach = []
    for start in range(len(names)):
        seen: set[str] = set()
        end = start
        while end < len(names) and names[end] not in seen:
            seen.add(names[end])
            end += 1
        reach.append(end)
    return reach
