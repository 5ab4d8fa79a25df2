"""Which method of a class handles an event, and what it wants to be given."""

import dataclasses
import inspect
import re
import types
import typing
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Any, NamedTuple

from .events import Envelope
from .payload import Payload, builder, stated_schema_version
from .text import tr
from .upcasting import require_known_part

_WORD_BREAK = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_NO_NAME = re.compile(r"\W+")


class NoHandler(Exception):
    """The class handles no event of this type and does not declare it as ignored."""


@lru_cache(maxsize=4096)
def snake_case(event_type: str) -> str:
    """`OrderShipped` → `order_shipped`; what no Python name can hold becomes `_`."""
    return _NO_NAME.sub("_", _WORD_BREAK.sub("_", event_type)).lower()


class Handler(NamedTuple):
    """A method and how to call it. `newest`: the schema version that its payload class states, if it does."""

    function: Callable[..., Any]
    make_payload: Callable[[Any], Any]
    wants_envelope: bool
    newest: "int | None" = None

    def __call__(self, target: Any, envelope: Envelope, data: Any) -> Any:
        """Calls the method with a payload made from `data`, and with the envelope if it declares it."""
        return self.call(target, envelope, self.make_payload(data))

    def call(self, target: Any, envelope: Envelope, payload: Any) -> Any:
        """Likewise with a payload that is made."""
        if self.wants_envelope:
            return self.function(target, payload, envelope)
        return self.function(target, payload)


class Handlers:
    """The handlers of one class, looked up once per event type."""

    def __init__(self, owner: type) -> None:
        self._owner = owner
        self._ignored = frozenset(getattr(owner, "ignores", ()))
        self._found: dict[str, Handler | None] = {}

    def of(self, event_type: str) -> Handler | None:
        """The handler; None for a type that is declared as ignored.

        Raises: NoHandler.
        """
        try:
            return self._found[event_type]
        except KeyError:
            handler = self._found[event_type] = self._look_up(event_type)
            return handler

    def apply_parts(self, target: Any, envelope: Envelope, parts: Iterable[Any]) -> None:
        """Calls the handlers of what an event was upcast to. All are looked up and all payloads made before the first
        is called: an event that does not fit changes nothing.

        Raises: NoHandler, PayloadMismatch, UpcastError for a part that is later than its payload class, whatever a
        handler raises.
        """
        calls = []
        for part in parts:
            handler = self.of(part.event_type)
            if handler is not None:
                if handler.newest is not None:
                    require_known_part(envelope, part, handler.newest)
                calls.append((handler, handler.make_payload(part.data)))
        for handler, payload in calls:
            handler.call(target, envelope, payload)

    def _look_up(self, event_type: str) -> Handler | None:
        names = (f"on_{snake_case(event_type)}", f"on{event_type}", f"on_{event_type}")
        for name in names:
            function = getattr(self._owner, name, None)
            if callable(function):
                return describe(function)
        if event_type in self._ignored:
            return None
        raise NoHandler(
            tr(
                "{model} has no {handler} and does not list {event_type} in `ignores`",
                model=self._owner.__name__,
                handler=names[0],
                event_type=event_type,
            )
        )


def describe(function: Callable[..., Any]) -> Handler:
    """How to call `function(self, payload[, envelope])`."""
    parameters = [
        parameter
        for parameter in list(inspect.signature(function).parameters.values())[1:]
        if parameter.kind in (parameter.POSITIONAL_ONLY, parameter.POSITIONAL_OR_KEYWORD)
    ]
    if not parameters:
        raise TypeError(f"{function.__qualname__} takes no payload")
    payload_class = _payload_class(function, parameters[0].name)
    make_payload = Payload.of if payload_class is None else builder(payload_class)
    return Handler(function, make_payload, len(parameters) > 1, stated_schema_version(payload_class))


def _payload_class(function: Callable[..., Any], parameter: str) -> "type | None":
    try:
        plain = inspect.unwrap(function)
        # This one alone: the others may be names that only a type checker can see.
        wanted = types.SimpleNamespace(__annotations__={parameter: plain.__annotations__[parameter]})
        annotation = typing.get_type_hints(wanted, getattr(plain, "__globals__", {}))[parameter]
    except Exception:  # noqa: BLE001 - a name that only a type checker can see; the payload is untyped then
        annotation = None
    return annotation if isinstance(annotation, type) and dataclasses.is_dataclass(annotation) else None


def handler_names(owner: type) -> list[str]:
    """The methods that look like handlers."""
    return [name for name in dir(owner) if re.match(r"on(_|[A-Z])", name) and callable(getattr(owner, name))]


def has_handlers(owner: type) -> bool:
    """Whether the class has any method that looks like a handler."""
    return bool(handler_names(owner))
