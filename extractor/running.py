"""Many files over several processes: one file's failure, or a crash of its process, costs no other file."""

import multiprocessing
from collections.abc import Generator, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from pathlib import Path

from extractor.collecting import collect_seldom
from extractor.documents.loading import SUFFIXES
from extractor.errors import LoadError
from extractor.outputs.render import Rendered, Wanted, render_wanted
from extractor.outputs.report.part import Original
from schemas.base import GoujiError

AHEAD = 4
"""Files handed to the processes ahead of the ones they work on, a process; more would only hold memory."""

READING = ("extractor.pipeline", "extractor.outputs.report.part")
"""What a process that reads needs; the one that only gathers does without (0.4 s)."""


@dataclass(frozen=True)
class Outcome:
    """What became of one file: its rendered extraction, or the reason why there is none."""

    path: Path
    rendered: Rendered | None = None
    reason: str | None = None


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


def extract_files(paths: Sequence[Path], jobs: int, wanted: Wanted) -> Iterator[Outcome]:
    """The outcome of every file with the rules reader, as they come. With one job all is done in this process."""
    if jobs <= 1:
        collect_seldom()
        for path in paths:
            yield _extract(path, wanted)
        return
    waiting = list(reversed(paths))
    while waiting:
        crashed = yield from _in_pool(waiting, jobs, wanted)
        for path in crashed:  # one of these took the process down: each alone, to learn which
            yield _alone(path, wanted)


def _pool(jobs: int) -> ProcessPoolExecutor:
    """Processes that share what one of them imported, where the system can fork one without threads."""
    forks = "forkserver" in multiprocessing.get_all_start_methods()
    context = multiprocessing.get_context("forkserver" if forks else "spawn")
    context.set_forkserver_preload(list(READING))
    return ProcessPoolExecutor(jobs, mp_context=context, initializer=collect_seldom)


def _extract(path: Path, wanted: Wanted) -> Outcome:
    from extractor.documents.disclosure import prepare
    from extractor.documents.loading import load
    from extractor.pipeline import extract_prepared

    try:
        disclosure = prepare(load(path))
        return Outcome(path, render_wanted(extract_prepared(disclosure), wanted, Original(disclosure, path)))
    except GoujiError as error:
        return Outcome(path, reason=str(error))
    except MemoryError:
        return Outcome(path, reason=f"{path.name}: not enough memory for this document")
    except Exception as error:
        return Outcome(
            path, reason=f"{path.name}: an unforeseen error ({type(error).__name__}: {error}); please report it"
        )


def _in_pool(waiting: list[Path], jobs: int, wanted: Wanted) -> Generator[Outcome, None, list[Path]]:
    """Work until all is done or a process dies; returns the files that were under way then."""
    with _pool(jobs) as pool:
        running: dict[Future[Outcome], Path] = {}
        while waiting or running:
            while waiting and len(running) < jobs + AHEAD:
                path = waiting.pop()
                running[pool.submit(_extract, path, wanted)] = path
            done, _ = wait(running, return_when=FIRST_COMPLETED)
            for future in done:
                path = running.pop(future)
                try:
                    yield future.result()
                except BrokenProcessPool:
                    return [path, *running.values()]
    return []


def _alone(path: Path, wanted: Wanted) -> Outcome:
    """One file in a process of its own."""
    with _pool(1) as pool:
        try:
            return pool.submit(_extract, path, wanted).result()
        except BrokenProcessPool:
            return Outcome(path, reason=f"{path.name}: reading it crashed the process; the file is probably damaged")
