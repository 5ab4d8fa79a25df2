"""Rows at the driver's speed: statements made from table objects, run on SQLite's own cursor."""

import sqlite3
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, Final

from sqlalchemy.dialects import sqlite
from sqlalchemy.sql import ClauseElement

from auditor.core.errors import StoreDamaged
from auditor.core.events import RecordedEvent
from auditor.core.presenter import display
from auditor.core.text import tr
from auditor.stores.sqlite_errors import damaged_hint, is_bad_text

_DIALECT: Final = sqlite.dialect(paramstyle="named")

Make = Callable[[Any], Any]
as_event: Final[Make] = partial(tuple.__new__, RecordedEvent)

_COLUMN_NAMES: Final = (
    "position",
    "event_id",
    "aggregate_id",
    "aggregate_type",
    "event_type",
    "version",
    "timestamp",
    "timestamp_text",
    "data",
    "metadata",
)
_VERSION: Final = _COLUMN_NAMES.index("version")
_NULLABLE: Final = _COLUMN_NAMES.index("timestamp_text")
_EXPECTED: Final = tuple(
    frozenset({int})
    if at in (0, _VERSION)
    else frozenset({str, type(None)})
    if at == _NULLABLE
    else frozenset({str})
    for at in range(len(_COLUMN_NAMES))
)


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


def _with_surrogates(text: bytes) -> str:
    return text.decode("utf-8", "surrogateescape")


def as_text(value: object) -> str:
    """A value of a text column as text, whatever kind it has."""
    if isinstance(value, bytes):
        return _with_surrogates(value)
    return "" if value is None else str(value)


def damaged_after(error: sqlite3.Error, name: str, place: str | None) -> StoreDamaged:
    """Damage met in the midst of reading; `place` names the last good row, None where there was none."""
    where = tr("before the first row") if place is None else tr("after {place}", place=place)
    return StoreDamaged(
        tr("{path} is damaged: reading stopped {where} ({why}).", path=name, where=where, why=error),
        damaged_hint(),
    )


def well_typed(events: list[RecordedEvent]) -> list[str]:
    """Replaces, in place, values of a kind that their column cannot have, and says which.

    Bytes become text, a missing text "", and a version that is no whole number 0. A column of SQLite takes values of
    any kind, so a store that another program or a person wrote may hold them. Cost: some 0.4 µs an event.
    """
    wrong = [
        at
        for at, column in enumerate(zip(*events, strict=True))
        if not _EXPECTED[at].issuperset(map(type, column))
    ]
    if not wrong:
        return []
    notes: list[str] = []
    for place, event in enumerate(events):
        if any(type(event[at]) not in _EXPECTED[at] for at in wrong):
            events[place] = _mended(event, wrong, notes)
    return notes


def _mended(event: RecordedEvent, wrong: Sequence[int], notes: list[str]) -> RecordedEvent:
    values: list[Any] = list(event)
    for at in wrong:
        value = values[at]
        if type(value) in _EXPECTED[at]:
            continue
        values[at] = 0 if at == _VERSION else as_text(value)
        notes.append(
            tr(
                "The event at position {position} has {kind} as its {column}: {value}.",
                position=values[0],
                kind=_kind(value),
                column=_COLUMN_NAMES[at],
                value=tr("NULL") if value is None else display(repr(value), longest=80),
            )
        )
    return RecordedEvent._make(values)


def _kind(value: object) -> str:
    if value is None:
        return tr("no value")
    if isinstance(value, bytes):
        return tr("bytes")
    return tr("text") if isinstance(value, str) else tr("a number with a fraction")
