"""State models made from a user's code, recognised by shape."""

import inspect
from collections.abc import Callable, Collection, Iterator
from typing import Any

from .diff import ABSENT
from .errors import ModelError
from .events import RecordedEvent, data_of
from .handlers import Handlers, describe, has_handlers
from .state_copies import Copy, copied, holds_all, restored
from .state_model import ApplyPayload, CannotFold, ModelInfo, StateModel
from .state_text import state_text
from .state_value import has_odd_parts, value_of
from .text import tr
from .upcasting import require_known


def model_from(code: Any, info: ModelInfo) -> StateModel:
    """The state model that a class or a function `fold(state, event)` makes. `info.kind` is found here.

    Raises: ModelError.
    """
    if inspect.isclass(code):
        apply, kind = _apply_of(code)
        return ClassModel(code, apply, info._replace(kind=kind))
    if callable(code):
        return FunctionModel(code, info._replace(kind="function"))
    raise ModelError(
        tr("{name} is neither a class nor a function.", name=info.name),
        tr("Name an aggregate class, or a function fold(state, event)."),
    )


Apply = Callable[[Any, RecordedEvent], Any]


def _apply_of(code: type) -> tuple[Apply, str]:
    if has_handlers(code):
        if callable(getattr(code, "load_from_history", None)):
            return _root_apply(code), "aggregate"
        return _handler_apply(code), "class"
    for name in ("apply", "when"):
        if callable(getattr(code, name, None)):
            return lambda state, event, name=name: getattr(state, name)(event), "class"
    raise ModelError(
        tr("{name} has no method that could apply an event.", name=code.__name__),
        tr("It needs on_<event_type> methods, apply(event) or when(event)."),
    )


def _root_apply(code: type) -> Apply:
    handlers, types = Handlers(code), upcast_types(code)

    def apply(state: Any, event: RecordedEvent) -> None:
        if event.event_type not in types:
            handlers.of(event.event_type)  # an unknown type is told by us, whatever the class does about it
        try:
            state.load_from_history((event,))
        except Exception as error:
            kind = _KINDS.get(type(error).__name__)
            if kind is not None:
                raise CannotFold(str(getattr(error, "finding", error)), kind) from None
            raise

    return apply


_KINDS = {"UpcastError": "not_upcast", "NoHandler": "no_handler"}
"""By name: the user's code may have a copy of the library of its own."""


def _handler_apply(code: type) -> Apply:
    handlers, types = Handlers(code), upcast_types(code)
    upcasters: Any = getattr(code, "upcasters", None)

    def apply(state: Any, event: RecordedEvent) -> None:
        if event.event_type in types:
            handlers.apply_parts(state, event, _read(upcasters.newest, event))
            return
        handler = handlers.of(event.event_type)
        if handler is not None:
            if handler.newest is not None:
                _read(require_known, event, handler.newest)
            handler(state, event, event.data)

    return apply


def _payload_apply(code: type) -> "ApplyPayload | None":
    """What does the same as the handlers' `apply` with nothing but an event's type and data; None for a class that may
    look at more."""
    if not has_handlers(code) or callable(getattr(code, "load_from_history", None)) or upcast_types(code):
        return None
    if type(code) is not type or any(map(_looks_at_more, _handlers_of(code))):
        return None
    handlers = Handlers(code)
    known: dict[str, Any] = {}

    def apply(state: Any, payload: tuple[str, str]) -> Any:
        event_type, text = payload
        if event_type not in known:
            handler = handlers.of(event_type)
            known[event_type] = None if handler is None else (handler.function, handler.make_payload)
        handles = known[event_type]
        if handles is not None:
            handles[0](state, handles[1](data_of(text)))
        return state

    return apply


def _handlers_of(code: type) -> "Iterator[Any]":
    for name in dir(code):
        function = getattr(code, name, None)
        if name.startswith("on") and callable(function):
            yield function


def _looks_at_more(function: Any) -> bool:
    try:
        handler = describe(function)
    except (TypeError, ValueError):
        return True
    return handler.wants_envelope or handler.newest is not None


def upcast_types(code: type) -> frozenset[str]:
    """The event types that the code's own upcasters read otherwise than they are stored. Only classes with handlers
    are asked for events that are not as stored."""
    types = getattr(getattr(code, "upcasters", None), "types", ()) if has_handlers(code) else ()
    return frozenset(types) if isinstance(types, (frozenset, set)) else frozenset()


def _read(read: Callable[..., Any], *arguments: Any) -> Any:
    """What `read` gives; an event that it cannot read is told by the finding alone."""
    try:
        return read(*arguments)
    except Exception as error:
        finding = getattr(error, "finding", None)
        if finding is None:
            raise
        raise CannotFold(str(finding), "not_upcast") from None


class _CopiedState:
    """States are the user's objects: kept by copying, and checked when they come back."""

    upcasters: Any = None
    always_restores = False
    apply_payload: "ApplyPayload | None" = None

    def to_text(self, state: Any) -> str:
        return state_text(state)

    def to_value(self, state: Any, previous: tuple[Any, bool]) -> tuple[Any, bool]:
        before, was_odd = previous
        value = value_of(state, None, before)
        return value, has_odd_parts(value, ABSENT if was_odd else before)

    def value_of(self, state: Any, members: "Collection[str] | None", previous: Any) -> Any:
        return value_of(state, members, previous)

    def for_another_fold(self) -> Any:
        return self

    def freeze(self, state: Any) -> tuple[Copy, int]:
        kept = copied(state)
        return kept, len(kept.pickled or b"")

    def thaw(self, frozen: Copy) -> Any:
        return restored(frozen)

    def surely_restores(self, frozen: Copy) -> bool:
        return holds_all(frozen)


class ClassModel(_CopiedState):
    """One object an aggregate; its public attributes are the state, unless `to_state()` says it otherwise."""

    def __init__(self, code: type, apply: Apply, info: ModelInfo) -> None:
        self.info = info
        self.upcasters = getattr(code, "upcasters", None) if upcast_types(code) else None
        self.code = code
        self._apply = apply
        self._wants_id = _wants_id(code)
        self.apply_payload = _payload_apply(code)

    def start(self, aggregate_id: str) -> Any:
        return self.code(aggregate_id) if self._wants_id else self.code()

    def apply(self, state: Any, event: RecordedEvent) -> Any:
        self._apply(state, event)
        return state


class FunctionModel(_CopiedState):
    """A function `fold(state, event)`; the state before the first event is None."""

    def __init__(self, code: Callable[[Any, RecordedEvent], Any], info: ModelInfo) -> None:
        self.info = info
        self._code = code

    def start(self, aggregate_id: str) -> Any:
        del aggregate_id

    def apply(self, state: Any, event: RecordedEvent) -> Any:
        return self._code(state, event)


def _wants_id(code: type) -> bool:
    try:
        parameters = inspect.signature(code).parameters.values()
    except (TypeError, ValueError):
        return False
    required = [
        parameter
        for parameter in parameters
        if parameter.default is parameter.empty
        and parameter.kind not in (parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD)
    ]
    if len(required) > 1 or any(parameter.kind is parameter.KEYWORD_ONLY for parameter in required):
        raise ModelError(
            tr("{name} cannot be made: it needs {count} arguments.", name=code.__name__, count=len(required)),
            tr("A state model takes the aggregate's id or nothing."),
        )
    return bool(required)
