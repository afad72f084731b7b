"""Many files read with a model, over several processes that keep its limits and the budget together."""

import functools
from collections import Counter
from collections.abc import Iterator, Sequence
from multiprocessing.context import BaseContext
from pathlib import Path
from typing import TYPE_CHECKING

from extractor.errors import ConfigurationError
from extractor.processes import Outcome, Sharing, Work, context_for
from extractor.reading.llm.accounting import Ledger
from extractor.reading.llm.shares import Seats
from extractor.running import READING_WITH_MODEL
from extractor.settings import ModelSettings

if TYPE_CHECKING:
    from extractor.model_files import ReadFile
    from extractor.outputs.render import Wanted
    from extractor.reading.llm import Mode


class ModelRun:
    """The reading of many files with one model, and the account of it."""

    def __init__(self, settings: ModelSettings) -> None:
        self.ledger = Ledger(settings)
        self._settings = settings

    def extract(self, paths: Sequence[Path], jobs: int, wanted: "Wanted", mode: "Mode") -> Iterator[Outcome]:
        """The outcome of every file, as they come; a file that is not read comes with its reason.

        Up to `jobs` processes read. When the budget is used up or the server refuses the key or the model, the
        files left over come out unread with that reason; the same call made again goes on from there.
        """
        from extractor.model_files import read_file

        yield from self.read_files(paths, jobs, functools.partial(read_file, wanted=wanted, mode=mode))

    def read_files(self, paths: Sequence[Path], jobs: int, read: "ReadFile") -> Iterator[Outcome]:
        """The same with a way to read a file that is given: a coroutine function of a module."""
        from extractor.model_files import Share, read_with_model

        context, count = context_for(READING_WITH_MODEL), min(jobs, len(paths), self._settings.concurrency)
        costs, seats = Ledger.cells_for(context, count), Seats(context, count)
        self.ledger = Ledger(self._settings, costs)
        work = functools.partial(read_with_model, share=Share(self._settings, seats.cells, costs), read=read)
        left = Counter(paths)
        why: object = None
        try:
            for outcome in LimitedSharing(paths, work, context, self._settings, self.ledger, seats).outcomes():
                left[outcome.path] -= 1
                yield outcome
            why = (
                f"预算已用完，其余文件未读，再次运行将从这里继续 (out of budget: {self.ledger.reached}; the other files are unread,"
                " run again to go on)"
            )
        except ConfigurationError as error:
            why = error
        yield from (Outcome(path, reason=f"{path.name}: {why}") for path in left.elements())

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


class LimitedSharing(Sharing):
    """The sharing out of files that are read with a model: slots go where requests wait for them, no file is handed
    out beyond the budget, and no more are held than may be asked for at once."""

    def __init__(
        self,
        paths: Sequence[Path],
        work: Work,
        context: BaseContext,
        settings: ModelSettings,
        ledger: Ledger,
        seats: Seats,
    ) -> None:
        super().__init__(paths, work, seats.children, context)
        self._slots = settings.concurrency
        self._ledger = ledger
        self._seats = seats

    def tend(self) -> bool:
        """Divide the slots anew; False while another file would be too much."""
        self._seats.divide(self._slots)
        return self.underway < max(self._slots, self._seats.children) and self._ledger.reached is None

    def died(self, seat: int) -> None:
        """Its requests are no more."""
        self._seats.forget([seat])
