"""Rebuilds inside a test's process, and what is in a read-model file."""

import sqlite3
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from auditor.core.events import RecordedEvent
from auditor.core.ports import NeverStopped
from auditor.core.projection_run import Pace, Progress, ProjectionRun
from auditor.guest.projection_service import ProjectionGuest
from auditor.guest.starting import GuestCode
from auditor.stores.read_model_schema import Checkpoint
from auditor.stores.read_model_target import ReadModelTarget
from auditor.stores.scanning import quoted

Tables = dict[str, list[tuple[Any, ...]]]


def tables_of(path: Path) -> Tables:
    """All tables but our own, row by row as they lie in the file."""
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
        names = connection.execute(
            "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'auditor~_%' ESCAPE '~'"
        ).fetchall()
        return {
            name: connection.execute(f"SELECT * FROM {quoted(name)}").fetchall()  # noqa: S608 - a name, quoted
            for (name,) in sorted(names)
        }


def checkpoint(
    projection: str = "things", *, tables: Sequence[str] = ("things",), target: int = 9
) -> Checkpoint:
    return Checkpoint(
        projection=projection,
        store_id="store-1",
        position=0,
        events=0,
        target=target,
        model_sha256="ab",
        tables=tuple(tables),
    )


class EventList:
    """Events in memory as a rebuild reads them."""

    def __init__(self, events: Sequence[RecordedEvent]) -> None:
        self._events = events

    def read(self, after: int, most: int) -> list[RecordedEvent]:
        return [event for event in self._events if event.position > after][:most]


@contextmanager
def rebuild_of(
    path: Path, code: GuestCode, events: Sequence[RecordedEvent], cache: Path, *, pace: Pace | None = None
) -> Iterator[tuple[ProjectionRun, ReadModelTarget]]:
    """A rebuild that has begun: real worker, real file."""
    with (
        ReadModelTarget(path) as target,
        ProjectionGuest(code, target.fetch, NeverStopped(), cache=cache) as guest,
    ):
        names = [table.name for table in guest.tables]
        target.begin(checkpoint(tables=names, target=len(events)), guest.tables)
        guest.start()
        yield (
            ProjectionRun(
                EventList(events),
                guest,
                target,
                token=NeverStopped(),
                now=time.monotonic,
                committed=_unheard,
                pace=pace,
            ),
            target,
        )


def _unheard(_: Progress) -> None:
    """Nobody listens."""
