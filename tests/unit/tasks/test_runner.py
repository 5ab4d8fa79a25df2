"""Lanes: the newest request wins, and nothing older is told after it."""

import queue
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest

from auditor.core.errors import Cancelled
from auditor.tasks.context import Progress, TaskContext
from auditor.tasks.runner import Lane, Listener, TaskRunner

SCRUB = Lane("scrub", keeps_running=True)
LIST = Lane("list")


class Asker:
    """A thread of those who ask: what is delivered is run by `run_until`."""

    def __init__(self) -> None:
        self.delivered: queue.Queue[Callable[[], None]] = queue.Queue()
        self.runner = TaskRunner(self.delivered.put)
        self.told: list[object] = []

    def listener(self) -> Listener[object]:
        return Listener(
            done=self.told.append,
            failed=self.told.append,
            cancelled=lambda: self.told.append("cancelled"),
            progress=self.told.append,
        )

    def run_until(self, holds: Callable[[], bool]) -> None:
        while not holds():
            self.delivered.get(timeout=5)()


@pytest.fixture
def asker() -> Iterator[Asker]:
    asker = Asker()
    yield asker
    asker.runner.close()
    assert asker.runner.join(5)


def answering(result: object, ran: list[object] | None = None) -> Callable[[TaskContext], object]:
    def work(_: TaskContext) -> object:
        if ran is not None:
            ran.append(result)
        return result

    return work


class Gate:
    """Work that says when it has begun and goes on when it is let."""

    def __init__(self, result: object = "gate") -> None:
        self.begun, self.open, self.result = threading.Event(), threading.Event(), result

    def __call__(self, context: TaskContext) -> object:
        self.begun.set()
        while not self.open.wait(0.001):
            context.token.raise_if_cancelled()
        return self.result


def test_of_many_requests_only_the_last_waiting_one_runs(asker: Asker) -> None:
    gate = Gate()
    ran: list[object] = []
    asker.runner.submit(SCRUB, gate, asker.listener())
    assert gate.begun.wait(5)
    for number in range(100):
        asker.runner.submit(LIST, answering(("list", number), ran), asker.listener())
        asker.runner.submit(SCRUB, answering(("scrub", number), ran), asker.listener())
    gate.open.set()
    asker.run_until(lambda: len(asker.told) == 3)
    assert ran == [("scrub", 99), ("list", 99)]


def test_a_running_scrub_is_still_told_but_never_after_a_newer_one(asker: Asker) -> None:
    gate = Gate("older")
    asker.runner.submit(SCRUB, gate, asker.listener())
    assert gate.begun.wait(5)
    asker.runner.submit(SCRUB, answering("newer"), asker.listener())
    gate.open.set()
    asker.run_until(lambda: "newer" in asker.told)
    assert asker.told == ["older", "newer"]
    late: list[Callable[[], None]] = []
    runner = TaskRunner(late.append)
    told: list[object] = []
    listener: Listener[object] = Listener(done=told.append, failed=told.append)
    for name in ("first", "second"):
        before = len(late)
        runner.submit(SCRUB, answering(name), listener)
        while len(late) == before:
            pass
    late[1]()
    late[0]()  # comes late: a newer one was told already
    assert told == ["second"]
    runner.close()
    assert runner.join(5)


def test_elsewhere_a_newer_request_cancels_the_running_one_which_is_not_told(asker: Asker) -> None:
    gate = Gate()
    asker.runner.submit(LIST, gate, asker.listener())
    assert gate.begun.wait(5)
    asker.runner.submit(LIST, answering("newer"), asker.listener())
    asker.run_until(lambda: bool(asker.told))
    assert asker.told == ["newer"]


def test_stop_tells_and_forget_does_not(asker: Asker) -> None:
    gate = Gate()
    asker.runner.submit(LIST, gate, asker.listener())
    assert gate.begun.wait(5)
    asker.runner.submit(SCRUB, answering("waiting"), asker.listener())
    asker.runner.stop(SCRUB)
    asker.runner.stop(LIST)
    asker.run_until(lambda: len(asker.told) == 2)
    assert asker.told == ["cancelled", "cancelled"]
    gate = Gate()
    asker.runner.submit(LIST, gate, asker.listener())
    assert gate.begun.wait(5)
    asker.runner.forget(LIST)
    asker.runner.submit(SCRUB, answering("after"), asker.listener())
    asker.run_until(lambda: len(asker.told) == 3)
    assert asker.told[2:] == ["after"]


def test_what_is_stopped_while_its_answer_is_on_its_way_is_cancelled(asker: Asker) -> None:
    unwanted: list[object] = []
    listener = replace(asker.listener(), unwanted=unwanted.append)
    for number in range(3):  # one that was stopped does not stop the next
        asker.runner.submit(LIST, answering(number), listener)
        on_its_way = asker.delivered.get(timeout=5)
        if number < 2:
            asker.runner.stop(LIST)
        on_its_way()
    assert asker.told == ["cancelled", "cancelled", 2]
    assert unwanted == [0, 1]


def test_failures_and_progress_are_told(asker: Asker) -> None:
    def work(context: TaskContext) -> object:
        for done in range(1001):
            context.progress(done, 1000, "events")
        raise ValueError("on purpose")

    asker.runner.submit(LIST, work, asker.listener())
    asker.run_until(lambda: isinstance(asker.told[-1], ValueError) if asker.told else False)
    assert asker.told[-2] == Progress(done=1000, total=1000, unit="events")
    assert len(asker.told) < 100


def test_close_cancels_runs_the_last_thing_and_ends_the_thread() -> None:
    runner, gate, last = TaskRunner(lambda tell: tell()), Gate(), threading.Event()
    told: list[object] = []
    runner.submit(
        LIST, gate, Listener(done=told.append, failed=told.append, cancelled=lambda: told.append(Cancelled))
    )
    assert gate.begun.wait(5)
    runner.close(last.set)
    assert runner.join(5)
    assert last.is_set()
    runner.submit(LIST, answering("ran", told), Listener(done=told.append, failed=told.append))
    assert told == []
