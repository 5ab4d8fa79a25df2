"""When was this true: the versions at which a condition on the state or on its event held."""

from dataclasses import dataclass
from typing import Any

from auditor.core.condition import Condition
from auditor.core.event_column import packed_column
from auditor.guest.tracing import trace
from auditor.jobs.asked_state import DatedAnswer, StateRequest, asked_state
from auditor.jobs.history import History
from auditor.jobs.session import Session
from auditor.tasks.context import TaskContext


@dataclass(frozen=True, slots=True, kw_only=True)
class WhenRequest(StateRequest):
    """Of the versions up to the one that is asked for. With `seconds`, as far as it comes in about so many: asked
    again, it goes on. `with_events`: what led to each range and ended it is wanted too."""

    expression: str
    seconds: float | None = None
    with_events: bool = False


@dataclass(frozen=True, slots=True)
class Began:
    """The event that a range begins with, and the time of the one that ended it, None where none did. Times are
    fixed-width UTC."""

    event_type: str
    user_id: str | None
    timestamp: str
    ended: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class WhenResult(DatedAnswer):
    """`ranges` are the first and last ordinals of each longest run at which it held, in order; `intervals` the same in
    versions as stored. They are known of the first `done` versions of `total`. `began` is empty if nobody wants it."""

    expression: str
    ranges: tuple[tuple[int, int], ...]
    intervals: tuple[tuple[int, int], ...]
    began: tuple[Began, ...]
    done: int
    total: int

    @property
    def more(self) -> bool:
        """Whether to ask again."""
        return self.done < self.total

    @property
    def held(self) -> int:
        """At how many versions."""
        return sum(last - first + 1 for first, last in self.ranges)

    def document(self) -> dict[str, Any]:
        """As JSON has it."""
        return self.document_with(
            expression=self.expression,
            intervals=[list(one) for one in self.intervals],
            began=[
                {
                    "event_type": one.event_type,
                    "user_id": one.user_id,
                    "timestamp": one.timestamp,
                    "until": one.ended,
                }
                for one in self.began
            ],
        )


def check(expression: str) -> None:
    """Raises: MistakeInCondition. Cost: none worth mentioning, so that it can be asked at each key."""
    Condition(expression)


def run(session: Session, request: WhenRequest, context: TaskContext) -> WhenResult:
    """Raises: MistakeInCondition before anything is read; else as `asked_state`."""
    condition = Condition(request.expression)
    asked = asked_state(session, request, context)
    history = asked.history
    served = trace(
        history.folded,
        "condition",
        _asked(condition, history, context),
        ordinal=asked.ordinal,
        seconds=request.seconds,
        progress=context.progress,
        token=context.token,
    )
    ranges = _up_to(served.answer["ranges"], served.ordinal)
    return WhenResult(
        **asked.dated_facts(served),
        expression=request.expression,
        ranges=ranges,
        intervals=tuple((_version(history, first), _version(history, last)) for first, last in ranges),
        began=_began(history, ranges, served.ordinal, context) if request.with_events else (),
        done=min(served.done, served.ordinal),
        total=served.ordinal,
    )


def _up_to(ranges: list[list[int]], ordinal: int) -> tuple[tuple[int, int], ...]:
    """The worker may have come further when it was asked before."""
    return tuple((first, min(last, ordinal)) for first, last in ranges if first <= ordinal)


def _asked(condition: Condition, history: History, context: TaskContext) -> dict[str, Any]:
    """What the worker must know of the events, it is told: it may have nothing of them but their data."""
    asked: dict[str, Any] = {"expression": condition.text}
    columns = history.columns
    if condition.needs_type or condition.needs_user:
        columns.read(history.length, context)
    if condition.needs_type:
        asked["types"] = packed_column(columns.types, columns.type_of)
    if condition.needs_user:
        asked["users"] = packed_column(columns.users, columns.user_of)
    return asked


def _began(
    history: History, ranges: tuple[tuple[int, int], ...], up_to: int, context: TaskContext
) -> tuple[Began, ...]:
    columns = history.columns
    columns.read(history.length, context)
    return tuple(
        Began(
            columns.types[columns.type_of[first - 1]],
            columns.users[columns.user_of[first - 1]],
            columns.times[first - 1],
            columns.times[last] if last < up_to else None,
        )
        for first, last in ranges
    )


def _version(history: History, ordinal: int) -> int:
    version = history.version(ordinal)
    assert version is not None  # noqa: S101 - ordinals of ranges count from 1
    return version
