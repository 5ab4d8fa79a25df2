"""Paints one row of an event's facts over its whole width."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRect
from PySide6.QtGui import QPainter

from auditor.core.presenter import display
from auditor.core.text import tr
from auditor.gui import icons
from auditor.gui.desk import Desk
from auditor.gui.event.fact import Fact
from auditor.gui.state.row_painter import INDENT, RowPainter
from auditor.gui.state.row_words import SIGNS

if TYPE_CHECKING:
    from auditor.stores.pages import EventLink

NAME_WIDTH = 120
ROOM_FOR_TIMES = 420  # narrower, whose event it is comes first; the time is in the tip
STEP = 14
DEEPEST = 8  # levels that are indented; what is deeper stands below these
_TINTS = {"added": "add_bg", "removed": "rem_bg", "changed": "chg_bg"}
_TONES = {"added": "add", "removed": "rem", "changed": "chg"}


@dataclass(frozen=True, slots=True)
class FactLook:
    """How a row stands in the view at the moment."""

    whole: QRect
    depth: int
    is_open: bool
    is_selected: bool
    is_hovered: bool
    has_ring: bool


class FactPainter:
    """Sizes and colours are read when painting."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._rows = RowPainter(desk.appearance)

    def left(self, depth: int) -> int:
        """Where the text of a row begins."""
        sizes = self._desk.appearance.sizes
        return sizes(16) + min(depth, DEEPEST) * sizes(STEP)

    def paint(self, painter: QPainter, fact: Fact, look: FactLook) -> None:
        painter.save()
        ground = "bg" if fact.change is None else _TINTS.get(fact.change.kind, "bg")
        if look.is_hovered and ground == "bg":
            ground = "hover"
        tone = "sel" if look.is_selected else ground
        painter.fillRect(look.whole, self._rows.color("bg" if fact.kind == "group" else tone))
        if fact.kind == "field":
            self._paint_field(painter, fact, look)
        elif fact.kind == "changed":
            self._paint_change(painter, fact, look)
        elif fact.link is not None:
            self._paint_link(painter, fact, fact.link, look)
        elif fact.kind == "group":
            self._paint_group(painter, fact, look.whole)
        else:
            self._paint_words(painter, fact, look)
        if look.has_ring:
            self._rows.paint_ring(painter, look.whole)
        painter.restore()

    def _paint_words(self, painter: QPainter, fact: Fact, look: FactLook) -> None:
        cell = look.whole.adjusted(self.left(look.depth), 0, -12, 0)
        tone = "text3" if fact.kind == "note" else "accent"
        self._rows.write(painter, cell, display(fact.name), tone, "small", middle=True)

    def _paint_chevron(self, painter: QPainter, fact: Fact, look: FactLook) -> None:
        if fact.has_members:
            step = self._desk.appearance.sizes(INDENT)
            place = QRect(self.left(look.depth) - step, look.whole.top(), step, look.whole.height())
            self._rows.paint_chevron(painter, place, is_open=look.is_open)

    def _paint_field(self, painter: QPainter, fact: Fact, look: FactLook) -> None:
        sizes, whole, left = self._desk.appearance.sizes, look.whole, self.left(look.depth)
        self._paint_chevron(painter, fact, look)
        split = sizes(16 + NAME_WIDTH)
        name = QRect(left, whole.top(), max(sizes(40), split - left - 8), whole.height())
        self._rows.write(painter, name, display(fact.name) or '""', "text2", "small")
        piece = fact.piece()
        font = {"mono": "mono", "italic": "italic"}.get(piece.font, "small")
        value = QRect(name.right() + 8, whole.top(), whole.right() - name.right() - 20, whole.height())
        self._rows.write(painter, value, piece.text, piece.tone, font, middle=True)

    def _paint_change(self, painter: QPainter, fact: Fact, look: FactLook) -> None:
        sizes, whole = self._desk.appearance.sizes, look.whole
        kind = fact.change.kind if fact.change is not None else ""
        sign = QRect(0, whole.top(), sizes(16), whole.height())
        self._rows.write(painter, sign, SIGNS.get(kind, ""), _TONES.get(kind, "text"), "strong", centred=True)
        wide = max(sizes(NAME_WIDTH) - 8, whole.width() * 2 // 5)
        name = QRect(sizes(16), whole.top(), wide, whole.height())
        self._rows.write(painter, name, display(fact.name), "text2", "small", middle=True)
        value = QRect(name.right() + 8, whole.top(), whole.right() - name.right() - 8, whole.height())
        self._rows.paint_pieces(painter, fact.pieces(), value)

    def _paint_group(self, painter: QPainter, fact: Fact, whole: QRect) -> None:
        sizes = self._desk.appearance.sizes
        cell = whole.adjusted(sizes(16), sizes(8), -sizes(12), 0)
        self._rows.write(painter, cell, fact.name, "text3", "group")
        if fact.has_times and self._has_times(whole):
            zone = tr("times in {zone}", zone=self._desk.clock.zone_name)
            self._rows.write(painter, cell, zone, "text3", "caption", right=True)

    def _paint_link(self, painter: QPainter, fact: Fact, link: "EventLink", look: FactLook) -> None:
        sizes, theme, write = self._desk.appearance.sizes, self._desk.appearance.theme, self._rows.write
        whole, inset = look.whole, self.left(look.depth) - sizes(16)
        self._paint_chevron(painter, fact, look)
        top, height, size = whole.top(), whole.height(), sizes(14)
        if not fact.is_here and not fact.key.startswith("correlated-"):
            name = "cause" if fact.is_cause else "effect"
            picture = icons.pixmap(name, theme.text2, size, painter.device().devicePixelRatio())
            painter.drawPixmap(inset + sizes(16), top + (height - size) // 2, picture)
        version = f"{link.version:,}"
        width = max(sizes(34), self._rows.width(version, "small") + 2)
        write(painter, QRect(inset + sizes(34), top, width, height), version, "text2", "small", right=True)
        middle = QPointF(inset + sizes(46) + width, top + height / 2)
        self._desk.event_types.paint(painter, link.event_type, middle, sizes(8))
        time = self._desk.clock.minute(link.timestamp) if self._has_times(whole) else ""
        time_width = self._rows.width(time, "small")
        left = inset + sizes(58) + width
        room = QRect(left, top, max(0, whole.right() - left - time_width - sizes(24)), height)
        said, font = display(link.event_type), "small-medium" if fact.is_here else "small"
        name_width = min(room.width(), self._rows.width(said, font) + 2)
        cell = QRect(room.left(), top, name_width, height)
        write(painter, cell, said, "text" if fact.is_here else "accent", font)
        rest = QRect(room.left() + name_width + 8, top, room.width() - name_width - 8, height)
        if rest.width() > 0:
            write(painter, rest, self._owner(link), "text2", "small", middle=True)
        at = QRect(whole.right() - time_width - sizes(12), top, time_width + 2, height)
        write(painter, at, time, "text3", "small")

    def _has_times(self, whole: QRect) -> bool:
        return whole.width() >= self._desk.appearance.sizes(ROOM_FOR_TIMES)

    def _owner(self, link: "EventLink") -> str:
        place = self._desk.cursor.place
        if place is not None and place.aggregate_id == link.aggregate_id:
            return tr("this {type}", type=display(link.aggregate_type))
        return display(f"{link.aggregate_type} {link.aggregate_id}")
