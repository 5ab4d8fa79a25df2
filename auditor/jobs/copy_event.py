"""One event as text for elsewhere: as JSON, as Python, or as a test of the model with what was before it."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from auditor.core import exact_json
from auditor.core.errors import ModelError, WrongRequest
from auditor.core.event_as_python import NotWritable, event_as_python
from auditor.core.event_as_test import EventTest, event_as_test
from auditor.core.events import RecordedEvent
from auditor.core.presenter import display
from auditor.core.text import tr
from auditor.guest.starting import GuestCode
from auditor.jobs.asked_state import StateRequest, asked_state
from auditor.jobs.list_events import event_document, exact_member
from auditor.jobs.models import choose_model
from auditor.jobs.session import Session
from auditor.jobs.show_event import ShowEventRequest, require_one_event
from auditor.tasks.context import TaskContext

Form = Literal["json", "python", "pytest"]
MOST_EVENTS = 2_000
MOST_CHARACTERS = 10_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class CopyEventRequest(ShowEventRequest):
    """`model` is for `pytest`: a model's name, or None for the one that the store's workspace or the program has."""

    form: Form
    model: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CopiedEvent:
    """`notes` say what the text does not say of the event."""

    form: Form
    text: str
    notes: tuple[str, ...]

    def document(self) -> dict[str, object]:
        """As JSON has it."""
        return {"form": self.form, "text": self.text, "notes": list(self.notes)}


def event_as_json(event: RecordedEvent, ordinal: int) -> str:
    """The event as one JSON document, to be read."""
    return exact_json.dump(event_document(event, ordinal), indent=2)


def run(session: Session, request: CopyEventRequest, context: TaskContext) -> CopiedEvent:
    """Raises: AggregateNotFound; WrongRequest for an event that is not there, or that has no such form; StoreDamaged;
    for a test also ModelError, NotTrusted."""
    context.token.raise_if_cancelled()
    require_one_event(request)
    reader = session.reader
    with reader.one_moment():
        if request.aggregate_id is not None:
            reader.aggregate(request.aggregate_id, aggregate_type=request.aggregate_type)
        linked = reader.event(
            aggregate_id=request.aggregate_id,
            ordinal=request.ordinal,
            version=request.version,
            event_id=request.event_id,
        )
    event, ordinal = linked.event, linked.ordinal
    if request.form == "json":
        return CopiedEvent(form="json", text=event_as_json(event, ordinal), notes=tuple(linked.notes))
    notes = (*linked.notes, *_unsaid(event))
    try:
        text = (
            event_as_python(event)
            if request.form == "python"
            else event_as_test(_test(session, request, event, ordinal, context))
        )
    except NotWritable as why:
        raise WrongRequest(
            tr(
                "{type}, version {version}, cannot be written as Python: {why}.",
                type=display(event.event_type),
                version=event.version,
                why=why,
            ),
            tr("As JSON it can be had as it is stored."),
        ) from None
    return CopiedEvent(form=request.form, text=text, notes=notes)


def _unsaid(event: RecordedEvent) -> list[str]:
    """What a `DomainEvent` cannot say of it."""
    notes = []
    if event.timestamp_text is not None:
        notes.append(tr("The time was written as {time}.", time=display(event.timestamp_text, longest=80)))
    for name, text in (("data", event.data_text), ("metadata", event.metadata_text)):
        problem = exact_member(name, text).get(f"{name}_problem")
        if problem:
            notes.append(tr("Of the {name}: {problem}.", name=name, problem=display(problem, longest=200)))
    return notes


def _test(
    session: Session, request: CopyEventRequest, event: RecordedEvent, ordinal: int, context: TaskContext
) -> EventTest:
    code = choose_model(session.reader.domain, session.workspace_code, event.aggregate_type, request.model)
    if code is None:
        raise WrongRequest(
            tr(
                "There is nothing to test: {type} is folded by the generic merge.",
                type=display(event.aggregate_type),
            ),
            tr(
                "A test needs a model of your own. Name it in auditor.toml, under [models.{type}].",
                type=display(event.aggregate_type),
            ),
        )
    history = _history(session, event, ordinal)
    state = StateRequest(
        origin=request.origin,
        aggregate_id=event.aggregate_id,
        aggregate_type=event.aggregate_type,
        ordinal=ordinal,
        model=request.model,
    )
    asked = asked_state(session, state, context)
    served = asked.history.folded.state_at(ordinal, context.token)
    if served.ordinal < ordinal or served.state_text is None:
        last = served.unapplied[-1] if served.unapplied else None
        raise ModelError(
            tr(
                "No test can be made: event {version} ended the model's process ({reason}).",
                version=None if last is None else last.version,
                reason="" if last is None else display(last.reason, longest=200),
            ),
            tr("It would end pytest too. Ask for a version before it."),
        )
    _require_room(len(served.state_text), tr("its state"))
    return EventTest(
        history=history,
        event=event,
        state_text=served.state_text,
        unapplied={one.version: one.reason for one in served.unapplied},
        model=asked.history.model,
        folders=[str(folder) for folder in _folders(code)],
        about=_about(session, event, asked.history.model.name, code),
    )


def _folders(code: GuestCode) -> tuple[Path, ...]:
    """Those of the program itself are found without being named."""
    return () if code.trusted is None else code.import_paths


def _history(session: Session, event: RecordedEvent, ordinal: int) -> list[RecordedEvent]:
    """What was before the event. Raises: WrongRequest where that is too much for a file that a person reads."""
    if ordinal > MOST_EVENTS:
        raise WrongRequest(
            tr(
                "A test of version {version} would hold {count:,} events.",
                version=event.version,
                count=ordinal,
            ),
            tr(
                "It may hold {most:,}. Take an earlier version, or test the whole store with `replay`.",
                most=MOST_EVENTS,
            ),
        )
    history: list[RecordedEvent] = []
    size = 0
    for batch in session.reader.aggregate_events(event.aggregate_id, up_to=ordinal - 1):
        history += batch
        size += sum(len(one.data_text) + len(one.metadata_text) for one in batch)
        _require_room(size, tr("what was before it"))
    return history


def _require_room(characters: int, what: str) -> None:
    if characters > MOST_CHARACTERS:
        raise WrongRequest(
            tr(
                "The test would be too long: {what} has more than {most:,} characters.",
                what=what,
                most=MOST_CHARACTERS,
            ),
            tr("Take an earlier version, or test the whole store with `replay`."),
        )


def _about(session: Session, event: RecordedEvent, model: str, code: GuestCode) -> list[str]:
    lines = [
        tr(
            "{type} {id} at version {version}: the state that its events make of {model}.",
            type=event.aggregate_type,
            id=event.aggregate_id,
            version=event.version,
            model=model,
        ),
        tr("From the store {id}.", id=session.reader.store_id),
    ]
    if code.interpreter is not None:
        lines.append(
            tr(
                "The workspace names {interpreter}: pytest must run under a Python that has auditor too.",
                interpreter=code.interpreter,
            )
        )
    return lines
