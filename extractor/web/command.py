"""`gouji review`, `gouji serve`, `gouji users …`. Nothing of the server is imported before one of them runs."""

import contextlib
import getpass
import json
import sys
import webbrowser
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer
from rich.console import Console
from rich.table import Table

from schemas.base import GoujiError

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

users = typer.Typer(help="用户 Accounts of the review server.", no_args_is_help=True)
out = Console()
err = Console(stderr=True)

PORT = 8750

DatabaseOption = Annotated[
    str | None, typer.Option("--database", help="A file or postgresql://…; GOUJI_DATABASE, else gouji.sqlite.")
]
NameArgument = Annotated[str, typer.Argument(metavar="NAME", help="The account's name.")]
StdinOption = Annotated[bool, typer.Option("--password-stdin", help="Read the password from standard input.")]


class RoleName(StrEnum):
    """The roles; each may do what the ones before it may."""

    REVIEWER = "reviewer"
    LEAD = "lead"
    ADMIN = "admin"


def _fail(message: str, status: int = 1) -> NoReturn:
    err.print(f"[bold red]✗[/] {message}", highlight=False)
    raise typer.Exit(status)


@contextlib.contextmanager
def _in_words() -> Iterator[None]:
    try:
        yield
    except GoujiError as error:
        _fail(str(error))


def review(
    folder: Annotated[Path, typer.Argument(metavar="RUN_FOLDER", help="What gouji extract wrote.")] = Path("out"),
    port: Annotated[int, typer.Option(help="0 takes a free one.", min=0, max=65535)] = 0,
    show: Annotated[bool, typer.Option("--open", help="Open it in the browser.")] = False,
    name: Annotated[str | None, typer.Option("--as", help="The name in the log; by default yours here.")] = None,
) -> None:
    """Review the last extraction alone, on this machine, without login."""
    from extractor.storage.database import open_database
    from extractor.web.runfolder import CACHE, DATABASE, import_run
    from extractor.web.server import serve as listen
    from extractor.web.settings import load_web_settings

    with _in_words():
        database = (
            open_database(folder / DATABASE) if folder.is_dir() else _fail(f"{folder}: 没有这个文件夹 (no such folder)")
        )
        with err.status("正在载入提取结果 loading the extraction"):
            done = import_run(database, folder)
        database.close()
        for reason in done.failed:
            err.print(f"[bold red]✗[/] {reason}", highlight=False)
        if not done.new and not done.known:
            _fail("没有可复核的文件 (nothing to review)")
        settings = load_web_settings(
            database=str(folder / DATABASE),
            cache=folder / CACHE,
            single_user=name or _user(),
            files=str(folder / ".files"),
        )
        listen(settings, "127.0.0.1", port, lambda address: _ready(address, done.new + done.known, show), quiet=True)


def _ready(address: str, documents: int, show: bool) -> None:
    out.print(f"{documents} 份文件 documents → [bold]{address}[/]  (Ctrl+C)", highlight=False)
    if show:
        webbrowser.open(address)


def serve(
    host: Annotated[str, typer.Option(help="The address to listen on; 0.0.0.0 for all.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535)] = PORT,
    database: DatabaseOption = None,
    certificate: Annotated[Path | None, typer.Option("--tls-certificate", help="PEM file; with it, https.")] = None,
    key: Annotated[Path | None, typer.Option("--tls-key", help="PEM file of its key.")] = None,
) -> None:
    """Serve the review queue and the API to a team that logs in."""
    from extractor.web.server import serve as listen
    from extractor.web.settings import LOOPBACK, load_web_settings

    with _in_words():
        settings = load_web_settings(database=database, tls_certificate=certificate, tls_key=key)
        settings = settings.model_copy(update={"single_user": None})
        with _session(settings.database) as session:
            _warn_without_users(session)
        if host not in LOOPBACK and not settings.secure:
            err.print(
                "[yellow]![/] 未启用 https，密码将明文传输 (passwords travel in the clear: give --tls-certificate and"
                " --tls-key, or put a proxy with https before it and set GOUJI_SECURE_COOKIES=true)",
                highlight=False,
            )
        listen(settings, host, port, lambda address: out.print(f"→ [bold]{address}[/]", highlight=False))


def _warn_without_users(session: "Session") -> None:
    from extractor.web.accounts import everyone

    if not any(user.password for user in everyone(session)):
        err.print("[yellow]![/] 还没有用户 (nobody can log in yet): gouji users add NAME --role admin", highlight=False)


@contextlib.contextmanager
def _session(database: str | None) -> Iterator["Session"]:
    """A transaction on the configured database; errors become sentences."""
    from extractor.storage.database import open_database
    from extractor.web.settings import load_web_settings

    with _in_words():
        opened = open_database(load_web_settings(database=database).database)
        try:
            with opened.transaction() as session:
                yield session
        finally:
            opened.close()


def _user() -> str:
    try:
        return getpass.getuser()[:60]
    except (KeyError, OSError):
        return "reviewer"


def _note(session: "Session", action: str, **detail: object) -> None:
    from extractor.review.actors import Actor, Channel, note
    from extractor.storage.people import Role

    note(session, Actor(_user(), Role.ADMIN, Channel.CLI), action, **detail)  # type: ignore[arg-type]


def _password(from_stdin: bool) -> str:
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    given: str = typer.prompt("密码 Password", hide_input=True, confirmation_prompt="再次输入 Again")
    return given


@users.command()
def add(
    name: NameArgument,
    role: Annotated[RoleName, typer.Option(help="What they may do.")] = RoleName.REVIEWER,
    from_stdin: StdinOption = False,
    database: DatabaseOption = None,
) -> None:
    """Add an account; asks for its password."""
    from extractor.storage.people import Role
    from extractor.web import accounts

    password = _password(from_stdin)
    with _session(database) as session:
        accounts.add(session, name, Role(role.value), password)
        _note(session, "user-add", user=name, role=role.value)
    out.print(f"{name} · {role.value}", highlight=False)


@users.command(name="list")
def list_(
    as_json: Annotated[bool, typer.Option("--json", help="For programs.")] = False, database: DatabaseOption = None
) -> None:
    """All accounts."""
    from extractor.web import accounts

    with _session(database) as session:
        lines: list[dict[str, Any]] = [
            {
                "name": user.name,
                "role": user.role,
                "active": user.active,
                "login": user.password is not None,
                "tokens": accounts.token_count(session, user),
                "created_at": user.created_at.isoformat(timespec="seconds"),
            }
            for user in accounts.everyone(session)
        ]
    if as_json:
        for line in lines:
            sys.stdout.write(json.dumps(line, ensure_ascii=False) + "\n")
        return
    table = Table(
        "用户 name", "角色 role", "启用 active", "令牌 tokens", "建立 created", show_edge=False, pad_edge=False
    )
    for line in lines:
        active = "✓" if line["active"] else "✗"
        table.add_row(line["name"], line["role"], active, str(line["tokens"]), line["created_at"])
    out.print(table)


@users.command()
def disable(name: NameArgument, database: DatabaseOption = None) -> None:
    """Let nobody in with an account any more, at once."""
    from extractor.web import accounts

    with _session(database) as session:
        accounts.disable(session, accounts.named(session, name))
        _note(session, "user-disable", user=name)


@users.command()
def enable(name: NameArgument, database: DatabaseOption = None) -> None:
    """Let an account in again."""
    from extractor.web import accounts

    with _session(database) as session:
        accounts.enable(session, accounts.named(session, name))
        _note(session, "user-enable", user=name)


@users.command()
def role(name: NameArgument, role: Annotated[RoleName, typer.Argument()], database: DatabaseOption = None) -> None:
    """Give an account another role."""
    from extractor.storage.people import Role
    from extractor.web import accounts

    with _session(database) as session:
        accounts.set_role(session, accounts.named(session, name), Role(role.value))
        _note(session, "user-role", user=name, role=role.value)


@users.command()
def password(name: NameArgument, from_stdin: StdinOption = False, database: DatabaseOption = None) -> None:
    """Give an account another password; it is logged out everywhere."""
    from extractor.web import accounts

    given = _password(from_stdin)
    with _session(database) as session:
        accounts.set_password(session, accounts.named(session, name), given)
        _note(session, "user-password", user=name)


@users.command()
def token(
    name: NameArgument,
    scopes: Annotated[str, typer.Option(help="read, review, submit, export; several with commas.")] = "read",
    label: Annotated[str, typer.Option(help="What it is for.")] = "api",
    days: Annotated[
        float | None, typer.Option(help="How long it counts; without it, until it is revoked.", min=0)
    ] = None,
    database: DatabaseOption = None,
) -> None:
    """Make a token for programs; it is printed this once and kept nowhere."""
    from extractor.review.actors import Scope
    from extractor.web import accounts, keys

    wanted = [each.strip() for each in scopes.split(",") if each.strip()]
    for each in wanted:
        if each not in [scope.value for scope in Scope]:
            _fail(f"--scopes {each}: not a scope; choose from {', '.join(Scope)}", 2)
    with _session(database) as session:
        user = accounts.named(session, name)
        made, row = keys.issue_token(session, user, label, [Scope(each) for each in wanted], days)
        _note(session, "token-add", user=name, token=row.id, scopes=row.scopes)
    sys.stdout.write(made + "\n")


@users.command()
def tokens(name: NameArgument, database: DatabaseOption = None) -> None:
    """An account's tokens, one JSON object a line; what they are is not kept."""
    from extractor.web import accounts, keys

    with _session(database) as session:
        for row in keys.tokens_of(session, accounts.named(session, name)):
            moments = {each: getattr(row, each) for each in ("created_at", "expires_at", "used_at", "revoked_at")}
            line = {"id": row.id, "label": row.name, "scopes": row.scopes, **moments}
            sys.stdout.write(json.dumps(line, ensure_ascii=False, default=str) + "\n")


@users.command()
def revoke(number: Annotated[int, typer.Argument(metavar="ID")], database: DatabaseOption = None) -> None:
    """Let a token count no more, at once."""
    from extractor.web import keys

    with _session(database) as session:
        keys.revoke(session, number)
        _note(session, "token-revoke", token=number)
