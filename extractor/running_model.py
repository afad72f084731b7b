"""Many files read with a model: loaded by other processes, read by one event loop, one outcome a file."""

import asyncio
import multiprocessing
from collections import Counter, deque
from collections.abc import AsyncGenerator, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import aclosing
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from extractor.collecting import collect_seldom
from extractor.documents.disclosure import Disclosure, prepare
from extractor.documents.loading import load
from extractor.errors import ConfigurationError
from extractor.outputs.render import Wanted, render_wanted
from extractor.outputs.report.part import Original
from extractor.pipeline_model import extract_with_model
from extractor.reading.llm import BudgetReached, Ledger, Mode
from extractor.running import Outcome
from extractor.settings import ModelSettings
from schemas.base import GoujiError

AHEAD = 2
"""Files that are loaded ahead of the ones being read, a process."""


class ModelRun:
    """The reading of many files with one model, and the account of it."""

    def __init__(self, settings: ModelSettings) -> None:
        self.ledger = Ledger(settings)
        self._settings = settings

    def extract(self, paths: Sequence[Path], jobs: int, wanted: Wanted, mode: Mode) -> Iterator[Outcome]:
        """The outcome of every file, as they come; a file that is not read comes with its reason.

        Loading takes `jobs` processes. When the budget is used up or the server refuses the key or the model, the
        files left over come out unread with that reason; the same call made again goes on from there.
        """
        collect_seldom()
        left = Counter(paths)
        loop = asyncio.new_event_loop()
        outcomes = _Files(paths, jobs, wanted, self._settings, mode, self.ledger).outcomes()
        try:
            while (outcome := loop.run_until_complete(anext(outcomes, None))) is not None:
                left[outcome.path] -= 1
                yield outcome
        except (ConfigurationError, BudgetReached) as error:
            for path in left.elements():
                yield Outcome(path, reason=f"{path.name}: {error}")
        finally:
            loop.run_until_complete(outcomes.aclose())
            loop.run_until_complete(loop.shutdown_asyncgens())
            loop.close()

    def account(self) -> str:
        """One line on what was asked of the model, and what that cost."""
        total, price = self.ledger.total, self._settings.price
        money = total.money(price)
        parts = [
            f"{total.requests} requests ({total.retries} repeated)",
            f"{total.input:,} tokens sent ({total.cached:,} from the provider's cache), {total.output:,} answered",
            f"{money:.4f} {price.currency}" if money is not None and price is not None else "no price configured",
        ]
        return f"模型 {self._settings.model}: {'; '.join(parts)}"


@dataclass
class _Files:
    paths: Sequence[Path]
    jobs: int
    wanted: Wanted
    settings: ModelSettings
    mode: Mode
    ledger: Ledger
    _unreadable: list[Outcome] = field(default_factory=list)
    _underway: dict[str, list[Original]] = field(default_factory=dict)

    async def outcomes(self) -> AsyncGenerator[Outcome, None]:
        documents = extract_with_model(self._loaded(), self.settings, self.mode, self.ledger)
        async with aclosing(documents):
            async for extraction in documents:
                original = self._underway[extraction.document.id].pop()
                yield Outcome(original.path, render_wanted(extraction, self.wanted, original))
                while self._unreadable:
                    yield self._unreadable.pop()
        while self._unreadable:
            yield self._unreadable.pop()

    async def _loaded(self) -> AsyncGenerator[Disclosure, None]:
        """The files as prepared documents, some loaded ahead; those that can't be are set aside with their reason."""
        waiting = iter(self.paths)
        ahead: deque[tuple[Path, asyncio.Future[Disclosure]]] = deque()
        pool = _pool(self.jobs)
        try:
            while True:
                for path in islice(waiting, self.jobs + AHEAD - len(ahead)):
                    ahead.append((path, _loading(pool, path)))
                if not ahead:
                    return
                path, future = ahead.popleft()
                try:
                    yield self._noted(path, await future)
                except GoujiError as error:
                    self._unreadable.append(Outcome(path, reason=str(error)))
                except BrokenProcessPool:  # one of the files under way took its process down
                    pool = _pool(self.jobs)
                    ahead = deque((other, _loading(pool, other)) for other, _ in ahead)
                    disclosure = await self._alone(path)
                    if disclosure is not None:
                        yield self._noted(path, disclosure)
        finally:
            pool.shutdown(cancel_futures=True)

    async def _alone(self, path: Path) -> Disclosure | None:
        """One file in a process of its own."""
        with _pool(1) as pool:
            try:
                return await _loading(pool, path)
            except GoujiError as error:
                reason = str(error)
            except BrokenProcessPool:
                reason = f"{path.name}: reading it crashed the process; the file is probably damaged"
        self._unreadable.append(Outcome(path, reason=reason))
        return None

    def _noted(self, path: Path, disclosure: Disclosure) -> Disclosure:
        self._underway.setdefault(disclosure.loaded.id, []).append(Original(disclosure, path))
        return disclosure


def _pool(jobs: int) -> ProcessPoolExecutor:
    return ProcessPoolExecutor(jobs, mp_context=multiprocessing.get_context("spawn"))


def _loading(pool: ProcessPoolExecutor, path: Path) -> "asyncio.Future[Disclosure]":
    return asyncio.get_running_loop().run_in_executor(pool, _load, path)


def _load(path: Path) -> Disclosure:
    return prepare(load(path))
