"""The report in a real browser: opened from its file, as a finance officer would."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pypdfium2
import pytest

import evals.fixtures
from extractor.outputs.run import ALWAYS, RunWriter
from extractor.running import extract_files

TEXT = """2023年度{place}水利局部门决算
一、支出决算情况说明
2023年度本年支出合计{total}万元，其中：基本支出1000.00万元，占支出合计的{basic}%；项目支出{project}万元，占支出合计的{share}%。
"""
WRONG = [
    {"place": "甲市", "total": "4000.00", "basic": "25.00", "project": "3000.00", "share": "57.00"},
    {"place": "乙县", "total": "8000.00", "basic": "12.50", "project": "7000.00", "share": "78.50"},
]
DOUBLED = TEXT.replace("。\n", "。。\n")


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run over two documents with a wrong share each, one with doubled punctuation, and a PDF with planted slips."""
    folder = tmp_path_factory.mktemp("report")
    paths = [Path(evals.fixtures.__file__).parent / "central_budget" / "disclosure.pdf"]
    for number, values in enumerate(WRONG):
        paths.append(folder / f"{number}.txt")
        paths[-1].write_text(TEXT.format(**values), encoding="utf-8")
    paths.append(folder / "标点.txt")
    clean = {"place": "丙区", "total": "4000.00", "basic": "25.00", "project": "3000.00", "share": "75.00"}
    paths[-1].write_text(DOUBLED.format(**clean), encoding="utf-8")
    with RunWriter(folder / "out", (*ALWAYS, "report")) as writer:
        for outcome in extract_files(paths, 1, writer.wanted):
            assert outcome.rendered is not None, outcome.reason
            writer.add(outcome.rendered)
        writer.fail("坏.pdf", "坏.pdf: 文件损坏")
    return folder / "out" / "report.html"


class Opened:
    """The page in a context of its own, with what it asked for and complained of."""

    def __init__(self, chromium: Any, report: Path, **options: Any) -> None:
        self.context = chromium.new_context(**{"viewport": {"width": 1280, "height": 900}, **options})
        self.page = self.context.new_page()
        self.page.set_default_timeout(120_000)  # a machine that runs other tests may be slow
        self.requests: list[str] = []
        self.complaints: list[str] = []
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("console", lambda said: said.type == "error" and self.complaints.append(said.text))
        self.address = report.as_uri()
        self.page.goto(self.address)

    def shown(self) -> int:
        """How many findings can be seen."""
        return int(self.page.locator("tbody.finding:not([hidden])").count())

    def finding(self, words: str) -> Any:
        """The finding whose sentence holds some words."""
        return self.page.locator("tbody.finding", has=self.page.locator(".message .zh", has_text=words))


@pytest.fixture
def opened(chromium: Any, report: Path) -> Iterator[Opened]:
    each = Opened(chromium, report)
    yield each
    each.context.close()
    assert each.complaints == [], "neither errors nor violations of the content security policy"
    outside = [url for url in each.requests if not url.startswith(("file://", "data:"))]
    assert outside == []
    assert [url.split("#")[0] for url in each.requests if url.startswith("file://")] in (
        [each.address],
        [each.address] * 2,
    ), "one file, nothing beside it"


def test_totals_failures_and_order(opened: Opened) -> None:
    tiles = opened.page.locator(".tiles").inner_text()
    assert "4\n份文件" in tiles
    assert "另有 1 份无法读取" in tiles
    assert "坏.pdf: 文件损坏" in opened.page.locator(".failures").inner_text()
    kinds = opened.page.locator("tbody.finding").evaluate_all("all => all.map(each => each.dataset.kind)")
    ranks = [["error", "misrounded", "wording", "structure", "coverage"].index(kind) for kind in kinds]
    assert ranks == sorted(ranks)
    errors = opened.page.locator("tbody.finding[data-kind=error]")
    stakes = errors.evaluate_all("all => all.map(each => Number(each.dataset.stake))")
    assert stakes == sorted(stakes, reverse=True)


def test_a_finding_opens_to_its_source_and_equation(opened: Opened) -> None:
    finding = opened.finding("57.00%")
    detail = finding.locator("tr.opened")
    assert not detail.is_visible()
    finding.locator(".open").click()
    assert detail.is_visible()
    assert finding.locator(".open").get_attribute("aria-expanded") == "true"
    assert detail.locator("blockquote mark.suspect").inner_text() == "57.00%"
    assert detail.locator("blockquote mark.term").inner_text() == "3000.00万元"
    assert detail.locator("blockquote mark.whole").inner_text() == "4000.00万元"
    equation = detail.locator(".equation").first
    assert equation.inner_text().replace("\n", "") == "项目支出占比57.00% = 项目支出3000.00万元 ÷ 支出合计4000.00万元"
    sums = detail.locator(".sums").first.inner_text()
    assert all(words in sums for words in ("57.00%", "56.995 – 57.005", "75.00%", "−18%"))
    assert "75.00%" in finding.locator(".suggestion").inner_text()
    background = "each => getComputedStyle(each).backgroundColor"
    colours = {detail.locator(f"blockquote mark.{part}").evaluate(background) for part in ("stated", "term", "whole")}
    assert len(colours) == 3, "each part has a colour of its own"
    finding.locator(".message").click()
    assert not detail.is_visible()


def test_pages_of_a_pdf_stand_beside_with_boxes_over_the_operands(opened: Opened) -> None:
    finding = opened.page.locator("tbody.finding", has=opened.page.locator("svg rect.suspect")).first
    finding.locator(".open").click()
    picture = finding.locator("svg", has=opened.page.locator("rect.suspect")).first
    picture.scroll_into_view_if_needed()
    frame, box = picture.bounding_box(), picture.locator("rect.suspect").first.bounding_box()
    assert frame["x"] <= box["x"]
    assert box["x"] + box["width"] <= frame["x"] + frame["width"]
    assert box["width"] > 15
    assert box["height"] > 5
    loaded = (
        "each => { const i = new Image(); i.src = each.href.baseVal; return i.decode().then(() => i.naturalWidth) }"
    )
    assert picture.locator("image").evaluate(loaded) > 300


def test_filters_narrow_down_together_and_clear(opened: Opened) -> None:
    page, everything = opened.page, opened.shown()
    page.locator(".kinds [data-kind=error]").click()
    errors = opened.shown()
    assert 2 <= errors < everything
    assert page.locator("#shown").inner_text() == f"显示 {errors} / {everything} 处"
    page.locator("#area").fill("甲市")
    assert opened.shown() == 1
    assert page.locator(".documents > tbody:not([hidden])").count() == 1
    page.locator("#text").fill("没有这样的话")
    assert opened.shown() == 0
    assert page.locator("#nothing").is_visible()
    page.locator("#clear").click()
    assert opened.shown() == everything
    page.locator("#document").select_option(label=next(o for o in _options(page) if "乙县" in o))
    assert {opened.shown()} == {1}
    page.locator("#clear").click()
    page.locator("#stake").select_option("1000000")
    stakes = page.locator("tbody.finding:not([hidden])").evaluate_all(
        "all => all.map(each => Number(each.dataset.stake))"
    )
    assert stakes
    assert min(stakes) >= 1_000_000
    page.locator("#clear").click()
    page.locator("#text").fill("标点 重复")
    assert opened.shown() == 1
    page.locator("#clear").click()
    page.locator("#cause").select_option("unknown")
    assert 0 < opened.shown() < everything


def _options(page: Any) -> list[str]:
    return list(page.locator("#document option").all_inner_texts())


def test_sorting_by_stake_and_back(opened: Opened) -> None:
    page = opened.page
    order = "all => all.map(each => Number(each.dataset.stake))"
    before = page.locator("tbody.finding").evaluate_all(order)
    page.locator(".sort[data-by=stake]").click()
    assert page.locator("tbody.finding").evaluate_all(order) == sorted(before, reverse=True)
    assert page.locator("th:has(.sort[data-by=stake])").get_attribute("aria-sort") == "descending"
    page.locator(".sort[data-by=stake]").click()
    assert page.locator("tbody.finding").evaluate_all(order) == sorted(before)
    page.locator(".sort[data-by=place]").click()
    assert page.locator("tbody.finding").evaluate_all(order) == before


def test_the_language_switches_and_stays(opened: Opened) -> None:
    page = opened.page
    assert page.locator("h1").inner_text() == "勾稽报告"
    page.locator("#language").click()
    assert page.locator("h1").inner_text() == "Cross-check report"
    assert page.evaluate("document.documentElement.lang") == "en"
    finding = opened.finding("57.00%")
    assert "disagrees with" in finding.locator(".message").inner_text()
    assert "不符" not in finding.locator(".message").inner_text()
    assert page.locator("#shown").inner_text().endswith("shown")
    page.reload()
    assert page.locator("h1").inner_text() == "Cross-check report"
    page.locator("#language").click()
    assert page.locator("h1").inner_text() == "勾稽报告"


def test_keys_alone_are_enough(opened: Opened) -> None:
    page = opened.page
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") == "text"
    buttons = page.locator("tbody.finding .open")
    buttons.first.focus()
    page.keyboard.press("Enter")
    assert page.locator("tbody.finding").first.locator("tr.opened").is_visible()
    page.keyboard.press("Escape")
    assert not page.locator("tbody.finding").first.locator("tr.opened").is_visible()
    page.keyboard.press("ArrowDown")
    assert buttons.nth(1).evaluate("each => each === document.activeElement")
    page.keyboard.press("ArrowUp")
    assert buttons.first.evaluate("each => each === document.activeElement")


def test_print_opens_everything_and_leaves_the_controls_away(opened: Opened) -> None:
    page = opened.page
    page.emulate_media(media="print")
    assert page.locator("tr.opened").first.is_visible()
    assert page.locator("tr.opened:visible").count() == page.locator("tr.opened").count()
    assert not page.locator(".filters").is_visible()
    page.emulate_media(media="screen")
    page.locator("#area").fill("甲市")
    document = pypdfium2.PdfDocument(page.pdf(format="A4"))
    text = "".join(each.get_textpage().get_text_range() for each in document)
    assert "57.00%" in text
    assert "3000.00" in text
    assert "78.50%" not in text, "what is filtered away is not printed"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 1920, 390])
def test_it_follows_the_screen(chromium: Any, report: Path, scheme: str, width: int) -> None:
    each = Opened(chromium, report, color_scheme=scheme, viewport={"width": width, "height": 900})
    red = int(each.page.evaluate("getComputedStyle(document.body).backgroundColor.match(/\\d+/)[0]"))
    assert (red > 200) is (scheme == "light")
    each.page.locator("#all").click()
    assert each.page.evaluate("document.documentElement.scrollWidth") <= width, "nothing runs off the side"
    each.page.locator("#theme").click()
    turned = int(each.page.evaluate("getComputedStyle(document.body).backgroundColor.match(/\\d+/)[0]"))
    assert (turned > 200) is not (scheme == "light")
    each.context.close()


def test_documents_open_to_their_records_and_sections(opened: Opened) -> None:
    document = opened.page.locator(".documents > tbody", has_text="甲市水利局")
    document.locator(".open").click()
    detail = document.locator("tr.opened").inner_text()
    assert "收支总体" in detail
    assert "一、支出决算情况说明" in detail
    assert "已读" in detail


def test_an_address_with_a_finding_opens_it(chromium: Any, report: Path) -> None:
    each = Opened(chromium, report)
    anchor = each.page.locator("tbody.finding").nth(2).locator("tr.opened").get_attribute("id")
    each.page.goto(f"{each.address}#{anchor}")
    each.page.reload()
    assert each.page.locator(f"[id='{anchor}']").is_visible()
    each.context.close()


def test_it_can_be_read_without_scripts(chromium: Any, report: Path) -> None:
    each = Opened(chromium, report, java_script_enabled=False)
    assert each.page.locator("tr.opened").first.is_visible()
    assert not each.page.locator(".filters").is_visible()
    each.context.close()
