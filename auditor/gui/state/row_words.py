"""What a row of the state says: its sign, its name, its value in parts, and the whole of it for screen readers."""

import re
from typing import NamedTuple

from auditor.core.outline import OutlineRow
from auditor.core.presenter import display
from auditor.core.text import tr

SIGNS = {"added": "+", "removed": "\N{MINUS SIGN}", "changed": "~", "inside": "~"}
CONTAINERS = ("object", "array")
_TURNED = {"added": "removed", "removed": "added"}
_LIKE_LITERALS = ("true", "false", "null")
_ID = re.compile(r"(?=.*\d)[!-?A-~]{1,200}")  # not e-mail addresses


class Piece(NamedTuple):
    """A run of text in a cell. `tone` is a colour token; `font` is body, strong, mono, italic or caption."""

    text: str
    tone: str = "text"
    font: str = "body"


def field_name(row: OutlineRow) -> str:
    """The member's name as it can be seen; a list's members are counted from 0."""
    if row.kind == "more":
        return tr("{count:,} more", count=row.length)
    if row.pointer == "":
        return tr("the state itself")
    return display(row.key) if row.key else '""'


def seen_sign(row: OutlineRow, *, turned: bool) -> str:
    """What has become of the row on the way to its state; `turned`: on the way from it to B, which the rows compare
    it with."""
    return _TURNED.get(row.sign, row.sign) if turned else row.sign


def value_pieces(row: OutlineRow, *, turned: bool = False) -> list[Piece]:
    """The value; where it has changed, the earlier one before an arrow; `turned`, the one at B behind it."""
    if row.kind == "more":
        return [Piece(tr("Show the next {count:,}", count=min(row.length, 1000)), "accent")]
    now = value_piece(row.kind, row.text, row.length)
    if row.sign == "changed":
        was = _before_piece(row)
        if turned:
            return [now, Piece("→", "text3"), was._replace(tone="chg")]
        return [was, Piece("→", "text3"), now._replace(tone="chg")]
    sign = seen_sign(row, turned=turned)
    if sign in ("added", "removed"):
        seen = now._replace(tone="add" if sign == "added" else "rem")
        return [Piece(tr("only at B ·"), "add"), seen] if turned and sign == "added" else [seen]
    return [now]


def value_piece(kind: str, text: str, length: int) -> Piece:
    """One value, without what has become of it. Texts that could be taken for another kind stand in quotes."""
    if kind == "object" and text:
        return Piece(display(text), "text3")
    if kind == "object":
        return Piece(tr("1 field") if length == 1 else tr("{count:,} fields", count=length), "text3")
    if kind == "array":
        return Piece(tr("1 item") if length == 1 else tr("{count:,} items", count=length), "text3")
    if kind == "null":
        return Piece("null", "text3", "italic")
    if kind != "string":
        return Piece(display(text))
    if not text or text in _LIKE_LITERALS or text.isspace():
        return Piece(f'"{display(text)}"', font="mono")
    seen = display(text)
    if length > len(text):
        seen += "…"
    return Piece(seen, font="mono" if _ID.fullmatch(text) else "body")


def _before_piece(row: OutlineRow) -> Piece:
    kind = row.before_kind or "null"
    if row.before is None:
        return Piece(tr("a list") if kind == "array" else tr("an object"), "text3")
    return value_piece(kind, row.before, len(row.before))._replace(tone="text2")


def value_text(row: OutlineRow, *, turned: bool = False) -> str:
    """The pieces as one text."""
    return " ".join(piece.text for piece in value_pieces(row, turned=turned))


def spoken(row: OutlineRow, *, turned: bool = False) -> str:
    """*changed, total, 152.25, was 184.20*, or *…, 152.25, at B 184.20*"""
    if row.kind == "more":
        if row.length == 1:
            return tr("1 more field is not shown")
        return tr("{count:,} more fields are not shown", count=row.length)
    sign = {
        "added": tr("added"),
        "removed": tr("removed"),
        "changed": tr("changed"),
        "inside": tr("changed inside"),
    }.get(seen_sign(row, turned=turned))
    parts = [field_name(row), value_piece(row.kind, row.text, row.length).text]
    if row.kind == "object" and row.text:
        parts.append(kind_words(row))
    if sign is not None:
        parts.insert(0, sign)
    if row.sign == "changed":
        said = tr("at B {value}") if turned else tr("was {value}")
        parts.append(said.format(value=_before_piece(row).text))
    elif turned and row.sign == "removed":
        parts.append(tr("only at B"))
    return ", ".join(parts)


def kind_words(row: OutlineRow) -> str:
    """What kind of value it is and how long: *text, 12,400 characters*."""
    if row.kind in CONTAINERS:
        return value_piece(row.kind, "", row.length).text
    names = {
        "string": tr("text"),
        "number": tr("number"),
        "boolean": tr("true or false"),
        "null": tr("null"),
    }
    name = names.get(row.kind, "")
    if row.kind in ("string", "number"):
        return f"{name}, {characters(row.length)}"
    return name


def characters(count: int) -> str:
    """How many, as words."""
    return tr("1 character") if count == 1 else tr("{count:,} characters", count=count)


def tool_tip(row: OutlineRow) -> str:
    """Where the row stands and what it holds, as plain text."""
    if row.kind == "more":
        return ""
    lines = [display(row.pointer, longest=300) or tr("the state itself"), kind_words(row)]
    if row.text:
        lines.insert(1, display(row.text, longest=300))
    if row.length > len(row.text) and row.kind not in CONTAINERS:
        lines.append(tr("Enter shows all of it."))
    return "\n".join(lines)
