"""Fixtures: a review server with planted errors, and Debian's Chromium in front of it."""

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from reviewing import put, wrong

from extractor.review.desk import Desk
from extractor.storage.database import open_database
from extractor.storage.people import Role
from extractor.web import accounts
from extractor.web.app import create_app
from extractor.web.settings import WebSettings

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = [
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync"),
]
PASSWORD = "correct horse battery"
PEOPLE = {"ada": Role.REVIEWER, "ben": Role.REVIEWER, "lea": Role.LEAD}
CITIES = "东城西城朝阳丰台海淀房山通州顺义昌平大兴怀柔平谷"


@dataclass(frozen=True)
class Site:
    """A running server."""

    address: str
    desk: Desk


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    """A server with twelve documents, in each of which one figure is misprinted."""
    database = open_database(tmp_path / "site.sqlite", pool=16)
    with database.transaction() as session:
        for name, role in PEOPLE.items():
            accounts.add(session, name, role, PASSWORD)
    for number in range(12):
        city = CITIES[2 * number : 2 * number + 2]
        put(database, wrong(tmp_path / "files", f"{city}区统计局", printed=f"10{number + 20}.00"))
    settings = WebSettings(cache=tmp_path / "cache", second_share=0, review_children=1, lease_seconds=60)
    desk = Desk(database, settings)
    server = uvicorn.Server(uvicorn.Config(create_app(desk, settings, ["127.0.0.1"]), port=0, log_config=None))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    port = server.servers[0].sockets[0].getsockname()[1]
    yield Site(f"http://127.0.0.1:{port}", desk)
    server.should_exit = True
    thread.join(20)


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    """The browser. While it is open no other event loop can run in this thread: it closes with its module."""
    sync_api = pytest.importorskip("playwright.sync_api")
    if not CHROMIUM.exists():
        pytest.skip("Chromium is not installed (Debian: apt-get install chromium)")
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def browse(chromium: Any, site: Site) -> Iterator[Callable[..., Any]]:
    """`browse("ada")`: a page on which a person is logged in. Errors in the browser's console fail the test."""
    contexts, wrong_lines = [], list[str]()

    def open_page(name: str, width: int = 1280, height: int = 800, **options: Any) -> Any:
        context = chromium.new_context(viewport={"width": width, "height": height}, **options)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: wrong_lines.append(str(error)))
        page.on("console", lambda said: said.type == "error" and wrong_lines.append(said.text))
        page.goto(f"{site.address}/login")
        page.fill("[name=name]", name)
        page.fill("[name=password]", PASSWORD)
        page.click("button[type=submit]")
        page.wait_for_url(f"{site.address}/")
        return page

    yield open_page
    for context in contexts:
        context.close()
    # a conflict is answered with 409, which the browser also writes into its console
    assert not [line for line in wrong_lines if "status of 409" not in line and "status of 422" not in line]
