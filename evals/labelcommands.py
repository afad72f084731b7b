"""`gouji eval label …`: a template to fill in by hand, and settled reviews as labels."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from evals.labels import LabelError, Split, write_labels
from extractor.cli import fail, out
from schemas.base import GoujiError

if TYPE_CHECKING:
    from schemas.extraction import Extraction

app = typer.Typer(name="label", help="标注 Make labels.", no_args_is_help=True)


@app.command()
def export(
    document: Annotated[Path, typer.Argument(help="A disclosure.")],
    folder: Annotated[Path, typer.Option("--out", help="Where labels.json and marked.txt go.")] = Path("out/labels"),
    draft: Annotated[
        bool, typer.Option("--draft", help="Fill in what the rules read. Such labels are no independent truth.")
    ] = False,
) -> None:
    """A template of labels for a document, and its text with every figure marked by its id."""
    from evals.labelling import template
    from extractor.documents.disclosure import prepare
    from extractor.documents.loading import load
    from extractor.pipeline import extract

    try:
        disclosure = prepare(load(document))
        labels, marked = template(disclosure, extract(document).records if draft else ())
    except GoujiError as error:
        fail(str(error), 1)
    folder.mkdir(parents=True, exist_ok=True)
    if (folder / "labels.json").exists():
        fail(f"{folder}/labels.json: 已经存在 (exists already; labels are not written over)")
    write_labels(labels, folder / "labels.json")
    (folder / "marked.txt").write_text(marked, encoding="utf-8")
    out.print(f"→ {folder}/labels.json · marked.txt  ({len(labels.figures)} 个数字 figures)", highlight=False)


@app.command("import")
def import_(
    extractions: Annotated[
        list[Path], typer.Argument(metavar="EXTRACTION…", help="Settled extractions (documents/<id>.json), or folders.")
    ],
    folder: Annotated[Path, typer.Option("--out", help="One label file a document goes here.")] = Path("out/labels"),
    split: Annotated[Split, typer.Option(help="The split the labels belong to.")] = Split.HELD_OUT,
    region: Annotated[str, typer.Option(help="The region, for scores by region.")] = "",
) -> None:
    """Settled reviews as labels: what a reviewer left in an extraction counts as what the document says."""
    from evals.labelling import settled

    files = [file for path in extractions for file in (sorted(path.glob("**/*.json")) if path.is_dir() else [path])]
    if not files:
        fail("没有找到抽取结果 (no extraction there)")
    folder.mkdir(parents=True, exist_ok=True)
    refused = 0
    for file in files:
        try:
            labels = settled(_read(file), split, region)
        except GoujiError as error:
            out.print(f"[red]✗[/] {error}", highlight=False)
            refused += 1
            continue
        target = folder / f"{file.stem}.json"
        write_labels(labels, target)
        out.print(f"→ {target}", highlight=False)
    raise typer.Exit(int(refused > 0))


@app.command("review")
def from_review(
    database: Annotated[str, typer.Argument(help="The database of gouji serve, or out/review.sqlite of gouji review.")],
    folder: Annotated[Path, typer.Option("--out", help="One label file a document goes here.")] = Path("out/labels"),
    split: Annotated[Split, typer.Option(help="The split the labels belong to.")] = Split.HELD_OUT,
) -> None:
    """Every document whose review is finished, as labels."""
    from evals.labelling import settled
    from extractor.review.finished import finished
    from extractor.storage.database import open_database

    if "://" not in database and not Path(database).is_file():
        fail(f"{database}: 没有这个数据库 (there is no such database)")
    written = refused = 0
    try:
        opened = open_database(database)
        with opened.transaction() as session:
            for each in finished(session):
                try:
                    labels = settled(each.extraction, split, each.region or "")
                except LabelError as error:
                    out.print(f"[red]✗[/] {error}", highlight=False)
                    refused += 1
                    continue
                folder.mkdir(parents=True, exist_ok=True)
                write_labels(labels, folder / f"{each.extraction.document.id}.json")
                written += 1
        opened.close()
    except GoujiError as error:
        fail(str(error), 1)
    out.print(f"→ {folder}  {written} 份标注 label files", highlight=False)
    raise typer.Exit(int(refused > 0))


def _read(file: Path) -> "Extraction":
    from pydantic import ValidationError

    from schemas.extraction import Extraction

    try:
        return Extraction.model_validate_json(file.read_bytes())
    except OSError as error:
        raise LabelError(f"{file}: 读不了 (cannot be read): {error.strerror}") from None
    except ValidationError:
        raise LabelError(f"{file}: 不是抽取结果 (not an extraction)") from None
