"""Whole sessions of reviewers in a real browser."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from browsing import Site

from extractor.review.queue import Filters, tasks
from extractor.storage.models import TaskStatus

Browse = Callable[..., Any]

AXE = Path(os.environ.get("GOUJI_AXE", Path(__file__).parent / "node_modules/axe-core/axe.min.js"))


def ready(page: Any) -> None:
    page.wait_for_selector("body[data-ready]", timeout=20_000)


def number_of(page: Any) -> int:
    return int(page.get_attribute("#card", "data-task"))


def press_on(page: Any, key: str) -> None:
    """Press a key that leads to another card, and wait until that one can be used."""
    before = page.url
    page.keyboard.press(key)
    page.wait_for_function("before => location.href !== before", arg=before)
    if page.locator("#card").count():
        ready(page)


def start(page: Any) -> None:
    page.keyboard.press("n")
    page.wait_for_selector("#card")
    ready(page)


def statuses(site: Site) -> dict[int, tuple[str, str | None, str | None]]:
    with site.desk.database.transaction() as session:
        rows = tasks(session, Filters(), limit=200)
    return {row.id: (row.status, row.verdict, row.settled_by) for row in rows}


def test_ten_tasks_are_settled_by_keyboard_alone(site: Site, browse: Browse) -> None:
    page = browse("ada")
    start(page)
    settled = {}
    for turn in range(10):
        number = number_of(page)
        action = ("d", "c", "a")[turn % 3]
        if action == "c":
            page.keyboard.press("1")
            page.wait_for_selector("#save:not(:disabled)")
            assert "尚未保存" in page.inner_text("#panel")
        press_on(page, action)
        settled[number] = {"d": "document", "c": "correct", "a": "accept"}[action]
    after = statuses(site)
    for number, verdict in settled.items():
        assert after[number] == (TaskStatus.SETTLED, verdict, "ada")


def test_a_click_on_a_figure_fills_the_chosen_field_and_is_checked_live(site: Site, browse: Browse) -> None:
    page = browse("ada")
    start(page)
    amount = page.locator(".record:not(.proven) .field[data-path=amount]").first
    amount.locator(".value").focus()
    before = amount.get_attribute("data-q")
    other = page.locator(f".text .q:has-text('万元'):not([data-q={before}])").first
    wanted = other.get_attribute("data-q")
    other.click()
    page.wait_for_selector(f".field.chosen[data-q={wanted}]")
    assert page.locator("#save").is_enabled()
    page.keyboard.press("Escape")
    page.keyboard.press("z")
    page.wait_for_selector(f".field[data-q={before}]")
    page.wait_for_selector("#save:disabled")
    page.keyboard.press("y")
    page.wait_for_selector("#save:not(:disabled)")
    page.reload()
    ready(page)
    assert page.locator("#save").is_enabled(), "a draft survives a reload"


def test_a_field_lights_its_place_and_figures_are_chosen_by_keyboard(browse: Browse, site: Site) -> None:
    page = browse("ada")
    start(page)
    page.keyboard.press("Enter")
    chosen = page.get_attribute(".field.chosen", "data-q")
    lit = page.locator(".text .lit")
    assert lit.first.get_attribute("data-q") == chosen
    assert lit.first.is_visible()
    page.keyboard.press("ArrowRight")
    cursor = page.get_attribute(".text .cursor", "data-q")
    assert cursor != chosen
    suspect = page.locator(".suspect").first.get_attribute("data-q")
    assert suspect == chosen, "the likeliest suspect comes first"


def test_two_browsers_share_a_queue(site: Site, browse: Browse) -> None:
    ada, ben = browse("ada"), browse("ben")
    seen: list[int] = []
    start(ada)
    start(ben)
    for _ in range(3):
        assert number_of(ada) != number_of(ben)
        seen += [number_of(ada), number_of(ben)]
        press_on(ada, "d")
        press_on(ben, "d")
    assert len(seen) == len(set(seen)) == 6
    ben.goto(f"{site.address}/tasks/{number_of(ada)}")
    ben.wait_for_selector("#said.wrong")
    assert "ada" in ben.inner_text("#said")
    assert ben.locator("[data-verdict=accept]").is_disabled()


def test_settled_tasks_are_reopened_and_decisions_undone(site: Site, browse: Browse) -> None:
    page = browse("ada")
    start(page)
    first = number_of(page)
    page.keyboard.press("1")
    page.wait_for_selector("#save:not(:disabled)")
    press_on(page, "c")
    assert statuses(site)[first][1] == "correct"
    press_on(page, "Shift+Z")
    assert number_of(page) == first
    assert statuses(site)[first][0] == TaskStatus.OPEN
    assert page.locator("#save").is_enabled(), "what was undone is a draft again"
    press_on(page, "c")
    page.goto(f"{site.address}/tasks/{first}")
    page.keyboard.press("o")
    page.wait_for_selector("[data-verdict=accept]")
    assert statuses(site)[first][0] == TaskStatus.OPEN
    assert "已更正" in page.inner_text(".history") or "重开" in page.inner_text(".history")


def test_skipping_asks_why_and_remarks_stay(site: Site, browse: Browse) -> None:
    page = browse("ada")
    start(page)
    number = number_of(page)
    page.keyboard.press("m")
    page.keyboard.type("请看<b>盖章</b>版<script>alert(1)</script>")
    page.keyboard.press("Enter")
    page.wait_for_selector(".comment")
    assert "<script>alert(1)</script>" in page.inner_text(".comment")
    page.keyboard.press("Escape")
    page.keyboard.press("k")
    page.keyboard.type("要问财务")
    press_on(page, "Enter")
    assert statuses(site)[number][0] == TaskStatus.SKIPPED


def test_a_missed_record_is_added_and_one_deleted(site: Site, browse: Browse) -> None:
    page = browse("ada")
    start(page)
    page.select_option("#add select", "Procurement")
    page.click("#add button")
    # an added record needs a field: it is empty, and the server says so
    page.wait_for_selector("#said.wrong")
    assert "空" in page.inner_text("#said")
    record = page.locator("#panel .record").first
    name = record.get_attribute("data-record")
    record.locator("summary").click()
    record.locator("[data-action=delete]").click()
    page.wait_for_selector("#save:not(:disabled)")
    assert page.locator(f".record[data-record={name}]").count() == 0


def test_what_is_alike_is_settled_by_one_word(site: Site, browse: Browse) -> None:
    page = browse("ada")
    start(page)
    others = int("".join(filter(str.isdigit, page.inner_text(".alike"))))
    assert others >= 1
    page.click(".alike button[value=document]")
    page.wait_for_selector("p.said[role=status]")
    assert sum(verdict == "document" for _, verdict, _ in statuses(site).values()) == others + 1
    page.goto(f"{site.address}/confirmed")
    assert page.locator("tbody tr").count() == others + 1


def test_what_no_task_covers_is_reported(site: Site, browse: Browse) -> None:
    page = browse("ada")
    start(page)
    number = number_of(page)
    page.keyboard.press("r")
    page.keyboard.type("与盖章版不同")
    figure = page.locator(".text .q:has-text('万元')").first
    raw = figure.inner_text()
    figure.click()
    assert page.inner_text("#report-figure") == raw
    assert page.locator("#save").is_disabled(), "the figure went into no field"
    page.click("#report button")
    page.wait_for_selector("#reported a")
    assert number_of(page) == number
    page.click("#reported a")
    page.wait_for_selector("h1:has-text('与盖章版不同')")
    ready(page)
    assert page.locator(".text .q.meant").first.inner_text() == raw
    made = number_of(page)
    press_on(page, "d")
    assert statuses(site)[made] == (TaskStatus.SETTLED, "document", "ada")
    page.goto(f"{site.address}/confirmed")
    assert "与盖章版不同" in page.inner_text("tbody")


def test_a_document_is_reported_from_the_queue(site: Site, browse: Browse) -> None:
    page = browse("ada")
    with site.desk.database.transaction() as session:
        document = tasks(session, Filters(), limit=1)[0].document_id
    page.click(".report summary")
    page.fill(".report [name=document]", document)
    page.fill(".report [name=reason]", "缺一张表")
    page.click(".report button")
    page.wait_for_selector("h1:has-text('缺一张表')")
    ready(page)
    press_on(page, "a")


def test_two_decide_blindly_and_a_lead_where_they_differ(site: Site, browse: Browse) -> None:
    site.desk.settings = site.desk.settings.model_copy(update={"second_share": 1.0})
    ada, ben, lea = browse("ada"), browse("ben"), browse("lea")
    start(ada)
    number = number_of(ada)
    press_on(ada, "d")
    assert statuses(site)[number][0] == TaskStatus.SECOND
    ben.goto(f"{site.address}/tasks/{number}")
    ready(ben)
    assert "ada" not in ben.inner_text("#card"), "the second decision is blind"
    ben.wait_for_selector("[data-verdict=accept]:not(:disabled)")
    press_on(ben, "a")
    assert statuses(site)[number][0] == TaskStatus.DISPUTE
    ben.goto(f"{site.address}/tasks/{number}")
    ready(ben)
    assert "由负责人裁定" in ben.inner_text(".verdicts")
    assert ben.locator("[data-verdict=accept]").count() == 0
    ben.goto(f"{site.address}/")
    start(lea)
    assert number_of(lea) == number, "disputes come first for a lead"
    said = lea.inner_text(".history")
    assert "ada" in said
    assert "ben" in said
    press_on(lea, "d")
    assert statuses(site)[number] == (TaskStatus.SETTLED, "document", "lea")
    lea.goto(f"{site.address}/progress")
    assert "1" in lea.inner_text("main")


def test_a_reviewer_does_not_reach_a_leads_pages(site: Site, browse: Browse) -> None:
    page = browse("ada")
    assert page.request.get(f"{site.address}/log").status == 403
    assert page.request.get(f"{site.address}/log.jsonl").status == 403
    lead = browse("lea")
    assert lead.request.get(f"{site.address}/log.jsonl").status == 200


def test_english_and_dark(site: Site, browse: Browse) -> None:
    page = browse("ada", width=1920, height=1080)
    page.click("button[name=language]")
    assert "Queue" in page.inner_text("nav")
    page.click("button[name=theme]")
    page.click("button[name=theme]")
    assert page.get_attribute("html", "data-theme") == "dark"
    start(page)
    assert "Document is wrong" in page.inner_text(".verdicts")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing(site: Site, browse: Browse, theme: str) -> None:
    if not AXE.is_file():
        pytest.skip("axe-core is not here (npm install --prefix tests/web)")
    page = browse("lea", color_scheme=theme, bypass_csp=True)
    start(page)
    page.keyboard.press("1")
    page.wait_for_selector("#save:not(:disabled)")
    first = page.url
    for path in (first, "/", "/why", "/confirmed", "/progress", "/log"):
        page.goto(path if path.startswith("http") else site.address + path)
        if path == first:
            ready(page)
            page.locator("summary").first.click()
        page.add_script_tag(path=str(AXE))
        found = page.evaluate("async () => (await axe.run()).violations.map(v => [v.id, v.nodes.map(n => n.html)])")
        assert found == [], path
