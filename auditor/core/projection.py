"""Projections: from events to rows of a read model, stated by key."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, ClassVar, Literal

from .errors import ModelError
from .events import Envelope
from .handlers import Handler, Handlers, NoHandler
from .rows import COLUMN_TYPES, Row, Rows, Table, TableChanges, WrongRow
from .text import tr
from .upcasting import UpcasterChain, require_known

__all__ = ["Projection", "Projector", "Row", "Rows", "Table", "TableChanges", "WrongRow", "declared_tables"]


class Projection:
    """Base of projections: tables, and handlers `on_<event_type>(payload[, envelope])` that state rows by key.

    A handler may see an event again after a crash, so it states what a row is (`self.rows.put`, `update`, `delete`)
    and never adds to what may have been added already. `ignores` names event types that change no row.
    """

    name: ClassVar[str]
    tables: ClassVar[tuple[Table, ...]]
    ignores: ClassVar[frozenset[str] | set[str]] = frozenset()
    upcasters: ClassVar[UpcasterChain] = UpcasterChain()
    rows: Rows


def declared_tables(projection: Any) -> tuple[Table, ...]:
    """The tables of a projection class, by shape: our `Table`s, or mappings with `name`, `columns` and `key`.

    Raises: ModelError.
    """
    tables = []
    for declared in getattr(projection, "tables", ()):
        read = (
            declared.get
            if isinstance(declared, Mapping)
            else lambda field, of=declared: getattr(of, field, None)
        )
        name, columns, key = read("name"), read("columns"), tuple(read("key") or ("id",))
        if not isinstance(name, str) or not isinstance(columns, Mapping) or not set(key) <= columns.keys():
            raise ModelError(
                tr(
                    "A table of {projection} needs a name, columns, and a key among its columns.",
                    projection=projection.__name__,
                )
            )
        unknown = sorted(set(columns.values()) - COLUMN_TYPES)
        if unknown:
            raise ModelError(
                tr("Table {table} has a column of type {type!r}.", table=name, type=unknown[0]),
                tr("Column types are {types}.", types=", ".join(sorted(COLUMN_TYPES))),
            )
        tables.append(Table(name=name, columns=dict(columns), key=key))
    if not tables or len({table.name for table in tables}) < len(tables):
        raise ModelError(
            tr(
                "{projection} must declare at least one table, each under a name of its own.",
                projection=projection.__name__,
            )
        )
    return tuple(tables)


Standing = Literal["handled", "ignored", "unknown"]
Step = Callable[[Envelope], None]


class Projector:
    """Runs the handlers of one projection object. What an event type needs is found out once."""

    def __init__(self, projection: Any, rows: Rows) -> None:
        self._projection = projection
        self._upcasters: UpcasterChain = getattr(projection, "upcasters", None) or UpcasterChain()
        self._handlers = Handlers(type(projection))
        self._steps: dict[str, Step] = {}
        projection.rows = rows

    def apply(self, event: Envelope) -> None:
        """Raises: NoHandler, UpcastError, and whatever a handler raises."""
        self.step(event.event_type)(event)

    def step(self, event_type: str) -> Step:
        """What applies events of this type. Raises: NoHandler."""
        step = self._steps.get(event_type)
        if step is None:
            step = self._steps[event_type] = self._step_for(event_type)
        return step

    def standing(self, event_type: str) -> Standing:
        """Whether events of this type change rows. A type that is upcast counts as handled: its steps may rename it;
        a retired one is ignored."""
        if self._upcasters.handles(event_type):
            return "ignored" if event_type in self._upcasters.retired else "handled"
        try:
            return "ignored" if self._handlers.of(event_type) is None else "handled"
        except NoHandler:
            return "unknown"

    def handler_name(self, event_type: str) -> str | None:
        """Which method handles events of this type as they are stored; None where none does."""
        try:
            handler = self._handlers.of(event_type)
        except NoHandler:
            return None
        return None if handler is None else getattr(handler.function, "__qualname__", None)

    def _step_for(self, event_type: str) -> Step:
        if self._upcasters.handles(event_type):
            return self._apply_upcast
        handler = self._handlers.of(event_type)
        return _no_change if handler is None else _step(handler, self._projection)

    def _apply_upcast(self, event: Envelope) -> None:
        self._handlers.apply_parts(self._projection, event, self._upcasters.newest(event))


def _step(handler: Handler, projection: Any) -> Step:
    if handler.newest is not None:
        return partial(_apply_known, handler, projection, handler.newest)
    function, make_payload = partial(handler.function, projection), handler.make_payload
    if handler.wants_envelope:
        return lambda event: function(make_payload(event.data), event)
    return lambda event: function(make_payload(event.data))


def _apply_known(handler: Handler, projection: Any, newest: int, event: Envelope) -> None:
    require_known(event, newest)
    handler(projection, event, event.data)


def _no_change(event: Envelope) -> None:
    """The type is declared as one that changes no row."""
