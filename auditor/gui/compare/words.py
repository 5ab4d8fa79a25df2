"""What the rows of a comparison say: names, both values, what became of them, and all of it for screen readers."""

from auditor.core.compare import Counts
from auditor.core.compared_rows import ComparedRow, Side
from auditor.core.presenter import display
from auditor.core.text import tr
from auditor.gui.state.row_words import CONTAINERS, Piece, value_piece

SIGNS = {"added": "+", "removed": "\N{MINUS SIGN}", "changed": "~", "moved": "↕"}


def can_open(row: ComparedRow) -> bool:
    """Whether members can be shown below the row."""
    if row.kind == "unchanged":
        return True
    sides = (row.a, row.b)
    return row.kind == "field" and any(
        side is not None and side.kind in CONTAINERS and side.length for side in sides
    )


def field_pieces(row: ComparedRow) -> list[Piece]:
    """The name; of an item of a list its place and what it is called."""
    if row.kind == "unchanged":
        return [Piece(unchanged(row.total), "text2")]
    if row.kind == "more":
        return [Piece(tr("{count:,} more", count=row.total), "text3", "italic")]
    if row.pointer == "":
        return [Piece(tr("the state itself"), "text3", "italic")]
    name = display(row.key) if row.key else '""'
    is_container = can_open(row)
    tone = "rem" if row.sign == "removed" else "text" if is_container else "text2"
    found = [Piece(name, tone, "medium" if is_container else "body")]
    if row.label:
        found.append(Piece(display(row.label), tone, "medium" if is_container else "body"))
    return found


def side_piece(row: ComparedRow, *, in_b: bool) -> Piece | None:
    """A value as it stands in its column; what was there stays plain, what has come of it has the sign's colour."""
    if row.kind == "more":
        return None if in_b else Piece(tr("Show the next {count:,}", count=min(row.total, 1000)), "accent")
    if row.kind == "unchanged":
        return None
    side = row.b if in_b else row.a
    if side is None:
        return Piece(tr("absent"), "text3", "italic")
    # Of what is called by its name already, the name need not stand here too.
    piece = value_piece(side.kind, "" if side.kind == "object" and row.label else side.text, side.length)
    if says_its_name_twice(row):
        return None
    if row.sign == "removed" and not in_b:
        return piece._replace(tone="rem")
    if row.sign == "added" and in_b:
        return piece._replace(tone="add")
    if row.sign == "changed" and in_b:
        return piece._replace(tone="chg", font="strong" if piece.font == "body" else piece.font)
    return piece


def says_its_name_twice(row: ComparedRow) -> bool:
    """Whether the values of an object that differs inside say no more than what it is called."""
    return row.sign in ("inside", "") and bool(row.label) and row.a is not None and row.b is not None


def side_text(row: ComparedRow, *, in_b: bool) -> str:
    piece = side_piece(row, in_b=in_b)
    return piece.text if piece is not None else ""


def field_text(row: ComparedRow) -> str:
    return " ".join(piece.text for piece in field_pieces(row))


def unchanged(count: int) -> str:
    return tr("1 unchanged field") if count == 1 else tr("{count:,} unchanged fields", count=count)


def spoken(row: ComparedRow, names: tuple[str, str]) -> str:
    """*changed, total, at A 184.20, at B 152.25*; `names` are those of the two columns."""
    if row.kind != "field":
        return field_text(row)
    parts = [field_text(row)]
    sign = {
        "added": tr("added"),
        "removed": tr("removed"),
        "changed": tr("changed"),
        "moved": tr("moved"),
        "inside": tr("changed inside"),
    }.get(row.sign)
    if sign is not None:
        parts.insert(0, sign)
    for name, in_b in zip(names, (False, True), strict=True):
        parts.append(f"{name} {side_text(row, in_b=in_b)}")
    if can_open(row):
        parts.append(tr("open") if row.is_open else tr("closed"))
    return ", ".join(parts)


def tip(row: ComparedRow, names: tuple[str, str]) -> str:
    """Where the row stands, and both values at greater length."""
    if row.kind == "unchanged":
        return tr("Enter shows them among the others, or hides them again.")
    if row.kind == "more":
        return ""
    lines = [display(row.pointer, longest=300) or tr("the state itself")]
    if row.pointer_a not in (None, row.pointer):
        lines.append(
            tr("{name}: {pointer}", name=names[0], pointer=display(row.pointer_a or "", longest=300))
        )
    for name, side in zip(names, (row.a, row.b), strict=True):
        lines.append(f"{name}: {_long(side)}")
    if row.sign == "moved":
        lines.append(tr("The item stands at another place among the others."))
    if matched(row):
        lines.append(matched_by(row.matched_by))
    return "\n".join(lines)


def _long(side: Side | None) -> str:
    if side is None:
        return tr("absent")
    return display(side.text, longest=300) if side.text else value_piece(side.kind, "", side.length).text


def matched(row: ComparedRow) -> str:
    """Of a list that differs inside, how its items were held against each other, in two words."""
    if row.sign != "inside" or row.b is None or row.b.kind != "array":
        return ""
    if row.matched_by is None:
        return tr("matched by place")
    return tr("matched by {field}", field=display(row.matched_by, longest=60))


def matched_by(field: str | None) -> str:
    """The same in a sentence."""
    if field is None:
        return tr("Items are matched by their places, counted from both ends.")
    return tr("Items are matched by {field}.", field=display(field))


def path_text(pointer: str) -> str:
    """A pointer as people write it: `items[1].quantity`."""
    if not pointer:
        return tr("the state itself")
    text = ""
    for part in pointer.split("/")[1:]:
        name = part.replace("~1", "/").replace("~0", "~")
        if name.isascii() and name.isdigit():
            text += f"[{name}]"
        else:
            text += f".{name}" if text else name
    return display(text, longest=200)


def counted(counts: Counts) -> list[tuple[str, str, str]]:
    """What stands in the header, each with what it means and its tone, those that are none left out."""
    parts = (
        (SIGNS["added"], counts.added, tr("fields added"), "good"),
        (SIGNS["removed"], counts.removed, tr("fields removed"), "removed"),
        (SIGNS["changed"], counts.changed, tr("fields changed"), "doubt"),
        (SIGNS["moved"], counts.moved, tr("items moved"), "doubt"),
    )
    return [
        (f"{sign}\N{NARROW NO-BREAK SPACE}{count:,}", f"{count:,} {name}", tone)
        for sign, count, name, tone in parts
        if count
    ]
