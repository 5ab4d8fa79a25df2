"""The job that the event panel asks: one event with its links, and its texts made ready for looking at."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from auditor.core.presenter import display
from auditor.tasks.context import TaskContext

if TYPE_CHECKING:
    from auditor.jobs.session import Session
    from auditor.jobs.show_event import EventResult, ShowEventRequest

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
    """The answer of `show_event`, the event as one JSON document, its columns as stored."""

    result: "EventResult"
    json: str
    json_seen: StoredText
    data: StoredText
    metadata: StoredText


def read_event(session: "Session", request: "ShowEventRequest", context: TaskContext) -> ReadEvent:
    """Not for Qt's thread: a payload may be long."""
    from auditor.core import exact_json
    from auditor.jobs import show_event
    from auditor.jobs.list_events import event_document

    result = show_event.run(session, request, context)
    text = exact_json.dump(event_document(result.event, result.ordinal), indent=2)
    return ReadEvent(
        result=result,
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
