"""Looking into read models: what each projection has there, and pages of live rows. Nothing is written."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from types import TracebackType
from typing import Any, Self

from sqlalchemy import ColumnElement, Select, Text, cast, column, func, literal, select, table, tuple_

from auditor.core.errors import StoreError, WrongRequest
from auditor.core.ports import StopToken
from auditor.core.text import tr
from auditor.stores.listing import begins_with, bound, place_token, token_place
from auditor.stores.location import StoreLocation
from auditor.stores.read_model_looking import (
    Answer,
    Cursor,
    NothingRebuilt,
    ReadModelsLookedAt,
    RowColumn,
    looked_at,
)
from auditor.stores.read_model_place import ReadModelPlace
from auditor.stores.read_model_schema import (
    Build,
    Checkpoint,
    build_from,
    builds,
    checkpoint_from,
    checkpoints,
)
from auditor.stores.scanning import Query

__all__ = ["NothingRebuilt", "ReadModelView", "RowColumn", "RowPage", "Standing"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What a projection has in a file. `unfinished` is the checkpoint of a rebuild that has not come to its end, and
    `at_work` whether that is running now; `rows` are exact counts by live table, None for a table that is gone."""

    live: Checkpoint | None = None
    unfinished: Checkpoint | None = None
    at_work: bool = False
    build: Build | None = None
    rows: dict[str, int | None]


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
    """An open place of read models; a context manager. What a killed rebuild left half written in a file is undone
    first."""

    def __init__(
        self,
        location: ReadModelPlace,
        *,
        store: StoreLocation | None = None,
        token: StopToken | None = None,
    ) -> None:
        """Raises: NothingRebuilt where the place is absent or empty; StoreError for what is not ours; StoreBusy,
        PasswordNeeded; Cancelled."""
        self.location = location
        self._models = looked_at(location, store=store, token=token)

    def answer(self, read: Callable[[Cursor], Answer]) -> Answer:
        """What `read` makes of one moment of the place; it may be called anew."""
        return self._models.answer(read)

    def standing(self, projection: str) -> Standing:
        """Cost: all live rows are counted."""
        is_at_work = self._models.is_at_work(projection)
        found = self.answer(lambda cursor: _standing(self._models, cursor, projection))
        return replace(found, at_work=is_at_work)

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
        cursor: Cursor,
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
        columns, key = self._models.columns_of(cursor, name)
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
        self._models.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def never_rebuilt(location: ReadModelPlace, projection: str) -> NothingRebuilt:
    return NothingRebuilt(
        tr("{path} has no rows of {name} yet.", path=location.name, name=projection),
        tr("`auditor rebuild STORE {name}` makes them.", name=projection),
    )


def checkpoint_of(cursor: Cursor, projection: str, stage: str) -> Checkpoint | None:
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


def _standing(models: ReadModelsLookedAt, cursor: Cursor, projection: str) -> Standing:
    tables = models.tables(cursor)
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


def _count(cursor: Cursor, name: str) -> int:
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
