"""However a projection is caught up, its rows are those of a rebuild: by any steps, by several, and with stops."""

import inspect
import itertools
import sqlite3
import time
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, closing
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.core.catch_up import CatchUp, FetchRow, FetchUnder, Told
from auditor.core.events import RecordedEvent
from auditor.core.ports import NeverStopped
from auditor.core.projecting_here import ProjectingHere
from auditor.core.projection_run import Applied, Pace, Progress
from auditor.core.stopping import StopSignal
from auditor.guest.projection_service import ProjectionGuest
from auditor.stores.location import file_location
from auditor.stores.read_model_live import LiveRows, live_rows
from auditor.stores.read_model_target import ReadModelTarget
from tests.helpers.guest_code import stored, trusted_code
from tests.helpers.rebuilding import EventList, Tables, checkpoint, tables_of
from tests.laws.test_rebuild_laws import Stock, histories

Projecting = ProjectingHere | ProjectionGuest
NAMES = [table.name for table in Stock.tables]


class Growing(EventList):
    """A store of which only the first events are there yet."""

    def __init__(self, events: Sequence[RecordedEvent]) -> None:
        super().__init__(events)
        self.there = 0
        self._end = 0

    def head(self) -> int:
        return self.there

    def up_to(self, position: int) -> None:
        self._end = position

    def read(self, after: int, most: int) -> list[RecordedEvent]:
        return [event for event in super().read(after, most) if event.position <= self._end]


class Twice(ProjectingHere):
    """Has every event projected twice, one after the other, in one batch."""

    def send(self, batch: Sequence[RecordedEvent]) -> None:
        super().send([event for event in batch for _ in range(2)])


class Foreseeing(ProjectingHere):
    """Is told all rows of a batch's aggregates when the batch is sent, as a worker is; keeps few rows itself."""

    def __init__(self, projection: type[Stock]) -> None:
        super().__init__(projection)
        self._known: deque[tuple[list[str], dict[str, list[list[Any]]]]] = deque()
        self._fetch_under: FetchUnder | None = None

    def look_up(self, fetch: FetchRow, fetch_under: FetchUnder | None = None) -> None:
        super().look_up(fetch)
        self._fetch_under = fetch_under

    def restart(self, *, empty: bool) -> None:
        super().restart(empty=empty)
        self._known.clear()
        assert self._rows is not None
        self._rows._most = 6

    def send(self, batch: Sequence[RecordedEvent]) -> None:
        super().send(batch)
        assert self._fetch_under is not None
        ids = sorted({event.aggregate_id for event in batch if event.aggregate_id != "d"})
        known = {name: [row for one in ids for row in self._fetch_under(name, one) or ()] for name in NAMES}
        self._known.append((ids, known))

    def receive(self) -> Applied:
        ids, known = self._known.popleft()
        assert self._rows is not None
        for name, rows in known.items():
            self._rows.know(name, ids, rows)
        return super().receive()


class StopsAfter(Told):
    """Stops the run after so many batches."""

    def __init__(self, stop: StopSignal, batches: int) -> None:
        self._stop = stop
        self._left = batches

    def committed(self, progress: Progress) -> None:
        self._left -= 1
        if self._left <= 0:
            self._stop.stop()


class MovesTheCheckpoint(Told):
    """After the third batch somebody puts the checkpoint back to where it was after the first."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._batches = self.times_moved = 0

    def committed(self, progress: Progress) -> None:
        self._batches += 1
        if self._batches == 3:
            with closing(sqlite3.connect(self._path)) as connection, connection:
                connection.execute("UPDATE auditor_checkpoints SET position = 5, events = 5, target = 5")

    def moved(self) -> None:
        self.times_moved += 1


class Model:
    """A real read-model file, and what goes on with it."""

    def __init__(self, path: Path, events: Growing) -> None:
        self.path = path
        self.events = events
        self._wanted = checkpoint(tables=NAMES)

    def _open(self) -> AbstractContextManager[LiveRows]:
        return live_rows(
            file_location(self.path),
            store=None,
            wanted=self._wanted,
            tables=Stock.tables,
            code_sha256=None,
            now=time.monotonic,
        )

    def runner(
        self, projecting: Projecting, size: int, stop_after: int | None = None, told: Told | None = None
    ) -> CatchUp:
        stop = StopSignal()
        return CatchUp(
            "stock",
            self.events,
            projecting,
            self._open,
            token=stop,
            now=itertools.repeat(0.15).__next__,
            told=told if stop_after is None else StopsAfter(stop, stop_after),
            pace=Pace(first=size, most=size),
        )


def rebuilt(folder: Path, events: Sequence[RecordedEvent]) -> Tables:
    """All at once, from the beginning."""
    path = folder / "rebuilt.db"
    whole = Growing(events)
    whole.there = len(events)
    model = Model(path, whole)
    model.runner(ProjectingHere(Stock), 1000).once()
    return tables_of(path)


Step = tuple[int, int, int | None, int]
steps = st.lists(
    st.tuples(
        st.integers(0, 30),  # so many more events are there
        st.integers(1, 20),  # in batches of that size
        st.none() | st.integers(1, 3),  # stopped after so many batches
        st.integers(0, 2),  # which of the runners works
    ),
    max_size=8,
)


def caught_up(path: Path, events: Sequence[RecordedEvent], plan: Sequence[Step], made: type) -> Iterator[int]:
    """Yields the position after each step."""
    model = Model(path, Growing(events))
    projecting = [made(Stock) for _ in range(3)]
    lasting = model.runner(projecting[0], 2)  # keeps its cache from burst to burst
    for more, size, stop_after, who in plan:
        model.events.there = min(len(events), model.events.there + more)
        runner = lasting if who == 0 else model.runner(projecting[who], size, stop_after)
        yield runner.once().position
    model.events.there = len(events)
    yield lasting.once().position


@given(events=histories(), plan=steps)
def test_by_any_steps_with_any_stops_and_several_runners_the_rows_are_those_of_a_rebuild(
    events: list[RecordedEvent], plan: list[Step]
) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "live.db"
        for position in caught_up(path, events, plan, ProjectingHere):
            with ReadModelTarget(path) as target:
                live = target.live_checkpoint("things")
            assert live is not None
            assert (live.position, live.events) == (position, position)
        assert tables_of(path) == rebuilt(Path(folder), events)


@given(events=histories(), plan=steps)
def test_with_rows_that_are_told_before_they_are_asked_for_they_are_the_same(
    events: list[RecordedEvent], plan: list[Step]
) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "live.db"
        assert list(caught_up(path, events, plan, Foreseeing))[-1] == len(events)
        assert tables_of(path) == rebuilt(Path(folder), events)


@given(events=histories(), plan=steps)
def test_with_every_event_projected_twice_the_rows_are_the_same(
    events: list[RecordedEvent], plan: list[Step]
) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "live.db"
        assert list(caught_up(path, events, plan, Twice))[-1] == len(events)
        assert tables_of(path) == rebuilt(Path(folder), events)


@pytest.mark.parametrize("in_a_worker", [False, True])
def test_where_somebody_moves_the_checkpoint_the_run_starts_over_from_there(
    tmp_path: Path, in_a_worker: bool
) -> None:
    facts = [
        ("Counted", name, {"place": place, "amount": place + 1}) for name in "abcdefgh" for place in range(5)
    ]
    events = [stored(at, kind, data, aggregate_id=name) for at, (kind, name, data) in enumerate(facts, 1)]
    path = tmp_path / "live.db"
    model, told = Model(path, Growing(events)), MovesTheCheckpoint(path)
    model.events.there = len(events)
    with ExitStack() as closing_later:
        projecting: Projecting = ProjectingHere(Stock)
        if in_a_worker:
            code = trusted_code(tmp_path / "code", STOCK, "stock:Stock")
            guest = ProjectionGuest(code, None, NeverStopped(), cache=tmp_path / "cache")
            projecting = closing_later.enter_context(guest)
        burst = model.runner(projecting, 5, told=told).once()
    assert (told.times_moved, burst.began, burst.position) == (1, 5, len(events))
    assert tables_of(path) == rebuilt(tmp_path, events)


STOCK = f"""
from typing import Any, Protocol as Envelope
from auditor.eventsourcing import Projection, Table

{inspect.getsource(Stock)}
"""
