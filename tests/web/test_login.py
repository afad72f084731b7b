"""Logging in and out, and what guessing and forging lead to."""

import re
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from servers import PASSWORD, Lines, Running, is_problem, log_in, serving

from extractor.storage.people import AttemptRow, Role, SessionRow, TokenRow, UserRow
from extractor.storage.types import now
from extractor.web import accounts, keys


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A server that lets few attempts fail."""
    folder = tmp_path_factory.mktemp("house")
    with serving(str(folder / "gouji.sqlite"), folder, attempts_pair=3, attempts_address=6) as running:
        running.add("王芳", Role.REVIEWER, PASSWORD)
        yield running


@pytest.fixture
def door(house: Running) -> Running:
    """The server with one account and its password, nobody logged in, nothing attempted yet."""
    with house.database.transaction() as session:
        for table in (SessionRow, TokenRow, AttemptRow):
            session.execute(sa.delete(table))
        session.execute(sa.update(UserRow).values(active=True, password=accounts.hashed(PASSWORD)))
    return house


def test_a_session_from_login_to_logout(door: Running) -> None:
    client = door.client()
    sent = client.get("/api/v1/me")
    is_problem(sent, 401)
    answer = log_in(client, "王芳", PASSWORD, next="/tasks/3")
    assert (answer.status_code, answer.headers["location"]) == (303, "/tasks/3")
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie
    assert client.get("/api/v1/me").json()["name"] == "王芳"
    key = client.cookies["gouji"]
    assert client.post("/logout", data={"form_key": keys.form_key(key)}).status_code == 303
    client.cookies.set("gouji", key)
    is_problem(client.get("/api/v1/me"), 401)


def test_cookies_insist_on_https_where_there_is(tmp_path: Path) -> None:
    with serving(str(tmp_path / "gouji.sqlite"), tmp_path, secure_cookies=True) as running:
        response = running.client().get("/login")
    assert response.headers["set-cookie"].startswith("__Host-gouji-visit=")
    assert "secure" in response.headers["set-cookie"].lower()
    assert "max-age" in response.headers["strict-transport-security"]


def test_pages_send_to_the_login_and_back(door: Running) -> None:
    answer = door.client().get("/logout")
    assert answer.status_code in (404, 405)
    answer = door.client().post("/logout")
    assert (answer.status_code, answer.headers["location"]) == (303, "/login")


@pytest.mark.parametrize("target", ["//evil.example", "https://evil.example", "/\\evil.example", "/a\nb"])
def test_login_leads_nowhere_else(door: Running, target: str) -> None:
    assert log_in(door.client(), "王芳", PASSWORD, next=target).headers["location"] == "/"


@pytest.mark.parametrize(("name", "password"), [("王芳", "wrong password"), ("nobody", PASSWORD), ("王芳", "")])
def test_wrong_is_wrong_without_saying_what(door: Running, name: str, password: str) -> None:
    answer = log_in(door.client(), name, password or "x" * 300)
    assert answer.status_code == 401
    assert "用户名或密码不对" in answer.text


def test_guesses_are_slowed_down_and_right_passwords_come_through(door: Running) -> None:
    client = door.client()
    for _ in range(3):
        assert log_in(client, "王芳", "guess guess guess").status_code == 401
    answer = log_in(client, "王芳", PASSWORD)
    assert answer.status_code == 429
    assert 0 < int(answer.headers["retry-after"]) <= 15 * 60
    with door.database.transaction() as session:
        session.execute(sa.update(AttemptRow).values(made_at=now() - timedelta(minutes=16)))
    assert log_in(client, "王芳", PASSWORD).status_code == 303


def test_guesses_over_many_names_are_slowed_down_by_address(door: Running) -> None:
    client = door.client()
    outcomes = [log_in(client, f"name {number}", "guess guess guess").status_code for number in range(8)]
    assert outcomes == [401] * 6 + [429] * 2


def test_guesses_made_at_once_count_too(door: Running) -> None:
    clients = [door.client() for _ in range(12)]
    with ThreadPoolExecutor(12) as pool:
        outcomes = list(pool.map(lambda client: log_in(client, "王芳", "guess guess guess").status_code, clients))
    assert outcomes.count(401) <= 3
    assert set(outcomes) == {401, 429}


def test_the_form_must_be_ours(door: Running) -> None:
    client = door.client()
    client.get("/login")
    answer = client.post("/login", data={"name": "王芳", "password": PASSWORD, "form_key": "0" * 64})
    assert answer.status_code == 403
    assert "gouji=" not in answer.headers.get("set-cookie", "").replace("gouji-visit=", "")


def test_names_in_pages_are_text(door: Running) -> None:
    answer = log_in(door.client(), "<script>alert(1)</script>", "wrong password")
    assert "<script>" not in answer.text
    assert "&lt;script&gt;" in answer.text


def test_sessions_end(door: Running) -> None:
    expired, changed, disabled = (door.browser("王芳") for _ in range(3))
    with door.database.transaction() as session:
        row = session.get_one(SessionRow, keys.trace(expired.cookies["gouji"]))
        row.expires_at = now() - timedelta(seconds=1)
    is_problem(expired.get("/api/v1/me"), 401)
    with door.database.transaction() as session:
        accounts.set_password(session, accounts.named(session, "王芳"), "another good password")
    is_problem(changed.get("/api/v1/me"), 401)
    disabled = door.browser("王芳", "another good password")
    with door.database.transaction() as session:
        accounts.named(session, "王芳").active = False
    is_problem(disabled.get("/api/v1/me"), 401)


def test_what_is_kept_opens_nothing(door: Running) -> None:
    browser = door.browser("王芳")
    token = door.token("王芳")
    with door.database.transaction() as session:
        hash_ = session.scalars(sa.select(UserRow.password)).one()
        session_key = session.scalars(sa.select(SessionRow.key)).one()
        token_key = session.scalars(sa.select(TokenRow.key)).one()
    assert hash_ is not None
    assert hash_.startswith("$argon2id$")
    assert PASSWORD not in hash_
    assert browser.cookies["gouji"] != session_key
    thief = door.client()
    thief.cookies.set("gouji", session_key)
    is_problem(thief.get("/api/v1/me"), 401)
    assert token != token_key
    is_problem(door.client(Authorization=f"Bearer {token_key}").get("/api/v1/me"), 401)


def test_nothing_secret_is_logged_or_kept_in_the_log(door: Running, logged: Lines) -> None:
    browser = door.browser("王芳")
    token = door.token("王芳")
    secrets = [PASSWORD, token, browser.cookies["gouji"], keys.form_key(browser.cookies["gouji"])]
    log_in(door.client(), PASSWORD, "a wrong password")  # the password typed where the name belongs
    log_in(door.client(), "王芳", "a wrong password")
    program = door.client(Authorization=f"Bearer {token}")
    program.get("/api/v1/me", params={"token": token})
    program.get("/api/v1/documents", params={"after": token})
    program.post("/api/v1/jobs", content=f'{{"name": "{token}"', headers={"content-type": "application/json"})
    door.client(Authorization=f"Bearer {token}x").get("/api/v1/me")
    browser.post("/logout")
    assert sum(record.getMessage() == "request" for record in logged.records) >= 10
    for secret in [*secrets, "a wrong password"]:
        assert secret not in logged.text
    raw = door.database.file.read_bytes() if door.database.file else b""
    wal = door.database.file.with_name("gouji.sqlite-wal").read_bytes() if door.database.file else b""
    for secret in [*secrets, "a wrong password"]:
        assert secret.encode() not in raw + wal


def test_tokens_expire_and_can_be_revoked(door: Running) -> None:
    good, old, gone = door.token("王芳"), door.token("王芳", days=-1), door.token("王芳")
    with door.database.transaction() as session:
        row = session.scalars(sa.select(TokenRow).where(TokenRow.key == keys.trace(gone))).one()
        keys.revoke(session, row.id)
    assert door.client(Authorization=f"Bearer {good}").get("/api/v1/me").status_code == 200
    for token in (old, gone, "gouji_nonsense"):
        answer = door.client(Authorization=f"Bearer {token}").get("/api/v1/me")
        is_problem(answer, 401)
        assert answer.headers["www-authenticate"] == "Bearer"


def test_passwords_are_hashed_as_they_should_be() -> None:
    """Argon2id with 64 MB (RFC 9106, second choice), checked as servers run."""
    command = "from extractor.web.accounts import hashed; print(hashed('correct horse battery'))"
    made = subprocess.run([sys.executable, "-c", command], capture_output=True, text=True, check=True).stdout
    assert re.match(r"\$argon2id\$v=19\$m=65536,t=3,p=4\$", made)


@pytest.mark.parametrize("password", ["", "too short", "x" * 201])
def test_passwords_have_a_decent_length(password: str) -> None:
    with pytest.raises(accounts.BadAccount):
        accounts.hashed(password)
