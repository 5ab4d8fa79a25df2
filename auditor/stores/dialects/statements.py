"""Statements as texts whose parameters are given by place, alike for all databases but for SQLAlchemy's dialect."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import ColumnElement, Insert, Table, bindparam
from sqlalchemy.schema import ExecutableDDLElement
from sqlalchemy.sql import ClauseElement


class Statements:
    """`insert` is the dialect's own one, which knows what to do about a row that is there."""

    def __init__(self, dialect: Any, insert: Callable[[Table], Any]) -> None:
        self._dialect = dialect
        self._insert = insert

    def compiled(self, statement: ClauseElement, *names: str) -> str:
        compiled = statement.compile(dialect=self._dialect)
        order = tuple(getattr(compiled, "positiontup", None) or ())
        if order != names:
            raise ValueError(f"the statement takes {order}, not {names}")
        return str(compiled)

    def replacing(self, table: Table, when: Callable[[Any], ColumnElement[bool]]) -> Insert:
        names, key = list(table.c.keys()), list(table.primary_key.columns.keys())
        statement = self._insert(table).values({name: bindparam(name) for name in names})
        upsert: Insert = statement.on_conflict_do_update(
            index_elements=key,
            set_={name: statement.excluded[name] for name in names if name not in key},
            where=when(statement.excluded),
        )
        return upsert

    def ddl(self, statement: ExecutableDDLElement) -> str:
        return str(statement.compile(dialect=self._dialect)).strip()

    def quoted(self, name: str) -> str:
        return str(self._dialect.identifier_preparer.quote_identifier(name))
