"""HTML files: the article and its tables in any of the encodings that government sites use."""

from collections.abc import Callable
from pathlib import Path

import pytest
from drawing import BODY

from extractor.documents.loading import load
from extractor.errors import LoadError, NotADisclosure

Page = Callable[..., Path]


@pytest.fixture
def page(tmp_path: Path) -> Page:
    """`page(body, encoding, meta, name)` writes a web page."""

    def write(body: str, encoding: str = "utf-8", meta: str = "utf-8", name: str = "page.html") -> Path:
        path = tmp_path / name
        head = f'<meta http-equiv="Content-Type" content="text/html; charset={meta}">' if meta else ""
        path.write_bytes(f"<html><head>{head}<title>t</title></head><body>{body}</body></html>".encode(encoding))
        return path

    return write


@pytest.mark.parametrize(
    ("encoding", "meta"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", ""),
        ("gb18030", "gb2312"),
        ("gbk", "GBK"),
        ("gbk", ""),
        ("gb18030", "utf-8"),
        ("utf-8", "gb2312"),
        ("utf-16", ""),
    ],
)
def test_encodings(page: Page, encoding: str, meta: str) -> None:
    assert load(page(f"<p>{BODY}镕</p>", encoding, meta)).text == f"{BODY}镕\n"


def test_blocks_breaks_and_inline_elements(page: Page) -> None:
    body = (
        f"<h1>某局2024年度部门决算</h1><div>{BODY}<p>支出<span>307</span>.<b>82</b>\n 万元。</p>后</div>"
        "<p>第一行<br>第二行</p><p>&nbsp;&nbsp;&nbsp;&nbsp;缩进</p><script>var a = '不读';</script>"
        '<p style="display:none">不读</p><!-- 不读 --><ul><li>甲</li><li>乙</li></ul><ol><li>丙</li><li>丁</li></ol>'
        f"<p>{BODY}</p>"
    )
    assert load(page(body)).text.splitlines() == [
        "某局2024年度部门决算",
        BODY,
        "支出307.82 万元。",
        "后",
        "第一行",
        "第二行",
        "    缩进",
        "甲",
        "乙",
        "1. 丙",
        "2. 丁",
        BODY,
    ]


def test_tables_with_spans(page: Page) -> None:
    body = (
        f"<p>{BODY}</p><table><thead><tr><th rowspan=2>项目</th><th colspan=2>支出</th></tr>"
        "<tr><th>基本<br>支出</th><th>项目支出</th></tr></thead>"
        "<tbody><tr><td>合计</td><td><p>1.00</p></td><td>&nbsp;</td></tr></tbody></table>"
    )
    loaded = load(page(body))
    assert loaded.text == f"{BODY}\n项目\t支出\n基本 支出\t项目支出\n合计\t1.00\t\n"
    (table,) = loaded.tables
    assert [(cell.row, cell.column, cell.row_span, cell.column_span) for cell in table.cells] == [
        (0, 0, 2, 1),
        (0, 1, 1, 2),
        (1, 1, 1, 1),
        (1, 2, 1, 1),
        (2, 0, 1, 1),
        (2, 1, 1, 1),
        (2, 2, 1, 1),
    ]


def test_layout_tables_are_their_content(page: Page) -> None:
    inner = "<table><tr><td>项目</td><td>金额</td></tr><tr><td>支出</td><td>1.00</td></tr></table>"
    body = f"<table><tr><td><a href=x>首页</a></td><td><p>{BODY * 10}</p>{inner}<p>完。</p></td></tr></table>"
    loaded = load(page(body))
    assert loaded.text == f"{BODY * 10}\n项目\t金额\n支出\t1.00\n完。\n" or loaded.text.endswith("\n支出\t1.00\n完。\n")
    assert len(loaded.tables) == 1


def test_the_page_around_the_article_is_left_out(page: Page) -> None:
    links = "".join(f"<li><a href=/{n}>栏目{n}预算公开</a></li>" for n in range(10))
    body = (
        f"<div><ul>{links}</ul></div><div>您现在的位置：<a href=/>首页</a> &gt; <a href=/a>预算公开</a></div>"
        "<h1>某局2024年部门预算</h1><div>发布时间：2024-03-01 来源：某局</div>"
        f"<p>{BODY}</p><p>没有别的支出。</p><p>某局</p><p>2024年3月1日</p>"
        '<p>附件：<a href="a.xls">2024年部门预算表.xls</a></p>'
        "<div>上一篇：没有了</div><div>主办单位：某市人民政府，负责全市工作的单位。备案号：京ICP备1号</div>"
    )
    assert load(page(body)).text.splitlines() == [
        "某局2024年部门预算",
        "发布时间：2024-03-01 来源：某局",
        BODY,
        "没有别的支出。",
        "某局",
        "2024年3月1日",
        "附件：2024年部门预算表.xls",
    ]


def test_a_page_saved_as_an_office_file_is_read_as_a_page(page: Page) -> None:
    body = (
        f"<table><tr><td>部门预算</td><td>单位：万元</td></tr><tr><td>支出</td><td>1.00</td></tr></table><p>{BODY}</p>"
    )
    loaded = load(page(body, name="表.xls"))
    assert loaded.media_type == "text/html"
    assert loaded.text.splitlines()[1] == "支出\t1.00"


def test_deep_nesting_and_broken_markup_do_no_harm(page: Page) -> None:
    assert BODY in load(page("<div>" * 1500 + BODY + "</div>" * 1500)).text
    assert BODY in load(page("<b>" * 1500 + BODY)).text
    with pytest.raises(LoadError, match="deeply"):
        load(page("<div>" * 5000 + BODY))
    assert load(page(f"<p>{BODY}<table><tr><td>甲<td>1.00<tr><td>乙<td>2.00")).text.splitlines()[1:] == [
        "甲\t1.00",
        "乙\t2.00",
    ]
    with pytest.raises(LoadError):
        load(page("<table>" + "<tr><td rowspan=1000 colspan=1000>x</td></tr>" * 100 + f"</table>{BODY}"))


def test_pages_without_a_disclosure_are_refused(page: Page) -> None:
    with pytest.raises(LoadError, match="no text"):
        load(page("<script>document.write('部门预算')</script>"))
    with pytest.raises(NotADisclosure):
        load(page("<p>通知：明天开会。</p>"))
