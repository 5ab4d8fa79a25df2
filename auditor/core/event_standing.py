"""Whether a model has a handler for events of a type, told without any event."""

from collections.abc import Iterable
from typing import Any, Final

from .class_model import ClassModel, upcast_types
from .handlers import Handlers, NoHandler, has_handlers
from .state_model import MergeModel, StateModel

HANDLED: Final = "handled"
UPCAST: Final = "upcast"
"""Read otherwise than they are stored; what they become is handled, or each event is not applied for that."""
IGNORED: Final = "ignored"
"""Declared as ignored, or retired by an upcaster."""
UNKNOWN: Final = "unknown"
"""No handler, and not declared as ignored."""
TAKEN: Final = "taken"
"""By one method or function that gets every event: what it does with this type cannot be told."""
MERGED: Final = "merged"


def standings(model: StateModel, event_types: Iterable[str]) -> dict[str, str]:
    """How the model stands to each of these types."""
    if isinstance(model, MergeModel):
        return dict.fromkeys(event_types, MERGED)
    code = model.code if isinstance(model, ClassModel) else None
    if code is None or not has_handlers(code):
        return dict.fromkeys(event_types, TAKEN)
    handlers, upcast = Handlers(code), upcast_types(code)
    retired: Any = getattr(model.upcasters, "retired", ())
    return {
        one: (IGNORED if one in retired else UPCAST) if one in upcast else _standing(handlers, one)
        for one in event_types
    }


def _standing(handlers: Handlers, event_type: str) -> str:
    try:
        return IGNORED if handlers.of(event_type) is None else HANDLED
    except NoHandler:
        return UNKNOWN
    except TypeError:  # a method of that name that takes no payload: it will say so at each event
        return HANDLED
