"""A short text that changes when the code that makes a model's state may have changed."""

import dataclasses
import dis
import enum
import functools
import hashlib
import sys
import types
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from .aggregate import AggregateRoot
from .handlers import handler_names
from .state_types import name_of, state_types

_BEGINNINGS = ("__init__", "__new__", "to_state", "from_state")


def model_fingerprint(owner: type) -> str:
    """SHA-256, in hex, over the compiled code from which states of `owner` come.

    That is: the handlers, `__init__`, `to_state`, `from_state`, the upcasters and `ignores`; what these name among
    the class's own attributes, and among the functions, classes and constants of its package; and the fields of the
    types that may stand in the state. Compiled code is what runs, also where a newer file lies on the disk already.
    So comments, formatting, docstrings and commands (unless a handler names them) change nothing; neither do other
    packages; another feature version of Python changes everything, and its option -O what has asserts or docstrings.
    """
    return _fingerprint(owner)


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
        self._package = owner.__module__.partition(".")[0]
        self._seen: set[int] = set()
        self._kept_alive: list[Any] = []  # so that no id is used again

    def lines(self) -> Iterator[str]:
        owner = self._owner
        yield f"python {sys.version_info[0]}.{sys.version_info[1]} model {name_of(owner)}"
        yield f"ignores {sorted(map(str, getattr(owner, 'ignores', ())))}"
        for name in sorted({*_BEGINNINGS, *handler_names(owner)}):
            yield from self._member(owner, name)
        yield from self._value("upcasters", getattr(getattr(owner, "upcasters", None), "steps", ()))
        for found in state_types(owner):
            yield from self._type(found)

    def _member(self, owner: type, name: str) -> Iterator[str]:
        for base in owner.__mro__:
            if name in vars(base):
                if base is not AggregateRoot:
                    yield from self._value(name, vars(base)[name])
                return

    def _type(self, found: type) -> Iterator[str]:
        if found in self._owner.__mro__ or not self._is_new(
            found
        ):  # the model's own members are told by name
            return
        yield f"type {name_of(found)} {[name_of(base) for base in found.__mro__]}"
        if issubclass(found, enum.Enum):
            yield f"members {[(name, _constant(member.value)) for name, member in found.__members__.items()]}"
        if dataclasses.is_dataclass(found):
            yield f"fields {[(field.name, str(field.type)) for field in dataclasses.fields(found)]}"
        for name, value in sorted(vars(found).items(), key=lambda item: item[0]):
            if _is_written_by_user(value):
                yield from self._value(name, value)

    def _value(self, name: str, value: Any) -> Iterator[str]:
        """Whatever a name stands for, as far as it can be told from one run to the next."""
        function = _function_in(value)
        if isinstance(function, types.FunctionType):
            yield from self._function(name, function)
        elif isinstance(value, property):
            for part in (value.fget, value.fset, value.fdel):
                yield from self._value(name, part)
        elif isinstance(value, functools.partial):
            yield from self._value(name, (value.func, value.args, sorted(value.keywords.items())))
        elif dataclasses.is_dataclass(value) and not isinstance(value, type):
            fields = dataclasses.fields(value)
            yield from self._value(name, [(field.name, getattr(value, field.name)) for field in fields])
        elif isinstance(value, type):
            if self._is_ours(value.__module__):
                yield from self._type(value)
            else:
                yield f"{name} = {name_of(value)}"
        elif isinstance(value, (list, tuple)):
            yield f"{name} has {len(value)}"
            for item in value:
                yield from self._value(name, item)
        elif type(value) is dict:
            for key, item in value.items() if self._is_new(value) else ():
                yield from self._value(f"{name} {_constant(key)}", item)
        else:
            yield f"{name} = {_constant(value)}"

    def _function(self, name: str, function: types.FunctionType) -> Iterator[str]:
        if not self._is_ours(function.__module__):
            yield f"{name} = {function.__module__}:{function.__qualname__}"
            return
        if not self._is_new(function):
            return
        yield f"function {name} {function.__qualname__} {sorted(map(_hint, function.__annotations__.items()))}"
        yield from _code_lines(function.__code__)
        yield from self._value("defaults", function.__defaults__ or ())
        yield from self._value("keywords", sorted((function.__kwdefaults__ or {}).items()))
        for cell in function.__closure__ or ():
            yield from self._value("closure", _cell_contents(cell))
        yield from self._names(function)

    def _names(self, function: types.FunctionType) -> Iterator[str]:
        """What the names in a function's code stand for: globals of its own, members of the model, and members of
        modules that it names."""
        names = sorted(set(_names_in(function.__code__)))
        found = {name: function.__globals__[name] for name in names if name in function.__globals__}
        modules = [value for value in found.values() if isinstance(value, types.ModuleType)]
        for name, value in found.items():
            if not isinstance(value, types.ModuleType):
                yield from self._value(name, value)
        for name in names:
            yield from self._member(self._owner, name)
            for module in modules:
                if self._is_ours(module.__name__) and name in vars(module):
                    yield from self._value(name, vars(module)[name])

    def _is_ours(self, module: "str | None") -> bool:
        return (module or "").partition(".")[0] == self._package

    def _is_new(self, thing: Any) -> bool:
        if id(thing) in self._seen:
            return False
        self._seen.add(id(thing))
        self._kept_alive.append(thing)
        return True


def _function_in(value: Any) -> Any:
    """The function in a method, a static or class method, or a cached property; other values as they are."""
    if isinstance(value, (staticmethod, classmethod, types.MethodType)):
        return value.__func__
    if isinstance(value, functools.cached_property):
        return value.func
    return value if isinstance(value, (type, types.FunctionType)) else getattr(value, "__wrapped__", value)


def _is_written_by_user(value: Any) -> bool:
    """Whether a member of a class comes from its text; `dataclass` and `enum` add their own."""
    function = _function_in(value)
    if isinstance(function, types.FunctionType):
        return function.__code__.co_filename not in ("<string>", dataclasses.__file__, enum.__file__)
    return isinstance(value, property)


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
    return name_of(type(value))


_TOLD_BY_REPR = (str, bytes, bool, int, float, complex)


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
