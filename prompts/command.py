"""`gouji prompts …`: what is sent to a model, looked at without sending anything."""

from collections.abc import Callable
from pathlib import Path
from typing import Annotated, NoReturn, TypeVar

import typer
from rich.console import Console
from rich.table import Table

from prompts.loader import SHIPPED, Prompt, PromptError, difference, listing, prompts

_T = TypeVar("_T")

app = typer.Typer(name="prompts", help="提示词 What a model is told.", no_args_is_help=True)
Folder = Annotated[Path, typer.Option("--prompts", help="A folder of prompts instead of the shipped ones.")]


@app.command("list")
def list_(folder: Folder = SHIPPED) -> None:
    """One line a prompt: version, characters sent, hash, record types."""
    table = Table(show_edge=False, pad_edge=False, header_style="bold")
    for title in ("id", "version", "characters", "sha256", "records"):
        table.add_column(title, justify="right" if title in ("version", "characters") else "left")
    for id, version, characters, sha256, records in _checked(lambda: listing(folder)):
        table.add_row(id, str(version), f"{characters:,}", sha256, records)
    Console().print(table)


@app.command()
def show(id: str, folder: Folder = SHIPPED) -> None:
    """Print a prompt as it is sent, before the text of the sections."""
    typer.echo(_prompt(id, folder).system)


@app.command()
def diff(
    other: Annotated[Path, typer.Argument(help="Another folder of prompts.")],
    id: Annotated[str | None, typer.Argument(help="One prompt; all without it.")] = None,
    folder: Folder = SHIPPED,
) -> None:
    """What another folder of prompts sends otherwise."""
    typer.echo(_checked(lambda: difference(folder, other, id)) or "no difference")


def _checked(look: Callable[[], _T]) -> _T:
    """A wrong prompt file ends the call with a sentence and status 2."""
    try:
        return look()
    except PromptError as error:
        _fail(str(error))


def _fail(message: str) -> NoReturn:
    Console(stderr=True).print(f"[bold red]✗[/] {message}", highlight=False)
    raise typer.Exit(2)


def _prompt(id: str, folder: Path) -> Prompt:
    found = _checked(lambda: prompts(folder))
    if id not in found:
        _fail(f"{id}: no such prompt; there are {', '.join(found)}")
    return found[id]
