"""A combo box with an arrow in the colours of the theme."""

from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QComboBox, QWidget

from auditor.gui import icons
from auditor.gui.appearance import Appearance


class Chooser(QComboBox):
    """The style sheet's own arrow cannot follow the theme."""

    def __init__(self, appearance: Appearance, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._appearance = appearance

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        size = self._appearance.sizes(14)
        painter = QPainter(self)
        picture = icons.pixmap("chevron-down", self._appearance.theme.text2, size, self.devicePixelRatioF())
        painter.drawPixmap(self.width() - size - 6, (self.height() - size) // 2, picture)
