"""Rows of read models: tables as declared, and the rows that a projection's handlers read and write."""

import enum
import math
import operator
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple, NoReturn
from uuid import UUID

from .text import tr
from .timestamps import format_timestamp

COLUMN_TYPES = frozenset({"text", "integer", "real", "boolean"})
Row = dict[str, Any]
Key = tuple[Any, ...]
Fetch = Callable[[str, Key], "list[Any] | None"]


class WrongRow(LookupError):
    """A handler names a table, column, key or value that the declaration does not have room for."""


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

    `empty` says that the tables were empty at the start, so that a row never seen needs no look-up. Of some
    `most` rows the newest half at least stays in the cache.
    """

    def __init__(self, tables: Iterable[Table], fetch: Fetch, *, empty: bool, most: int = 400_000) -> None:
        self._kept = {table.name: _KeptRows(table) for table in tables}
        self._fetch = fetch
        self._let_go: _LetGo | None = _LetGo() if empty else None
        self._most = most

    def get(self, table: str, *key: Any) -> Row | None:
        """A copy of the row, as the handlers so far left it; None if there is none."""
        kept = self._kept.get(table) or self._undeclared(table)
        row = kept.recent.get(key)
        if row is None:
            row = self._row(kept, key)
            if row is None:
                return None
        return row.copy()

    def put(self, table: str, row: Row) -> None:
        """States the whole row; columns that are not named are null."""
        kept = self._kept.get(table) or self._undeclared(table)
        whole = {**kept.nulls, **row}
        types = tuple(map(type, whole.values()))
        if types not in kept.fitting:
            kept.fit(whole, types)
        key = kept.key_of(whole)
        kept.recent[key] = whole
        kept.changed[key] = None

    def update(self, table: str, row: Row) -> None:
        """States the named columns of the row with this key, which must exist."""
        kept = self._kept.get(table) or self._undeclared(table)
        try:
            key = kept.key_of(row)
        except KeyError as error:
            raise WrongRow(
                tr("a row of {table} needs its key column {column}", table=table, column=error.args[0])
            ) from None
        before = kept.recent.get(key) or self._row(kept, key)
        if before is None:
            raise WrongRow(tr("table {table} has no row {key!r} to update", table=table, key=key))
        whole = {**before, **row}
        types = tuple(map(type, whole.values()))
        if types not in kept.fitting:
            kept.fit(whole, types)
            key = kept.key_of(whole)
        kept.recent[key] = whole
        kept.changed[key] = None

    def delete(self, table: str, *key: Any) -> None:
        """Removes the row with this key, if there is one."""
        kept = self._kept.get(table) or self._undeclared(table)
        key = kept.fitting_key(key)
        kept.recent[key] = None
        kept.changed[key] = None
        kept.has_absent = True

    def know(self, table: str, firsts: Iterable[Any], rows: Iterable[Sequence[Any]]) -> None:
        """`rows` are all that is stored under keys that begin with one of `firsts`: none of them is looked up until
        `take_changes`. What handlers have stated since they were stored stays."""
        kept = self._kept.get(table) or self._undeclared(table)
        for stored in rows:
            row = dict(zip(kept.table.columns, stored))  # noqa: B905 - Python 3.10
            key = kept.key_of(row)
            if key not in kept.recent and key not in kept.older:
                kept.older[key] = row
        kept.whole = frozenset(firsts)

    def take_changes(self) -> dict[str, TableChanges]:
        """What changed since the last call, by table. Lets older rows go when the cache is beyond its bound."""
        for kept in self._kept.values():
            kept.whole = frozenset()
        changes = {name: kept.take() for name, kept in self._kept.items() if kept.changed}
        if sum(len(kept.recent) for kept in self._kept.values()) > self._most // 2:
            for kept in self._kept.values():
                if self._let_go is not None:
                    self._let_go.add(kept.table.name, kept.older)
                kept.older, kept.recent = kept.recent, {}
        return changes

    def _undeclared(self, table: str) -> NoReturn:
        raise WrongRow(tr("the projection declares no table {table}", table=table))

    def _row(self, kept: "_KeptRows", key: Key) -> "Row | None":
        """The row that the newest rows do not hold under just this key."""
        fitting = kept.fitting_key(key)
        if fitting is not key or kept.has_absent:
            key = fitting
            if key in kept.recent:
                return kept.recent[key]
        if key in kept.older:
            row = kept.older[key]
        elif key[0] in kept.whole:
            row = None
        elif self._let_go is not None and not (self._let_go and self._let_go.may_hold(kept.table.name, key)):
            return None  # not remembered: most rows that are asked for in vain are made at once
        else:
            stored = self._fetch(kept.table.name, key)
            row = None if stored is None else dict(zip(kept.table.columns, stored))  # noqa: B905 - Python 3.10
        kept.recent[key] = row
        kept.has_absent = kept.has_absent or row is None
        return row


class _KeptRows:
    """The rows of one table that the cache holds, in two generations; None for a row known to be absent."""

    def __init__(self, table: Table) -> None:
        self.table = table
        self.width = len(table.columns)
        self.nulls: Row = dict.fromkeys(table.columns)
        self.recent: dict[Key, Row | None] = {}
        self.older: dict[Key, Row | None] = {}
        self.changed: dict[Key, None] = {}
        self.whole: frozenset[Any] = frozenset()
        """First parts of keys under which every row that is stored is in the cache."""
        self.has_absent = False
        """Whether a None in the newest rows may say that a row is absent."""
        self.fitting: set[tuple[type, ...]] = set()
        """Types of whole rows, met before, that go into the columns as they are."""
        self.key_of = _key_maker(table.key)
        self._fitting_keys: set[tuple[type, ...]] = set()

    def take(self) -> TableChanges:
        rows = [self.recent[key] for key in self.changed]
        put = [list(row.values()) for row in rows if row is not None]
        delete = []
        if len(put) < len(rows):
            delete = [list(key) for key in self.changed if self.recent[key] is None]
        self.changed = {}
        return TableChanges(put, delete)

    def fit(self, row: Row, types: tuple[type, ...]) -> None:
        """Makes the values what their columns hold. Raises: WrongRow."""
        if len(row) > self.width:
            unknown = ", ".join(str(column) for column in row if column not in self.table.columns)
            raise WrongRow(tr("table {table} has no column {column}", table=self.table.name, column=unknown))
        if None in self.key_of(row):
            raise WrongRow(
                tr(
                    "a row of {table} needs its key: {columns}",
                    table=self.table.name,
                    columns=", ".join(self.table.key),
                )
            )
        as_they_are = True
        for column, value_type in zip(self.table.columns, types):  # noqa: B905 - Python 3.10
            fit = self._fit_for(column, value_type)
            if fit is not None:
                as_they_are = False
                row[column] = self._fitted(column, fit, row[column])
        if as_they_are:
            self.fitting.add(types)

    def fitting_key(self, key: Key) -> Key:
        types = tuple(map(type, key))
        if types in self._fitting_keys:
            return key
        columns = self.table.key
        if len(key) != len(columns):
            raise WrongRow(
                tr(
                    "the key of {table} is {columns}, not {count} values",
                    table=self.table.name,
                    columns=", ".join(columns),
                    count=len(key),
                )
            )
        fitted = []
        for column, value_type, value in zip(columns, types, key):  # noqa: B905 - Python 3.10
            fit = self._fit_for(column, value_type)
            fitted.append(value if fit is None else self._fitted(column, fit, value))
        if all(one is other for one, other in zip(fitted, key)):  # noqa: B905 - Python 3.10
            self._fitting_keys.add(types)
        return tuple(fitted)

    def _fitted(self, column: str, fit: "Fit", value: Any) -> Any:
        try:
            return fit(value)
        except (ValueError, OverflowError) as error:
            raise WrongRow(
                tr("column {column} of {table}: {why}", column=column, table=self.table.name, why=error)
            ) from None

    def _fit_for(self, column: str, value_type: type) -> "Fit | None":
        if value_type is type(None):
            return None
        column_type = self.table.columns[column]
        for known, fit in _FITS[column_type]:
            if value_type is known or (known not in _EXACTLY and issubclass(value_type, known)):
                return fit
        raise WrongRow(
            tr(
                "column {column} of {table} holds {holds}, and this is a {given}",
                column=column,
                table=self.table.name,
                holds=column_type,
                given=value_type.__name__,
            )
        )


def _key_maker(columns: tuple[str, ...]) -> Callable[[Row], Key]:
    if len(columns) > 1:
        return operator.itemgetter(*columns)
    only = columns[0]
    return lambda row: (row[only],)


class _LetGo:
    """Which rows the cache has let go: says surely that a row is not among them, or that it may be (a Bloom filter).
    At ten million rows it errs for one in fifty."""

    _BITS = 27

    def __init__(self) -> None:
        self._bits = bytearray()
        self._mask = (1 << self._BITS) - 1

    def add(self, table: str, keys: Iterable[Key]) -> None:
        mask = self._mask
        for key in keys:
            if not self._bits:
                self._bits = bytearray(1 << (self._BITS - 3))
            mixed = hash((table, key))
            for place in (mixed & mask, (mixed >> self._BITS) & mask):
                self._bits[place >> 3] |= 1 << (place & 7)

    def __bool__(self) -> bool:
        return bool(self._bits)

    def may_hold(self, table: str, key: Key) -> bool:
        bits, mask = self._bits, self._mask
        mixed = hash((table, key))
        one, other = mixed & mask, (mixed >> self._BITS) & mask
        return bool(bits[one >> 3] >> (one & 7) & 1 and bits[other >> 3] >> (other & 7) & 1)


Fit = Callable[[Any], Any]


def _real(value: Any) -> float:
    number = float(value)
    if not math.isfinite(number):
        raise ValueError(f"{number} is not a number that can be stored")
    return number


# What each column type takes, the plain types first; a `Fit` of None leaves the value as it is.
_FITS: dict[str, list[tuple[type, "Fit | None"]]] = {
    "text": [
        (str, None),
        (datetime, format_timestamp),
        (date, date.isoformat),
        (UUID, str),
        (Decimal, str),
        (enum.Enum, lambda value: str(value.value)),
    ],
    "integer": [(int, None), (bool, int), (enum.IntEnum, int)],
    "real": [(float, _real), (int, _real), (Decimal, _real)],
    "boolean": [(bool, None)],
}
_EXACTLY = frozenset({str, int, bool, float})
