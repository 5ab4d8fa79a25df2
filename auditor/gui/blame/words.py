"""Sentences about the values of a field."""

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from auditor.core import exact_json
from auditor.core.number_change import number_change
from auditor.core.presenter import display
from auditor.core.text import tr
from auditor.gui.clock import Clock
from auditor.gui.state.row_words import Piece, characters, value_piece

if TYPE_CHECKING:
    from auditor.jobs.show_blame import BlameResult, FieldChange


def value_of(change: "FieldChange") -> Piece:
    """As it stands in the list; italic for what is no value, or was too long to be kept."""
    if change.is_removal:
        return Piece(tr("removed"), "text3", "italic")
    if change.text is None:
        return Piece(characters(change.length), "text3", "italic")
    kind = kind_of_text(change.text)
    if kind in ("object", "array"):
        return Piece(display(change.text) + ("…" if change.cut else ""), font="mono")
    if kind == "string":
        text = text_of(change.text)
        piece = value_piece("string", text, len(text))
        return piece._replace(text=f"{piece.text}…") if change.cut else piece
    return value_piece(kind, change.text, len(change.text))


def kind_of_text(text: str) -> str:
    """The kind of a JSON value by its text, which may be cut."""
    first = text[:1]
    found = {'"': "string", "{": "object", "[": "array", "t": "boolean", "f": "boolean", "n": "null"}
    return found.get(first, "number")


def text_of(text: str) -> str:
    """A JSON text as it is; where it was cut, as far as it goes."""
    for whole in (text, *(f'{text[: len(text) - missing]}"' for missing in range(12))):
        try:
            return str(exact_json.parse(whole))
        except exact_json.NotJson:  # cut within an escape
            continue
    return text


def change_of(changes: "Sequence[FieldChange]", at: int) -> str:
    """*first*, *again* after it was removed, or by how much a number changed."""
    change, before = changes[at], changes[at - 1] if at else None
    if change.is_removal:
        return ""
    if before is None:
        return tr("first")
    if before.is_removal:
        return tr("again")
    if change.cut or before.cut:
        return ""
    return number_change(before.text or "", change.text or "") or ""


def count_of(result: "BlameResult") -> str:
    """*10 values, oldest first, grey ones are after A*"""
    count = len(result.ordinals)
    if count == 0:
        return tr("no value")
    if count == 1:
        return tr("1 value, grey if it is after A")
    return tr("{count:,} values, oldest first, grey ones are after A", count=count)


def short_count(result: "BlameResult") -> str:
    count = len(result.ordinals)
    return tr("1 value") if count == 1 else tr("{count:,} values", count=count)


def highlight_label(result: "BlameResult") -> str:
    """*10 events set total*"""
    name, count = display(result.logical, longest=60) or tr("the state itself"), len(result.ordinals)
    if count == 1:
        return tr("1 event set {field}", field=name)
    return tr("{count:,} events set {field}", count=count, field=name)


def matched(result: "BlameResult") -> str:
    """*items matched by sku · lines by position*"""
    said = []
    for pointer, field in result.matched:
        name = display(pointer.rpartition("/")[2], longest=40) or tr("items")
        if field is None:
            said.append(tr("{list} matched by position", list=name))
        else:
            said.append(tr("{list} matched by {field}", list=name, field=display(field, longest=40)))
    return " · ".join(said)


def doubt(result: "BlameResult") -> str:
    """What may be missing because events were not applied."""
    if not result.unapplied:
        return ""
    first = result.unapplied[0].version
    if len(result.unapplied) == 1:
        return tr(
            "Event {version:,} was not applied, or not wholly; what it would have set here is not known.",
            version=first,
        )
    return tr(
        "{count:,} events from {version:,} on were not applied, or not wholly; what they would have set here is not "
        "known.",
        count=len(result.unapplied),
        version=first,
    )


def spoken(change: "FieldChange", difference: str, clock: Clock, *, is_at_a: bool, is_later: bool) -> str:
    """*184.20, -8.90, event 28, QuantityChanged, by m.dekker, 2026-03-02 13:09:11 UTC, the value at A*"""
    parts = [
        value_of(change).text,
        difference,
        tr("event {version:,}", version=change.version),
        display(change.event_type, longest=100),
        tr("by {user}", user=display(change.user_id, longest=100)) if change.user_id else "",
        clock.second(change.timestamp),
        tr("the value at A") if is_at_a else tr("after A") if is_later else "",
    ]
    return ", ".join(filter(None, parts))


def tip(change: "FieldChange", clock: Clock) -> str:
    lines = [
        display(change.text, longest=300) if change.text is not None else value_of(change).text,
        tr("event {version:,}, {type}", version=change.version, type=display(change.event_type, longest=100)),
        clock.full(change.timestamp),
        clock.other_zone(change.timestamp),
    ]
    if change.user_id:
        lines.append(tr("by {user}", user=display(change.user_id, longest=200)))
    if change.cut:
        lines.append(tr("Enter shows all of it, Space goes to its version."))
    else:
        lines.append(tr("Enter goes to its version."))
    return "\n".join(lines)


def no_chart(changes: "Sequence[FieldChange]") -> str:
    """Why there is no chart; "" where there is one."""
    kinds = {kind_of_text(one.text) for one in changes if one.text is not None}
    if "number" in kinds and kinds <= {"number", "null"}:
        return ""
    names = {
        "string": tr("texts"),
        "object": tr("objects"),
        "array": tr("lists"),
        "boolean": tr("true or false"),
        "null": tr("null"),
    }
    only = kinds - {"null"} if len(kinds) > 1 else kinds
    if len(only) == 1 and (name := names.get(next(iter(only)))):
        return tr("no chart: the values are {kind}", kind=name)
    return tr("no chart: not all values are numbers")


def height_of(change: "FieldChange") -> float:
    """The number as a chart draws it; not-a-number for what cannot be drawn."""
    if change.text is None or change.cut or kind_of_text(change.text) != "number":
        return math.nan
    height = float(change.text)
    return height if math.isfinite(height) else math.nan
