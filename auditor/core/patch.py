"""JSON Patch (RFC 6902): carrying one out, and making one of the changes between two states."""

from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal, InvalidOperation
from itertools import groupby
from typing import Any, ClassVar

from .diff import Change
from .exact_json import Digits
from .text import tr

Operation = Mapping[str, Any]


class CannotPatch(ValueError):
    """The patch does not fit the document, or is none; the message names the operation by its place, from 1."""


def apply_patch(document: Any, patch: Any) -> Any:
    """The document after all operations. `document` and `patch` stay as they are, and the result shares their parts.

    `test` compares as the RFC does: numbers by value, so that 1 is 1.0, and key order does not count.

    Raises: CannotPatch.
    """
    patched = _Patched(document)
    if not isinstance(patch, list):
        raise CannotPatch(tr("a patch is a list of operations"))
    for number, operation in enumerate(patch, 1):
        try:
            patched.carry_out(operation)
        except _Unfit as error:
            raise CannotPatch(
                tr("operation {number} cannot be carried out: {why}", number=number, why=error)
            ) from None
    return patched.root[""]


def patch_of(changes: Iterable[Change]) -> list[dict[str, Any]]:
    """The operations that do what `diff.changes` found, in its order; of a list's end the last one goes first."""
    operations: list[dict[str, Any]] = []
    for removed, run in groupby(changes, key=lambda change: change.kind == "removed"):
        if removed:
            operations.extend({"op": "remove", "path": change.path} for change in reversed([*run]))
        else:
            operations.extend(
                {"op": _OPERATION[change.kind], "path": change.path, "value": change.after} for change in run
            )
    return operations


_OPERATION = {"added": "add", "changed": "replace"}


class _Unfit(Exception):
    """Why an operation cannot be carried out."""


class _Patched:
    """A document that is changed by copies: only containers that were made here are changed in place."""

    def __init__(self, document: Any) -> None:
        self.root = {"": document}
        self._own: dict[int, Any] = {}  # by id; held, so that no id is used again meanwhile

    def carry_out(self, operation: Operation) -> None:
        if not isinstance(operation, Mapping):
            raise _Unfit(tr("it is no object"))
        name = _member(operation, "op")
        work = self._WORKS.get(name) if isinstance(name, str) else None
        if work is None:
            raise _Unfit(tr("there is no operation {name!r}", name=name))
        work(self, operation)

    def _add(self, operation: Operation) -> None:
        self._put(_member(operation, "path"), _member(operation, "value"))

    def _remove(self, operation: Operation) -> None:
        self._take(_member(operation, "path"))

    def _replace(self, operation: Operation) -> None:
        path, value = _member(operation, "path"), _member(operation, "value")
        container, key = self._place(path)
        container[_existing(container, key, path)] = value

    def _move(self, operation: Operation) -> None:
        source, path = _member(operation, "from"), _member(operation, "path")
        if isinstance(path, str) and path.startswith(f"{source}/"):
            raise _Unfit(tr("{path} lies inside of what is moved", path=path))
        self._put(path, self._take(source))

    def _copy(self, operation: Operation) -> None:
        source, path = _member(operation, "from"), _member(operation, "path")
        value = self._get(source)
        self._own.clear()  # the value has two places now, and a change at one must not be seen at the other
        self._put(path, value)

    def _test(self, operation: Operation) -> None:
        path, value = _member(operation, "path"), _member(operation, "value")
        if not _equal(self._get(path), value):
            raise _Unfit(tr("{path} is not what it is tested for", path=path or tr("the document")))

    _WORKS: ClassVar["dict[str, Callable[[_Patched, Operation], None]]"] = {
        "add": _add,
        "remove": _remove,
        "replace": _replace,
        "move": _move,
        "copy": _copy,
        "test": _test,
    }

    # -- places ------------------------------------------------------------------------------------------------

    def _get(self, path: Any) -> Any:
        here: Any = self.root
        for key in _keys(path):
            here = here[_existing(here, key, path)]
        return here

    def _take(self, path: Any) -> Any:
        container, key = self._place(path)
        if container is self.root:
            raise _Unfit(tr("the whole document cannot be removed"))
        return container.pop(_existing(container, key, path))

    def _put(self, path: Any, value: Any) -> None:
        container, key = self._place(path)
        if isinstance(container, dict):
            container[key] = value
            return
        at = len(container) if key == "-" else _index(key)
        if at is None or at > len(container):
            raise _Unfit(tr("{path} is no place in its list", path=path))
        container.insert(at, value)

    def _place(self, path: Any) -> "tuple[Any, str]":
        """The container of what `path` names, which may be changed, and the last key."""
        *parents, last = _keys(path)
        here: Any = self.root
        for key in parents:
            at = _existing(here, key, path)
            below = here[at]
            if id(below) not in self._own and isinstance(below, (dict, list)):
                below = here[at] = below.copy()
                self._own[id(below)] = below
            here = below
        if not isinstance(here, (dict, list)):
            raise _Unfit(tr("there is no {path}", path=path))
        return here, last


def _member(operation: Operation, name: str) -> Any:
    try:
        return operation[name]
    except KeyError:
        raise _Unfit(tr("its {name!r} is missing", name=name)) from None


def _keys(path: Any) -> "list[str]":
    """The keys from the root's container on. Raises: _Unfit for what is no JSON Pointer (RFC 6901)."""
    if not isinstance(path, str) or (path and not path.startswith("/")):
        raise _Unfit(tr("{path!r} is no pointer: it is empty or begins with /", path=path))
    if path.count("~") != path.count("~0") + path.count("~1"):
        raise _Unfit(tr("{path!r} is no pointer: after ~ comes 0 or 1", path=path))
    return [part.replace("~1", "/").replace("~0", "~") for part in path.split("/")]


def _existing(container: Any, key: str, path: str) -> Any:
    """The key or index of a member that is there."""
    if isinstance(container, dict) and key in container:
        return key
    if isinstance(container, list):
        at = _index(key)
        if at is not None and at < len(container):
            return at
    raise _Unfit(tr("there is no {path}", path=path))


def _index(key: str) -> "int | None":
    plain = key.isascii() and key.isdigit() and len(key) <= 18 and (key == "0" or key[0] != "0")
    return int(key) if plain else None


def _equal(one: Any, other: Any) -> bool:
    pending = [(one, other)]  # no recursion: a document may be nested as deep as Python's stack
    while pending:
        one, other = pending.pop()
        if isinstance(one, dict) and isinstance(other, dict):
            if one.keys() != other.keys():
                return False
            pending.extend((item, other[key]) for key, item in one.items())
        elif isinstance(one, list) and isinstance(other, list):
            if len(one) != len(other):
                return False
            pending.extend(zip(one, other))  # noqa: B905 - Python 3.10
        elif _is_number(one) and _is_number(other):
            if not _equal_numbers(str(one), str(other)):
                return False
        elif type(one) is not type(other) or one != other:
            return False
    return True


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float, Digits)) and type(value) is not bool


def _equal_numbers(one: str, other: str) -> bool:
    try:
        return one == other or Decimal(one) == Decimal(other)
    except InvalidOperation:  # an exponent beyond all bounds
        return False
