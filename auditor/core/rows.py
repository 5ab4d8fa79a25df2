"""Rows of read models: tables as declared, and the rows that a projection's handlers read and write."""

import enum
import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID

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

    `empty` says that the tables were empty at the start, so that a row never seen needs no look-up until the cache
    first lets rows go.
    """

    def __init__(self, tables: Iterable[Table], fetch: Fetch, *, empty: bool, most: int = 400_000) -> None:
        self._kept = {table.name: _KeptRows(table) for table in tables}
        self._fetch = fetch
        self._complete = empty
        self._most = most

    def get(self, table: str, *key: Any) -> Row | None:
        """A copy of the row, as the handlers so far left it; None if there is none."""
        row = self._row(self._of(table), key)
        return None if row is None else dict(row)

    def put(self, table: str, row: Row) -> None:
        """States the whole row; columns that are not named are null."""
        kept = self._of(table)
        whole = {**kept.nulls, **row}
        if len(whole) > kept.width:
            raise kept.unknown_columns(row)
        kept.fit(whole)
        key = tuple([whole[column] for column in kept.table.key])
        if None in key:
            raise WrongRow(f"a row of {table} needs its key: {', '.join(kept.table.key)}")
        kept.set(key, whole)

    def update(self, table: str, row: Row) -> None:
        """States the named columns of the row with this key, which must exist."""
        kept = self._of(table)
        try:
            key = tuple([row[column] for column in kept.table.key])
        except KeyError as error:
            raise WrongRow(f"a row of {table} needs its key column {error.args[0]}") from None
        before = self._row(kept, key)
        if before is None:
            raise WrongRow(f"table {table} has no row {key!r} to update")
        whole = {**before, **row}
        if len(whole) > kept.width:
            raise kept.unknown_columns(row)
        kept.fit(whole)
        kept.set(tuple([whole[column] for column in kept.table.key]), whole)

    def delete(self, table: str, *key: Any) -> None:
        """Removes the row with this key, if there is one."""
        kept = self._of(table)
        kept.set(kept.fitting_key(key), None)

    def take_changes(self) -> dict[str, TableChanges]:
        """What changed since the last call, by table. Lets older rows go when the cache is beyond its bound."""
        changes = {name: kept.take() for name, kept in self._kept.items() if kept.changed}
        if sum(len(kept.recent) for kept in self._kept.values()) > self._most // 2:
            for kept in self._kept.values():
                if kept.older:
                    self._complete = False
                kept.older, kept.recent = kept.recent, {}
        return changes

    def _of(self, table: str) -> "_KeptRows":
        try:
            return self._kept[table]
        except KeyError:
            raise WrongRow(f"the projection declares no table {table}") from None

    def _row(self, kept: "_KeptRows", key: Key) -> Row | None:
        try:
            return kept.recent[key]
        except KeyError:
            pass
        key = kept.fitting_key(key)
        if key in kept.recent:
            return kept.recent[key]
        if key in kept.older:
            row = kept.older[key]
        elif self._complete:
            return None
        else:
            stored = self._fetch(kept.table.name, key)
            row = None if stored is None else dict(zip(kept.table.columns, stored))  # noqa: B905 - Python 3.10
        kept.recent[key] = row
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
        self._fits: dict[tuple[type, ...], list[tuple[str, Fit]]] = {}

    def set(self, key: Key, row: Row | None) -> None:
        self.recent[key] = row
        self.changed[key] = None

    def take(self) -> TableChanges:
        rows = self.recent
        put = [list(row.values()) for key in self.changed if (row := rows[key]) is not None]
        delete = [list(key) for key in self.changed if rows[key] is None]
        self.changed = {}
        return TableChanges(put, delete)

    def fit(self, row: Row) -> None:
        """Makes the values what their columns hold. Free of look-ups for each value where types were met before.

        Raises: WrongRow.
        """
        types = tuple(map(type, row.values()))
        try:
            fits = self._fits[types]
        except KeyError:
            fits = self._fits[types] = self._fits_for(types)
        for column, fit in fits:
            try:
                row[column] = fit(row[column])
            except (ValueError, OverflowError) as error:
                raise WrongRow(f"column {column} of {self.table.name}: {error}") from None

    def fitting_key(self, key: Key) -> Key:
        columns = self.table.key
        if len(key) != len(columns):
            raise WrongRow(f"the key of {self.table.name} is {', '.join(columns)}, not {len(key)} values")
        fitted = []
        for column, value in zip(columns, key):  # noqa: B905 - Python 3.10
            fit = self._fit_for(column, type(value))
            fitted.append(value if fit is None else fit(value))
        return tuple(fitted)

    def unknown_columns(self, row: Row) -> WrongRow:
        unknown = ", ".join(str(column) for column in row if column not in self.table.columns)
        return WrongRow(f"table {self.table.name} has no column {unknown}")

    def _fits_for(self, types: tuple[type, ...]) -> list[tuple[str, "Fit"]]:
        fits = []
        for column, value_type in zip(self.table.columns, types):  # noqa: B905 - Python 3.10
            fit = self._fit_for(column, value_type)
            if fit is not None:
                fits.append((column, fit))
        return fits

    def _fit_for(self, column: str, value_type: type) -> "Fit | None":
        if value_type is type(None):
            return None
        column_type = self.table.columns[column]
        for known, fit in _FITS[column_type]:
            if value_type is known or (known not in _EXACTLY and issubclass(value_type, known)):
                return fit
        raise WrongRow(
            f"column {column} of {self.table.name} holds {column_type}, and this is a {value_type.__name__}"
        )


Fit = Callable[[Any], Any]


def _integer(value: Any) -> int:
    if not -(2**63) <= value < 2**63:
        raise ValueError(f"{value:.3e} is beyond 64 bits")
    return int(value)


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
    "integer": [(int, _integer), (bool, int), (enum.IntEnum, int)],
    "real": [(float, _real), (int, _real), (Decimal, _real)],
    "boolean": [(bool, None)],
}
_EXACTLY = frozenset({str, int, bool, float})
