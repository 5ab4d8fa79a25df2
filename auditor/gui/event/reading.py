"""The job that the event panel asks: one event with its links, and its texts made ready for looking at."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from auditor.core.presenter import display
from auditor.tasks.context import TaskContext

if TYPE_CHECKING:
    from auditor.jobs.session import Session
    from auditor.jobs.show_event import EventResult, ShowEventRequest
    from auditor.jobs.show_upcast import UpcastResult

MOST_SHOWN = 30_000


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredText:
    """A column's text as it can be looked at: nothing hidden. `size` counts the bytes of the stored text."""

    seen: str
    size: int
    characters: int

    @property
    def is_cut(self) -> bool:
        return self.characters > MOST_SHOWN


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadEvent:
    """The answer of `show_event`, the event as one JSON document, its columns as stored.

    With `upcast` the document is what the model reads, `values` the data of each of its events; where that was asked
    for and could not be had, `problem` says why.
    """

    result: "EventResult"
    upcast: "UpcastResult | None"
    values: tuple[Any, ...]
    problem: str
    json: str
    json_seen: StoredText
    data: StoredText
    metadata: StoredText


def read_event(session: "Session", request: "ShowEventRequest", context: TaskContext) -> ReadEvent:
    """As it is stored; as the model reads it too, if the request is one for that. Not for Qt's thread: a payload may be
    long."""
    from auditor.core import exact_json
    from auditor.core.errors import ModelError
    from auditor.jobs import show_event, show_upcast
    from auditor.jobs.list_events import event_document

    upcast, problem = None, ""
    if isinstance(request, show_upcast.ShowUpcastRequest):
        try:
            upcast = show_upcast.run(session, request, context)
        except ModelError as error:  # what is stored can be looked at all the same
            problem = error.message
    result = upcast.stored if upcast is not None else show_event.run(session, request, context)
    document = (
        upcast.upcast_document() if upcast is not None else event_document(result.event, result.ordinal)
    )
    text = exact_json.dump(document, indent=2)
    return ReadEvent(
        result=result,
        upcast=upcast,
        values=() if upcast is None else tuple(exact_json.parse(one.data_text) for one in upcast.events),
        problem=problem,
        json=text,
        json_seen=_seen(text),
        data=_seen(result.event.data_text),
        metadata=_seen(result.event.metadata_text),
    )


def _seen(text: str) -> StoredText:
    """Ends of lines stay ends of lines; in stored text they are marked too by what they are."""
    lines = text[:MOST_SHOWN].split("\n")
    return StoredText(
        seen="\n".join(map(display, lines)),
        size=len(text.encode("utf-8", "surrogatepass")),
        characters=len(text),
    )
