"""A projection whose handlers run in this process: a library user's own code, which needs no guest."""

import traceback
from collections import deque
from typing import Any

from .catch_up import FetchRow, FetchUnder
from .errors import ModelError, ProjectionFailed
from .events import RecordedEvent
from .handlers import NoHandler
from .projection import Projection, Projector, declared_tables
from .projection_failure import projection_failed
from .projection_run import Applied, Batch
from .rows import Rows
from .state_text import safe_error
from .text import tr

_MOST_FRAMES = 20


class ProjectingHere:
    """Runs the handlers of a projection, given as a class or as an object. Used from one thread.

    Raises: ModelError for one that declares no name or no fitting tables.
    """

    def __init__(self, projection: "Projection | type[Projection]") -> None:
        self._made = projection if isinstance(projection, type) else type(projection)
        self._projection = projection
        name = getattr(self._made, "name", None)
        if not isinstance(name, str) or not name:
            raise ModelError(
                tr("{projection} has no name.", projection=self._made.__name__),
                tr('State it in the class: name = "…".'),
            )
        self.name = name
        self.tables = declared_tables(self._made)
        self._fetch: FetchRow | None = None
        self._sent: deque[Batch] = deque()
        self._rows: Rows | None = None
        self._projector: Projector | None = None

    def look_up(self, fetch: FetchRow, fetch_under: "FetchUnder | None" = None) -> None:
        del fetch_under  # a row costs no more alone
        self._fetch = fetch

    def restart(self, *, empty: bool) -> None:
        """With a new object where a class was given."""
        self._sent.clear()
        self._rows = Rows(self.tables, self._stored, empty=empty)
        made = self._projection() if isinstance(self._projection, type) else self._projection
        self._projector = Projector(made, self._rows)

    def start_again(self) -> None:
        self.restart(empty=False)

    def send(self, batch: Batch) -> None:
        self._sent.append(batch)

    def receive(self) -> Applied:
        """Raises: ProjectionFailed."""
        batch = self._sent.popleft()
        if self._rows is None or self._projector is None:
            raise RuntimeError("the projection was not started")
        step, unknown = self._projector.step, dict[str, int]()
        for event in batch:
            try:
                step(event.event_type)(event)
            except NoHandler:
                unknown[event.event_type] = unknown.get(event.event_type, 0) + 1
            except Exception as error:
                raise self._failed(event, error) from error
        return Applied(self._rows.take_changes(), unknown)

    def failed_at(self, event: RecordedEvent, reason: str) -> ProjectionFailed:
        return projection_failed(event, reason, target=self._made.__qualname__)

    def _stored(self, table: str, key: tuple[Any, ...]) -> "list[Any] | None":
        if self._fetch is None:
            raise RuntimeError("nothing to look rows up in")
        return self._fetch(table, key)

    def _failed(self, event: RecordedEvent, error: Exception) -> ProjectionFailed:
        handler = None if self._projector is None else self._projector.handler_name(event.event_type)
        frames = traceback.extract_tb(error.__traceback__)[1:][-_MOST_FRAMES:]
        trace = [line.rstrip("\n") for line in traceback.format_list(frames)]
        return projection_failed(
            event, safe_error(error), target=self._made.__qualname__, handler=handler, trace=trace
        )
