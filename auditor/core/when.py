"""When was this true: the ranges of ordinals at which a condition held."""

from typing import Any

from .condition import Condition, Moment
from .diff import ABSENT
from .event_column import EventColumn


class When:
    """A question to a trace: shown every state in order, since a condition may come true and false again."""

    def __init__(self, asked: "dict[str, Any]") -> None:
        """`expression`, and as packed columns `types` and `users` of the events where it asks for them.

        Raises: MistakeInCondition.
        """
        condition = Condition(asked["expression"])
        self.members = condition.members
        self._holds = condition.holds
        self._types = EventColumn(asked["types"]) if condition.needs_type else None
        self._users = EventColumn(asked["users"]) if condition.needs_user else None
        self._moment = Moment(ABSENT, ABSENT)
        self._ranges: "list[list[int]]" = []

    def see(self, ordinal: int, value: Any) -> None:
        """The state after that event; the one before the first event is no version, and only compared with."""
        moment, ranges = self._moment, self._ranges
        moment.before, moment.now = moment.now, value
        if not ordinal:
            return
        if self._types is not None:
            moment.event_type = self._types.at(ordinal) or ""
        if self._users is not None:
            moment.user = self._users.at(ordinal)
        if self._holds(moment):
            if ranges and ranges[-1][1] == ordinal - 1:
                ranges[-1][1] = ordinal
            else:
                ranges.append([ordinal, ordinal])

    def answer(self) -> "dict[str, Any]":
        """`ranges` [[first ordinal, last ordinal]] of what was seen so far."""
        return {"ranges": self._ranges}
