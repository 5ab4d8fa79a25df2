"""Waiting until a read model has come to a position."""

import time
from collections.abc import Callable

from auditor.core.errors import NotYetProjected, StoreBusy, StoreError
from auditor.core.text import tr
from auditor.stores.read_model_place import ReadModelPlace
from auditor.stores.read_model_reader import ReadModelReader
from auditor.stores.read_model_view import NothingRebuilt

_FIRST_PAUSE = 0.005
_LONGEST_PAUSE = 0.1


class Waiter:
    """Looks at the live checkpoint through a connection of its own. A context manager."""

    def __init__(self, location: ReadModelPlace, projection: str, store_id: str | None) -> None:
        self._location = location
        self._projection = projection
        self._store_id = store_id
        self._reader: ReadModelReader | None = None

    def position(self) -> int:
        """0 where there are no rows yet. Raises: StoreError, also for rows of another store; StoreBusy."""
        try:
            if self._reader is None:
                self._reader = ReadModelReader(self._location, self._projection)
            checkpoint = self._reader.checkpoint()
        except NothingRebuilt:
            self.close()
            return 0
        if self._store_id not in (None, checkpoint.store_id):
            raise StoreError(
                tr(
                    "The rows of {name} came from another store ({id}).",
                    name=self._projection,
                    id=checkpoint.store_id,
                )
            )
        return checkpoint.position

    def wait_for(self, wanted: int, timeout: float, now: Callable[[], float] = time.monotonic) -> int:
        """The position that was reached. Looks at least once. Raises: NotYetProjected, StoreError."""
        until, pause, reached = now() + timeout, _FIRST_PAUSE, 0
        while True:
            try:
                reached = self.position()
            except StoreBusy:
                if now() >= until:
                    raise
            if reached >= wanted:
                return reached
            if now() >= until:
                raise self._not_yet(wanted, reached, timeout)
            time.sleep(min(pause, max(0.0, until - now())))
            pause = min(pause * 1.5, _LONGEST_PAUSE)

    def _not_yet(self, wanted: int, reached: int, timeout: float) -> NotYetProjected:
        return NotYetProjected(
            tr(
                "{name} has come to position {reached:,}, not to {wanted:,}, within {seconds:g} s.",
                name=self._projection,
                reached=reached,
                wanted=wanted,
                seconds=timeout,
            ),
            tr("See that its runner is at work, or wait longer."),
            wanted=wanted,
            reached=reached,
        )

    def close(self) -> None:
        reader, self._reader = self._reader, None
        if reader is not None:
            reader.close()

    def __enter__(self) -> "Waiter":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
