"""What every request passes: headers, hosts, origins, sizes, and answers to errors."""

import json
import socket

import pytest
from servers import Lines, Running, is_problem

from extractor.review.desk import Desk
from extractor.storage.people import Role


@pytest.mark.parametrize("path", ["/login", "/api/v1/me", "/static/plain.css", "/nowhere", "/api/v1/nowhere"])
def test_every_answer_has_the_headers(server: Running, path: str) -> None:
    headers = server.client().get(path).headers
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "DENY"
    assert len(headers["x-request-id"]) == 16
    assert "server" not in headers
    assert (headers.get("cache-control") == "no-store") == (not path.startswith("/static"))


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "localhost.evil.example:80", "", "[::2]"])
def test_other_hosts_get_no_answer(server: Running, host: str) -> None:
    body = is_problem(server.client(Host=host).get("/api/v1/me"), 400)
    assert "GOUJI_ALLOWED_HOSTS" in body["detail"]
    page = server.client(Host=host).get("/login")
    assert page.status_code == 400
    assert "<form" not in page.text


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost:8750", "[::1]:8750", "LOCALHOST"])
def test_own_hosts_do(server: Running, host: str) -> None:
    assert server.client(Host=host).get("/login").status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site", "Origin": "http://127.0.0.1"},
    ],
)
def test_other_origins_change_nothing(server: Running, headers: dict[str, str]) -> None:
    is_problem(server.client(**headers).post("/api/v1/tasks/next"), 403)
    assert server.client(**headers).post("/login", data={"name": "a", "password": "b"}).status_code == 403
    assert server.client(**headers).get("/login").status_code == 200


def test_cookies_alone_change_nothing(server: Running) -> None:
    if not any(client.headers.get("X-Form-Key") for client in server.clients):
        server.add("with password", Role.ADMIN, "correct horse battery")
    browser = server.browser("with password")
    key = browser.headers.pop("X-Form-Key")
    body = is_problem(browser.post("/api/v1/tasks/next"), 403)
    assert body["type"] == "urn:gouji:problem:forged"
    is_problem(browser.post("/api/v1/tasks/next", headers={"X-Form-Key": "0" * 64}), 403)
    assert browser.post("/logout", data={"form_key": "0" * 64}).status_code == 403
    assert browser.post("/logout", files={"form_key": (None, key)}).status_code == 403
    assert browser.post("/api/v1/tasks/next", headers={"X-Form-Key": key}).status_code == 200


def test_large_requests_are_refused(server: Running) -> None:
    client = server.program("the admin")
    limit = server.settings.request_kilobytes << 10
    is_problem(client.post("/api/v1/tasks/1/check", content=b"x" * (limit + 1)), 413)

    def drops() -> object:
        for _ in range(limit // 1000 + 2):
            yield b"x" * 1000

    is_problem(client.post("/api/v1/tasks/1/comments", content=drops()), 413)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("method", "path", "content", "status"),
    [
        ("GET", "/api/v1/nowhere", None, 404),
        ("DELETE", "/api/v1/me", None, 405),
        ("GET", "/api/v1/tasks/next", None, 405),
        ("GET", "/api/v1/documents/nonsense", None, 422),
        ("GET", "/api/v1/documents/" + "0" * 16, None, 404),
        ("GET", "/api/v1/documents?limit=0", None, 422),
        ("GET", "/api/v1/documents?after=nonsense", None, 422),
        ("GET", "/api/v1/documents?department=%00", None, 422),
        ("GET", "/api/v1/tasks/99999999999999999999", None, 422),
        ("POST", "/api/v1/tasks/1/comments", "{not json", 422),
        ("POST", "/api/v1/tasks/1/comments", '{"text": "a\\u0000b"}', 422),
        ("POST", "/api/v1/tasks/1/comments", '{"text": "\\ud800"}', 422),
        ("POST", "/api/v1/tasks/1/comments", '{"text": "a", "more": 1}', 422),
        ("POST", "/api/v1/tasks/1/comments", "[" * 100_000, 400),
    ],
)
def test_errors_are_problems(server: Running, method: str, path: str, content: str | None, status: int) -> None:
    headers = {"content-type": "application/json"} if content else {}
    is_problem(server.program("the admin").request(method, path, content=content, headers=headers), status)


def test_errors_do_not_repeat_what_was_sent(server: Running) -> None:
    client = server.program("the admin")
    answer = client.post("/api/v1/tasks/1/verdicts", json={"version": "a secret", "action": "another secret"})
    assert "secret" not in json.dumps(is_problem(answer, 422))


def test_unforeseen_errors_say_nothing(server: Running, monkeypatch: pytest.MonkeyPatch, logged: Lines) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("a secret of the database")

    client = server.program("the admin")
    monkeypatch.setattr(Desk, "state", broken)
    body = is_problem(client.get("/api/v1/tasks/1"), 500)
    assert "secret" not in json.dumps(body)
    assert "secret" not in logged.text
    [line] = [each for each in logged.records if each.getMessage() == "unforeseen"]
    assert "RuntimeError" in vars(line)["where"]


def test_the_log_tells_who_asked_for_what(server: Running, logged: Lines) -> None:
    server.program("the lead").get("/api/v1/documents", params={"department": "某市统计局"})
    lines: list[dict[str, object]] = []
    while not lines:  # the line is written once the answer is sent
        lines = [vars(each) for each in logged.records if getattr(each, "path", None) == "/api/v1/documents"]
    [line] = lines
    assert (line["method"], line["path"], line["status"], line["actor"]) == (
        "GET",
        "/api/v1/documents",
        200,
        "the lead",
    )
    assert isinstance(line["ms"], float)
    assert "某市统计局" not in logged.text


def test_paths_lead_out_of_no_folder(server: Running) -> None:
    for path in ("/static/../access.py", "/static/%2e%2e/access.py", "/static/..%2faccess.py"):
        with socket.create_connection(("127.0.0.1", int(server.address.rsplit(":", 1)[1]))) as connection:
            connection.sendall(f"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".encode())
            answer = connection.makefile("rb").read()
        assert answer.startswith(b"HTTP/1.1 404")
