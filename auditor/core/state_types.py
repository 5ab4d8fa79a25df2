"""Which of a user's classes may stand in a kept state: those that a model's own code names."""

import dataclasses
import enum
import sys
import types
import typing
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from .aggregate import AggregateRoot
from .handlers import handler_names


class StateTypes:
    """Dataclasses, enums and named tuples by the name under which a kept state calls them.

    They are found among what is loaded already: the globals of the model's modules, what is nested in its classes,
    the annotations of its handlers, and the fields of all of these. Nothing is imported for a name, so that a text
    cannot have code run.
    """

    def __init__(self, owner: type) -> None:
        self._by_name: dict[str, Any] = {}
        pending = [found for found in _named_by(owner) if is_value_type(found)]
        while pending:
            found = pending.pop()
            name = name_of(found)
            known = self._by_name.get(name, found)
            if known is found and name in self._by_name:
                continue
            self._by_name[name] = (
                found if known is found else None
            )  # two classes of one name: neither is meant
            pending.extend(part for part in _types_in(_hints(found).values()) if is_value_type(part))

    def __iter__(self) -> Iterator[type]:
        return (found for _, found in sorted(self._by_name.items()) if found is not None)

    def named(self, name: str) -> "type | None":
        return self._by_name.get(name)


def state_types(owner: type) -> StateTypes:
    return _state_types(owner)


@lru_cache(maxsize=None)
def _state_types(owner: type) -> StateTypes:
    return StateTypes(owner)


def name_of(owner: type) -> str:
    return f"{owner.__module__}:{owner.__qualname__}"


def is_value_type(found: Any) -> bool:
    """Whether objects of this class are made up of their attributes and nothing else."""
    if not issubclass(
        type(found), type
    ):  # `isinstance` would ask the object, which may be anything of the module
        return False
    return issubclass(found, enum.Enum) or is_record(found) or is_named_tuple(found)


def is_record(found: type) -> bool:
    """A dataclass that is no extended list, dict, exception and the like, and leaves making objects to Python."""
    return dataclasses.is_dataclass(found) and found.__new__ is object.__new__


def is_named_tuple(found: type) -> bool:
    return issubclass(found, tuple) and isinstance(getattr(found, "_fields", None), tuple)


def instance_attributes(thing: Any) -> dict[str, Any]:
    """All attributes of the object itself, private ones too; those in slots first."""
    kind: type = type(thing)
    values = {name: getattr(thing, name) for name in _slots(kind) if hasattr(thing, name)}
    values.update(getattr(thing, "__dict__", {}))
    return values


@lru_cache(maxsize=None)
def _slots(owner: type) -> "dict[str, None]":
    """The slots of the class and its bases, in order, as the attributes are called inside of Python."""
    return {
        name: None
        for base in owner.__mro__
        if "__slots__" in vars(base)
        for name, member in vars(base).items()
        if isinstance(member, types.MemberDescriptorType)
    }


def set_attributes(thing: Any, values: "dict[str, Any]") -> None:
    """Gives the object these attributes as they are: no `__setattr__` and no `__init__` of its class has a say."""
    kind: type = type(thing)
    in_slots = _slots(kind)
    for name, value in values.items():
        if name in in_slots:
            object.__setattr__(thing, name, value)
        else:
            thing.__dict__[name] = value


def is_of_library(base: type) -> bool:
    """Whether the class is Python's or ours, and no part of a model."""
    top = base.__module__.partition(".")[0]
    return base is AggregateRoot or top in sys.stdlib_module_names


def _named_by(owner: type) -> Iterator[Any]:
    for base in owner.__mro__:
        if is_of_library(base):
            continue
        yield from vars(sys.modules.get(base.__module__, object)).values()
        yield from vars(base).values()
    yield from _types_in(_hints(owner).values())
    for name in handler_names(owner):
        yield from _types_in(_hints(getattr(owner, name)).values())


def _hints(thing: Any) -> dict[str, Any]:
    try:
        return typing.get_type_hints(thing)
    except Exception:  # noqa: BLE001 - names that only a type checker can see
        return {}


def _types_in(annotations: Any) -> Iterator[Any]:
    for annotation in annotations:
        if isinstance(annotation, type):
            yield annotation
        yield from _types_in(typing.get_args(annotation))
