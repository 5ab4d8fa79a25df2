"""Values of a kind that their column should not have. SQLite keeps what it is given, whatever the column is called."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from operator import itemgetter
from typing import Any, Final, TypeVar

from auditor.core.events import PayloadRow, RecordedEvent, as_event
from auditor.core.presenter import display
from auditor.core.text import tr
from auditor.stores.dialects.viewing import Make
from auditor.stores.pages import AggregateRow, TimelineRow

Row = TypeVar("Row", RecordedEvent, PayloadRow, AggregateRow, TimelineRow)

_Types = frozenset[type]
_TEXT: Final[_Types] = frozenset({str})
_NUMBER: Final[_Types] = frozenset({int})
_MAYBE_TEXT: Final[_Types] = frozenset({str, type(None)})
# A column declared as text makes text of every number, one declared as a number makes a number of a text like '12'.
_STORABLE: Final[dict[_Types, _Types]] = {
    _TEXT: frozenset({str, bytes}),
    _NUMBER: frozenset({int, float, str, bytes}),
    _MAYBE_TEXT: frozenset({str, bytes, type(None)}),
}


@dataclass(frozen=True)
class Kinds:
    """The columns of one kind of row: how people call them, and what each holds."""

    make: Make
    columns: tuple[tuple[str, _Types], ...]

    def mend(self, rows: list[Row], notes: list[str]) -> str:
        """Replaces, in place, values of a wrong kind, and notes which: bytes become text, a version that is no whole
        number 0.

        A value that no statement can have put there is damage: it and the rows after it are left out, and the reason
        is returned. Cost of sound rows: some 0.4 µs each.
        """
        suspects = [
            (at, name, kinds)
            for at, (name, kinds) in enumerate(self.columns)
            if rows and not kinds.issuperset(map(type, map(itemgetter(at), rows)))
        ]
        if not suspects:
            return ""
        for place, row in enumerate(rows):
            wrong = [one for one in suspects if type(row[one[0]]) not in one[2]]
            for at, name, kinds in wrong:
                if type(row[at]) not in _STORABLE[kinds]:
                    del rows[place:]
                    return tr("the next row has {kind} as its {column}", kind=_kind(row[at]), column=name)
            if wrong:
                rows[place] = self.make(_replaced(row, wrong, notes))
        return ""


def _replaced(
    row: RecordedEvent | PayloadRow | AggregateRow | TimelineRow,
    wrong: Sequence[tuple[int, str, _Types]],
    notes: list[str],
) -> list[Any]:
    values: list[Any] = list(row)
    row = named(row)
    for at, name, kinds in wrong:
        value = values[at]
        values[at] = 0 if kinds is _NUMBER else as_text(value)
        said = {"kind": _kind(value), "column": name, "value": display(repr(value), longest=80)}
        if isinstance(row, AggregateRow):
            notes.append(
                tr(
                    "The aggregate {id} has {kind} as its {column}: {value}.",
                    id=display(as_text(row.aggregate_id)),
                    **said,
                )
            )
        else:
            notes.append(
                tr(
                    "The event at position {position} has {kind} as its {column}: {value}.",
                    position=row.position,
                    **said,
                )
            )
    return values


def named(row: Any) -> Any:
    """The row with names for its columns: those of `PAYLOAD_KINDS` are the driver's own."""
    return PayloadRow._make(row) if type(row) is tuple else row


def as_text(value: object) -> str:
    """A value of a text column as text, whatever kind it has."""
    if isinstance(value, bytes):
        return value.decode("utf-8", "surrogateescape")
    return "" if value is None else str(value)


def _kind(value: object) -> str:
    if value is None:
        return tr("no value")
    if isinstance(value, bytes):
        return tr("bytes")
    if isinstance(value, str):
        return tr("text")
    return tr("a number with a fraction") if isinstance(value, float) else tr("a number")


EVENT_KINDS: Final = Kinds(
    as_event,
    (
        ("position", _NUMBER),
        ("event_id", _TEXT),
        ("aggregate_id", _TEXT),
        ("aggregate_type", _TEXT),
        ("event_type", _TEXT),
        ("version", _NUMBER),
        ("timestamp", _TEXT),
        ("timestamp_text", _MAYBE_TEXT),
        ("data", _TEXT),
        ("metadata", _TEXT),
    ),
)
PAYLOAD_KINDS: Final = Kinds(
    tuple,  # the driver's own rows: no object is made of them, and the garbage collector leaves them alone
    (("position", _NUMBER), ("version", _NUMBER), ("event_type", _TEXT), ("data", _TEXT)),
)
AGGREGATE_KINDS: Final = Kinds(
    AggregateRow._make,
    (
        ("aggregate_id", _TEXT),
        ("aggregate_type", _TEXT),
        ("version", _NUMBER),
        ("events", _NUMBER),
        ("last_timestamp", _TEXT),
        ("last_position", _NUMBER),
    ),
)
TIMELINE_KINDS: Final = Kinds(
    partial(tuple.__new__, TimelineRow),  # at the speed of C
    (
        ("position", _NUMBER),
        ("version", _NUMBER),
        ("timestamp", _TEXT),
        ("event_type", _TEXT),
        ("user_id", _MAYBE_TEXT),
        ("size", _NUMBER),
    ),
)
