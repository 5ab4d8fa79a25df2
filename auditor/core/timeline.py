"""One aggregate prepared for scrubbing: the state at any ordinal, from the nearest keyframe."""

import bisect
import hashlib
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from . import exact_json
from .diff import ABSENT
from .event_log import EventLog, Part, Payloads
from .events import RecordedEvent
from .handlers import NoHandler
from .state_model import CannotFold, StateModel
from .state_text import safe_error
from .unapplied_kind import RAISED, kind_of

KEYFRAME_EVERY = 256
MOST_KEYFRAMES = 512
MOST_KEYFRAME_BYTES = 128 << 20
MOST_KEYS = 3
MOST_VALUES = 5  # the one that is shown, the one that it is compared with, and their neighbours
# What must still be to be had after a handler ran out of memory, so that the process can go on.
SPARE_MEMORY = 32 << 20


class Unapplied(NamedTuple):
    """An event that the state lacks, wholly or in part. `kind`: one of `unapplied_kind`."""

    ordinal: int
    version: int
    event_type: str
    reason: str
    kind: str = RAISED


class ChangedType(NamedTuple):
    """An event that made the state a value of another type, None included: mostly a forgotten `return`."""

    ordinal: int
    before: str
    after: str


class RepeatedKeys(NamedTuple):
    """An event in whose data keys stand twice in one object: applied, and the last value counts. `keys` are the first
    of `total` names."""

    ordinal: int
    version: int
    keys: list[str]
    total: int


class StateAt(NamedTuple):
    """The state after `ordinal` events, as JSON text, and what is to be said of the events up to there."""

    ordinal: int
    state_text: str
    unapplied: list[Unapplied]
    changed_types: list[ChangedType]


class Remarks(NamedTuple):
    """What is to be said of the events folded so far, in the order of their ordinals."""

    unapplied: list[Unapplied]
    changed_types: list[ChangedType]
    repeated_keys: list[RepeatedKeys]


class ValueAt(NamedTuple):
    """The state after an event as a JSON value, which nothing changes any more; `odd`: whether a value stands in it
    that JSON cannot hold."""

    value: Any
    odd: bool


class SharedState(Exception):
    """The model keeps state outside its objects, so that an earlier state cannot be had again in this process."""


class MemoryExhausted(Exception):
    """A handler has left no memory to go on with: this process cannot tell the state after that event."""


class Keyframe(NamedTuple):
    """A state kept to go on from. `size`: about how many bytes it takes; `fingerprint`: of its text, where that may be
    another when it is restored."""

    ordinal: int
    frozen: Any
    fingerprint: "bytes | None"
    size: int


class Timeline:
    """Folds the events of one aggregate forwards, and jumps back by keyframes.

    A handler that raises leaves what it had changed; later events are applied. `at_event` is told the ordinal
    before each event, so that somebody outside knows where a process ended.
    """

    def __init__(
        self,
        model: StateModel,
        aggregate_id: str,
        at_event: Callable[[int], None],
        every: int = KEYFRAME_EVERY,
        most: int = MOST_KEYFRAMES,
        most_bytes: int = MOST_KEYFRAME_BYTES,
    ) -> None:
        self._model = model
        self._aggregate_id = aggregate_id
        self._at_event = at_event
        self.events = EventLog()
        self._remarks = Remarks([], [], [])
        self._doubtful: list[range] = []  # ordinals of events in which a key may stand twice
        self._values: dict[int, ValueAt] = {}  # by ordinal, the one made last at the end
        self._every, self._most, self._most_bytes = every, most, most_bytes
        self._folded = 0  # the highest ordinal ever folded: what is to be said up to there is known
        self._ordinal = 0
        self._state = model.start(aggregate_id)
        self._keyframes = [self._keyframe()]
        self._bytes = 0

    def extend(self, events: Iterable[RecordedEvent]) -> None:
        self.events.extend(events)

    def extend_by_payloads(self, payloads: Payloads) -> None:
        """Likewise, for a model that has `apply_payload`."""
        self.events.add(payloads)

    @property
    def length(self) -> int:
        return len(self.events)

    def advance(self, ordinal: int) -> None:
        """Folds up to `ordinal`, if that is not done yet, keeping keyframes on the way.

        Raises: SharedState, MemoryExhausted, IndexError beyond the last event.
        """
        if ordinal > self._folded:
            self._go_to(ordinal)

    def state_at(self, ordinal: int) -> StateAt:
        """Cost: at most as many events as lie between two keyframes, once the ordinal has been passed before.

        Raises: SharedState, MemoryExhausted, IndexError beyond the last event.
        """
        text = self.text_at(ordinal)
        unapplied, changed_types, _ = self._remarks
        return StateAt(
            ordinal,
            text,
            [one for one in unapplied if one.ordinal <= ordinal],
            [one for one in changed_types if one.ordinal <= ordinal],
        )

    def text_at(self, ordinal: int) -> str:
        """The state alone. Cost and errors as `state_at`."""
        self._go_to(ordinal)
        return self._model.to_text(self._state)

    def value_at(self, ordinal: int) -> ValueAt:
        """As `state_at`. Parts that the events between two ordinals leave alone are the same objects in both values
        if the earlier one was asked for first and the model shares them; the last `MOST_VALUES` cost nothing.

        Raises: SharedState, MemoryExhausted, IndexError beyond the last event.
        """
        known = self._values.pop(ordinal, None)
        if known is None:
            self._go_to(ordinal)
            nearest = min(self._values, key=lambda one: abs(one - ordinal), default=None)
            alike = ValueAt(ABSENT, False) if nearest is None else self._values[nearest]
            known = ValueAt(*self._model.to_value(self._state, alike))
        self._values[ordinal] = known
        if len(self._values) > MOST_VALUES:
            del self._values[next(iter(self._values))]
        return known

    def prepare(self, ordinal: int) -> bool:
        """Makes a value that will be asked for when one steps on from there, if it is not at hand; whether there was
        one to make. Cost and errors as `value_at`."""
        if self._model.always_restores and self._ordinal == ordinal:
            return False  # a step costs as little as this
        for near in (ordinal + 1, ordinal - 1, ordinal - 2):
            if 0 < near <= self._folded and near not in self._values:
                self.value_at(near)
                return True
        return False

    def remarks(self) -> Remarks:
        """On all events that were ever folded, also those behind the one that is shown.

        Cost: events of which it is not known whether their keys differ are parsed once more when this is asked first.
        """
        self._note_repeated_keys()
        return self._remarks

    def resume(self) -> None:
        """To be called when another timeline of the model has been folded since: begins anew at a keyframe.

        Raises: SharedState if the other one has changed what this one shows.
        """
        self._restore(self._nearest(self._ordinal))

    def _nearest(self, ordinal: int) -> Keyframe:
        at = bisect.bisect_right(self._keyframes, ordinal, key=lambda keyframe: keyframe.ordinal)
        return self._keyframes[at - 1]

    def _go_to(self, ordinal: int) -> None:
        if not 0 <= ordinal <= len(self.events):
            raise IndexError(ordinal)
        nearest = self._nearest(ordinal)
        # One event is applied rather than jumped over: so the two states share what it leaves alone.
        if ordinal < self._ordinal or nearest.ordinal > self._ordinal + 1:
            self._restore(nearest)
        while self._ordinal < ordinal:
            self._fold_to(min(ordinal, (self._ordinal // self._every + 1) * self._every))
            if self._ordinal % self._every == 0 and self._ordinal > self._keyframes[-1].ordinal:
                self._keep()

    def _fold_to(self, last: int) -> None:
        """Applies the events up to that one."""
        for part in self.events.parts(self._ordinal + 1, last):
            first = self._ordinal + 1
            self._fold(part)
            if not part.keys_differ and self._ordinal > self._folded:
                self._doubtful.append(range(max(first, self._folded + 1), self._ordinal + 1))
            self._folded = max(self._folded, self._ordinal)

    def _fold(self, part: Part) -> None:
        """All that is folded goes through this loop: nothing is in it but what must be."""
        model, at_event, state, number = self._model, self._at_event, self._state, 0
        apply: Any = model.apply if part.events is not None else model.apply_payload
        memory_ran_out = False
        for number, event in enumerate(part.payloads if part.events is None else part.events, part.first):
            at_event(number)
            reason, kind = None, RAISED
            try:
                after = apply(state, event)
            except BaseException as error:  # noqa: BLE001 - also SystemExit and KeyboardInterrupt of a handler
                ours = isinstance(error, (NoHandler, CannotFold))
                reason, kind, after = (
                    str(error) if ours else safe_error(error),
                    self._kind(error, number),
                    state,
                )
                if isinstance(error, MemoryError):
                    self._ordinal, self._state, memory_ran_out = number, state, True
            if reason is not None:
                if memory_ran_out:
                    _need_spare_memory()  # not above: the error is gone now, and with it what the handler's frames held
                self._unapplied(number, reason, kind)
            elif type(after) is not type(state):
                self._changed_type(number, state, after)
            state = after
        self._ordinal, self._state = number, state

    def _kind(self, error: BaseException, number: int) -> str:
        return kind_of(error, self.events.event(number))

    def _unapplied(self, number: int, reason: str, kind: str) -> None:
        if number > self._folded:
            event = self.events.event(number)
            self._remarks.unapplied.append(Unapplied(number, event.version, event.event_type, reason, kind))

    def _changed_type(self, number: int, before: Any, after: Any) -> None:
        if number > self._folded and before is not None:
            change = ChangedType(number, type(before).__name__, type(after).__name__)
            self._remarks.changed_types.append(change)

    def _note_repeated_keys(self) -> None:
        """Looks for them in the events of which the model does not know: not while folding, since it takes as long."""
        for numbers in self._doubtful:
            texts = self.events.texts(numbers.start, numbers.stop - 1)
            if exact_json.none_repeat_keys(texts):
                continue
            for number, text in zip(numbers, texts):  # noqa: B905 - Python 3.10
                keys = list(dict.fromkeys(exact_json.repeated_keys(text)))
                if keys:
                    version = self.events.event(number).version
                    found = RepeatedKeys(number, version, keys[:MOST_KEYS], len(keys))
                    self._remarks.repeated_keys.append(found)
        self._doubtful.clear()

    def _restore(self, keyframe: Keyframe) -> None:
        self._state = self._model.thaw(keyframe.frozen)
        self._ordinal = keyframe.ordinal
        if keyframe.fingerprint is None:
            if not self._model.surely_restores(keyframe.frozen):
                raise SharedState  # since it was kept, something has been put on a class
        elif self._fingerprint()[0] != keyframe.fingerprint:
            raise SharedState

    def _keep(self) -> None:
        try:
            self._keyframes.append(self._keyframe())
        except MemoryError:
            self._thin_out()
            return
        self._bytes += self._keyframes[-1].size
        self._keep_within_bounds()

    def keep_at_most(self, most_bytes: int) -> None:
        """The bound of what all keyframes take, from now on. The one before the first event is always kept."""
        self._most_bytes = most_bytes
        self._keep_within_bounds()

    def _keep_within_bounds(self) -> None:
        while len(self._keyframes) > max(2, self._most) or (
            len(self._keyframes) > 1 and self._bytes > self._most_bytes
        ):
            self._thin_out()

    def _thin_out(self) -> None:
        self._every *= 2
        self._keyframes = [one for one in self._keyframes if one.ordinal % self._every == 0]
        self._bytes = sum(one.size for one in self._keyframes[1:])

    def _keyframe(self) -> Keyframe:
        frozen, size = self._model.freeze(self._state)
        if self._model.surely_restores(frozen):
            return Keyframe(self._ordinal, frozen, None, size)
        fingerprint, length = self._fingerprint()
        return Keyframe(self._ordinal, frozen, fingerprint, max(size, length))

    def _fingerprint(self) -> tuple[bytes, int]:
        text = self._model.to_text(self._state)
        return hashlib.blake2b(text.encode("utf-8", "surrogatepass")).digest(), len(text)


def _need_spare_memory() -> None:
    try:
        bytearray(SPARE_MEMORY)
    except MemoryError:
        raise MemoryExhausted from None
