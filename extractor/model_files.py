"""One process's part of reading many files with a model: its event loop, its client, its share of limits and budget."""

import asyncio
import os
import threading
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from extractor.collecting import collect_seldom
from extractor.documents.disclosure import prepare
from extractor.documents.loading import load
from extractor.errors import ConfigurationError
from extractor.outputs.render import Wanted, render_wanted
from extractor.outputs.report.part import Original
from extractor.pipeline import checked
from extractor.pipeline_model import extract_in_session
from extractor.processes import Link, Outcome, failed
from extractor.reading.llm import Ledger, Mode, Session, model_session
from extractor.reading.llm.limits import Gate
from extractor.reading.llm.shares import Limits, keep_to_share
from extractor.settings import ModelSettings

ReadFile = Callable[[Session, Path], Awaitable[Outcome]]


@dataclass(frozen=True)
class Share:
    """What a process needs to ask: the model's settings, and the memory that it has in common with the others."""

    settings: ModelSettings
    seats: Any
    costs: Any


async def read_file(session: Session, path: Path, wanted: Wanted, mode: Mode) -> Outcome:
    """Load, read, check and render one file. Raises ConfigurationError when no file can be read."""
    try:
        disclosure = prepare(load(path))
        extraction = await extract_in_session(session, disclosure, mode)
        return Outcome(path, render_wanted(extraction, wanted, Original(disclosure, path)))
    except ConfigurationError:
        raise
    except Exception as error:
        return failed(path, error)


def read_with_model(link: Link, share: Share, read: ReadFile) -> None:
    """The work of a process: many files at once in one event loop."""
    collect_seldom()
    asyncio.run(_Reading(link, share, read).run())


class _Reading:
    def __init__(self, link: Link, share: Share, read: ReadFile) -> None:
        self._link = link
        self._share = share
        self._read = read
        self._given: asyncio.Queue[Path] = asyncio.Queue()
        self._running: set[asyncio.Task[None]] = set()

    async def run(self) -> None:
        """Take up files as long as there is room for their requests."""
        settings, gate = self._share.settings, Gate(0, None, None)
        threading.Thread(target=self._listen, args=(asyncio.get_running_loop(),), daemon=True).start()
        self._begin(keep_to_share(self._share.seats, Limits.of(settings), gate, self._link.seat))
        try:
            async with model_session(
                settings, checked, Ledger(settings, self._share.costs, self._link.seat), gate
            ) as session:
                while True:
                    await gate.room()
                    self._link.ask()
                    self._begin(self._one(session, await self._given.get()))
        except ConfigurationError as error:
            self._link.stop(error)

    async def _one(self, session: Session, path: Path) -> None:
        try:
            self._link.tell(await self._read(session, path))
        except ConfigurationError as error:
            self._link.stop(error)
        except OSError:
            os._exit(0)

    def _begin(self, work: Any) -> None:
        task = asyncio.ensure_future(work)
        self._running.add(task)
        task.add_done_callback(self._running.discard)

    def _listen(self, loop: asyncio.AbstractEventLoop) -> None:
        while True:
            try:
                path = self._link.receive()
            except (EOFError, OSError):
                os._exit(0)  # nobody is left to work for: leave at once, also in the middle of a document
            loop.call_soon_threadsafe(self._given.put_nowait, path)
