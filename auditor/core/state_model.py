"""What folds: the generic merge here, classes in `class_model`."""

from collections.abc import Callable, Collection
from typing import Any, NamedTuple, Protocol

from . import exact_json
from .diff import ABSENT
from .events import RecordedEvent
from .text import tr
from .wanted_parts import Wanted, part_of


class ModelInfo(NamedTuple):
    """Whose a state is. `kind` is merge, aggregate, class or function; `sha256` is that of the module's file."""

    name: str
    kind: str
    module: str | None = None
    sha256: str | None = None


class CannotFold(Exception):
    """The model refuses the event; the message says why, and `kind` is one of `unapplied_kind`. Anything else a model
    raises is the user's own error."""

    def __init__(self, message: str, kind: str) -> None:
        super().__init__(message)
        self.kind = kind


ApplyPayload = Callable[[Any, tuple[str, str]], Any]


class StateModel(Protocol):
    """Folds events into a state. States are the model's own business; only `to_text` lets one out."""

    info: ModelInfo
    upcasters: Any
    """The chain by which the model reads old events; None where it reads all as they are stored."""
    always_restores: bool
    """Whether a thawed state is certainly the one that was frozen, so that it need not be checked."""

    def start(self, aggregate_id: str) -> Any:
        """The state before the first event."""

    def apply(self, state: Any, event: RecordedEvent) -> Any:
        """The state after `event`. May change `state` itself, also when it raises."""

    @property
    def apply_payload(self) -> "ApplyPayload | None":
        """Likewise, given the event's type and data alone; None for a model that may look at more of an event."""

    def to_text(self, state: Any) -> str:
        """The state as exact JSON text."""

    def to_value(self, state: Any, previous: tuple[Any, bool]) -> tuple[Any, bool]:
        """What `to_text` says as a JSON value that no later `apply` can change, and whether a value stands in it that
        JSON cannot hold. `previous` is what this gave for another state: equal parts become the same objects."""

    def value_of(self, state: Any, members: "Collection[str] | None", previous: Any) -> Any:
        """As `to_value`, of at least those top-level members (None: of all). Parts that equal those of `previous`,
        the value after the event before, are the same objects."""

    def for_another_fold(self) -> "StateModel":
        """A model that folds beside this one, without their getting in each other's way."""

    def freeze(self, state: Any) -> tuple[Any, int]:
        """A copy that no later `apply` can change, and about how many bytes it takes."""

    def thaw(self, frozen: Any) -> Any:
        """A state to go on from; the frozen copy stays as it is."""

    def surely_restores(self, frozen: Any) -> bool:
        """Whether a thawed state certainly shows what the frozen one did, so that it need not be compared."""


class MergeModel:
    """The generic merge: each event's data applied as an RFC 7386 merge patch, in order.

    An approximation for when no model is known. Objects that were made since a state was last frozen or thawed are
    changed in place, all others are copied first: what is frozen shares its parts with what comes later.
    """

    info = ModelInfo("generic merge (approximation)", "merge")
    upcasters = None
    always_restores = True

    def __init__(self) -> None:
        self._own: dict[int, dict[str, Any]] = {}  # by id; held, so that no id is used again meanwhile
        self._released = (
            0  # bytes: what was read since the last keyframe, and made and is changed in place no more
        )

    def start(self, aggregate_id: str) -> Any:
        del aggregate_id
        return {}

    def apply(self, state: Any, event: RecordedEvent) -> Any:
        self._released += len(event.data_text)
        return self._merge(state, _patch(event.data_text), self._own)

    def apply_payload(self, state: Any, payload: tuple[str, str]) -> Any:
        patch: Any = None
        text, end = payload[1], -1
        if (
            len(text) <= _SHORT and "-0" not in text
        ):  # nothing of it is to be checked, and no call is to be spared
            try:
                patch, end = exact_json.scan_plain(text, 0)
            except (StopIteration, ValueError):
                end = -1
        if end != len(text) or type(patch) is not dict:
            patch, end = _patch(text), len(text)
        self._released += end
        return self._merge(state, patch, self._own)

    def _merge(self, target: Any, patch: dict[str, Any], own: dict[int, dict[str, Any]]) -> dict[str, Any]:
        if id(target) in own:
            merged: dict[str, Any] = target
        else:
            merged = target.copy() if type(target) is dict else {}
            own[id(merged)] = merged
        for key, value in patch.items():
            if type(value) is dict:
                merged[key] = self._merge(merged.get(key), value, own)
            elif value is None:
                merged.pop(key, None)
            else:
                merged[key] = value
        return merged

    def to_text(self, state: Any) -> str:
        return exact_json.dump(state)

    def to_value(self, state: Any, previous: tuple[Any, bool] = (ABSENT, False)) -> tuple[Any, bool]:
        """Costs nothing: the value shares its parts with the states before and after it."""
        del previous
        self._release()
        return state, False

    def value_of(self, state: Any, members: "Collection[str] | None", previous: Any) -> Any:
        if type(members) is not Wanted:
            self._release()
            return state
        whole: list[Any] = []
        part = part_of(state, members, previous, whole)
        if whole:
            self._release()
        return part

    def for_another_fold(self) -> "MergeModel":
        return MergeModel()

    def freeze(self, state: Any) -> tuple[Any, int]:
        self._release()
        size, self._released = self._released, 0
        return state, size

    def _release(self) -> None:
        self._released += sum(_BYTES_AN_ENTRY * len(made) for made in self._own.values())
        self._own = {}

    def thaw(self, frozen: Any) -> Any:
        self._own, self._released = {}, 0
        return frozen

    def surely_restores(self, frozen: Any) -> bool:
        del frozen
        return True


def _patch(text: str) -> dict[str, Any]:
    try:
        patch = exact_json.parse(text)
    except exact_json.NotJson as error:
        why = tr("the data is no JSON that can be kept exactly: {why}", why=error)
        raise CannotFold(why, "not_json") from None
    if not isinstance(patch, dict):
        raise CannotFold(tr("the data is not a JSON object, and a merge needs one"), "not_decoded")
    return patch


_SHORT = exact_json.MAX_DEPTH  # characters: shorter texts cannot be nested too deep
_BYTES_AN_ENTRY = 100  # of a dict, with a short value


def merge(target: Any, patch: Any) -> Any:
    """RFC 7386, section 2, as a new value: `target` and `patch` stay as they are."""
    if type(patch) is not dict:
        return patch
    merged = target.copy() if type(target) is dict else {}
    for key, value in patch.items():
        if value is None:
            merged.pop(key, None)
        elif type(value) is dict:
            merged[key] = merge(merged.get(key), value)
        else:
            merged[key] = value
    return merged
