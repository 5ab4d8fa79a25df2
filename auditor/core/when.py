"""When was this true: the ranges of ordinals at which a condition held."""

from typing import Any

from . import exact_json
from .condition import Condition, Moment
from .diff import ABSENT
from .events import RecordedEvent, known_metadata
from .exact_json import NotJson


class When:
    """A question to a trace: shown every state in order, since a condition may come true and false again.

    `members` are those of the state that it looks at, None for all; `wants_events` whether it is to be shown each event
    before the state that it led to.
    """

    def __init__(self, expression: str) -> None:
        """Raises: MistakeInCondition."""
        condition = Condition(expression)
        self.members = condition.members
        self.wants_events = condition.needs_type or condition.needs_user
        self._needs_user = condition.needs_user
        self._holds = condition.holds
        self._moment = Moment(ABSENT, ABSENT)
        self._ranges: "list[list[int]]" = []

    def see_event(self, event: RecordedEvent) -> None:
        """The one that leads to the state which is shown next."""
        self._moment.event_type = event.event_type
        if self._needs_user:
            self._moment.user = user_of(event)

    def see(self, ordinal: int, value: Any) -> None:
        """The state after that event; the one before the first event is no version, and only compared with."""
        moment, ranges = self._moment, self._ranges
        moment.before, moment.now = moment.now, value
        if ordinal and self._holds(moment):
            if ranges and ranges[-1][1] == ordinal - 1:
                ranges[-1][1] = ordinal
            else:
                ranges.append([ordinal, ordinal])

    def answer(self) -> "dict[str, Any]":
        """`ranges` [[first ordinal, last ordinal]] of what was seen so far."""
        return {"ranges": self._ranges}


def user_of(event: RecordedEvent) -> "str | None":
    """Who caused it, as its metadata says it; None where they name nobody or are no JSON."""
    try:
        metadata = exact_json.parse(event.metadata_text)
    except NotJson:
        return None
    if type(metadata) is not dict:
        return None
    user = known_metadata(metadata, "user_id")
    return user if user is None or type(user) is str else exact_json.dump(user)
