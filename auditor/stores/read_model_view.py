"""Looking into a read-model file: what each projection has there, and pages of live rows. Nothing is written."""

import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from types import TracebackType
from typing import Any, NamedTuple, Self, TypeVar

from sqlalchemy import ColumnElement, Select, Text, cast, column, func, literal, select, table, tuple_

from auditor.core.errors import StoreBusy, StoreError, WrongRequest
from auditor.core.ports import StopToken
from auditor.core.text import tr
from auditor.stores.listing import begins_with, bound, place_token, token_place
from auditor.stores.location import FileLocation
from auditor.stores.read_model_file import at_work, recover, refuse_unless_ours
from auditor.stores.read_model_schema import (
    Build,
    Checkpoint,
    build_from,
    builds,
    checkpoint_from,
    checkpoints,
)
from auditor.stores.readonly import ReadOnlyFile
from auditor.stores.scanning import Query, quoted

_MOST_TRIES = 3
Answer = TypeVar("Answer")


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What a projection has in a file. `unfinished` is the checkpoint of a rebuild that has not come to its end, and
    `at_work` whether that is running now; `rows` are exact counts by live table, None for a table that is gone."""

    live: Checkpoint | None = None
    unfinished: Checkpoint | None = None
    at_work: bool = False
    build: Build | None = None
    rows: dict[str, int | None]


class RowColumn(NamedTuple):
    """A column as declared. `kind` is text, integer, real or boolean; `key`: whether it is part of the key."""

    name: str
    kind: str
    key: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RowPage:
    """Rows by key, true at `checkpoint`. `after` is the token of the next page, None on the last."""

    checkpoint: Checkpoint
    table: str
    columns: tuple[RowColumn, ...]
    key: tuple[str, ...]
    rows: list[tuple[Any, ...]]
    after: str | None


class ReadModelView:
    """An open read-model file; a context manager. What a killed rebuild left half written is undone first."""

    def __init__(
        self, location: FileLocation, *, store_path: Path | None = None, token: StopToken | None = None
    ) -> None:
        """Raises: StoreError where the file is absent, empty or not ours; StoreBusy; Cancelled."""
        self.location = location
        if not refuse_unless_ours(location.path, store_path):
            raise NothingRebuilt(tr("There are no read models in {path} yet.", path=location.name))
        recover(location.path)
        self._file = ReadOnlyFile(location, token)

    def answer(self, read: Callable[[sqlite3.Cursor], Answer]) -> Answer:
        """What `read` makes of one moment of the file."""
        for _ in range(_MOST_TRIES - 1):
            try:
                return self._moment(read)
            except StoreBusy:
                raise
            except StoreError:
                # A rebuild may have been killed since we opened: what it left half written must be undone first.
                if not recover(self.location.path):
                    raise
        return self._moment(read)

    def _moment(self, read: Callable[[sqlite3.Cursor], Answer]) -> Answer:
        with self._file.translated(), self._file.reading() as cursor:
            return read(cursor)

    def standing(self, projection: str) -> Standing:
        """Cost: all live rows are counted."""
        is_at_work = at_work(self.location.path) == projection
        return replace(self.answer(lambda cursor: _standing(cursor, projection)), at_work=is_at_work)

    def page(
        self,
        projection: str,
        table_name: str | None,
        *,
        prefix: str | None = None,
        limit: int,
        after: str | None = None,
    ) -> RowPage:
        """Live rows by key; without a name those of the first table that was declared.

        `prefix`: only those whose key begins with this text. Raises: WrongRequest, StoreError.
        """
        return self.answer(lambda cursor: self._page(cursor, projection, table_name, prefix, limit, after))

    def _page(
        self,
        cursor: sqlite3.Cursor,
        projection: str,
        table_name: str | None,
        prefix: str | None,
        limit: int,
        after: str | None,
    ) -> RowPage:
        live = checkpoint_of(cursor, projection, "live")
        if live is None:
            raise never_rebuilt(self.location, projection)
        name = _table_named(live, table_name)
        columns, key = _columns_of(cursor, name)
        if not key:
            raise StoreError(
                tr("{path} has no table {table} any more.", path=self.location.name, table=name),
                tr("`auditor rebuild STORE {name}` makes it again.", name=projection),
            )
        listing = f"rows of {projection}: {name}"
        place = None
        if after is not None:
            place = token_place(listing, after, *[str | int | float | bytes] * len(key))
        statement = _rows_after(name, columns, key, place, prefix).limit(limit + 1)
        rows: list[tuple[Any, ...]] = []
        Query(statement).fill(rows, cursor, tuple)
        more = len(rows) > limit
        del rows[limit:]
        names, kinds = [one.name for one in columns], [one.kind for one in columns]
        last = [rows[-1][names.index(part)] for part in key] if more else None
        return RowPage(
            checkpoint=live,
            table=name,
            columns=columns,
            key=key,
            rows=[as_declared(kinds, row) for row in rows],
            after=None if last is None else place_token(listing, last),
        )

    def close(self) -> None:
        self._file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


class NothingRebuilt(StoreError):
    """There is no read model yet: not the file, or not the projection in it."""


def never_rebuilt(location: FileLocation, projection: str) -> NothingRebuilt:
    return NothingRebuilt(
        tr("{path} has no rows of {name} yet.", path=location.name, name=projection),
        tr("`auditor rebuild STORE {name}` makes them.", name=projection),
    )


def checkpoint_of(cursor: sqlite3.Cursor, projection: str, stage: str) -> Checkpoint | None:
    """`stage` is live or shadow."""
    where = (checkpoints.c.projection == projection, checkpoints.c.stage == stage)
    found: list[tuple[Any, ...]] = []
    Query(select(checkpoints).where(*where)).fill(found, cursor, tuple)
    return checkpoint_from(found[0]) if found else None


def as_declared(kinds: Sequence[str], row: Sequence[Any]) -> tuple[Any, ...]:
    """The values with booleans as such; SQLite keeps them as numbers."""
    return tuple(
        bool(value) if kind == "boolean" and value in (0, 1) else value
        for kind, value in zip(kinds, row, strict=True)
    )


def _standing(cursor: sqlite3.Cursor, projection: str) -> Standing:
    tables = {name for (name,) in cursor.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    found: list[tuple[Any, ...]] = []
    if builds.name in tables:  # a file of an earlier version has none
        Query(select(builds).where(builds.c.projection == projection)).fill(found, cursor, tuple)
    live = checkpoint_of(cursor, projection, "live")
    rows = {name: _count(cursor, name) if name in tables else None for name in (live.tables if live else ())}
    return Standing(
        live=live,
        unfinished=checkpoint_of(cursor, projection, "shadow"),
        build=build_from(found[0]) if found else None,
        rows=rows,
    )


def _count(cursor: sqlite3.Cursor, name: str) -> int:
    return int(Query(select(func.count()).select_from(table(name))).run(cursor).fetchone()[0])


def _rows_after(
    name: str,
    columns: Sequence[RowColumn],
    key: Sequence[str],
    place: Sequence[Any] | None,
    prefix: str | None,
) -> Select[Any]:
    keys: list[ColumnElement[Any]] = [column(part) for part in key]
    statement: Select[Any] = select(table(name, *(column(one.name) for one in columns)))
    if prefix:
        statement = statement.where(begins_with(cast(keys[0], Text), prefix, by_code_points=False))
    if place is not None:
        values = [bound(one) if isinstance(one, str | bytes) else literal(one) for one in place]
        statement = statement.where(tuple_(*keys) > tuple_(*values))
    return statement.order_by(*keys)


def _table_named(live: Checkpoint, name: str | None) -> str:
    if name is None:
        return live.tables[0]
    if name not in live.tables:
        raise WrongRequest(
            tr("{projection} has no table {table!r}.", projection=live.projection, table=name),
            tr("There is {names}.", names=", ".join(live.tables)),
        )
    return name


def _columns_of(cursor: sqlite3.Cursor, name: str) -> tuple[tuple[RowColumn, ...], tuple[str, ...]]:
    """The columns of a table and the names of its key in order; nothing where the table is gone."""
    found = cursor.execute(f"PRAGMA table_xinfo({quoted(name)})").fetchall()
    columns = tuple(RowColumn(named, kind.lower(), key > 0) for _, named, kind, _, _, key, _ in found)
    key = tuple(named for _, named, _, _, _, key, _ in sorted(found, key=lambda row: row[5]) if key)
    return columns, key
