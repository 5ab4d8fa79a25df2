"""A question about all states of an aggregate, answered by one pass over them that can stop and go on."""

import hashlib
import time
from collections.abc import Callable, Collection
from typing import Any, Optional, Protocol

from .diff import ABSENT
from .event_log import EventLog, Part
from .state_model import StateModel
from .timeline import MemoryExhausted, SharedState

_AT_ONCE = 64  # events between two looks at the clock


class Question(Protocol):
    """Is shown each state in order, and knows the answer for those that it has seen."""

    @property
    def members(self) -> "Collection[str] | None":
        """The top-level members of the state that it looks at; None: all."""

    def see(self, ordinal: int, value: Any) -> None:
        """The state after so many events as an exact JSON value: ABSENT before the first event. What an event left
        alone is the same object as before."""

    def answer(self) -> "dict[str, Any]":
        """As JSON, of what was seen so far."""


class Trace:
    """Folds the events of one aggregate for one question, by the rules of `timeline`: what raises leaves what it had
    changed. `done` is the ordinal of the last state that was shown; -1 at first."""

    def __init__(
        self, model: StateModel, aggregate_id: str, question: Question, at_event: Callable[[int], None]
    ) -> None:
        self.done = -1
        self.question = question
        self._model = model.for_another_fold()
        self._at_event = at_event
        self._state = self._model.start(aggregate_id)
        self._value: Any = ABSENT
        self._left: Optional[bytes] = None

    def advance(self, events: EventLog, up_to: int, seconds: "float | None") -> None:
        """Shows the states up to that ordinal, or as many as can be shown in so many seconds, but at least some.

        Raises: SharedState, MemoryExhausted.
        """
        end = None if seconds is None else time.monotonic() + seconds
        if self.done < 0:
            self.question.see(0, ABSENT)
            self.done = 0
        self._come_back()
        while self.done < up_to:
            last = min(up_to, self.done + _AT_ONCE)
            for part in events.parts(self.done + 1, last):
                self._show(part)
            if end is not None and time.monotonic() >= end:
                break
        if self.done < up_to or seconds is not None:
            self._go_away()

    def _show(self, part: Part) -> None:
        """All that is traced goes through this loop."""
        at_event, state, value, number = self._at_event, self._state, self._value, self.done
        value_of, see, members = self._model.value_of, self.question.see, self.question.members
        apply: Any = self._model.apply if part.events is not None else self._model.apply_payload
        for number, event in enumerate(part.payloads if part.events is None else part.events, part.first):
            at_event(number)
            try:
                state = apply(state, event)
            except MemoryError:
                raise MemoryExhausted from None
            except BaseException:  # noqa: BLE001, S110 - it is told where the state is asked for
                pass
            value = value_of(state, members, value)
            see(number, value)
        self._state, self._value, self.done = state, value, number

    def _go_away(self) -> None:
        """Others may fold before this goes on: the state must be the same then."""
        if not self._model.always_restores:
            self._left = self._fingerprint()

    def _come_back(self) -> None:
        if self._left is not None and self._fingerprint() != self._left:
            raise SharedState
        self._left = None

    def _fingerprint(self) -> bytes:
        text = self._model.to_text(self._state)
        return hashlib.blake2b(text.encode("utf-8", "surrogatepass")).digest()
