"""What processes do with files in tests; a module, so that they can import it."""

import ctypes
import os
import time
from pathlib import Path

from extractor.processes import Link, Outcome

CRASH = "crash"


def by_name(link: Link) -> None:
    """Do what the names of files say: `crash`, or take so many seconds; two files at a time."""
    link.ask()
    link.ask()
    while True:
        path = link.receive()
        if path.stem == CRASH:
            ctypes.string_at(0)
        time.sleep(float(path.suffix or 0))
        link.tell(Outcome(path, reason=str(os.getpid())))
        link.ask()


def never(_: Link) -> None:
    """End before a file is asked for."""
    os._exit(3)


_reading: set[Path] = set()
_read: set[Path] = set()


async def read_or_crash(session: object, path: Path) -> Outcome:
    """Read a file with a model, or crash where that is its name, once the others of its process are read; what was
    found out about those is not told any more."""
    import asyncio

    from extractor.model_files import read_file
    from extractor.outputs.render import Wanted
    from extractor.reading.llm import Mode, Session

    assert isinstance(session, Session)
    if path.stem == CRASH:
        _reading.add(path)
        begun = time.monotonic()
        while len(_reading) > 1 or (not _read and time.monotonic() < begun + 0.5):  # alone, it waits for nobody
            await asyncio.sleep(0.01)
        ctypes.string_at(0)
    _reading.add(path)
    outcome = await read_file(session, path, Wanted(), Mode.LLM)
    _reading.remove(path)
    _read.add(path)
    while any(each.stem == CRASH for each in _reading):
        await asyncio.sleep(0.01)
    return outcome
