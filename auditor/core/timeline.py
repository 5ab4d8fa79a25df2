"""One aggregate prepared for scrubbing: the state at any ordinal, from the nearest keyframe."""

import bisect
import hashlib
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from .events import RecordedEvent
from .handlers import NoHandler
from .state_model import CannotFold, StateModel
from .state_text import safe_error

KEYFRAME_EVERY = 256
MOST_KEYFRAMES = 512


class Unapplied(NamedTuple):
    """An event that the state lacks, wholly or in part."""

    ordinal: int
    version: int
    event_type: str
    reason: str


class StateAt(NamedTuple):
    """The state after `ordinal` events, as JSON text, and the events up to there that could not be applied."""

    ordinal: int
    state_text: str
    unapplied: list[Unapplied]


class SharedState(Exception):
    """The model keeps state outside its objects, so that an earlier state cannot be had again in this process."""


class MemoryExhausted(Exception):
    """A handler ran out of memory and what followed did too: this process cannot go on. `ordinal` is the first."""

    def __init__(self, ordinal: int) -> None:
        super().__init__(ordinal)
        self.ordinal = ordinal


class Keyframe(NamedTuple):
    """A kept state. The fingerprint is of its text when it was kept."""

    ordinal: int
    frozen: Any
    fingerprint: bytes


class Timeline:
    """Folds the events of one aggregate forwards, and jumps back by keyframes.

    A handler that raises leaves what it had changed; later events are applied. `at_event` is told the ordinal
    before each event, so that somebody outside knows where a process ended.
    """

    def __init__(self, model: StateModel, aggregate_id: str, at_event: Callable[[int], None]) -> None:
        self._model = model
        self._aggregate_id = aggregate_id
        self._at_event = at_event
        self._events: list[RecordedEvent] = []
        self._unapplied: list[Unapplied] = []
        self._every = KEYFRAME_EVERY
        self._folded = 0  # the highest ordinal ever folded: failures up to there are known
        self._out_of_memory_at: int | None = None
        self._ordinal = 0
        self._state = model.start(aggregate_id)
        self._keyframes = [self._keyframe()]

    def extend(self, events: Iterable[RecordedEvent]) -> None:
        self._events.extend(events)

    @property
    def length(self) -> int:
        return len(self._events)

    def state_at(self, ordinal: int) -> StateAt:
        """Cost: at most as many events as lie between two keyframes, once the ordinal has been passed before.

        Raises: SharedState, MemoryExhausted, IndexError beyond the last event.
        """
        if not 0 <= ordinal <= len(self._events):
            raise IndexError(ordinal)
        try:
            self._go_to(ordinal)
            text = self._model.to_text(self._state)
        except MemoryError:
            if self._out_of_memory_at is None:
                raise
            raise MemoryExhausted(self._out_of_memory_at) from None
        return StateAt(ordinal, text, [one for one in self._unapplied if one.ordinal <= ordinal])

    def _go_to(self, ordinal: int) -> None:
        at = bisect.bisect_right(self._keyframes, ordinal, key=lambda keyframe: keyframe.ordinal) - 1
        nearest = self._keyframes[at]
        if ordinal < self._ordinal or nearest.ordinal > self._ordinal:
            self._restore(nearest)
        for number in range(self._ordinal + 1, ordinal + 1):
            self._step(number)
            if number % self._every == 0 and number > self._keyframes[-1].ordinal:
                self._keep()

    def _step(self, number: int) -> None:
        event = self._events[number - 1]
        self._at_event(number)
        self._ordinal = number
        try:
            self._state = self._model.apply(self._state, event)
        except (NoHandler, CannotFold) as error:
            reason = str(error)
        except MemoryError as error:
            if self._out_of_memory_at is not None:
                raise
            self._out_of_memory_at = number
            reason = safe_error(error)
        except BaseException as error:  # noqa: BLE001 - also SystemExit and KeyboardInterrupt of a handler
            reason = safe_error(error)
        else:
            self._folded = max(self._folded, number)
            return
        if number > self._folded:
            self._folded = number
            self._unapplied.append(Unapplied(number, event.version, event.event_type, reason))

    def _restore(self, keyframe: Keyframe) -> None:
        self._state = self._model.thaw(keyframe.frozen)
        self._ordinal = keyframe.ordinal
        if self._fingerprint() != keyframe.fingerprint:
            raise SharedState

    def _keep(self) -> None:
        self._keyframes.append(self._keyframe())
        if len(self._keyframes) > MOST_KEYFRAMES:
            self._every *= 2
            self._keyframes = [one for one in self._keyframes if one.ordinal % self._every == 0]

    def _keyframe(self) -> Keyframe:
        return Keyframe(self._ordinal, self._model.freeze(self._state), self._fingerprint())

    def _fingerprint(self) -> bytes:
        return hashlib.blake2b(self._model.to_text(self._state).encode("utf-8", "surrogatepass")).digest()
