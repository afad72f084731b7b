"""`gouji review` and `gouji users` as people use them."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from disclosures import disclosure
from servers import Process, plain_client
from typer.testing import CliRunner

from extractor.cli import app
from extractor.storage.database import open_database
from extractor.web import accounts, keys
from extractor.web.runfolder import DATABASE, import_run

Starting = Callable[..., Process]


def _wrong(folder: Path, department: str, share: str = "占90.00%") -> Path:
    path = disclosure(folder, department)
    path.write_text(path.read_text(encoding="utf-8").replace("占100.00%", share), encoding="utf-8")
    return path


def gouji(*arguments: object, stdin: str | None = None, status: int = 0) -> str:
    result = CliRunner().invoke(app, [str(each) for each in arguments], input=stdin)
    assert result.exit_code == status, result.output
    return result.output


def test_a_run_is_reviewed_alone(tmp_path: Path, start: Starting) -> None:
    _wrong(tmp_path / "in", "某市统计局")
    _wrong(tmp_path / "in", "某市档案局")
    out = tmp_path / "out"
    gouji("extract", tmp_path / "in", "--out", out, "--jobs", 1)
    process = start("review", str(out), "--as", "我")
    assert process.address.startswith("http://127.0.0.1:")
    with plain_client(base_url=process.address) as client:
        assert client.get("/api/v1/me").json() == {
            "name": "我",
            "role": "admin",
            "scopes": ["export", "read", "review", "submit"],
        }
        assert len(client.get("/api/v1/documents").json()["items"]) == 2
        task = client.post("/api/v1/tasks/next").json()
        body = {"version": task["version"], "action": "document"}
        assert client.post(f"/api/v1/tasks/{task['id']}/verdicts", json=body).json()["status"] == "settled"
        assert client.get("/api/v1/me", headers={"Host": "evil.example"}).status_code == 400
        assert client.post("/api/v1/tasks/next", headers={"Origin": "http://evil.example"}).status_code == 403
        assert client.get("/api/v1/me", headers={"Authorization": "Bearer nonsense"}).status_code == 401
    assert process.stop() in (0, 130, -2)


def test_what_was_decided_outlives_the_same_extraction(tmp_path: Path) -> None:
    inputs, out = tmp_path / "in", tmp_path / "out"
    kept, changed = _wrong(inputs, "某市统计局"), _wrong(inputs, "某市档案局")
    gouji("extract", inputs, "--out", out, "--jobs", 1)
    database = open_database(out / DATABASE)
    assert import_run(database, out).new == 2
    gouji("extract", inputs, "--out", out, "--jobs", 1)
    again = import_run(database, out)
    assert (again.new, again.known) == (0, 2)
    changed.write_text(changed.read_text(encoding="utf-8").replace("占90.00%", "占80.00%"), encoding="utf-8")
    gouji("extract", inputs, "--out", out, "--jobs", 1)
    assert import_run(database, out) == type(again)(1, 1)
    with database.transaction() as session:
        from extractor.storage.models import DocumentRow

        assert session.query(DocumentRow).count() == 2, "what is in the folder no more goes"
    kept.unlink()
    changed.write_text("changed since", encoding="utf-8")
    (out / DATABASE).unlink()
    database.close()
    fresh = open_database(tmp_path / "fresh.sqlite")
    gone = import_run(fresh, out)
    assert (gone.new, len(gone.failed)) == (0, 2)
    fresh.close()


@pytest.mark.parametrize("folder", ["nowhere", "."])
def test_no_run_is_said_in_words(tmp_path: Path, folder: str) -> None:
    result = CliRunner().invoke(app, ["review", str(tmp_path / folder)])
    assert result.exit_code == 1
    assert "✗" in result.output
    assert "Traceback" not in result.output


def test_accounts_on_the_command_line(tmp_path: Path) -> None:
    at = ("--database", tmp_path / "gouji.sqlite")
    gouji("users", "add", "王芳", "--role", "admin", "--password-stdin", *at, stdin="correct horse battery\n")
    gouji("users", "add", "李明", *at, stdin="correct horse battery\ncorrect horse battery\n")
    assert "已有此用户" in gouji("users", "add", "李明", "--password-stdin", *at, stdin="long enough now\n", status=1)
    assert "10" in gouji("users", "add", "短", "--password-stdin", *at, stdin="short\n", status=1)
    token = gouji("users", "token", "李明", "--scopes", "read,review", "--days", 30, *at).strip()
    assert token.startswith(keys.TOKEN_MARK)
    assert "not a scope" in gouji("users", "token", "李明", "--scopes", "all", *at, status=2)
    lines: list[dict[str, Any]] = [json.loads(line) for line in gouji("users", "list", "--json", *at).splitlines()]
    found = {each["name"]: (each["role"], each["active"], each["tokens"]) for each in lines}
    assert found == {"王芳": ("admin", True, 0), "李明": ("reviewer", True, 1)}
    gouji("users", "role", "李明", "lead", *at)
    gouji("users", "disable", "李明", *at)
    assert "最后一名管理员" in gouji("users", "disable", "王芳", *at, status=1)
    gouji("users", "password", "王芳", "--password-stdin", *at, stdin="another good password\n")
    [listed] = [json.loads(line) for line in gouji("users", "tokens", "李明", *at).splitlines()]
    assert token not in json.dumps(listed)
    database = open_database(tmp_path / "gouji.sqlite")
    with database.transaction() as session:
        assert accounts.fits("another good password", accounts.named(session, "王芳").password)
        assert keys.use_of_token(session, token) is None, "disabled"
        accounts.enable(session, accounts.named(session, "李明"))
    with database.transaction() as session:
        assert keys.use_of_token(session, token) is not None
    gouji("users", "revoke", listed["id"], *at)
    with database.transaction() as session:
        assert keys.use_of_token(session, token) is None
    database.close()


def test_other_commands_do_not_wait_for_the_server() -> None:
    command = "import sys, extractor.cli; print([m for m in ('fastapi', 'argon2', 'sqlalchemy') if m in sys.modules])"
    made = subprocess.run([sys.executable, "-c", command], capture_output=True, text=True, check=True)
    assert made.stdout.strip() == "[]"


def test_without_login_only_on_this_machine(tmp_path: Path) -> None:
    from extractor.errors import ConfigurationError
    from extractor.web.server import serve
    from extractor.web.settings import WebSettings

    settings = WebSettings(database=str(tmp_path / "gouji.sqlite"), single_user="me")
    with pytest.raises(ConfigurationError, match="loopback"):
        serve(settings, "0.0.0.0", 0, print)
