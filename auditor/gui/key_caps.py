"""Keys as they look on a keyboard."""

from collections.abc import Sequence

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFontMetrics, QKeySequence, QPainter, QPen

from auditor.gui.appearance import Appearance

_GLYPHS = {"Left": "←", "Right": "→", "Up": "↑", "Down": "↓", "Return": "Enter"}


def caps_of(keys: str) -> tuple[str, ...]:
    """`Ctrl+Shift++` as `Ctrl`, `Shift`, `+`, in the platform's names."""
    native = QKeySequence(keys).toString(QKeySequence.SequenceFormat.NativeText)
    parts = native.removesuffix("+").split("+") + ["+"] * native.endswith("+")
    return tuple(_GLYPHS.get(part, part) for part in parts if part)


def spoken_keys(keys: Sequence[str]) -> str:
    """The first of an action's keys on one cap: `Ctrl Shift O`; nothing where there is none."""
    return " ".join(caps_of(keys[0])) if keys else ""


def paint_key_cap(painter: QPainter, appearance: Appearance, text: str, right: int, middle: int) -> int:
    """A cap that ends at `right`; returns its width."""
    theme, sizes = appearance.theme, appearance.sizes
    font = appearance.body(sizes.caption)
    width = QFontMetrics(font).horizontalAdvance(text) + sizes(12)
    box = QRectF(right - width + 0.5, middle - sizes(9) + 0.5, width - 1, sizes(18) - 1)
    painter.setPen(QPen(QColor(theme.line2), 1))
    painter.setBrush(theme.color("raised"))
    painter.drawRoundedRect(box, 4, 4)
    painter.setFont(font)
    painter.setPen(theme.color("text2"))
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)
    return width
