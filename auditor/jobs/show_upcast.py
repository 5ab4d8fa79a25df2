"""One event as a state model reads it, beside what is stored."""

from dataclasses import dataclass
from typing import Any

from auditor.core.state_model import ModelInfo
from auditor.guest.served import ServedUpcast, UpcastEvent
from auditor.jobs import show_event
from auditor.jobs.list_events import exact_member
from auditor.jobs.session import Session
from auditor.jobs.show_event import EventResult, ShowEventRequest
from auditor.tasks.context import TaskContext


@dataclass(frozen=True, slots=True, kw_only=True)
class ShowUpcastRequest(ShowEventRequest):
    """`model` is `merge`, a model's name, or None for the one that the store's workspace or the program has."""

    model: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class UpcastResult:
    """What the model reads the stored event as: one event or several in order, none where its type is retired.

    `is_upcast`: whether the model has upcasters for this type; without, it reads what is stored. `steps` describes
    those that were taken. `finding` says why the event cannot be read, where it cannot; there are no `events` then.
    """

    stored: EventResult
    model: ModelInfo
    is_upcast: bool
    events: tuple[UpcastEvent, ...]
    steps: tuple[str, ...]
    finding: str | None
    notes: tuple[str, ...]

    def upcast_document(self) -> dict[str, Any]:
        """What the model reads, as JSON has it."""
        return {
            "events": [
                {
                    "event_type": one.event_type,
                    "schema_version": one.schema_version,
                    **exact_member("data", one.data_text),
                }
                for one in self.events
            ],
            "steps": list(self.steps),
            "finding": self.finding,
            "is_upcast": self.is_upcast,
            "model": self.model._asdict(),
        }

    def document(self) -> dict[str, Any]:
        """As JSON has it: the stored event, with `upcast` in it."""
        return {**self.stored.document(), "upcast": self.upcast_document(), "notes": list(self.notes)}


def run(session: Session, request: ShowUpcastRequest, context: TaskContext) -> UpcastResult:
    """Raises: as `show_event.run`; WrongRequest for an unknown model, ModelError, NotTrusted."""
    stored = show_event.run(session, request, context)
    event = stored.event
    service = session.fold_service(event.aggregate_type, request.model)
    is_upcast = event.event_type in service.upcast_types
    if is_upcast:
        served = service.newest_form(event, context.token)
    else:
        as_stored = UpcastEvent(
            event_type=event.event_type, schema_version=stored.schema_version, data_text=event.data_text
        )
        served = ServedUpcast(events=(as_stored,), steps=(), finding=None, notes=service.notes)
    return UpcastResult(
        stored=stored,
        model=service.model,
        is_upcast=is_upcast,
        events=served.events,
        steps=served.steps,
        finding=served.finding,
        notes=(*stored.notes, *served.notes),
    )
