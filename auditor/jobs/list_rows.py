"""A page of the live rows of a projection."""

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from auditor.core.errors import WrongRequest
from auditor.core.text import tr
from auditor.jobs.origin import Origin
from auditor.jobs.projections import target_of
from auditor.jobs.session import Session
from auditor.tasks.context import TaskContext

if TYPE_CHECKING:
    from auditor.stores.read_model_view import RowColumn


@dataclass(frozen=True, slots=True, kw_only=True)
class ListRowsRequest:
    """`name` is the projection's; without `table` its first one is meant. `prefix`: only rows whose key begins with
    this text. `after` is the token that the page before named."""

    origin: Origin
    name: str
    limit: int
    table: str | None = None
    prefix: str | None = None
    after: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RowsResult:
    """Rows by their key, each with its values in the order of `columns`: texts, numbers, booleans, None.

    They are true at `position` of the store that `built_from` names, which is not always the one that is open;
    `head` is the end of the open one, `tables` are all that the projection has.
    """

    projection: str
    table: str
    tables: tuple[str, ...]
    columns: "tuple[RowColumn, ...]"
    key: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]
    more: bool
    after: str | None
    position: int
    built_from: str
    store_id: str
    head: int | None
    notes: tuple[str, ...]

    def document(self) -> dict[str, Any]:
        """As JSON has it."""
        return {
            "projection": self.projection,
            "table": self.table,
            "tables": list(self.tables),
            "columns": [
                {"name": column.name, "type": column.kind, "key": column.key} for column in self.columns
            ],
            "rows": [
                {column.name: json_value(value) for column, value in zip(self.columns, row, strict=True)}
                for row in self.rows
            ],
            "more": self.more,
            "after": self.after,
            "position": self.position,
            "built_from": self.built_from,
            "store_id": self.store_id,
            "head": self.head,
            "notes": list(self.notes),
        }


def run(session: Session, request: ListRowsRequest, context: TaskContext) -> RowsResult:
    """Runs no code. While a rebuild is at work the rows are those of the last one that ended.

    Raises: WrongRequest for an unknown projection or table and for a foreign token; StoreError where nothing was
    built yet or the read model cannot be read; ModelError.
    """
    from auditor.stores.read_model_view import NothingRebuilt, ReadModelView, never_rebuilt

    context.token.raise_if_cancelled()
    if request.limit < 1:
        raise WrongRequest(
            tr("A page of {limit} rows cannot be had.", limit=request.limit), tr("Ask for 1 or more.")
        )
    target = target_of(session, request.name)
    try:
        view = ReadModelView(target, store=session.reader.location, token=context.token)
    except NothingRebuilt:
        raise never_rebuilt(target, request.name) from None
    with view:
        page = view.page(
            request.name, request.table, prefix=request.prefix, limit=request.limit, after=request.after
        )
    built_from = page.checkpoint.store_id
    return RowsResult(
        projection=request.name,
        table=page.table,
        tables=page.checkpoint.tables,
        columns=page.columns,
        key=page.key,
        rows=tuple(page.rows),
        more=page.after is not None,
        after=page.after,
        position=page.checkpoint.position,
        built_from=built_from,
        store_id=session.reader.store_id,
        head=session.reader.head(),
        notes=_notes(request.name, built_from, session.reader.store_id),
    )


def _notes(name: str, built_from: str, store_id: str) -> tuple[str, ...]:
    if built_from == store_id:
        return ()
    return (tr("The rows of {name} were built from another store ({id}).", name=name, id=built_from),)


def json_value(value: Any) -> Any:
    """A value of a row as JSON can carry it. Only somebody else's hand can have put bytes or an infinity there."""
    if isinstance(value, bytes):
        return {"bytes": value.hex()}
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    return value
