"""`gouji eval label …`: a template to fill in by hand, and settled reviews as labels."""

from collections.abc import Iterable
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
        list[Path],
        typer.Argument(
            metavar="EXTRACTION…",
            help="Settled extractions: files, folders of them, or the review server's extractions.jsonl.",
        ),
    ],
    folder: Annotated[Path, typer.Option("--out", help="One label file a document goes here.")] = Path("out/labels"),
    split: Annotated[Split, typer.Option(help="The split the labels belong to.")] = Split.HELD_OUT,
    region: Annotated[str, typer.Option(help="The region, for scores by region.")] = "",
) -> None:
    """Settled reviews as labels: what people left in an extraction counts as what the document says."""
    from evals.reviews import read_extractions

    _write(((each, region) for path in extractions for each in read_extractions(path)), folder, split)


@app.command("review")
def from_review(
    database: Annotated[str, typer.Argument(help="The database of gouji serve, or out/review.sqlite of gouji review.")],
    folder: Annotated[Path, typer.Option("--out", help="One label file a document goes here.")] = Path("out/labels"),
    split: Annotated[Split, typer.Option(help="The split the labels belong to.")] = Split.HELD_OUT,
) -> None:
    """Every document whose review is finished, as labels."""
    from extractor.review.finished import finished
    from extractor.storage.database import open_database

    if "://" not in database and not Path(database).is_file():
        fail(f"{database}: 没有这个数据库 (there is no such database)")
    try:
        opened = open_database(database)
    except GoujiError as error:
        fail(str(error), 1)
    with opened.transaction() as session:
        _write(((each.extraction, each.region or "") for each in finished(session)), folder, split)
    opened.close()


def _write(reviews: "Iterable[tuple[Extraction, str]]", folder: Path, split: Split) -> None:
    """A label file for every settled extraction with its region; 1 as the exit status where one is not settled."""
    from evals.reviews import settled_labels

    written = refused = 0
    try:
        for extraction, region in reviews:
            try:
                labels = settled_labels(extraction, split, region)
            except LabelError as error:
                out.print(f"[red]✗[/] {error}", highlight=False)
                refused += 1
                continue
            folder.mkdir(parents=True, exist_ok=True)
            write_labels(labels, folder / f"{extraction.document.id}.json")
            out.print(f"{extraction.document.name}: {labels.notes[0]}", highlight=False)
            written += 1
    except GoujiError as error:
        fail(str(error), 1)
    out.print(f"→ {folder}  {written} 份标注 label files", highlight=False)
    if refused:
        raise typer.Exit(1)
