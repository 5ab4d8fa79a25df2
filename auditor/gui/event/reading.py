"""The jobs that the event panel asks: one event with its links and what it changed, made ready for looking at."""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, NamedTuple

from auditor.core.outline import LONGEST_TEXT, kind_of, scalar_text
from auditor.gui.event.text_parts import HexParts, TextParts
from auditor.gui.event.uncollected import collection_paused, set_apart
from auditor.gui.state.row_words import Piece, value_piece
from auditor.jobs.origin import Origin
from auditor.tasks.context import TaskContext

if TYPE_CHECKING:
    from auditor.jobs.session import Session
    from auditor.jobs.show_changes import FieldChange, ShowChangesRequest
    from auditor.jobs.show_event import EventResult, ShowEventRequest
    from auditor.jobs.show_upcast import UpcastResult

MOST_CHANGES = 100
AT_ONCE = 100_000
"""Characters: of an event with no more data its JSON is made when it is read."""


class ChangedField(NamedTuple):
    """A field that the event changed. `kind` is added, removed or changed."""

    pointer: str
    kind: str
    before: Piece | None
    after: Piece | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadEventRequest:
    """`changes` is None where the states are not there yet: nothing is folded for them."""

    origin: Origin
    event: "ShowEventRequest"
    changes: "ShowChangesRequest | None"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadEvent:
    """The answer of `show_event`, and its columns as they are stored.

    With `upcast` it was read as the model reads it, `values` is the data of each of its events; where that was asked
    for and could not be had, `problem` says why. `changes` are the first of `changed` fields, None where that is not
    known.
    """

    result: "EventResult"
    upcast: "UpcastResult | None"
    values: tuple[Any, ...]
    problem: str
    changes: tuple[ChangedField, ...] | None
    changed: int
    json: TextParts | None
    """The event as one JSON document; None where that is long, then it is made when it is looked at."""
    data: TextParts
    metadata: TextParts
    data_bytes: HexParts
    metadata_bytes: HexParts

    @property
    def is_long(self) -> bool:
        """Its values are set apart from what is collected, until it is let go."""
        return self.json is None


@dataclass(frozen=True, slots=True, kw_only=True)
class AddChangesRequest:
    """For an event that was read before its changes could be had."""

    origin: Origin
    read: ReadEvent
    changes: "ShowChangesRequest"


def read_event(session: "Session", request: ReadEventRequest, context: TaskContext) -> ReadEvent:
    """As it is stored; as the model reads it too, if the request is one for that. Not for Qt's thread: a payload may be
    long."""
    with collection_paused():
        read = _read(session, request, context)
        if read.is_long:
            set_apart()
    return read


def _read(session: "Session", request: ReadEventRequest, context: TaskContext) -> ReadEvent:
    from auditor.core import exact_json
    from auditor.core.errors import ModelError
    from auditor.jobs import show_event, show_upcast

    upcast, problem = None, ""
    if isinstance(request.event, show_upcast.ShowUpcastRequest):
        try:
            upcast = show_upcast.run(session, request.event, context)
        except ModelError as error:  # what is stored can be looked at all the same
            problem = error.message
    result = upcast.stored if upcast is not None else show_event.run(session, request.event, context)
    changes, changed = (None, 0) if request.changes is None else _changes(session, request.changes, context)
    event = result.event
    return ReadEvent(
        result=result,
        upcast=upcast,
        values=() if upcast is None else tuple(exact_json.parse(one.data_text) for one in upcast.events),
        problem=problem,
        changes=changes,
        changed=changed,
        json=_json(result, upcast) if len(event.data_text) <= AT_ONCE else None,
        data=TextParts(event.data_text),
        metadata=TextParts(event.metadata_text),
        data_bytes=HexParts(event.data_text),
        metadata_bytes=HexParts(event.metadata_text),
    )


def add_changes(session: "Session", request: AddChangesRequest, context: TaskContext) -> ReadEvent:
    """The event that was read already, with what it changed."""
    changes, changed = _changes(session, request.changes, context)
    return replace(request.read, changes=changes, changed=changed)


def read_json(session: "Session", read: ReadEvent, context: TaskContext) -> TextParts:
    """The event as one JSON document, in the form that it was read in."""
    del session
    context.token.raise_if_cancelled()
    with collection_paused():
        return _json(read.result, read.upcast)


def _json(result: "EventResult", upcast: "UpcastResult | None") -> TextParts:
    from auditor.core import exact_json
    from auditor.jobs.copy_event import event_as_json

    if upcast is not None:
        return TextParts(exact_json.dump(upcast.upcast_document(), indent=2))
    return TextParts(event_as_json(result.event, result.ordinal))


def _changes(
    session: "Session", request: "ShowChangesRequest", context: TaskContext
) -> tuple[tuple[ChangedField, ...] | None, int]:
    from auditor.core.errors import AuditorError, Cancelled
    from auditor.jobs import show_changes

    try:
        found = show_changes.run(session, request, context)
    except Cancelled:
        raise
    except AuditorError:  # the state's panel says it, and the event can be looked at all the same
        return None, 0
    if found.ordinal < found.asked:
        return None, 0
    return tuple(map(_changed, found.changes)), found.total


def _changed(change: "FieldChange") -> ChangedField:
    return ChangedField(change.pointer, change.kind, _piece(change.before), _piece(change.after))


def _piece(text: str | None) -> Piece | None:
    from auditor.core import exact_json

    if text is None:
        return None
    value = exact_json.parse(text)
    kind = kind_of(value)
    if kind in ("object", "array"):
        piece = value_piece(kind, "", len(value))
    else:
        scalar = scalar_text(value)
        piece = value_piece(kind, scalar[:LONGEST_TEXT], len(scalar))
    return piece._replace(font={"body": "small"}.get(piece.font, piece.font))
