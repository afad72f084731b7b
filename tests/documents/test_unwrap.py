"""Unwrapping: the paragraphs that a layout broke come back, and every character knows where it stands."""

from bisect import bisect_left

from hypothesis import given, settings
from hypothesis import strategies as st

from extractor.documents.lines import display_width, lines_of
from extractor.documents.loaded import LoadedDocument, Page
from extractor.documents.regions import regions_of
from extractor.documents.unwrap import Unwrapped, unwrap

WORDS = (
    "本部门预算收入支出增加减少主要原因是人员经费项目安排使用情况落实政府过紧日子要求压减一般性开展工作完成年初"
    "基本医疗保险住房公积金社会保障就业教育科学技术文化旅游卫生健康"
)
FIGURES = ["307.82万元", "100.00%", "2024年度", "1,234.50元", "12辆", "0.05个百分点", "6台（套）"]

phrases = st.one_of(st.text(WORDS, min_size=3, max_size=18), st.sampled_from(FIGURES))
paragraphs = st.lists(phrases, min_size=2, max_size=14).map(lambda parts: "，".join(parts) + "。")
documents = st.lists(paragraphs.filter(lambda text: text[0] in WORDS), min_size=3, max_size=12)


def load(text: str, **more: object) -> LoadedDocument:
    return LoadedDocument("x.txt", "text/plain", "0" * 64, text, **more)  # type: ignore[arg-type]


def unwrapped(loaded: LoadedDocument) -> Unwrapped:
    lines = lines_of(loaded)
    return unwrap(lines, regions_of(loaded, lines))


def broken(text: str, width: int, indent: str = "") -> list[str]:
    """A paragraph as a printer breaks it: lines of at most `width` half-width columns, no line beginning with a
    closing sign, figures broken like words."""
    lines, line = [], indent
    for character in text:
        if display_width(line + character) > width and character not in "，。）":
            lines.append(line)
            line = ""
        line += character
    return [*lines, line]


def lay_out(texts: list[str], width: int, indent: str, spacing: str) -> str:
    return spacing.join(line for text in texts for line in broken(text, width, indent)) + "\n"


@settings(max_examples=60, deadline=None)
@given(documents, st.integers(50, 100), st.sampled_from(["\n", "\n\n", "\r\n"]))
def test_paragraphs_with_indented_first_lines_come_back(texts: list[str], width: int, spacing: str) -> None:
    texts = ["某部门关于预算的说明如下。", *texts]
    lines = sum(len(broken(text, width, "\u3000\u3000")) for text in texts)
    text = unwrapped(load(lay_out(texts, width, "\u3000\u3000", spacing))).text
    if lines >= 1.4 * len(texts):  # else one does not see that first lines are indented
        assert text.splitlines() == texts


@settings(max_examples=60, deadline=None)
@given(documents, st.integers(50, 100))
def test_paragraphs_without_indents_come_back_where_their_last_line_is_short(texts: list[str], width: int) -> None:
    kept = []
    for text in texts:
        lines = broken(text, width)
        if len(lines) > 1 and display_width(lines[-1]) < 0.7 * width:
            kept.append(text)
    assert unwrapped(load(lay_out(kept, width, "", "\n"))).text.splitlines() == kept


@settings(max_examples=60, deadline=None)
@given(documents, st.integers(50, 90), st.integers(5, 20), st.booleans())
def test_page_breaks_do_not_part_sentences(texts: list[str], width: int, rows: int, numbered: bool) -> None:
    texts = [text for text in texts if len(broken(text, width, "\u3000\u3000")) > 1]
    lines = [line for text in texts for line in broken(text, width, "\u3000\u3000")]
    laid_out = ""
    pages = []
    for number, start in enumerate(range(0, len(lines), rows), 1):
        page = ["某局2024年度部门决算", *lines[start : start + rows]]
        foot = [f"— {number} —"] if numbered else []
        begin = len(laid_out)
        laid_out += "\n".join([*page, *foot]) + "\n\f"
        pages.append(Page(number, begin, len(laid_out)))
    loaded = load(laid_out, pages=tuple(pages), boxes=_no_boxes())
    if len(pages) >= 3 and len(set(lines)) == len(lines):  # a line on every page is a running head
        assert unwrapped(loaded).text.splitlines() == texts


def _no_boxes() -> object:
    from extractor.documents.loaded import Boxes

    return Boxes(())


ANYTHING = st.text(
    st.sampled_from("本年支出收入合计。，；：（一）1234567890.%万元 \u3000\t\n\n\r\f第部分说明、一二A-—“”表年月日目录"),
    max_size=300,
)


@settings(max_examples=60, deadline=None)
@given(ANYTHING)
def test_every_character_leads_to_its_source_and_back(text: str) -> None:
    result = unwrapped(load(text))
    sources = [result.source(index) for index in range(len(result.text))]
    for index, (character, source) in enumerate(zip(result.text, sources, strict=True)):
        if character == "\n":
            assert result.index(source) is None
        else:
            assert text[source] == character or (character == " " and text[source].isspace())
            assert result.index(source) == index
    assert sources == sorted(sources)
    kept = [source for character, source in zip(result.text, sources, strict=True) if character != "\n"]
    assert len(set(kept)) == len(kept)
    for paragraph in result.paragraphs:
        assert "\n" not in result.text[paragraph.start : paragraph.end]
        assert paragraph.end > paragraph.start
        start, end = result.source_span(paragraph.start, paragraph.end)
        assert result.span(start, end)[0] == paragraph.start
        assert bisect_left(sources, start) == paragraph.start


@settings(max_examples=60, deadline=None)
@given(ANYTHING)
def test_nothing_of_the_narrative_is_lost(text: str) -> None:
    """Every printed character of a narrative line is kept, white space apart."""
    loaded = load(text)
    lines = lines_of(loaded)
    regions = regions_of(loaded, lines)
    printed = "".join(
        line.text for region in regions if region.kind.value == "narrative" for line in lines[region.start : region.end]
    )
    assert "".join(printed.split()) == "".join(unwrapped(loaded).text.split())


def test_spaces_between_letters_go_and_those_between_words_of_digits_stay() -> None:
    text = "本 年 收入 合 计 2946.25 万 元 ，COVID 19 和 GB 2312 ，12 月 31 日 。\n"
    assert unwrapped(load(text)).text == "本年收入合计2946.25万元，COVID 19和GB 2312，12月31日。\n"


def test_a_list_number_and_the_figure_behind_it_stay_apart() -> None:
    assert unwrapped(load("1. 5个科室。\n2. 3个中心。\n")).text == "1. 5个科室。\n2. 3个中心。\n"


def test_headings_stand_alone_and_broken_ones_are_whole() -> None:
    full = "第三部分 中共上海市普陀区委社会工作部2024年度部门决算情况"
    text = "\n".join(
        [
            "\u3000\u3000一般公共预算财政拨款支出中，用于部门人员、公用和项目的",
            "支出情况如下所述，并按照规定的科目逐项予以说明。预算支出",
            "合计三项。",
            full,
            "\u3000" * 14 + "说明",
            "\u3000\u3000一、收入支出决算总体情况说明",
            "\u3000\u3000收入总计307.82",
            "万元。",
        ]
    )
    assert unwrapped(load(text)).text.splitlines()[1:] == [
        full.replace(" ", "") + "说明",
        "一、收入支出决算总体情况说明",
        "收入总计307.82万元。",
    ]


def test_a_title_over_several_lines_and_a_signature() -> None:
    text = (
        "中共上海市普陀区委\n社会工作部2024年度\n部门决算\n公开时间：2025年9月1日\n来源：某局\n"
        "\u3000\u3000预算支出情况如下。\n\u3000\u3000没有别的。\n"
        + "\u3000" * 10
        + "某局\n"
        + "\u3000" * 9
        + "2025年9月1日\n"
    )
    assert unwrapped(load(text)).text.splitlines() == [
        "中共上海市普陀区委社会工作部2024年度部门决算",
        "公开时间：2025年9月1日",
        "来源：某局",
        "预算支出情况如下。",
        "没有别的。",
        "某局",
        "2025年9月1日",
    ]
