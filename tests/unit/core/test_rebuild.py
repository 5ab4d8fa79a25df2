"""The loop alone: what is sent, written and said, and how a batch that fails is divided."""

from collections import deque
from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from auditor.core.events import RecordedEvent
from auditor.core.ports import NeverStopped
from auditor.core.projection_run import Applied, BatchUndecided, NotStorable, Pace, Progress, ProjectionRun
from auditor.core.rebuild import RebuildEvent
from auditor.core.rows import TableChanges
from auditor.tasks.cancel import CancelToken
from tests.helpers.guest_code import stored
from tests.helpers.rebuilding import EventList


class Failed(Exception):
    """Names an event."""


class Projecting:
    """Each event makes one row. `poison` positions end the batch that holds them without saying which it was."""

    def __init__(self, poison: Sequence[int] = ()) -> None:
        self.poison = set(poison)
        self.sent: deque[Sequence[RecordedEvent]] = deque()
        self.sizes: list[int] = []
        self.most_on_their_way = 0
        self.starts = 0

    def send(self, batch: Sequence[RecordedEvent]) -> None:
        self.sent.append(batch)
        self.sizes.append(len(batch))
        self.most_on_their_way = max(self.most_on_their_way, len(self.sent))

    def receive(self) -> Applied:
        batch = self.sent.popleft()
        if self.poison & {event.position for event in batch}:
            raise BatchUndecided("gone")
        unknown = {"Odd": sum(event.event_type == "Odd" for event in batch)}
        return Applied({"t": TableChanges([[event.position] for event in batch], [])}, unknown)

    def start_again(self) -> None:
        self.sent.clear()
        self.starts += 1

    def failed_at(self, event: RecordedEvent, reason: str) -> Exception:
        return Failed(event.position, reason)


class Shadow:
    def __init__(self) -> None:
        self.positions: list[int] = []
        self.written: list[tuple[int, int]] = []
        self.unwritable: int | None = None

    def write(self, changes: Mapping[str, TableChanges], *, position: int, events: int) -> int:
        put = [row[0] for row in changes["t"].put]
        if self.unwritable in put:
            raise NotStorable("a row holds an integer beyond 64 bits")
        self.positions += put
        self.written.append((position, events))
        return len(put)

    def swap(self) -> list[str]:
        return []


def events(count: int) -> list[RecordedEvent]:
    return [stored(position, "Odd" if position % 2 else "Even") for position in range(1, count + 1)]


def a_rebuild(
    count: int, projecting: Projecting, shadow: Shadow, *, pace: Pace, token: Any = None, times: Any = None
) -> tuple[ProjectionRun, list[Progress]]:
    told: list[Progress] = []

    def committed(progress: Progress) -> None:
        told.append(Progress(progress.done, progress.rows, progress.position))
        if isinstance(token, CancelToken) and progress.done >= 10:
            token.cancel()

    clock = iter(times or iter(float, 1.0))
    rebuild = ProjectionRun(
        EventList(events(count)),
        projecting,
        shadow,
        token=token or NeverStopped(),
        now=lambda: next(clock),
        committed=committed,
        pace=pace,
    )
    return rebuild, told


STEADY = Pace(first=5, most=5, grow_below=0.0)


def test_every_event_is_written_once_in_order_and_told_after_each_commit() -> None:
    projecting, shadow = Projecting(), Shadow()
    rebuild, told = a_rebuild(23, projecting, shadow, pace=STEADY)
    assert rebuild.run() is True
    assert shadow.positions == list(range(1, 24))
    assert shadow.written == [(5, 5), (10, 10), (15, 15), (20, 20), (23, 23)]
    assert [one.done for one in told] == [5, 10, 15, 20, 23]
    assert (rebuild.progress.rows, rebuild.progress.position) == (23, 23)
    assert rebuild.progress.unknown == {"Odd": 12}
    assert projecting.most_on_their_way == 2


def test_a_store_without_events_comes_to_its_end() -> None:
    rebuild, told = a_rebuild(0, Projecting(), Shadow(), pace=STEADY)
    assert (rebuild.run(), told) == (True, [])


def test_a_stop_ends_it_between_two_batches() -> None:
    shadow, token = Shadow(), CancelToken()
    rebuild, _ = a_rebuild(100, Projecting(), shadow, pace=STEADY, token=token)
    assert rebuild.run() is False
    assert shadow.written == [(5, 5), (10, 10)]


def test_batches_grow_while_they_are_quick_and_shrink_when_they_are_slow() -> None:
    projecting = Projecting()
    quick = iter([0.0, *(n * 0.01 for n in range(1, 6)), *(1.0 + n for n in range(200))])
    rebuild, _ = a_rebuild(300, projecting, Shadow(), pace=Pace(first=4, most=64), times=quick)
    assert rebuild.run() is True
    assert projecting.sizes[:2] == [4, 4]
    assert max(projecting.sizes) == 64
    assert projecting.sizes.index(32) < projecting.sizes.index(64) < len(projecting.sizes) - 1
    assert 1 in projecting.sizes[projecting.sizes.index(64) :]


@pytest.mark.parametrize("poison", [1, 37, 64, 100])
def test_a_batch_that_ends_the_worker_is_divided_down_to_its_event(poison: int) -> None:
    projecting, shadow = Projecting([poison]), Shadow()
    rebuild, _ = a_rebuild(100, projecting, shadow, pace=Pace(first=64, most=64))
    with pytest.raises(Failed) as failed:
        rebuild.run()
    assert failed.value.args == (poison, "gone")
    assert shadow.positions == list(range(1, poison))


def test_a_value_that_cannot_be_stored_is_named_with_its_event() -> None:
    shadow = Shadow()
    shadow.unwritable = 41
    rebuild, _ = a_rebuild(100, Projecting(), shadow, pace=Pace(first=64, most=64))
    with pytest.raises(Failed, match="64 bits") as failed:
        rebuild.run()
    assert failed.value.args[0] == 41
    assert shadow.positions == list(range(1, 41))


def test_a_batch_that_passes_in_pieces_does_not_stop_the_rebuild() -> None:
    class TooMuchAtOnce(Projecting):
        def receive(self) -> Applied:
            if len(self.sent[0]) > 8:
                raise BatchUndecided("too slow")
            return super().receive()

    projecting, shadow = TooMuchAtOnce(), Shadow()
    rebuild, _ = a_rebuild(100, projecting, shadow, pace=Pace(first=64, most=64))
    assert rebuild.run() is True
    assert shadow.positions == list(range(1, 101))
    assert projecting.starts >= 1


def test_an_event_says_what_its_kind_has() -> None:
    counts: dict[str, Any] = {"done": 1, "total": 2, "position": None, "rows": 3, "seconds": 0.12345}
    event = RebuildEvent(kind="warning", projection="p", message="m", details={"x": 1}, **counts)
    assert event.values() == {
        "kind": "warning",
        "projection": "p",
        **counts,
        "seconds": 0.123,
        "message": "m",
        "x": 1,
    }
