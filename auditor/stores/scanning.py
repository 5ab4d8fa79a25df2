"""Rows at the driver's speed: statements made from table objects, run on the driver's own cursor."""

from typing import Any

from sqlalchemy.sql import ClauseElement

from auditor.core.errors import StoreDamaged
from auditor.core.text import tr
from auditor.stores.dialects.sqlite_reading import quoted as quoted
from auditor.stores.dialects.viewing import Compiled, Make
from auditor.stores.sqlite_errors import damaged_hint


class Query:
    """A statement, compiled once for each database that it is asked of; the values of its parameters may be replaced
    by name at each run. The cursors are those of a read transaction."""

    def __init__(self, statement: ClauseElement) -> None:
        self._statement = statement
        self._compiled: dict[type, Compiled] = {}

    def run(self, cursor: Any, **values: Any) -> Any:
        """The cursor, which has the answer."""
        text, own = self._for(cursor)
        return cursor.run(text, {**own, **values} if values else own)

    def fill(self, rows: list[Any], cursor: Any, make: Make, **values: Any) -> None:
        """Appends all rows of the answer. When reading fails in the midst, `rows` keeps those before."""
        text, own = self._for(cursor)
        cursor.fill(rows, text, {**own, **values} if values else own, make)

    def _for(self, cursor: Any) -> Compiled:
        found = self._compiled.get(type(cursor))
        if found is None:
            found = self._compiled[type(cursor)] = cursor.compiled(self._statement)
        return found


def damaged_after(reason: str, name: str, place: str | None) -> StoreDamaged:
    """Damage met in the midst of reading; `place` names the last good row, None where there was none."""
    where = tr("before the first row") if place is None else tr("after {place}", place=place)
    return StoreDamaged(
        tr("{path} is damaged: reading stopped {where} ({why}).", path=name, where=where, why=reason),
        damaged_hint(),
    )
