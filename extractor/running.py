"""Many files read by the rules, over several processes."""

import functools
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from extractor.collecting import collect_seldom
from extractor.documents.loading import SUFFIXES
from extractor.errors import LoadError
from extractor.processes import Link, Outcome, Sharing, context_for, failed

if TYPE_CHECKING:
    from extractor.outputs.render import Wanted

READING = ("extractor.pipeline", "extractor.outputs.render")
"""What a process that reads needs to import."""

READING_WITH_MODEL = ("extractor.model_files", "extractor.reading.llm.ready")
"""The same where a model reads."""


def find_files(inputs: Sequence[str]) -> list[Path]:
    """The files that paths, folders and patterns name, each once, in order.

    A folder stands for the documents in it, at any depth. Raises LoadError for a path that does not exist
    and for a pattern or folder that holds nothing to read.
    """
    found: dict[Path, None] = {}
    for given in inputs:
        path = Path(given)
        if path.is_dir():
            inside = [file for file in sorted(path.rglob("*")) if file.is_file() and _is_document(file)]
        elif path.exists():
            inside = [path]
        else:
            inside = sorted(file for file in Path().glob(given) if file.is_file()) if _is_pattern(given) else []
        if not inside:
            kinds = " ".join(SUFFIXES)
            raise LoadError(f"{given}: no document there; give a file, a folder or a pattern ({kinds})")
        found.update(dict.fromkeys(inside))
    return list(found)


def _is_document(file: Path) -> bool:
    return file.suffix.lower() in SUFFIXES and not any(part.startswith(".") for part in file.parts)


def _is_pattern(given: str) -> bool:
    return any(character in given for character in "*?[") and not Path(given).is_absolute()


def extract_files(paths: Sequence[Path], jobs: int, wanted: "Wanted") -> Iterator[Outcome]:
    """The outcome of every file with the rules reader, as they come. With one job all is done in this process."""
    if jobs <= 1:
        collect_seldom()
        yield from (_extract(path, wanted) for path in paths)
        return
    work = functools.partial(_read_files, wanted=wanted)
    yield from Sharing(paths, work, min(jobs, len(paths)), context_for(READING)).outcomes()


def _read_files(link: Link, wanted: "Wanted") -> None:
    """In a process of its own: read one file after the other."""
    collect_seldom()
    link.ask()
    while True:
        link.tell(_extract(link.receive(), wanted, link.ask))


def _extract(path: Path, wanted: "Wanted", read: Callable[[], None] = lambda: None) -> Outcome:
    """Read a file and render it; `read` is called in between: the next file can come while this one is rendered."""
    from extractor.documents.disclosure import prepare
    from extractor.documents.loading import load
    from extractor.outputs.render import render_wanted
    from extractor.outputs.report.part import Original
    from extractor.pipeline import extract_prepared

    try:
        try:
            disclosure = prepare(load(path))
            extraction = extract_prepared(disclosure)
        finally:
            read()
        return Outcome(path, render_wanted(extraction, wanted, Original(disclosure, path)))
    except Exception as error:
        return failed(path, error)
