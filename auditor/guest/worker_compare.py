"""Operations that hold two states against each other. The rules are in `core.compare`."""

from collections.abc import Callable
from functools import partial
from itertools import islice
from typing import Any, Protocol

from ..core import exact_json
from ..core.compare import compare
from ..core.compared_rows import rows_of
from ..core.diff import ABSENT
from ..core.fields import NoSuchField
from ..core.item_keys import KnownKeys
from ..core.logical_path import logical_path, to_wire
from ..core.patch_between import patch_between
from .worker import Operation, Reply

Answer = dict[str, Any]


def rows(a: Any, b: Any, request: dict[str, Any]) -> Answer:
    comparison = compare(a, b)
    return {
        "rows": rows_of(comparison, request["open"]),
        "counts": comparison.counts,
        "matched": comparison.matched(),
    }


def differences(a: Any, b: Any, request: dict[str, Any]) -> Answer:
    comparison = compare(a, b)
    found = comparison.differences()
    first = [
        (one.kind, one.pointer_a, one.pointer_b, _text(one.a), _text(one.b))
        for one in islice(found, request["most"])
    ]
    return {
        "differences": first,
        "total": len(first) + sum(1 for _ in found),
        "matched": comparison.matched(),
    }


def patch(a: Any, b: Any, request: dict[str, Any]) -> Answer:
    del request
    return {"patch": exact_json.dump(patch_between(a, b))}


def ways(a: Any, b: Any, request: dict[str, Any]) -> Answer:
    """Where the fields of rows are, whatever the places of items in other states."""
    field_of = KnownKeys()
    found: list[Any] = []
    for place in request["places"]:
        in_b = not place.startswith("-")
        try:
            named = logical_path(b if in_b else a, place if in_b else place[1:], field_of)
        except NoSuchField:
            found.append(None)
        else:
            found.append(to_wire(named.path))
    return {"ways": found}


_ANSWERS: dict[str, Callable[[Any, Any, dict[str, Any]], Answer]] = {
    "compare": rows,
    "differences": differences,
    "patch": patch,
    "ways": ways,
}


class Folded(Protocol):
    """The timelines of a worker."""

    def value(self, request: dict[str, Any]) -> "tuple[Answer, Any]":
        """What every answer says, and the value after `ordinal` events."""

    def two_values(self, request: dict[str, Any]) -> "tuple[Answer, Any, Any]":
        """Likewise, and before it the value after `against` events."""


def operations(folded: Folded) -> dict[str, Operation]:
    return {op: partial(_reply, folded, op) for op in _ANSWERS}


def _reply(folded: Folded, op: str, request: dict[str, Any]) -> Reply:
    if "other" in request:
        values, b = folded.value(request)
        a = _given(request["other"])
    else:
        values, a, b = folded.two_values(request)
    answer = answered(op, a, b, request)
    texts = (answer.pop("patch"),) if op == "patch" else ()
    return Reply({**answer, **values}, texts)


def answered(op: str, a: Any, b: Any, request: dict[str, Any]) -> Answer:
    """What the operation says of two states; the other way round where the request is `turned`."""
    if request.get("turned"):
        a, b = b, a
    return _ANSWERS[op](a, b, request)


def answered_without_b(op: str, text_a: "str | None", request: dict[str, Any]) -> Answer:
    """Where there is no state B: no event of it can be folded, so that no timeline is to be asked."""
    return answered(op, _given(text_a), ABSENT, request)


def _given(text: "str | None") -> Any:
    return ABSENT if text is None else exact_json.parse(text)


def _text(value: Any) -> "str | None":
    return None if value is ABSENT else exact_json.dump(value)
