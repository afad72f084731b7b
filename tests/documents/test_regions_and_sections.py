"""Which lines are narrative, tables or contents; the tree of headings; what the contents promise; page furniture."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractor.documents.disclosure import Disclosure, prepare
from extractor.documents.lines import lines_of
from extractor.documents.loaded import Boxes, LoadedCell, LoadedDocument, LoadedTable, Page
from extractor.documents.loading.docx_numbering import chinese_counting
from extractor.documents.numbering import marker_of
from extractor.documents.regions import RegionKind, regions_of

CONTENTS = """某局2024年度部门决算
目　录
第一部分 某局概况……………………1
一、主要职能
第二部分 2024年度部门决算表....... 5
第三部分 2024年度部门决算情况说明
第四部分 名词解释
第一部分 某局概况
一、主要职能
负责全区工作。
第二部分 2024年度部门决算表
收入支出决算总表
部门：某局 单位：万元
项目 预算数 决算数
一、基本支出 100.00 99.50
二、项目支出 20.00 18.00
合计 120.00 117.50
注：本表反映部门本年度的总收支情况。
第三部分 2024年度部门决算情况说明
一、收入支出决算总体情况说明
2024年度收入支出总计117.50万元。
二、其他重要事项的情况说明
（一）机关运行经费支出情况
机关运行经费支出10.00万元。
（二）政府采购支出情况。本部门政府采购支出总额5.00万元。
第四部分 名词解释
1.基本支出：指为保障机构正常运转的支出。
2.项目支出：指完成特定任务的支出。
"""


def document(text: str, **more: object) -> LoadedDocument:
    return LoadedDocument("x.txt", "text/plain", "0" * 64, text, **more)  # type: ignore[arg-type]


def kinds(loaded: LoadedDocument) -> dict[str, RegionKind]:
    """The kind of the region that each line stands in."""
    lines = lines_of(loaded)
    return {line.text: region.kind for region in regions_of(loaded, lines) for line in lines[region.start : region.end]}


def outline(disclosure: Disclosure) -> list[str]:
    return [f"{'  ' * (len(node.path) - 1)}{node.path[-1]}" for node in disclosure.sections if node.path]


def test_contents_tables_and_narrative_are_told_apart() -> None:
    lines = kinds(document(CONTENTS))
    assert lines["第二部分 2024年度部门决算表....... 5"] is RegionKind.CONTENTS
    for text in (
        "收入支出决算总表",
        "部门：某局 单位：万元",
        "合计 120.00 117.50",
        "注：本表反映部门本年度的总收支情况。",
    ):
        assert lines[text] is RegionKind.TABLE
    for text in ("负责全区工作。", "2024年度收入支出总计117.50万元。", "第四部分 名词解释"):
        assert lines[text] is RegionKind.NARRATIVE


def test_the_tree_of_headings() -> None:
    disclosure = prepare(document(CONTENTS))
    assert outline(disclosure) == [
        "第一部分某局概况",
        "  一、主要职能",
        "第二部分2024年度部门决算表",
        "第三部分2024年度部门决算情况说明",
        "  一、收入支出决算总体情况说明",
        "  二、其他重要事项的情况说明",
        "    （一）机关运行经费支出情况",
        "    （二）政府采购支出情况",
        "第四部分名词解释",
    ]


def test_the_contents_promise_each_title_once() -> None:
    assert [promise.title for promise in prepare(document(CONTENTS)).promises] == [
        "第一部分 某局概况",
        "一、主要职能",
        "第二部分 2024年度部门决算表",
        "第三部分 2024年度部门决算情况说明",
        "第四部分 名词解释",
    ]


def test_sections_cover_the_narrative_without_gaps() -> None:
    disclosure = prepare(document(CONTENTS))
    place = 0
    for node in disclosure.sections:
        assert node.start == place
        place = node.own_end
        assert node.own_end <= node.end
        for paragraph in node.paragraphs:
            inside = disclosure.unwrapped.paragraphs[paragraph]
            assert node.start <= inside.start <= inside.end <= node.own_end
    assert place == len(disclosure.unwrapped.text)


@given(st.lists(st.integers(0, 4), min_size=1, max_size=40))
def test_any_nest_of_headings_is_a_tree(levels: list[int]) -> None:
    """Headings of random levels: each section lies in its parent, and ends where the next of its level begins."""
    counts = [0] * 5
    lines = []
    for level in levels:
        counts[level] += 1
        number = chinese_counting(counts[level])
        marker = [f"第{number}部分 ", f"{number}、", f"（{number}）", f"{counts[level]}.", f"（{counts[level]}）"][
            level
        ]
        lines += [f"{marker}收入支出情况说明", "本部门没有别的内容要说。"]
    disclosure = prepare(document("\n".join(lines) + "\n"))
    nodes = [node for node in disclosure.sections if node.path]
    assert len(nodes) == len(levels)
    by_id = {node.id: node for node in nodes}
    for node in nodes:
        if node.parent is not None:
            parent = by_id[node.parent]
            assert parent.start < node.start
            assert node.end <= parent.end
            assert parent.level < node.level
            assert node.path[:-1] == parent.path


def test_lists_are_no_headings() -> None:
    text = (
        "一、主要职能\n（一）贯彻执行法律法规，负责监督管理。\n（二）负责统筹推进各项改革工作。\n（三）完成区委交办的其他任务。\n"
        "二、机构设置\n1.某局本级\n2.某中心\n三、人员情况\n在职12人。\n"
    )
    assert outline(prepare(document(text))) == ["一、主要职能", "二、机构设置", "三、人员情况"]


@pytest.mark.parametrize(
    ("text", "level", "number"),
    [
        ("第一部分 概况", 1, 1),
        ("第十二章 说明", 1, 12),
        ("附件2：报告", 1, 2),
        ("十一、其他", 2, 11),
        ("（三）情况", 3, 3),
        ("(二十) 情况", 3, 20),
        ("3.支出", 4, 3),
        ("12、支出", 4, 12),
        ("1.2024年收入", 4, 1),
        ("（4）支出", 5, 4),
        ("5）支出", 5, 5),
        ("③支出", 6, 3),
        ("2.3万元", None, None),
        ("2024年", None, None),
        ("一般公共预算", None, None),
    ],
)
def test_numbering(text: str, level: int | None, number: int | None) -> None:
    marker = marker_of(text)
    assert (marker.level, marker.number) == (level, number) if marker else level is None


def test_tables_of_the_file_take_their_titles_and_notes_with_them() -> None:
    above = "本部门收支情况如下。\n公开01表\n收入支出决算总表\n2024年度\n部门：某局\n单位：万元\n"
    table = "项目\t决算数\n合计\t1.00\n"
    below = "注：本表反映部门本年度的总收支和年末\n结转结余情况。\n说明：本部门没有经营收入，故本表无数据。\n一、收入支出情况说明\n收入1.00万元。\n"
    start = len(above)
    cells = (LoadedCell(0, 0, start, start + 2), LoadedCell(0, 1, start + 3, start + 6))
    loaded = document(
        above + table + below, tables=(LoadedTable(start, start + len(table) - 1, cells),), all_tables_known=True
    )
    narrative = [text for text, kind in kinds(loaded).items() if kind is RegionKind.NARRATIVE]
    assert narrative == ["本部门收支情况如下。", "一、收入支出情况说明", "收入1.00万元。"]


def pages(texts: list[str], **more: object) -> LoadedDocument:
    text, found = "", []
    for number, page in enumerate(texts, 1):
        found.append(Page(number, len(text), len(text) + len(page)))
        text += page + "\f"
    return document(text, pages=tuple(found), boxes=Boxes(()), **more)


def test_running_heads_and_page_numbers_are_no_part_of_the_text() -> None:
    body = ["第一页的内容。", "第二页的内容。", "第三页的内容。", "第四页的内容。"]
    loaded = pages([f"某局2024年度部门决算\n{text}\n— {n} —\n" for n, text in enumerate(body, 1)])
    assert [line.text for line in lines_of(loaded)] == body


def test_unit_notes_and_rows_that_every_page_repeats_stay() -> None:
    loaded = pages([f"单位：万元\n项目{n} 1.00\n内容{n}。\n" for n in "甲乙丙丁"])
    assert sum(1 for line in lines_of(loaded) if line.text == "单位：万元") == 4


def test_page_numbers_of_a_text_without_pages() -> None:
    text = "上一页的最后一行\n\n\n\n- 12 -\n\n\n\n下一页的第一行\n2024\n没有别的\n3\n"
    assert [line.text for line in lines_of(document(text))] == [
        "上一页的最后一行",
        "下一页的第一行",
        "2024",
        "没有别的",
    ]


HOSTILE = {
    "one line of a megabyte": "本年支出合计为一般公共预算财政拨款支出，" * 50_000,
    "a megabyte of figures": "支出1,234.56万元，" * 20_000,
    "a megabyte of one sign": "." * 1_000_000,
    "a megabyte of spaces": " \u3000" * 500_000,
    "a megabyte of digits": "1" * 1_000_000,
    "a megabyte of numerals": "一" * 1_000_000,
    "dots with spaces": "目录\n" + ". " * 200_000 + "x",
    "open brackets": "（" * 300_000,
    "headings without text": "一、收入支出情况说明\n" * 20_000,
    "headings that only go down": "第一部分 情况\n一、情况说明\n（一）情况说明\n" + "1.情况说明\n内容。\n" * 15_000,
    "captions without tables": "收入支出决算总表\n" * 20_000,
    "notes without tables": "单位：万元\n注：本表\n" * 15_000,
    "short lines": "支\n" * 60_000,
    "half a document": CONTENTS[: len(CONTENTS) // 2],
}


@pytest.mark.parametrize("case", HOSTILE)
def test_nothing_hangs(case: str) -> None:
    """Work grows with the length of the text, not with its square: a megabyte is a matter of seconds (the limit is
    wide, for slow machines; quadratic behaviour takes hours)."""
    begin = time.process_time()
    prepare(document(HOSTILE[case]))
    assert time.process_time() - begin < 25


def test_what_is_said_of_a_table_has_its_own_section_behind_it() -> None:
    text = """某院2020年部门预算
二、某院2020年部门预算
收支总表
单位：万元
收入 支出
一、拨款收入 98,520.46 一、教育支出 1,260.00
收入总计 98,520.46 支出总计 98,520.46
关于收支总表的说明
某院2020年收支总预算98,520.46万元。
三、其他事项说明
（一）政府采购情况说明
政府采购预算总额5.00万元。
"""
    disclosure = prepare(LoadedDocument("a.txt", "text/plain", "0" * 64, text))
    assert [node.path[-1] for node in disclosure.sections if node.path] == [
        "二、某院2020年部门预算",
        "关于收支总表的说明",
        "三、其他事项说明",
        "（一）政府采购情况说明",
    ]
    assert "98,520.46万元" in [q.raw for q in disclosure.quantities if q.id in disclosure.spans]
