"""Reading statements for PostgreSQL, on the driver's own cursor."""

from collections.abc import Mapping
from typing import Any, Final, Self

import psycopg
from psycopg.types.numeric import NumericBinaryLoader
from sqlalchemy.dialects.postgresql.base import PGDialect
from sqlalchemy.sql import ClauseElement

from auditor.stores.dialects.expressions import IS_JSON_SINCE
from auditor.stores.dialects.viewing import Compiled, Make


# Not that of the driver: it casts every parameter to the type of its Python value, and numbers to the smallest one.
def _dialect(*version: int) -> PGDialect:
    made = PGDialect(paramstyle="pyformat")  # type: ignore[no-untyped-call]
    made.server_version_info = version
    return made


_DIALECT: Final = _dialect(*IS_JSON_SINCE)
_OLDER: Final = _dialect(14)


class ServerCursor(psycopg.Cursor[Any]):
    """A cursor that knows how statements are said here."""

    @staticmethod
    def compiled(statement: ClauseElement) -> Compiled:
        compiled = statement.compile(dialect=_DIALECT)
        return Compiled(str(compiled), compiled.params)

    def run(self, text: str, values: Mapping[str, Any]) -> Self:
        # Never prepared: the server would keep it, and a pooler between may send the next run to another server.
        held = {name: _held(value) for name, value in values.items()}
        return self.execute(text, held, prepare=False, binary=True)

    def fill(self, rows: list[Any], text: str, values: Mapping[str, Any], make: Make) -> None:
        rows.extend(map(make, self.run(text, values).fetchall()))


class OlderServerCursor(ServerCursor):
    """For servers without `IS JSON`."""

    @staticmethod
    def compiled(statement: ClauseElement) -> Compiled:
        compiled = statement.compile(dialect=_OLDER)
        return Compiled(str(compiled), compiled.params)


class WholeNumber(NumericBinaryLoader):
    """Sums of whole numbers, which the server makes decimals of."""

    def load(self, data: Any) -> Any:
        found = super().load(data)
        return int(found) if found == found.to_integral_value() else found


def _held(value: Any) -> Any:
    """The value, or NULL, which is equal to nothing, for one that no column can hold: NUL and what is no UTF-8."""
    if isinstance(value, bytes):
        return None
    if isinstance(value, str):
        if "\0" in value:
            return None
        try:
            value.encode()
        except UnicodeEncodeError:
            return None
    return value
