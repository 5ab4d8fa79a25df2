"""The field in the toolbar that is a button: it opens the palette, and shows the key that does the same."""

from PySide6.QtCore import QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QToolButton, QWidget

from auditor.gui.appearance import Appearance
from auditor.gui.key_caps import paint_key_cap, spoken_keys


class PaletteButton(QToolButton):
    """As a tool button; the cap stands at its right edge."""

    def __init__(self, appearance: Appearance, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._appearance = appearance
        self.setProperty("finder", True)

    def sizeHint(self) -> QSize:
        hint = super().sizeHint()
        return QSize(
            max(hint.width() + self._appearance.sizes(56), self._appearance.sizes(280)), hint.height()
        )

    def minimumSizeHint(self) -> QSize:
        return QSize(super().sizeHint().width() + self._appearance.sizes(56), super().sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        keys = spoken_keys([self.defaultAction().shortcut().toString()])
        right = self.width() - self._appearance.sizes(7)
        paint_key_cap(painter, self._appearance, keys, right, self.height() // 2)
