"""Reading statements for SQLite, on the driver's own cursor."""

import sqlite3
from collections.abc import Mapping
from typing import Any, Final, Self

from sqlalchemy.dialects import sqlite
from sqlalchemy.sql import ClauseElement

from auditor.stores.dialects.viewing import Compiled, Make
from auditor.stores.sqlite_errors import is_bad_text

_DIALECT: Final = sqlite.dialect(paramstyle="named")


class SqliteCursor(sqlite3.Cursor):
    """A cursor that knows how statements are said here."""

    @staticmethod
    def compiled(statement: ClauseElement) -> Compiled:
        compiled = statement.compile(dialect=_DIALECT)
        return Compiled(str(compiled), compiled.params)

    def run(self, text: str, values: Mapping[str, Any]) -> Self:
        self.execute(text, values)
        return self

    def fill(self, rows: list[Any], text: str, values: Mapping[str, Any], make: Make) -> None:
        """Text that is no UTF-8 comes with its wrong bytes as lone surrogates, as file names do."""
        before = len(rows)
        try:
            rows.extend(map(make, self.execute(text, values)))
        except sqlite3.OperationalError as error:
            if not is_bad_text(error):
                raise
            del rows[before:]
            connection = self.connection
            connection.text_factory = _with_surrogates
            try:
                rows.extend(map(make, self.execute(text, values)))
            finally:
                connection.text_factory = str


def quoted(name: str) -> str:
    """A name as it stands in a statement, whatever characters it has."""
    return _DIALECT.identifier_preparer.quote_identifier(name)


def _with_surrogates(text: bytes) -> str:
    return text.decode("utf-8", "surrogateescape")
