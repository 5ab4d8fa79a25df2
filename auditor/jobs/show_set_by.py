"""Which event set each of some fields of a state last."""

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from auditor.jobs.asked_state import StateAnswer, StateRequest, asked_state
from auditor.jobs.session import Session
from auditor.tasks.context import TaskContext


@dataclass(frozen=True, slots=True, kw_only=True)
class SetByRequest(StateRequest):
    """`pointers` name fields of the state that is asked for. Events up to ordinal `since` do not count. With
    `seconds`, as far as it comes in about so many: asked again, it goes on."""

    pointers: tuple[str, ...]
    since: int = 0
    seconds: float | None = None


class SetBy(NamedTuple):
    """The ordinal of the last event that changed the field, and how many did after `since`."""

    ordinal: int
    changes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SetByResult(StateAnswer):
    """`by` pointer. Missing are fields that the state does not have, those that no event after `since` has changed,
    and all if there is `more` to be looked through: then `done` of `total` states are."""

    by: Mapping[str, SetBy]
    matched: tuple[tuple[str, str | None], ...]
    """The lists on the way by pointer, and by which field their items are told apart; None: by place."""
    done: int
    total: int

    @property
    def more(self) -> bool:
        return self.done < self.total


def run(session: Session, request: SetByRequest, context: TaskContext) -> SetByResult:
    """Looks through all states up to the last event that was read, so that the answer for other versions is there too.

    Raises: as `asked_state`, Cancelled.
    """
    asked = asked_state(session, request, context)
    history = asked.history
    named = history.folded.paths_at(asked.ordinal, request.pointers, context.token)
    found = history.setters.of(
        list(named.paths.values()), up_to=history.length, seconds=request.seconds, context=context
    )
    by = {}
    if found.done >= history.length:
        for pointer, path in named.paths.items():
            ordinals = found.ordinals[path]
            last, first = bisect_right(ordinals, asked.ordinal), bisect_right(ordinals, request.since)
            if last > first:
                by[pointer] = SetBy(ordinals[last - 1], last - first)
    return SetByResult(
        **asked.facts(named), by=by, matched=named.lists, done=found.done, total=history.length
    )
