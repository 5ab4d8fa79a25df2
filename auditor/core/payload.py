"""Typed payloads: frozen dataclasses in code, JSON objects in the store."""

import dataclasses
import enum
import inspect
import types
import typing
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any, get_args, get_origin
from uuid import UUID

from .text import tr
from .timestamps import format_timestamp, parse_timestamp

Build = Callable[[Any], Any]


class PayloadMismatch(TypeError):
    """Stored data does not fit the dataclass that a handler asks for; the message names the field."""


class Payload(dict[str, Any]):
    """An untyped payload: its fields are items and, where the name allows it, attributes; nested objects too."""

    def __getattr__(self, name: str) -> Any:
        try:
            return self[name]
        except KeyError:
            raise AttributeError(f"the event has no field {name!r}") from None

    @classmethod
    def of(cls, value: Any) -> Any:
        if isinstance(value, dict):
            payload = cls(value)
            for key, item in value.items():
                if type(item) is dict or type(item) is list:
                    payload[key] = cls.of(item)
            return payload
        if isinstance(value, list):
            return [cls.of(item) for item in value]
        return value


def event_type_of(payload_class: type) -> str:
    """The stored name of a typed event: its `event_type`, else the name of its class."""
    name = getattr(payload_class, "event_type", None)
    # A field of that name is no name of the type: with slots it stands in the class as a descriptor.
    return name if name and isinstance(name, str) else payload_class.__name__


def schema_version_of(payload_class: type) -> int:
    """What new events bear: the version that the class states, else 1."""
    return stated_schema_version(payload_class) or 1


def stated_schema_version(payload_class: "type | None") -> "int | None":
    version = getattr(payload_class, "schema_version", None)
    is_field = dataclasses.is_dataclass(payload_class) and "schema_version" in _field_names(payload_class)
    return version if type(version) is int and version >= 1 and not is_field else None


def to_data(payload: Any) -> Any:
    """The JSON value of a payload's fields: times as fixed-width UTC, decimals and ids as text, tuples as lists.

    Nothing of it is shared with `payload`. Raises: TypeError for what has no JSON form, and for keys that have the
    same text; ValueError for a time without offset. The message names the field.
    """
    if isinstance(payload, enum.Enum):
        return to_data(payload.value)
    if payload is None or isinstance(payload, (str, bool, int, float)):
        return payload
    if dataclasses.is_dataclass(payload) and not isinstance(payload, type):
        return _fields_data(payload)
    if isinstance(payload, Mapping):
        data = {str(to_data(key)): to_data(value) for key, value in payload.items()}
        if len(data) < len(payload):
            raise TypeError("two keys of a mapping have the same text, and an event could hold only one")
        return data
    if isinstance(payload, Sequence) and not isinstance(payload, (bytes, bytearray)):
        return [to_data(value) for value in payload]
    if isinstance(payload, datetime):
        return format_timestamp(payload)
    if isinstance(payload, date):
        return payload.isoformat()
    if isinstance(payload, (UUID, Decimal)):
        return str(payload)
    raise TypeError(f"a {type(payload).__name__} cannot be stored in an event")


def _fields_data(payload: Any) -> dict[str, Any]:
    payload_class: type = type(payload)
    data, name = {}, ""
    try:
        for name in _field_names(payload_class):
            data[name] = to_data(getattr(payload, name))
    except (TypeError, ValueError) as error:
        kind = TypeError if isinstance(error, TypeError) else ValueError
        raise kind(f"{payload_class.__name__}.{name}: {error}") from None
    return data


@lru_cache(maxsize=None)
def _field_names(payload_class: type) -> tuple[str, ...]:
    return tuple(field.name for field in dataclasses.fields(payload_class))


@lru_cache(maxsize=None)
def builder(annotation: Any) -> Build:
    """A function that makes an `annotation` from a JSON value. Keys without a field are left out, as readers of
    an evolving schema must; a missing key without a default is a `PayloadMismatch`. Cost: one look-up a field.
    """
    if dataclasses.is_dataclass(annotation) and isinstance(annotation, type):
        return _dataclass_builder(annotation)
    if hasattr(annotation, "__supertype__"):
        return builder(annotation.__supertype__)
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin in (typing.Union, types.UnionType):
        return _optional_builder(arguments)
    if origin in (list, Sequence, set, frozenset) and arguments:
        build, make = _part(arguments[0]), list if origin is Sequence else origin
        return _as_is if build is _as_is and make is list else lambda value: make(map(build, value))
    if origin is tuple and arguments:
        return _tuple_builder(arguments)
    if origin in (dict, Mapping) and arguments:
        return _mapping_builder(*arguments)
    if isinstance(annotation, type):
        if issubclass(annotation, enum.Enum):
            return annotation
        return _SCALARS.get(annotation, _as_is)
    return _as_is


def _part(annotation: Any) -> Build:
    """The builder of a part. A class is looked up when its first value comes, since it may be a part of itself."""
    if dataclasses.is_dataclass(annotation) and isinstance(annotation, type):
        return lambda value: builder(annotation)(value)
    return builder(annotation)


def _as_is(value: Any) -> Any:
    return value


_SCALARS: dict[type, Build] = {
    datetime: parse_timestamp,
    date: date.fromisoformat,
    UUID: UUID,
    Decimal: lambda value: Decimal(str(value)),
    tuple: tuple,
    set: set,
    frozenset: frozenset,
}


def _dataclass_builder(payload_class: type) -> Build:
    hints = typing.get_type_hints(payload_class)
    fields = [field for field in dataclasses.fields(payload_class) if field.init]
    parts = [(field.name, _part(hints[field.name])) for field in fields]
    converted = [(name, build) for name, build in parts if build is not _as_is]
    names = {name for name, _ in parts}
    plain, new = _is_plain(payload_class), object.__new__

    def build_it(value: Any) -> Any:
        if not isinstance(value, dict):
            raise PayloadMismatch(
                tr(
                    "{payload} needs an object, and the event has {value!r:.80}",
                    payload=payload_class.__name__,
                    value=value,
                )
            )
        if value.keys() == names and plain:
            made: Any = new(payload_class)
            fields_of = made.__dict__
            fields_of.update(value)
            for name, build in converted:
                fields_of[name] = _field(payload_class, name, build, value[name])
            return made
        known = {key: value[key] for key in value if key in names}
        for name, build in converted:
            if name in known:
                known[name] = _field(payload_class, name, build, known[name])
        try:
            return payload_class(**known)
        except TypeError as error:
            raise PayloadMismatch(str(error).replace("__init__() ", "")) from None

    return build_it


def _is_plain(payload_class: type) -> bool:
    """Whether making an object comes to setting its fields, so that its `__init__`, slow for frozen classes, need
    not be called where each field has a value."""
    own, names = (
        vars(payload_class),
        {field.name for field in dataclasses.fields(payload_class) if field.init},
    )
    code = getattr(own.get("__init__"), "__code__", None)
    is_generated = "__dataclass_params__" in own and code is not None and code.co_filename == "<string>"
    return (
        is_generated
        and set(inspect.signature(payload_class).parameters) == names
        and not hasattr(payload_class, "__post_init__")
        and (own["__dataclass_params__"].frozen or not _has(payload_class, "__setattr__"))
        and not _has(payload_class, "__slots__", "__new__")
        and not any(hasattr(getattr(payload_class, name, None), "__set__") for name in names)
    )


def _has(payload_class: type, *names: str) -> bool:
    """Whether the class or a base other than `object` defines any of these."""
    return any(name in vars(base) for base in payload_class.__mro__[:-1] for name in names)


def _field(payload_class: type, name: str, build: Build, value: Any) -> Any:
    try:
        return build(value)
    except PayloadMismatch:
        raise
    except (TypeError, ValueError, ArithmeticError, AttributeError) as error:
        raise PayloadMismatch(f"{payload_class.__name__}.{name}: {error}") from None


def _optional_builder(arguments: tuple[Any, ...]) -> Build:
    others = [_part(argument) for argument in arguments if argument is not type(None)]
    if len(others) != 1 or others[0] is _as_is:
        return _as_is
    build = others[0]
    return lambda value: None if value is None else build(value)


def _mapping_builder(key_annotation: Any, annotation: Any) -> Build:
    # JSON has keys of text only.
    build_key: Build = int if key_annotation is int else builder(key_annotation)
    build = _part(annotation)
    if build is _as_is and build_key is _as_is:
        return _as_is
    return lambda value: {build_key(key): build(item) for key, item in value.items()}


def _tuple_builder(arguments: tuple[Any, ...]) -> Build:
    if len(arguments) == 2 and arguments[1] is Ellipsis:
        build = _part(arguments[0])
        return tuple if build is _as_is else lambda value: tuple(map(build, value))
    builds = [_part(argument) for argument in arguments]
    return lambda value: tuple(build(item) for build, item in zip(builds, value))  # noqa: B905 - Python 3.10
