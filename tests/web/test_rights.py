"""Who may do what, by URL: every route of the API is in the table, and refuses whoever is not meant."""

import re

import httpx2
import pytest
import sqlalchemy as sa
from fastapi.routing import APIRoute
from servers import PASSWORD, Running, is_problem

from extractor.review.actors import Scope
from extractor.storage.people import Role, UserRow
from extractor.web import cards, pages
from extractor.web.app import create_app

R, L, A = Role.REVIEWER, Role.LEAD, Role.ADMIN
DOCUMENT, NUMBER = "0" * 16, "999999"

RIGHTS: dict[tuple[str, str], tuple[Role, Scope | None]] = {
    ("GET", "/me"): (R, None),
    ("GET", "/progress"): (R, Scope.READ),
    ("GET", "/documents"): (R, Scope.READ),
    ("POST", "/documents"): (L, Scope.SUBMIT),
    ("GET", "/documents/{document_id}"): (R, Scope.READ),
    ("DELETE", "/documents/{document_id}"): (A, Scope.SUBMIT),
    ("GET", "/documents/{document_id}/text"): (R, Scope.READ),
    ("GET", "/documents/{document_id}/extraction"): (R, Scope.READ),
    ("GET", "/documents/{document_id}/records"): (R, Scope.READ),
    ("GET", "/documents/{document_id}/facts"): (R, Scope.READ),
    ("GET", "/documents/{document_id}/checks"): (R, Scope.READ),
    ("GET", "/documents/{document_id}/findings"): (R, Scope.READ),
    ("GET", "/findings"): (R, Scope.READ),
    ("GET", "/jobs"): (R, Scope.READ),
    ("POST", "/jobs"): (L, Scope.SUBMIT),
    ("GET", "/jobs/{job_id}"): (R, Scope.READ),
    ("GET", "/jobs/{job_id}/files"): (R, Scope.READ),
    ("POST", "/jobs/{job_id}/{step}"): (L, Scope.SUBMIT),
    ("GET", "/tasks"): (R, Scope.READ),
    ("POST", "/tasks"): (R, Scope.REVIEW),
    ("POST", "/tasks/next"): (R, Scope.REVIEW),
    ("GET", "/tasks/{task_id}"): (R, Scope.READ),
    ("GET", "/tasks/{task_id}/proposals"): (R, Scope.READ),
    ("POST", "/tasks/{task_id}/check"): (R, Scope.REVIEW),
    ("POST", "/tasks/{task_id}/alike"): (R, Scope.REVIEW),
    ("POST", "/tasks/{task_id}/lease"): (R, Scope.REVIEW),
    ("PUT", "/tasks/{task_id}/lease"): (R, Scope.REVIEW),
    ("DELETE", "/tasks/{task_id}/lease"): (R, Scope.REVIEW),
    ("POST", "/tasks/{task_id}/comments"): (R, Scope.REVIEW),
    ("GET", "/tasks/{task_id}/verdicts"): (R, Scope.READ),
    ("POST", "/tasks/{task_id}/verdicts"): (R, Scope.REVIEW),
    ("GET", "/exports/verdicts.jsonl"): (L, Scope.EXPORT),
    ("GET", "/exports/log.jsonl"): (L, Scope.EXPORT),
    ("GET", "/exports/confirmed.csv"): (R, Scope.EXPORT),
    ("GET", "/exports/{name}.jsonl"): (R, Scope.EXPORT),
    ("GET", "/exports/tables/{table}.csv"): (R, Scope.EXPORT),
    ("GET", "/exports/tables.xlsx"): (R, Scope.EXPORT),
    ("GET", "/exports/parquet.zip"): (R, Scope.EXPORT),
    ("GET", "/exports/confirmed.xlsx"): (R, Scope.EXPORT),
}

BODIES = {
    ("POST", "/jobs"): {"name": "a", "documents": [DOCUMENT]},
    ("POST", "/tasks/{task_id}/check"): {"edits": []},
    ("POST", "/tasks"): {"document_id": DOCUMENT, "reason": "a"},
    ("POST", "/tasks/{task_id}/alike"): {"action": "accept"},
    ("POST", "/tasks/{task_id}/comments"): {"text": "a"},
    ("POST", "/tasks/{task_id}/verdicts"): {"version": 1, "action": "accept"},
}


def test_every_route_is_in_the_table(server: Running) -> None:
    from extractor.web.app import open_desk

    desk = open_desk(server.settings)
    app = create_app(desk, server.settings, ["*"])
    desk.close()
    routes = {
        (method.upper(), path.removeprefix("/api/v1"))
        for path, methods in app.openapi()["paths"].items()
        for method in methods
    }
    assert routes == set(RIGHTS)


def _ask(client: object, route: tuple[str, str]) -> object:
    method, path = route
    names = {"document_id": DOCUMENT, "job_id": NUMBER, "task_id": NUMBER, "step": "pause", "name": "facts"}
    filled = path.format(**names, table="findings")
    return client.request(method, f"/api/v1{filled}", json=BODIES.get(route))  # type: ignore[attr-defined]


@pytest.mark.parametrize("route", RIGHTS, ids=" ".join)
def test_rights(server: Running, route: tuple[str, str]) -> None:
    role, scope = RIGHTS[route]
    is_problem(_ask(server.client(), route), 401)  # type: ignore[arg-type]
    for each in Role:
        answer = _ask(server.program(f"the {each.value}"), route)
        assert (answer.status_code == 403) == (not each.includes(role)), each  # type: ignore[attr-defined]
        assert answer.status_code < 500  # type: ignore[attr-defined]
    if scope is not None:
        others = tuple(each for each in Scope if each is not scope)
        body = is_problem(_ask(server.program("the admin", others), route), 403)  # type: ignore[arg-type]
        assert scope.value in body["detail"]


def test_a_role_counts_from_the_next_request_on(server: Running) -> None:
    from extractor.web import accounts

    server.add("rising", Role.REVIEWER)
    client = server.program("rising")
    is_problem(client.get("/api/v1/exports/log.jsonl"), 403)
    with server.database.transaction() as session:
        accounts.set_role(session, accounts.named(session, "rising"), Role.LEAD)
    assert client.get("/api/v1/exports/log.jsonl").status_code == 200
    with server.database.transaction() as session:
        accounts.disable(session, accounts.named(session, "rising"))
    is_problem(client.get("/api/v1/me"), 401)


PAGES = [
    (method, route.path)
    for router in (pages.router, cards.router)
    for route in router.routes
    if isinstance(route, APIRoute)
    for method in sorted(route.methods)
]


@pytest.mark.parametrize("page", PAGES, ids=" ".join)
def test_no_page_without_login_and_no_change_without_its_form_key(server: Running, page: tuple[str, str]) -> None:
    method, path = page
    filled = path.format(task_id=1, number=1)
    answer = server.client().request(method, filled)
    assert (answer.status_code, answer.headers.get("location", "").split("?")[0]) == (303, "/login")
    if method != "GET":
        browser = _browser(server, "reader", Role.REVIEWER)
        del browser.headers["X-Form-Key"]
        assert browser.request(method, filled).status_code == 403


def _browser(server: Running, name: str, role: Role) -> httpx2.Client:
    with server.database.transaction() as session:
        known = session.scalars(sa.select(UserRow.id).where(UserRow.name == name)).first()
    if known is None:
        server.add(name, role, PASSWORD)
    return server.browser(name)


@pytest.mark.parametrize("path", ["/log", "/log.jsonl"])
def test_pages_for_leads_are_for_leads(server: Running, path: str) -> None:
    answer = _browser(server, "reader", Role.REVIEWER).get(path)
    assert answer.status_code == 403
    assert answer.headers["content-type"].startswith("text/html")
    assert _browser(server, "leader", Role.LEAD).get(path).status_code == 200


@pytest.mark.parametrize("path", ["/", "/progress", "/confirmed", "/confirmed.csv", "/tasks/1", "/tasks/999"])
def test_pages_bring_no_script_of_their_own(server: Running, path: str) -> None:
    answer = _browser(server, "reader", Role.REVIEWER).get(path)
    assert answer.status_code in (200, 404)
    assert not re.search(r"<script(?![^>]*\bsrc=)|\son\w+=|<style|\sstyle=", answer.text)
