"""Which events set which fields of an aggregate, as far as that was asked for."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from auditor.core.logical_path import LogicalPath, to_wire
from auditor.guest.folded_aggregate import FoldedAggregate
from auditor.guest.tracing import trace
from auditor.tasks.context import TaskContext

MOST_ASKED = 8


@dataclass(slots=True)
class _Asked:
    """Fields that were asked for together: one pass over the states answers for all of them."""

    paths: list[LogicalPath]
    ordinals: dict[LogicalPath, list[int]] = field(default_factory=dict)
    done: int = -1


@dataclass(frozen=True, slots=True)
class Setters:
    """The ordinals at which each field changed, in order, among the states up to `done`."""

    ordinals: dict[LogicalPath, list[int]]
    done: int


class KnownSetters:
    """What was found stays while the aggregate is kept, and is taken further when it has grown. The last questions
    are kept, not all."""

    def __init__(self, folded: FoldedAggregate) -> None:
        self._folded = folded
        self._asked: list[_Asked] = []  # the one used last at the end

    def of(
        self, paths: Sequence[LogicalPath], *, up_to: int, seconds: float | None, context: TaskContext
    ) -> Setters:
        """Of the states up to that one, or of fewer where the time is short or an event ended the worker.

        Raises: as the questions to a `FoldedAggregate`.
        """
        asked = self._questions(paths)
        for one in asked:
            if one.done < up_to:
                self._go_on(one, up_to, seconds, context)
        found = {path: one.ordinals[path] for one in asked for path in one.paths if path in one.ordinals}
        return Setters(found, min((one.done for one in asked), default=up_to))

    def _questions(self, paths: Sequence[LogicalPath]) -> list[_Asked]:
        """The earlier questions that have some of the paths, and a new one for the others."""
        missing, used = dict.fromkeys(paths), []
        for one in list(self._asked):
            known = [path for path in one.paths if path in missing]
            if known:
                used.append(one)
                for path in known:
                    del missing[path]
        if missing:
            used.append(_Asked(list(missing)))
        self._asked = [one for one in self._asked if one not in used] + used
        del self._asked[: -max(MOST_ASKED, len(used))]
        return used

    def _go_on(self, one: _Asked, up_to: int, seconds: float | None, context: TaskContext) -> None:
        question: dict[str, Any] = {"paths": [to_wire(path) for path in one.paths]}
        found = trace(
            self._folded,
            "paths",
            question,
            ordinal=up_to,
            seconds=seconds,
            progress=context.progress,
            token=context.token,
        )
        one.ordinals = dict(zip(one.paths, found.answer["ordinals"], strict=True))
        one.done = up_to if not found.more else found.done
