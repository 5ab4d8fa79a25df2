"""A short text that changes when the code that makes a model's state may have changed."""

import dataclasses
import dis
import enum
import functools
import hashlib
import re
import sys
import types
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta, timezone
from decimal import Decimal
from functools import lru_cache
from typing import Any
from uuid import UUID

from .aggregate import AggregateRoot
from .handlers import handler_names
from .state_text import safe_error
from .state_types import instance_attributes, is_of_library, name_of, state_types
from .text import tr

_MADE_BY = (
    *("__new__", "__init__", "__setattr__", "__getattr__", "__getattribute__"),
    *("to_state", "from_state"),
)
"""What makes a state beside the handlers."""


class NoFingerprint(Exception):
    """The model uses an object that cannot be looked at; the message says so."""


def model_fingerprint(owner: type) -> str:
    """SHA-256, in hex, over the compiled code from which states of `owner` come.

    That is: the handlers, `__init__`, `to_state`, `from_state`, the upcasters and `ignores`; what these name among
    the members of the class and its bases, and among the functions, classes and constants of the packages where these
    stand; and the fields, with their defaults, of the types that may stand in the state or are payloads. Compiled code
    is what runs, also where a newer file lies on the disk already. So comments, formatting, docstrings and commands
    (unless a handler names them) change nothing; neither do other packages, nor what is imported inside a function;
    another feature version of Python changes everything, and its option -O what has asserts or docstrings.

    Raises: NoFingerprint.
    """
    try:
        return _fingerprint(owner)
    except Exception as error:  # whatever the user's objects do when they are asked what they are
        why = tr(
            "the code of {model} cannot be told from other code: {why}",
            model=owner.__name__,
            why=safe_error(error),
        )
        raise NoFingerprint(why) from error


@lru_cache(maxsize=None)
def _fingerprint(owner: type) -> str:
    walk = _Walk(owner)
    digest = hashlib.sha256()
    for line in walk.lines():
        digest.update(f"{line}\n".encode("utf-8", "surrogatepass"))
    return digest.hexdigest()


class _Walk:
    """What a class's handlers reach, each function and class once, in an order that does not depend on the run."""

    def __init__(self, owner: type) -> None:
        self._owner = owner
        self._packages = {_package(base.__module__) for base in owner.__mro__ if not is_of_library(base)}
        self._numbers: dict[int, int] = {}  # of what was told, by id
        self._kept_alive: list[Any] = []  # so that no id is used again

    def lines(self) -> Iterator[str]:
        owner = self._owner
        yield f"python {sys.version_info[0]}.{sys.version_info[1]} model {name_of(owner)}"
        yield f"ignores {sorted(map(str, getattr(owner, 'ignores', ())))}"
        for name in sorted({*_MADE_BY, *handler_names(owner)}):
            yield from self._member(name)
        yield from self._value("upcasters", getattr(getattr(owner, "upcasters", None), "steps", ()))
        for found in state_types(owner):
            yield from self._value("may be", found)

    def _member(self, name: str) -> Iterator[str]:
        """In each base that has it, since one may call the next."""
        for base in self._owner.__mro__:
            if name in vars(base) and base is not AggregateRoot:
                yield from self._value(name, vars(base)[name])

    def _value(self, name: str, value: Any) -> Iterator[str]:
        """Whatever a name stands for, as far as it can be told from one run to the next."""
        value = _function_in(value)
        if isinstance(value, (list, tuple)):
            yield f"{name} has {len(value)}"
            for item in value:
                yield from self._value(name, item)
        elif isinstance(value, property):
            for part in (value.fget, value.fset, value.fdel):
                yield from self._value(name, part)
        elif isinstance(value, functools.partial):
            yield from self._value(name, (value.func, value.args, sorted(value.keywords.items())))
        elif not self._has_parts(value):
            yield f"{name} = {_constant(value)}"
        elif id(value) in self._numbers:
            yield f"{name} is {self._numbers[id(value)]}"
        else:
            self._numbers[id(value)] = len(self._numbers)
            self._kept_alive.append(value)
            yield from self._parts(name, value)

    def _has_parts(self, value: Any) -> bool:
        if isinstance(value, type):
            # The model's own members are told by name.
            return value not in self._owner.__mro__ and self._is_ours(value.__module__)
        if isinstance(value, types.FunctionType):
            return self._is_ours(value.__module__)
        if isinstance(value, enum.Enum):
            return False
        is_object = dataclasses.is_dataclass(value) or self._is_ours(type(value).__module__)
        return is_object or isinstance(value, (dict, types.MappingProxyType))

    def _parts(self, name: str, value: Any) -> Iterator[str]:
        if isinstance(value, type):
            yield from self._type(value)
        elif isinstance(value, types.FunctionType):
            yield from self._function(name, value)
        elif isinstance(value, (dict, types.MappingProxyType)):
            for key, item in value.items():
                yield from self._value(f"{name} {_constant(key)}", item)
        else:
            yield from self._value(name, type(value))
            for part, item in sorted(instance_attributes(value).items()):
                yield from self._value(f"{name} {part}", item)

    def _type(self, found: type) -> Iterator[str]:
        yield f"type {name_of(found)} {[name_of(base) for base in found.__mro__]}"
        if issubclass(found, enum.Enum):
            yield f"members {[(name, _constant(member.value)) for name, member in found.__members__.items()]}"
        for field in dataclasses.fields(found) if dataclasses.is_dataclass(found) else ():
            yield f"field {field.name} {field.type} {field.init}"
            yield from self._value(field.name, (field.default, field.default_factory))
        for name, value in sorted(vars(found).items(), key=lambda item: item[0]):
            if _is_written_by_user(found, name, value):
                yield from self._value(name, value)
        for base in found.__mro__[1:]:
            yield from self._value("base", base)

    def _function(self, name: str, function: types.FunctionType) -> Iterator[str]:
        registry = getattr(function, "registry", None)
        if isinstance(registry, types.MappingProxyType):  # functools.singledispatch: one function a type
            yield from self._value(name, registry)
            return
        yield f"function {name} {function.__qualname__} {sorted(map(_hint, function.__annotations__.items()))}"
        yield from _code_lines(function.__code__)
        yield from self._value("defaults", function.__defaults__ or ())
        yield from self._value("keywords", sorted((function.__kwdefaults__ or {}).items()))
        for cell in function.__closure__ or ():
            yield from self._value("closure", _cell_contents(cell))
        yield from self._names(function)

    def _names(self, function: types.FunctionType) -> Iterator[str]:
        """What the names in a function's code stand for: globals of its own, members of modules among these, and
        members of the model."""
        names = sorted(set(_names_in(function.__code__)))
        spaces, modules = [function.__globals__], set()
        for space in spaces:  # grows while it is walked through
            for name, value in [(name, space[name]) for name in names if name in space]:
                if not isinstance(value, types.ModuleType):
                    yield from self._value(name, value)
                elif self._is_ours(value.__name__) and value.__name__ not in modules:
                    modules.add(value.__name__)
                    spaces.append(vars(value))
        for name in names:
            yield from self._member(name)

    def _is_ours(self, module: "str | None") -> bool:
        return _package(module) in self._packages


def _package(module: "str | None") -> str:
    return (module or "").partition(".")[0]


def _function_in(value: Any) -> Any:
    """The function in a method, a static or class method, or a cached property; other values as they are."""
    if isinstance(value, (staticmethod, classmethod, types.MethodType)):
        return value.__func__
    if isinstance(value, functools.cached_property):
        return value.func
    if isinstance(value, functools.singledispatchmethod):
        return value.dispatcher
    return value if isinstance(value, (type, types.FunctionType)) else getattr(value, "__wrapped__", value)


def _is_written_by_user(owner: type, name: str, value: Any) -> bool:
    """Whether a member of a class comes from its text; `dataclass` and `enum` add their own."""
    function = _function_in(value)
    if isinstance(function, types.FunctionType):
        return function.__code__.co_filename not in ("<string>", dataclasses.__file__, enum.__file__)
    return isinstance(value, property) or not (name.startswith("__") or issubclass(owner, enum.Enum))


def _code_lines(code: types.CodeType) -> Iterator[str]:
    # Instructions with what they mean, not with places in tables: a docstring stands in these too.
    places = code.co_argcount + code.co_kwonlyargcount
    yield f"code {code.co_argcount} {code.co_posonlyargcount} {code.co_varnames[:places]}"
    for step in dis.get_instructions(code):
        if isinstance(step.argval, types.CodeType):
            yield step.opname
            yield from _code_lines(step.argval)
        elif step.opname != "EXTENDED_ARG":
            yield f"{step.opname} {_constant(step.argval)}"


def _names_in(code: types.CodeType) -> Iterator[str]:
    yield from code.co_names
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            yield from _names_in(constant)


def _constant(value: Any) -> str:
    """A text of a value that is the same in every run: values without one are told by their type alone."""
    if isinstance(value, (frozenset, set)):
        return f"{type(value).__name__} {sorted(map(_constant, value))}"
    if isinstance(value, dict):
        return f"dict {[(_constant(key), _constant(item)) for key, item in value.items()]}"
    if isinstance(value, (list, tuple)):
        return f"{type(value).__name__} {[_constant(item) for item in value]}"
    if isinstance(value, enum.Enum):
        return f"{name_of(type(value))} {value.name}"
    if value is None or value is Ellipsis or type(value) in _TOLD_BY_REPR:
        return repr(value)
    if isinstance(value, re.Pattern):
        return f"{value.pattern!r} {value.flags}"
    if isinstance(value, (type, types.FunctionType, types.BuiltinFunctionType)):
        return f"{value.__module__}:{value.__qualname__}"
    return name_of(type(value))


_TOLD_BY_REPR = frozenset(
    {str, bytes, bool, int, float, complex, range, Decimal, UUID, date, datetime, time, timedelta, timezone}
)


def _hint(item: "tuple[str, Any]") -> str:
    name, annotation = item
    if isinstance(annotation, type):
        return f"{name}: {name_of(annotation)}"
    return f"{name}: {annotation if isinstance(annotation, str) else type(annotation).__name__}"


def _cell_contents(cell: Any) -> Any:
    try:
        return cell.cell_contents
    except ValueError:  # not filled yet
        return None
