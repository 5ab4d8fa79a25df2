"""Copies of a user's state, out of reach of later changes."""

import collections
import copy
import datetime
import decimal
import enum
import io
import pickle
import uuid
from typing import Any, NamedTuple

from .payload import Payload
from .state_text import class_containers


class Copy(NamedTuple):
    """`pickled`, or where that does not work a deep copy. `kinds`: the classes of all objects in it that are no plain
    values; None where not all of them could be seen."""

    pickled: "bytes | None"
    deep: Any
    kinds: "frozenset[type] | None"


def copied(state: Any) -> Copy:
    """What is unpickled later are only bytes that this process has made of its own objects."""
    buffer = io.BytesIO()
    pickler = _Pickler(buffer, pickle.HIGHEST_PROTOCOL)
    try:
        pickler.dump(state)
    except Exception:  # noqa: BLE001 - whatever the user's objects do when they are pickled
        return Copy(None, copy.deepcopy(state), None)
    return Copy(buffer.getvalue(), None, frozenset(pickler.kinds))


def restored(kept: Copy) -> Any:
    """A state to go on from; the copy stays as it is."""
    return copy.deepcopy(kept.deep) if kept.pickled is None else pickle.loads(kept.pickled)  # noqa: S301 - ours


def holds_all(kept: Copy) -> bool:
    """Whether what can be seen of the state stands in the copy, so that it shows the same once it is restored: nothing
    of it stands on a class or is made by code of the user's."""
    return kept.kinds is not None and all(map(_is_seen_whole, kept.kinds))


class _Pickler(pickle.Pickler):
    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self.kinds: set[type] = set()

    def reducer_override(self, thing: Any) -> Any:
        """Asked for each object that is no plain value, and for its class."""
        if type(thing) is not type:
            self.kinds.add(type(thing))
        return NotImplemented


_VALUES = frozenset(
    {
        datetime.datetime,
        datetime.date,
        datetime.time,
        datetime.timedelta,
        datetime.timezone,
        decimal.Decimal,
        uuid.UUID,
        uuid.SafeUUID,
        collections.Counter,
        collections.OrderedDict,
        collections.defaultdict,
        collections.deque,
        Payload,
    }
)
_OWN_WAYS = (
    "__reduce__",
    "__reduce_ex__",
    "__getstate__",
    "__setstate__",
    "__getnewargs__",
    "__getnewargs_ex__",
    "__new__",
    "__getattr__",
    "__getattribute__",
    "__iter__",
    "__len__",
    "__getitem__",
    "__str__",
    "__repr__",
    "items",
    "keys",
    "values",
    "to_state",
    "isoformat",
)
"""With any of these a class may decide what is kept of its objects or what is shown of them."""


def _is_seen_whole(kind: type) -> bool:
    """Looked at again each time: a class may have changed since."""
    if kind in _VALUES:
        return True
    if type(kind) is not type or issubclass(kind, (type, enum.Enum)):
        return False
    own = [owner for owner in kind.__mro__ if owner.__module__ != "builtins"]
    if any(name in vars(owner) and not _is_generated(owner, name) for owner in own for name in _OWN_WAYS):
        return False
    return not class_containers(kind)


def _is_generated(owner: type, name: str) -> bool:
    """Whether a dataclass was given it by `dataclass`: of such an object the fields are shown."""
    parameters = getattr(owner, "__dataclass_params__", None)
    return (
        name == "__repr__"
        and parameters is not None
        and parameters.repr
        and hasattr(owner.__repr__, "__wrapped__")
    )
