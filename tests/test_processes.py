"""Files shared out over processes: dynamically, and a crash costs its file alone."""

import time
from pathlib import Path

import psutil
import pytest
from sharing import by_name, never

from extractor.processes import Outcome, Sharing, Work, context_for
from schemas.base import GoujiError


def _outcomes(names: list[str], count: int = 2, work: Work = by_name) -> list[Outcome]:
    return list(Sharing([Path(name) for name in names], work, count, context_for(())).outcomes())


def test_every_file_has_one_outcome_and_both_processes_work() -> None:
    names = [f"{number}.02" for number in range(30)]
    outcomes = _outcomes(names)
    assert sorted(str(each.path) for each in outcomes) == sorted(names)
    assert len({each.reason for each in outcomes}) == 2


def test_who_is_free_takes_the_next_file() -> None:
    outcomes = _outcomes(["long.5", *(f"{number}.01" for number in range(20))])
    by_path = {str(each.path): each.reason for each in outcomes}
    with_the_long_one = [path for path, process in by_path.items() if process == by_path["long.5"]]
    assert len(with_the_long_one) <= 4, "the other process had taken all but what was handed out beside it"


@pytest.mark.parametrize("count", [1, 3])
def test_a_crash_costs_its_file_alone(count: int) -> None:
    names = ["a.02", "b.02", "crash", "c.02", "d.02", "other/crash", "e"]
    outcomes = {str(each.path): each.reason or "" for each in _outcomes(names, count)}
    assert set(outcomes) == set(names)
    crashed = {path for path, reason in outcomes.items() if "crashed the process" in reason}
    assert crashed == {"crash", "other/crash"}


def test_processes_that_cannot_start_are_told() -> None:
    with pytest.raises(GoujiError, match="status 3"):
        _outcomes(["a", "b"], work=never)


def test_who_stops_listening_leaves_no_process_behind() -> None:
    outcomes = Sharing([Path(f"{n}.1") for n in range(9)], by_name, 2, context_for(())).outcomes()
    processes = {int(next(outcomes).reason or 0) for _ in range(3)}
    assert all(psutil.pid_exists(each) for each in processes)
    outcomes.close()
    time.sleep(0.2)  # the fork server has to take note
    assert not any(psutil.pid_exists(each) and psutil.Process(each).status() != "zombie" for each in processes)
