"""Projections: from events to rows of a read model, stated by key."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, NamedTuple

from .errors import ModelError
from .events import Envelope
from .handlers import Handlers
from .text import tr
from .upcasting import UpcasterChain

COLUMN_TYPES = frozenset({"text", "integer", "real", "boolean"})
Row = dict[str, Any]
Key = tuple[Any, ...]
Fetch = Callable[[str, Key], "list[Any] | None"]


@dataclass(frozen=True, kw_only=True)
class Table:
    """A table of a read model: its columns in order with their types (`COLUMN_TYPES`), and the columns of its key."""

    name: str
    columns: Mapping[str, str]
    key: tuple[str, ...] = ("id",)


class TableChanges(NamedTuple):
    """What a batch does to one table: whole rows in column order to put, keys to delete. No key stands in both."""

    put: list[list[Any]]
    delete: list[list[Any]]


class Rows:
    """The rows a projection's handlers read and write: a cache over `fetch` that remembers what changed.

    `empty` says that the tables were empty at the start, so that a row never seen needs no look-up until the cache
    has been emptied for the first time.
    """

    def __init__(self, tables: Iterable[Table], fetch: Fetch, *, empty: bool, most: int = 400_000) -> None:
        self._tables = {table.name: table for table in tables}
        self._cache: dict[str, dict[Key, Row | None]] = {name: {} for name in self._tables}
        self._changed: dict[str, dict[Key, None]] = {name: {} for name in self._tables}
        self._fetch = fetch
        self._complete = empty
        self._most = most

    def get(self, table: str, *key: Any) -> Row | None:
        """A copy of the row, as the handlers so far left it; None if there is none."""
        row = self._row(table, key)
        return None if row is None else dict(row)

    def put(self, table: str, row: Row) -> None:
        """States the whole row; columns that are not named are null."""
        declared = self._declared(table)
        unknown = row.keys() - declared.columns.keys()
        if unknown:
            raise KeyError(f"table {table} has no column {', '.join(sorted(unknown))}")
        self._set(table, self._key(declared, row), {column: row.get(column) for column in declared.columns})

    def update(self, table: str, row: Row) -> None:
        """States the named columns of the row with this key, which must exist."""
        declared = self._declared(table)
        key = self._key(declared, row)
        before = self._row(table, key)
        if before is None:
            raise KeyError(f"table {table} has no row {key!r} to update")
        unknown = row.keys() - declared.columns.keys()
        if unknown:
            raise KeyError(f"table {table} has no column {', '.join(sorted(unknown))}")
        self._set(table, key, {**before, **row})

    def delete(self, table: str, *key: Any) -> None:
        """Removes the row with this key, if there is one."""
        self._declared(table)
        self._set(table, key, None)

    def take_changes(self) -> dict[str, TableChanges]:
        """What changed since the last call, by table. Empties the cache when it has grown beyond its bound."""
        changes = {}
        for name, keys in self._changed.items():
            if keys:
                rows = self._cache[name]
                put = [list(row.values()) for key in keys if (row := rows[key]) is not None]
                delete = [list(key) for key in keys if rows[key] is None]
                changes[name] = TableChanges(put, delete)
                self._changed[name] = {}
        if sum(map(len, self._cache.values())) > self._most:
            self._complete = False
            for cached in self._cache.values():
                cached.clear()
        return changes

    def _declared(self, table: str) -> Table:
        try:
            return self._tables[table]
        except KeyError:
            raise KeyError(f"the projection declares no table {table}") from None

    def _key(self, table: Table, row: Row) -> Key:
        try:
            return tuple([row[column] for column in table.key])
        except KeyError as error:
            raise KeyError(f"a row of {table.name} needs its key column {error.args[0]}") from None

    def _row(self, table: str, key: Key) -> Row | None:
        cached = self._cache.get(table)
        if cached is None:
            self._declared(table)
            raise AssertionError
        try:
            return cached[key]
        except KeyError:
            if self._complete:
                return None
        stored = self._fetch(table, key)
        row = None if stored is None else dict(zip(self._tables[table].columns, stored))  # noqa: B905 - Python 3.10
        cached[key] = row
        return row

    def _set(self, table: str, key: Key, row: Row | None) -> None:
        self._cache[table][key] = row
        self._changed[table][key] = None


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


class Projector:
    """Runs the handlers of one projection object."""

    def __init__(self, projection: Any, rows: Rows) -> None:
        self._projection = projection
        self._upcasters = getattr(projection, "upcasters", UpcasterChain())
        self._handlers = Handlers(type(projection))
        projection.rows = rows

    def apply(self, event: Envelope) -> None:
        """Raises: NoHandler, and whatever a handler raises."""
        event_type, data = event.event_type, None
        if self._upcasters.handles(event_type):
            event_type, _, data = self._upcasters.upcast(
                event_type, event.metadata.schema_version, event.data
            )
        handler = self._handlers.of(event_type)
        if handler is not None:
            handler(self._projection, event, event.data if data is None else data)
