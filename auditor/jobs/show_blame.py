"""Every value that a field had: which event set it, when, and who."""

from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from auditor.core import exact_json
from auditor.core.errors import WrongRequest
from auditor.core.logical_path import path_text, to_wire
from auditor.core.presenter import display
from auditor.core.text import tr
from auditor.guest.served import ServedPaths
from auditor.guest.tracing import trace
from auditor.jobs.asked_state import AskedState, DatedAnswer, StateRequest, asked_state
from auditor.jobs.session import Session
from auditor.tasks.context import TaskContext

MOST_MEANWHILE: Final = 500
"""So many changes are told one by one while there is more to be looked through."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BlameRequest(StateRequest):
    """`pointer` names a field of the state that is asked for, or of the last one before it that had such a field.

    `whole`: its changes after that state too. `most`: only the last ones are told one by one; 0: none, but they are
    kept for who asks without it. `longest`: values are cut after so many characters. With `seconds`, as far as it
    comes in about so many: asked again, it goes on.
    """

    pointer: str
    whole: bool = False
    most: int | None = None
    longest: int | None = None
    seconds: float | None = None


class FieldChange(NamedTuple):
    """One event that gave the field another value. `text` is exact JSON, perhaps only its beginning: `length` is the
    number of characters of all of it. None: the field was removed, or with a `length` the value was not kept."""

    ordinal: int
    version: int
    event_id: str
    event_type: str
    timestamp: str
    user_id: str | None
    text: str | None
    length: int

    @property
    def is_removal(self) -> bool:
        return self.text is None and self.length == 0

    @property
    def cut(self) -> bool:
        return len(self.text or "") < self.length


@dataclass(frozen=True, slots=True, kw_only=True)
class BlameResult(DatedAnswer):
    """`logical` says for people how the field was followed, `matched` the lists on its way by pointer with the field
    by which their items are told apart (None: by place). `ordinals` are those of all changes, `changes` the last of
    them; both are known of the first `done` states of `total`."""

    path: str
    logical: str
    matched: tuple[tuple[str, str | None], ...]
    ordinals: "array[int]"
    changes: tuple[FieldChange, ...]
    done: int
    total: int

    @property
    def more(self) -> bool:
        return self.done < self.total

    def document(self) -> dict[str, Any]:
        return self.document_with(path=self.path, changes=[change_document(one) for one in self.changes])


def change_document(change: FieldChange) -> dict[str, Any]:
    """As JSON has it. A value that was not kept has its length."""
    document: dict[str, Any] = {
        "ordinal": change.ordinal,
        "version": change.version,
        "event_id": change.event_id,
        "event_type": change.event_type,
        "timestamp": change.timestamp,
        "user_id": change.user_id,
    }
    if change.is_removal:
        return {**document, "removed": True}
    if change.cut:
        return {**document, "value_left_out": change.length}
    return {**document, "value": exact_json.parse(change.text or "null")}


def run(session: Session, request: BlameRequest, context: TaskContext) -> BlameResult:
    """Raises: WrongRequest for a field that no state up to there had; else as `asked_state`, Cancelled."""
    asked = asked_state(session, request, context)
    history = asked.history
    if request.whole:
        history.read(asked.row.events, context)
    named = _named(asked, request.pointer, context)
    path = named.paths[request.pointer]
    found = trace(
        history.folded,
        "paths",
        {"paths": [to_wire(path)], "values": True, "longest": request.longest, "most": request.most or None},
        ordinal=history.length if request.whole else asked.ordinal,
        last=request.most,
        seconds=request.seconds,
        progress=context.progress,
        token=context.token,
    )
    ordinals = array("q", found.answer["ordinals"][0])
    values = found.answer["values"][0]
    if found.more:  # asked again soon, about these and more
        values = values[-MOST_MEANWHILE:]
    events = change_events(session, asked, ordinals[len(ordinals) - len(values) :])
    return BlameResult(
        **asked.dated_facts(history.folded.remarks_at(asked.ordinal, context.token)),
        path=request.pointer,
        logical=path_text(path),
        matched=named.lists,
        ordinals=ordinals,
        changes=tuple(FieldChange(*event, *value) for event, value in zip(events, values, strict=True)),
        done=found.done,
        total=found.ordinal,
    )


def _named(asked: AskedState, pointer: str, context: TaskContext) -> ServedPaths:
    """In the state that is asked for, or else in the last one before it that had the field."""
    folded = asked.history.folded
    named = folded.paths_at(asked.ordinal, (pointer,), context.token)
    if pointer in named.paths:
        return named
    gone = trace(
        folded, "removed", {}, ordinal=asked.ordinal, progress=context.progress, token=context.token
    ).answer["removed"]
    for removed, ordinal in sorted(gone, key=lambda one: -one[1]):
        if pointer == removed or pointer.startswith(f"{removed}/"):
            named = folded.paths_at(ordinal - 1, (pointer,), context.token)
            if pointer in named.paths:
                return named
    raise _no_such_field(pointer, asked)


ChangeEvent = tuple[int, int, str, str, str, str | None]
"""The first six of a `FieldChange`."""


def change_events(session: Session, asked: AskedState, ordinals: Sequence[int]) -> list[ChangeEvent]:
    """What is told of the events with those ordinals. Raises: StoreDamaged, Cancelled."""
    history = asked.history
    facts = session.reader.parts.facts([history.position(ordinal) for ordinal in ordinals])
    return [
        (ordinal, history.version(ordinal) or 0, *fact) for ordinal, fact in zip(ordinals, facts, strict=True)
    ]


def _no_such_field(pointer: str, asked: AskedState) -> WrongRequest:
    version = asked.history.version(asked.ordinal)
    return WrongRequest(
        tr(
            "Neither the state at version {version} nor one before it has a field {pointer}.",
            version=version or 0,
            pointer=display(pointer),
        ),
        tr(
            "A field is named by a JSON Pointer, such as /total or /items/0/price; `auditor state` shows those that "
            "there are."
        ),
    )
