"""Paints one row of the state over all columns: tint, sign, chevron, name, value, ring."""

from dataclasses import dataclass

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPen

from auditor.core.outline import OutlineRow
from auditor.gui import icons
from auditor.gui.appearance import Appearance
from auditor.gui.state.row_words import (
    CONTAINERS,
    SIGNS,
    Piece,
    characters,
    field_name,
    seen_sign,
    value_pieces,
)

INDENT = 16
EDGE = 3
_LINE = int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignAbsolute) | int(Qt.TextFlag.TextSingleLine)
_LEFT = int(Qt.AlignmentFlag.AlignLeft) | _LINE
_RIGHT = int(Qt.AlignmentFlag.AlignRight) | _LINE
_CENTRE = int(Qt.AlignmentFlag.AlignHCenter) | _LINE
_TINTS = {"added": "add_bg", "removed": "rem_bg", "changed": "chg_bg"}
_SIGN_TONES = {"added": "add", "removed": "rem", "changed": "chg", "inside": "text3"}


@dataclass(frozen=True, slots=True)
class RowLook:
    """How a row stands in the view at the moment. Rectangles are the columns' cells in it."""

    whole: QRect
    sign: QRect
    field: QRect
    value: QRect
    depth: int
    can_open: bool
    is_open: bool
    is_selected: bool
    is_hovered: bool
    has_ring: bool
    incomplete: bool
    turned: bool = False
    """Its value is that before the arrow, and the signs say what becomes of it."""


class RowPainter:
    """Fonts are made once for an appearance; colours are read when painting."""

    def __init__(self, appearance: Appearance) -> None:
        self._appearance = appearance
        self._fonts: dict[str, tuple[QFont, QFontMetrics]] = {}
        self._widest: dict[str, int] = {}
        self._colors: dict[str, QColor] = {}
        appearance.changed.connect(self._fonts.clear)
        appearance.changed.connect(self._colors.clear)

    def font(self, name: str) -> tuple[QFont, QFontMetrics]:
        """body, strong, mono, italic or caption, with its metrics."""
        if name not in self._fonts:
            made = self._make_font(name)
            metrics = QFontMetrics(made)
            self._fonts[name] = (made, metrics)
            self._widest[name] = metrics.maxWidth() + 1  # it is rounded, perhaps down
        return self._fonts[name]

    def _make_font(self, name: str) -> QFont:
        look = self._appearance
        if name == "mono":
            return look.mono()
        if name == "strong":
            return look.body(weight=600)
        if name == "medium":
            return look.body(weight=500)
        if name == "group":
            return look.body(look.sizes.caption, weight=500)
        if name == "small":
            return look.body(look.sizes.small)
        if name == "small-medium":
            return look.body(look.sizes.small, weight=500)
        if name == "caption":
            return look.body(look.sizes.caption)
        made = look.body()
        made.setItalic(name == "italic")
        return made

    def color(self, token: str) -> QColor:
        if token not in self._colors:
            self._colors[token] = self._appearance.theme.color(token)
        return self._colors[token]

    def paint(self, painter: QPainter, row: OutlineRow, look: RowLook) -> None:
        painter.save()
        sign = seen_sign(row, turned=look.turned)
        self.paint_ground(painter, look, _TINTS.get(sign, "bg"))
        if sign:
            tone, font = _SIGN_TONES[sign], "body" if sign == "inside" else "strong"
            self.write(painter, look.sign, SIGNS[sign], tone, font, centred=True)
        self._paint_field(painter, row, look, sign)
        pieces = value_pieces(row, turned=look.turned)
        self.paint_pieces(painter, pieces, look.value, self._length_note(row))
        if look.has_ring:
            self.paint_ring(painter, look.whole)
        painter.restore()

    def paint_ground(self, painter: QPainter, look: RowLook, tint: str) -> None:
        """The row's own colour, over all of its width, and the edge of an incomplete state."""
        tone = "sel" if look.is_selected else tint
        if look.is_hovered and tone == "bg":
            tone = "hover"
        painter.fillRect(look.whole, self.color(tone))
        if look.incomplete:
            edge = QRect(look.whole.left(), look.whole.top(), EDGE, look.whole.height())
            painter.fillRect(edge, self.color("fail"))

    def paint_ring(self, painter: QPainter, whole: QRect) -> None:
        """The keyboard is here: two pixels, inside the row."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(self.color("accent"), 2))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(QRectF(whole).adjusted(2, 1, -2, -1), 5, 5)

    def paint_chevron(self, painter: QPainter, cell: QRect, *, is_open: bool) -> None:
        """Centred in a place of `INDENT` width."""
        size = self._appearance.sizes(14)
        name = "chevron-down" if is_open else "chevron-right"
        density = painter.device().devicePixelRatio()
        picture = icons.pixmap(name, self._appearance.theme.text3, size, density)
        painter.drawPixmap(
            cell.left() + (cell.width() - size) // 2, cell.top() + (cell.height() - size) // 2, picture
        )

    def _paint_field(self, painter: QPainter, row: OutlineRow, look: RowLook, sign: str) -> None:
        step = self._appearance.sizes(INDENT)
        cell = look.field.adjusted(look.depth * step, 0, 0, 0)
        if look.can_open:
            self.paint_chevron(
                painter, QRect(cell.left(), cell.top(), step, cell.height()), is_open=look.is_open
            )
        name = cell.adjusted(step, 0, -8, 0)
        is_container = row.kind in CONTAINERS
        tone = "rem" if sign == "removed" else "text" if is_container else "text2"
        font = "italic" if row.kind == "more" or not row.pointer else "medium" if is_container else "body"
        self.write(painter, name, field_name(row), "text3" if font == "italic" else tone, font)

    def _length_note(self, row: OutlineRow) -> str:
        """How long a value is that the answer has cut."""
        if row.kind in CONTAINERS or row.kind == "more" or row.length <= len(row.text):
            return ""
        return characters(row.length)

    def paint_pieces(self, painter: QPainter, pieces: list[Piece], cell: QRect, note: str = "") -> None:
        """One after the other; where there is no room for all, each gets its share and an ellipsis."""
        room = cell.adjusted(0, 0, -12, 0)
        if note:
            width = self.font("caption")[1].horizontalAdvance(note) + 12
            at = QRect(room.right() - width + 12, room.top(), width, room.height())
            self.write(painter, at, note, "text3", "caption")
            room.adjust(0, 0, -width, 0)
        gap = 8
        wanted = [self.font(piece.font)[1].horizontalAdvance(piece.text[:2000]) + 2 for piece in pieces]
        widths = _shares(wanted, room.width() - gap * (len(pieces) - 1))
        left = room.left()
        for piece, width in zip(pieces, widths, strict=True):
            self.write(
                painter, QRect(left, room.top(), width, room.height()), piece.text, piece.tone, piece.font
            )
            left += width + gap

    def write(
        self,
        painter: QPainter,
        cell: QRect,
        text: str,
        tone: str,
        font: str,
        *,
        middle: bool = False,
        right: bool = False,
        centred: bool = False,
    ) -> None:
        """One line, cut with an ellipsis at its end or in the `middle`."""
        made, metrics = self.font(font)
        painter.setFont(made)
        painter.setPen(self.color(tone))
        if len(text) * self._widest[font] > cell.width():
            mode = Qt.TextElideMode.ElideMiddle if middle else Qt.TextElideMode.ElideRight
            text = metrics.elidedText(text[:2000], mode, cell.width())
        painter.drawText(cell, _RIGHT if right else _CENTRE if centred else _LEFT, text)

    def width(self, text: str, font: str) -> int:
        return self.font(font)[1].horizontalAdvance(text)


def _shares(wanted: list[int], room: int) -> list[int]:
    """Widths that fit: what is small gets all it wants, the others share what is left."""
    if sum(wanted) <= room:
        return wanted
    widths = [0] * len(wanted)
    for done, at in enumerate(sorted(range(len(wanted)), key=lambda at: wanted[at])):
        widths[at] = max(0, min(wanted[at], (room - sum(widths)) // (len(wanted) - done)))
    return widths
