"""The card that appears beside a mark or a bar under a resting pointer."""

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtWidgets import QFrame, QLabel, QVBoxLayout, QWidget

AWAY = 14
WIDEST = 360
LINES = (("strong", "text"), *[("small", "")] * 4)


class HoverCard(QFrame):
    """Up to five lines over whatever is there; never takes the mouse or the focus, never covers its mark."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.panel = parent
        self.setObjectName("timeline.card")
        self.setProperty("surface", "floating")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 9, 12, 9)
        column.setSpacing(3)
        self._labels = []
        for kind, _ in LINES:
            label = QLabel()
            label.setProperty("type", kind)
            label.setTextFormat(Qt.TextFormat.PlainText)
            column.addWidget(label)
            self._labels.append(label)
        self._mark = QPoint()
        self.hide()

    @property
    def lines(self) -> list[str]:
        """What it says."""
        return [label.text() for label in self._labels if label.text()]

    def tell(self, lines: list[str], mark: QPoint) -> None:
        """`mark` is the middle of what the card is about, in the parent's coordinates."""
        self._mark = mark
        texts = [*lines, *[""] * len(self._labels)]
        for label, text in zip(self._labels, texts, strict=False):
            label.setText(label.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, WIDEST))
            label.setVisible(bool(text))
        self.adjustSize()
        self.move(self._place().topLeft())
        self.raise_()
        self.show()

    def _place(self) -> QRect:
        """Right of the mark, or left of it where the edge is near; moved up where the panel ends."""
        room = self.panel.rect().adjusted(4, 4, -4, -4)
        place = QRect(self._mark + QPoint(AWAY, -AWAY), self.size())
        if place.right() > room.right():
            place.moveRight(self._mark.x() - AWAY)
        place.moveBottom(min(place.bottom(), room.bottom()))
        place.moveTop(max(place.top(), room.top()))
        return place
