"""A task can end its child process, and nothing else."""

import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psutil
import pytest
from at_work import ROOT
from crashing import act

from extractor.batch.children import ChildDied, Children, Closed

Make = Callable[..., Children[str, str]]


@pytest.fixture
def make() -> Iterator[Make]:
    made: list[Children[str, str]] = []

    def start(count: int = 1, at_once: int = 1) -> Children[str, str]:
        made.append(Children(act, count, 1024, "crashing", at_once))
        return made[-1]

    yield start
    for children in made:
        children.close()


@pytest.mark.parametrize(("task", "said"), [("crash", "SIGSEGV"), ("exit", "status 7")])
def test_a_crash_is_told_and_the_next_task_is_done(make: Make, task: str, said: str) -> None:
    children = make()
    first = children.run("a", 30)
    with pytest.raises(ChildDied, match=said):
        children.run(task, 30)
    assert children.run("b", 30).split()[0] == "b"
    assert children.run("b", 30).split()[-1] != first.split()[-1]


def test_a_task_that_takes_too_long_is_ended(make: Make) -> None:
    children = make()
    started = time.monotonic()
    with pytest.raises(ChildDied, match=r"longer than 0\.5 s"):
        children.run("hang", 0.5)
    assert children.run("a", 30)
    assert time.monotonic() - started < 20


def test_memory_is_bounded(make: Make) -> None:
    assert make().run("allocate", 30) == "refused"


def test_a_crash_in_company_takes_the_company_along_but_each_can_be_tried_alone(make: Make) -> None:
    children = make(count=1, at_once=4)
    with ThreadPoolExecutor(4) as pool:
        asleep = [pool.submit(children.run, "sleep 20", 30) for _ in range(3)]
        time.sleep(0.5)
        guilty = pool.submit(children.run, "crash", 30)
        for future in [*asleep, guilty]:
            with pytest.raises(ChildDied):
                future.result(30)
    with pytest.raises(ChildDied, match="SIGSEGV"):
        children.run_alone("crash", 30)
    assert children.run_alone("a", 30)
    with ThreadPoolExecutor(4) as pool:
        done = list(pool.map(lambda _: children.run("sleep 0.3", 30), range(4)))
    assert len({each.split()[-1] for each in done}) == 1, "one child took the place of the dead one"


def test_several_children_work_at_once(make: Make) -> None:
    children = make(count=2)
    with ThreadPoolExecutor(2) as pool:
        done = list(pool.map(lambda _: children.run("sleep 0.5", 30), range(2)))
    assert len(set(done)) == 2


def test_closed_children_take_nothing_and_end(make: Make) -> None:
    children = make(count=1)
    ended: list[BaseException] = []

    def wait(task: str) -> None:
        try:
            children.run(task, 60)
        except BaseException as error:
            ended.append(error)

    threads = [threading.Thread(target=wait, args=(task,)) for task in ("sleep 30", "a")]
    for thread in threads:
        thread.start()
    time.sleep(0.5)
    children.refuse()
    threads[1].join(5)
    assert not threads[1].is_alive(), "what waits is refused at once"
    assert threads[0].is_alive(), "what is under way goes on"
    children.close()
    threads[0].join(5)
    assert [type(error) for error in ended] == [Closed, Closed]
    with pytest.raises(Closed):
        children.run_alone("a", 1)


PARENT = """
import sys, time
from extractor.batch.children import Children
from crashing import act

if __name__ == "__main__":
    children = Children(act, 2, 1024, "crashing")
    from concurrent.futures import ThreadPoolExecutor
    print(*(each.split()[-1] for each in ThreadPoolExecutor(2).map(lambda _: children.run("sleep 1", 30), range(2))), flush=True)
    children.run("hang", 60)
"""


def test_children_end_with_their_parent(tmp_path: Path) -> None:
    script = tmp_path / "parent.py"
    script.write_text(PARENT)
    paths = os.pathsep.join([str(ROOT), str(ROOT / "tests" / "batch")])
    parent = subprocess.Popen([sys.executable, script], stdout=subprocess.PIPE, env={**os.environ, "PYTHONPATH": paths})
    assert parent.stdout is not None
    pids = [int(pid) for pid in parent.stdout.readline().split()]
    assert len(set(pids)) == 2
    parent.kill()
    parent.wait()
    deadline = time.monotonic() + 5
    while any(psutil.pid_exists(pid) for pid in pids) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not any(psutil.pid_exists(pid) for pid in pids)
