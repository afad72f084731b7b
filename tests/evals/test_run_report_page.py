"""The page of a run, in a real browser."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from evals.collection import bundled
from evals.readers import rules_answers
from evals.report.page import page
from evals.runs import Run, measure
from evals.strains import Escape, Fate, Strain, Stress
from extractor.checking.acceptance import ACCEPTED

Opened = Callable[..., Any]


@pytest.fixture(scope="module")
def run() -> Run:
    """The rules reader on a fixture that it does not read without errors."""
    fixtures = [each for each in bundled() if each.name == "school_final"]
    return measure("<rules> & co", fixtures, rules_answers(), ACCEPTED)


@pytest.fixture(scope="module")
def stress() -> Stress:
    """Errors of two kinds at two rates, one of which escaped."""
    strains = [
        Strain(
            slip="all",
            rate=rate,
            made=5,
            fates={Fate.REPAIRED: 4, Fate.SILENT: 1},
            by_kind={"missed": {Fate.REPAIRED: 4}, "text": {Fate.SILENT: 1}},
            accepted=800,
            silent_figures=1,
            escaped=(Escape(slip="text", document="school_final", type="EconomicItem", figures=("9.85万元",)),),
        )
        for rate in (0.01, 0.05)
    ]
    at = datetime(2026, 1, 1, tzinfo=UTC)
    return Stress(reader="llm", documents=1, records=99, seed=1, created_at=at, strains=tuple(strains))


@pytest.fixture
def opened(chromium: Any, run: Run, stress: Stress, tmp_path: Path) -> Opened:
    """`opened(width)`: the report opened from a file; errors and requests to anywhere else are collected."""
    file = tmp_path / "report.html"
    file.write_text(page(run, [run], stress), encoding="utf-8")

    def open_page(width: int = 1280, scheme: str = "light") -> Any:
        context = chromium.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme, locale="zh-CN")
        tab = context.new_page()
        tab.complaints = []
        tab.on("pageerror", lambda error: tab.complaints.append(str(error)))
        tab.on("console", lambda said: said.type == "error" and tab.complaints.append(said.text))
        tab.on("request", lambda asked: asked.url.startswith("file:") or tab.complaints.append(asked.url))
        tab.goto(file.as_uri())
        return tab

    return open_page


@pytest.mark.parametrize("width", [390, 1280, 1920])
def test_the_page_stands_alone_and_fits(opened: Opened, width: int) -> None:
    tab = opened(width)
    assert tab.complaints == []
    assert tab.evaluate("document.documentElement.scrollWidth") <= width
    assert tab.locator("h1").inner_text() == "<rules> & co"
    plots = tab.locator("svg")
    assert plots.count() >= 7
    for index in range(plots.count()):
        box = plots.nth(index).bounding_box()
        assert box["width"] > 200
        assert box["height"] > 15  # one bar


def test_a_miss_opens_beside_its_source_text(opened: Opened, run: Run) -> None:
    tab = opened()
    miss = next(each for each in run.documents[0].misses if each.printed)
    mark = tab.locator(".miss mark", has_text=miss.printed.strip()).first
    assert not mark.is_visible()
    tab.locator("summary", has_text="school_final").last.click()
    assert mark.is_visible()


def test_what_escaped_is_named(opened: Opened) -> None:
    tab = opened()
    tab.locator("summary", has_text="Errors that stayed silent").click()
    assert tab.get_by_role("cell", name="9.85万元").first.is_visible()


def test_dark_pages_are_dark(opened: Opened) -> None:
    colours = [
        opened(scheme=scheme).evaluate("getComputedStyle(document.body).backgroundColor")
        for scheme in ("light", "dark")
    ]
    assert colours == ["rgb(255, 255, 255)", "rgb(20, 24, 30)"]
