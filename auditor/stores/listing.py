"""The statements of a native store's lists: keyset pages, and filters that the database evaluates."""

import contextlib
from collections.abc import Sequence
from types import UnionType
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    LargeBinary,
    Select,
    Text,
    and_,
    cast,
    func,
    literal,
    select,
    tuple_,
)

from auditor.core.cursors import cursor_place, cursor_token
from auditor.core.errors import WrongRequest
from auditor.core.text import tr
from auditor.stores.dialects.expressions import is_user_in
from auditor.stores.native_schema import RECORDED_COLUMNS, events, streams

_LAST_CODE_POINT: Final = 0x10FFFF

AGGREGATE_COLUMNS: Final = (
    streams.c.aggregate_id,
    streams.c.aggregate_type,
    streams.c.version,
    streams.c.version.label("events"),  # versions count from 1 without holes
    streams.c.last_timestamp,
    streams.c.last_position,
)
"""What fills an `AggregateRow`."""


def bound(text: str | bytes) -> ColumnElement[Any]:
    """`text` as a parameter, also where it holds the lone surrogates of text that is no UTF-8. Bytes stay bytes.

    Other surrogates stand for nothing that can be stored: NULL, which is equal to nothing.
    """
    if isinstance(text, bytes):
        return literal(text, LargeBinary)
    try:
        text.encode()
    except UnicodeEncodeError:
        pass
    else:
        return literal(text, Text)
    try:
        return cast(literal(text.encode("utf-8", "surrogateescape"), LargeBinary), Text)
    except UnicodeEncodeError:
        return literal(None, Text)


def begins_with(
    column: ColumnElement[str],
    prefix: str,
    by_code_points: bool,
    *,
    from_start: bool = True,
    to_end: bool = True,
) -> ColumnElement[bool]:
    """Exact, by code points; a range of the index where the order of the database allows it.

    SQLite uses one lower and one upper bound of a column: where the asker has a closer one, the range goes without.
    """
    exact = func.substr(column, 1, len(prefix)) == bound(prefix)
    if not by_code_points:
        return exact
    end = _end_of_prefix(prefix)
    conditions = [exact]
    if from_start:
        conditions.append(column >= bound(prefix))
    if to_end and end is not None:
        conditions.append(column < bound(end))
    return and_(*conditions)


def _end_of_prefix(prefix: str) -> str | None:
    """The first text after all that begin with `prefix`; None where there is none or the prefix is no UTF-8."""
    while prefix and ord(prefix[-1]) == _LAST_CODE_POINT:
        prefix = prefix[:-1]
    if not prefix or any("\ud800" <= character <= "\udfff" for character in prefix):
        return None
    following = ord(prefix[-1]) + 1
    return prefix[:-1] + chr(0xE000 if following == 0xD800 else following)


def events_page(
    *,
    aggregate_id: str | None,
    event_type: str | None,
    user: str | None,
    since: str | None,
    until: str | None,
    after: Sequence[Any] | None,
    beyond: int | None,
    limit: int,
) -> Select[Any]:
    """Rows of `RecordedEvent`: in position order, or in version order for one aggregate unless `beyond` a position.

    `since` includes its own moment, `until` does not. `after` is the last row's `place_of`.
    """
    statement = select(*RECORDED_COLUMNS)
    order = order_of(aggregate_id if beyond is None else None)
    if aggregate_id is not None:
        statement = statement.where(events.c.aggregate_id == bound(aggregate_id))
    if event_type is not None:
        statement = statement.where(events.c.event_type == bound(event_type))
    if user is not None:
        statement = statement.where(is_user_in(events.c.metadata, bound(user)))
    if since is not None:
        statement = statement.where(events.c.timestamp >= since)
    if until is not None:
        statement = statement.where(events.c.timestamp < until)
    if beyond is not None:
        statement = statement.where(events.c.position > stored_integer(beyond))
    if after is not None:
        statement = statement.where(tuple_(*order) > tuple_(*map(literal, after)))
    return statement.order_by(*order).limit(limit)


def order_of(aggregate_id: str | None) -> tuple[ColumnElement[Any], ...]:
    """By version within an aggregate; position decides where a store that lost its unique key has one twice."""
    return (events.c.position,) if aggregate_id is None else (events.c.version, events.c.position)


def stored_integer(number: int) -> int:
    """`number`, or the end of what the databases can hold on its side."""
    return max(-(2**63), min(number, 2**63 - 1))


def place_token(listing: str, place: Sequence[object]) -> str:
    """A cursor token for the place of a listing's last row, whose values may be of any kind that SQLite keeps."""
    return cursor_token(listing, [{"bytes": one.hex()} if isinstance(one, bytes) else one for one in place])


def token_place(listing: str, token: str, *kinds: type | UnionType, typed: bool = False) -> list[Any]:
    """The place that `token` stands for, with values of these kinds; of the first of each where the database's columns
    are `typed`.

    Raises: WrongRequest.
    """
    place = [_value(one) for one in cursor_place(listing, token)]
    if typed:
        kinds = tuple(kind.__args__[0] if isinstance(kind, UnionType) else kind for kind in kinds)
    if len(place) != len(kinds) or not all(map(isinstance, place, kinds)):
        raise WrongRequest(
            tr("{token!r} is no place in this list.", token=token),
            tr("Give the text that the page before named as `after`, unchanged."),
        )
    return place


def _value(stored: object) -> str | bytes | int | float | None:
    if isinstance(stored, str | float) or (type(stored) is int and stored == stored_integer(stored)):
        return stored
    if isinstance(stored, dict) and isinstance(stored.get("bytes"), str):
        with contextlib.suppress(ValueError):
            return bytes.fromhex(stored["bytes"])
    return None
