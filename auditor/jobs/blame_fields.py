"""Which event set each field of a state last."""

from dataclasses import dataclass
from typing import Any

from auditor.core import exact_json
from auditor.core.fields import field_at
from auditor.core.logical_path import to_wire
from auditor.guest.tracing import trace
from auditor.jobs.asked_state import AskedState, DatedAnswer, StateRequest, asked_state
from auditor.jobs.session import Session
from auditor.jobs.show_blame import FieldChange, change_document, change_events
from auditor.tasks.context import TaskContext


@dataclass(frozen=True, slots=True, kw_only=True)
class BlameFieldsRequest(StateRequest):
    """Of all fields of the state that is asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BlameFieldsResult(DatedAnswer):
    """The last change of each field by pointer, in display order, objects and lists before what is in them; then those
    that were removed, by the pointer that each had. Of what was removed as a whole only the whole is told."""

    fields: dict[str, FieldChange]
    matched: tuple[tuple[str, str | None], ...]
    """The lists by pointer, and by which field their items are told apart; None: by place."""

    def document(self) -> dict[str, Any]:
        return self.document_with(
            fields={pointer: change_document(one) for pointer, one in self.fields.items()}
        )


def run(session: Session, request: BlameFieldsRequest, context: TaskContext) -> BlameFieldsResult:
    """Raises: as `asked_state`, Cancelled. Cost: two passes over the states, and all texts of the state's fields."""
    asked = asked_state(session, request, context)
    folded = asked.history.folded
    named = folded.paths_at(asked.ordinal, None, context.token)
    set_last = _last_set(asked, [to_wire(path) for path in named.paths.values()], context)
    removed = {pointer: at for pointer, at in _removed(asked, context) if pointer not in named.paths}
    served = folded.state_at(asked.ordinal, context.token)
    state = exact_json.parse(served.state_text or "null")
    ordinals = [*set_last, *removed.values()]
    fields = {}
    events = change_events(session, asked, ordinals)
    for pointer, event in zip((*named.paths, *removed), events, strict=True):
        text = None if pointer in removed else exact_json.dump(field_at(state, pointer))
        fields[pointer] = FieldChange(*event, text, len(text or ""))
    return BlameFieldsResult(**asked.dated_facts(named), fields=fields, matched=named.lists)


def _last_set(asked: AskedState, paths: list[list[Any]], context: TaskContext) -> list[int]:
    if not paths:
        return []
    found = _traced(asked, "paths", {"paths": paths}, context)
    return [ordinals[-1] for ordinals in found["ordinals"]]


def _removed(asked: AskedState, context: TaskContext) -> list[tuple[str, int]]:
    return [(pointer, ordinal) for pointer, ordinal in _traced(asked, "removed", {}, context)["removed"]]


def _traced(asked: AskedState, kind: str, question: dict[str, Any], context: TaskContext) -> dict[str, Any]:
    return trace(
        asked.history.folded,
        kind,
        question,
        ordinal=asked.ordinal,
        progress=context.progress,
        token=context.token,
    ).answer
