"""The tree of headings: which stretch of the narrative stands under which title."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace

from extractor.documents.headings import NUMBERED_PROJECT, REPORT_TITLE, SHORT_TITLE, reads_as_heading, title_of
from extractor.documents.lines import Line
from extractor.documents.numbering import Marker, marker_of
from extractor.documents.regions import EXPLANATION, Region, RegionKind, without_leader
from extractor.documents.unwrap import Unwrapped

_NAME = re.compile(rf"[\u4e00-\u9fff“”（）()]{{4,{SHORT_TITLE}}}")
_RUN_IN = re.compile(
    r"^[^。：:；，]{2,24}?(?:情况|说明|概况|设置|职责|职能|构成|组成|经费|采购|资产|占用|绩效|目标|目的|范围|对象|方法|标准|"
    r"原则|体系|背景|收入|支出|结论|建议|问题|措施|阶段|复核)(?:[（(][^（）()]{1,20}[)）])?[。：:]"
)
_OTHER_MATTERS = re.compile(r"其他(?:重要|需要?)?(?:说明的?)?(?:事项|情况)")
_MATTER = re.compile(
    r"^[^。：:；，]{0,10}(?:运行经费|政府采购|购买服务|国有资[产本]|资产(?:占|使用|情况)|绩效)[^。：:；，\d]{0,14}[。：:](?!$)"
)
"""What 其他重要事项 are, in many regions under 1、2、3、 with their text behind them."""
_UNNUMBERED_TITLE = re.compile(
    rf"^(?:20\d\d年?度?)?[^。，；]{{0,60}}(?:{REPORT_TITLE}|名词解释|情况说明|部门概况|单位概况|公开说明|编制说明|表的说明)$"
)
_DEFINITION = re.compile(r"^[^。]{2,60}[：:]\s*(?:是?指|反映|即|主要|为|包括|财政)")
_CLASSIFICATION = re.compile(r"[（(][类款项][)）]")
_PAGE = re.compile(r"(?<=\D)\s{1,40}\d{1,3}$")
_LEADING_BULLET = re.compile(r"^[-·•●■◆]\s*")


@dataclass(frozen=True)
class Heading:
    """A heading: its number, its title, and the stretch of the unwrapped text that it takes."""

    marker: Marker | None
    level: int
    text: str
    start: int
    end: int


@dataclass(frozen=True)
class SectionNode:
    """A heading with all that stands under it.

    `start`/`end` cover the section with its sub-sections, `own_end` where its first sub-section begins, all
    in the unwrapped text; `paragraphs` are the numbers of its own paragraphs, without headings.
    """

    id: str
    path: tuple[str, ...]
    heading: Heading | None
    start: int
    end: int
    own_end: int
    paragraphs: tuple[int, ...]
    parent: str | None = None

    @property
    def level(self) -> int:
        """Depth of the heading's numbering, 0 for what stands before the first heading."""
        return self.heading.level if self.heading else 0


@dataclass(frozen=True)
class Promise:
    """One line of the table of contents, in the loaded text."""

    title: str
    start: int
    end: int
    page: int | None


def sections_of(unwrapped: Unwrapped) -> list[SectionNode]:
    """The sections of the narrative in reading order; together they cover it without gaps.

    A document without headings is one section.
    """
    headings = _headings(unwrapped)
    text_end = len(unwrapped.text)
    ends = _ends(headings, text_end)
    nodes: list[SectionNode] = []
    stack: list[tuple[Heading, str]] = []
    first = headings[0].start if headings else text_end
    if first > 0:
        nodes.append(_node(unwrapped, "s1", (), None, 0, first, first, None))
    for position, heading in enumerate(headings):
        while stack and stack[-1][0].level >= heading.level:
            stack.pop()
        parent = stack[-1][1] if stack else None
        section_id = f"s{len(nodes) + 1}"
        stack.append((heading, section_id))
        own_end = headings[position + 1].start if position + 1 < len(headings) else text_end
        path = tuple(above.text for above, _ in stack)
        nodes.append(_node(unwrapped, section_id, path, heading, heading.start, own_end, ends[position], parent))
    return nodes


def _ends(headings: Sequence[Heading], text_end: int) -> list[int]:
    """Where the section of each heading ends: at the next heading of its level or a higher one."""
    ends = [text_end] * len(headings)
    open_: list[int] = []
    for position, heading in enumerate(headings):
        while open_ and headings[open_[-1]].level >= heading.level:
            ends[open_.pop()] = heading.start
        open_.append(position)
    return ends


def _node(
    unwrapped: Unwrapped,
    section_id: str,
    path: tuple[str, ...],
    heading: Heading | None,
    start: int,
    own_end: int,
    end: int,
    parent: str | None,
) -> SectionNode:
    first = bisect_right(unwrapped.paragraphs, heading.end if heading else start, key=lambda p: p.end)
    last = bisect_left(unwrapped.paragraphs, own_end, key=lambda p: p.start)
    return SectionNode(section_id, path, heading, start, end, own_end, tuple(range(first, last)), parent)


def _headings(unwrapped: Unwrapped) -> list[Heading]:
    """The headings in order. A title without a number right behind a heading goes on with that heading
    (二、“…”项目 / 绩效评价报告)."""
    paragraphs = [unwrapped.text[p.start : p.end] for p in unwrapped.paragraphs]
    markers = [marker_of(text) for text in paragraphs]
    found: list[Heading] = []
    length, above = 0, ""
    for number, text in enumerate(paragraphs):
        length = _heading_length(number, paragraphs, markers, length > 0, above)
        if not length:
            continue
        start = unwrapped.paragraphs[number].start
        marker = markers[number]
        title = _LEADING_BULLET.sub("", text[:length]).rstrip("。：:")
        before = found[-1] if found else None
        goes_on = marker is None and before is not None and before.end + 1 == start and not _stands_alone(title)
        if goes_on and before is not None:
            found[-1] = replace(before, text=before.text + title, end=start + length)
        else:
            found.append(Heading(marker, _level(marker, title), title, start, start + length))
        above = found[-1].text if found[-1].level <= 3 else above
    return found


def _level(marker: Marker | None, title: str) -> int:
    """The level of a heading; 关于收支总表的说明 and 项目一 stand where a numbered 一、 stands elsewhere."""
    if marker is not None:
        return marker.level
    return 2 if _stands_alone(title) else 1


def _stands_alone(title: str) -> bool:
    """Is a line without a number a heading of its own kind, which goes on with none before it?"""
    return bool(EXPLANATION.fullmatch(title) or NUMBERED_PROJECT.fullmatch(title))


def _heading_length(
    number: int, paragraphs: Sequence[str], markers: Sequence[Marker | None], behind_heading: bool, above: str
) -> int:
    """How many characters of a paragraph are a heading: 0, all, or the run-in title before its text.
    `behind_heading` says whether the paragraph before is, or begins with, a heading; `above` is the last heading
    that is numbered 一、 or （一） or stands higher."""
    text, marker = paragraphs[number], markers[number]
    if marker is None:
        return len(text) if _UNNUMBERED_TITLE.match(text) or _stands_alone(text) else 0
    if _CLASSIFICATION.search(text) or _DEFINITION.match(text[marker.length :]):
        return 0
    if reads_as_heading(text) and not _is_list_item(number, paragraphs, markers, behind_heading):
        return len(text)
    alone = number + 1 < len(markers) and markers[number + 1] is None
    if marker.level == 3 and alone and _NAME.fullmatch(text, marker.length):
        return len(text)  # （一）森林防灭火专项, with its text below
    if marker.level <= 3:
        run_in = _RUN_IN.match(text[marker.length :])
        if run_in and len(title_of(run_in.group(), None)) <= 24:
            return marker.length + run_in.end()
    if marker.level == 4 and _OTHER_MATTERS.search(above):
        matter = _MATTER.match(text[marker.length :])
        return marker.length + matter.end() if matter else 0
    return 0


def _is_list_item(
    number: int, paragraphs: Sequence[str], markers: Sequence[Marker | None], behind_heading: bool
) -> bool:
    """A numbered line among lines numbered likewise with nothing between them is an item of a list."""
    marker = markers[number]
    if marker is None or marker.level <= 1:
        return False
    after = markers[number + 1] if number + 1 < len(markers) else None
    before = markers[number - 1] if number else None
    if after is not None and after.follows(marker):
        return True
    closes_list = before is not None and marker.follows(before)
    # headings of the upper levels may follow each other with nothing between; a sentence behind an item is an item
    return closes_list and (marker.level >= 4 or (not behind_heading and paragraphs[number].endswith("。")))


def promises_of(lines: Sequence[Line], regions: Sequence[Region]) -> list[Promise]:
    """What the table of contents promises, in order; the same title once. One or two characters on a line of their
    own are the rest of the title before them."""
    found: dict[str, Promise] = {}
    last: str | None = None
    for region in regions:
        if region.kind is RegionKind.CONTENTS:
            for line in lines[region.start : region.end]:
                title = _PAGE.sub("", without_leader(_LEADING_BULLET.sub("", line.text)))
                key = re.sub(r"\s", "", title)
                if key == "目录" or not key:
                    continue
                if len(key) < 3 and last is not None:
                    before = found.pop(last)
                    title, line = before.title + title, line._replace(start=before.start, page=before.page)
                    key = last + key
                found.setdefault(key, Promise(title, line.start, line.end, line.page))
                last = key
    return list(found.values())
