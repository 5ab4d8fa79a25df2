"""Live rows, open for one burst of catching up."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from auditor.core.catch_up import CaughtUp, LivePlace
from auditor.core.rows import Key, Table, TableChanges
from auditor.core.timestamps import format_timestamp
from auditor.stores.location import StoreLocation
from auditor.stores.read_model_place import ReadModelPlace
from auditor.stores.read_model_schema import Build, Checkpoint
from auditor.stores.read_model_target import ReadModelTarget


class LiveRows:
    """The live tables of one projection in an open target. What it writes is as `core.catch_up` asks for it."""

    def __init__(
        self,
        target: ReadModelTarget,
        wanted: Checkpoint,
        tables: Sequence[Table],
        code_sha256: str | None,
        now: Callable[[], float],
    ) -> None:
        self._target = target
        self._wanted = wanted
        self._tables = tables
        self._code_sha256 = code_sha256
        self._now = now
        self._began = now()

    def begin(self) -> LivePlace:
        start = self._target.begin_live(self._wanted, self._tables, self._build(CaughtUp()))
        return LivePlace(start.checkpoint.position, start.checkpoint.events, start.made)

    def write(self, changes: Mapping[str, TableChanges], *, position: int, events: int) -> int:
        return self._target.write(changes, position=position, events=events)

    def fetch(self, table: str, key: Key) -> list[Any] | None:
        return self._target.fetch(table, key)

    def fetch_under(self, table: str, first: Any) -> list[list[Any]] | None:
        return self._target.fetch_under(table, first)

    def first_built(self, burst: CaughtUp) -> None:
        self._target.note_build(self._build(burst))

    def _build(self, burst: CaughtUp) -> Build:
        return Build(
            built_at=format_timestamp(datetime.now(UTC)),
            seconds=round(self._now() - self._began, 3),
            events=burst.events,
            rows=burst.rows,
            code_sha256=self._code_sha256,
        )


@contextmanager
def live_rows(
    place: ReadModelPlace,
    *,
    store: StoreLocation | None,
    wanted: Checkpoint,
    tables: Sequence[Table],
    code_sha256: str | None,
    now: Callable[[], float],
) -> Iterator[LiveRows]:
    """Has the read model to itself within the block. `wanted` says of which store and which code the rows must be.

    Raises: StoreBusy while a rebuild or another run has it; StoreError.
    """
    with ReadModelTarget(place, store=store) as target:
        yield LiveRows(target, wanted, tables, code_sha256, now)
