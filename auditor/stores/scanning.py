"""Rows at the driver's speed: statements made from table objects, run on SQLite's own cursor."""

import sqlite3
from collections.abc import Callable, Mapping
from typing import Any, Final

from sqlalchemy.dialects import sqlite
from sqlalchemy.sql import ClauseElement

from auditor.core.errors import StoreDamaged
from auditor.core.text import tr
from auditor.stores.sqlite_errors import damaged_hint, is_bad_text

_DIALECT: Final = sqlite.dialect(paramstyle="named")

Make = Callable[[Any], Any]


class Query:
    """A statement compiled once; the values of its parameters may be replaced by name at each run."""

    def __init__(self, statement: ClauseElement) -> None:
        compiled = statement.compile(dialect=_DIALECT)
        self.text = str(compiled)
        self.values: Mapping[str, Any] = compiled.params

    def run(self, cursor: sqlite3.Cursor, **values: Any) -> sqlite3.Cursor:
        return cursor.execute(self.text, {**self.values, **values} if values else self.values)

    def fill(self, rows: list[Any], cursor: sqlite3.Cursor, make: Make, **values: Any) -> None:
        """Appends all rows of the answer. When reading fails in the midst, `rows` keeps those before.

        Text that is no UTF-8 comes with its wrong bytes as lone surrogates, as file names do.
        """
        before = len(rows)
        try:
            rows.extend(map(make, self.run(cursor, **values)))
        except sqlite3.OperationalError as error:
            if not is_bad_text(error):
                raise
            del rows[before:]
            connection = cursor.connection
            connection.text_factory = _with_surrogates
            try:
                rows.extend(map(make, self.run(cursor, **values)))
            finally:
                connection.text_factory = str


def quoted(name: str) -> str:
    """A name as it stands in a statement, whatever characters it has."""
    return _DIALECT.identifier_preparer.quote_identifier(name)


def _with_surrogates(text: bytes) -> str:
    return text.decode("utf-8", "surrogateescape")


def damaged_after(reason: str, name: str, place: str | None) -> StoreDamaged:
    """Damage met in the midst of reading; `place` names the last good row, None where there was none."""
    where = tr("before the first row") if place is None else tr("after {place}", place=place)
    return StoreDamaged(
        tr("{path} is damaged: reading stopped {where} ({why}).", path=name, where=where, why=reason),
        damaged_hint(),
    )
