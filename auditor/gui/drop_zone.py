"""Files dropped on the window, and the place on the start page that says so."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QRectF, Qt
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from auditor.core.text import tr
from auditor.gui.appearance import Appearance


class DropZone(QWidget):
    """A dotted frame; it tells where to drop, the whole window takes it."""

    def __init__(self, appearance: Appearance, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("start.drop")
        self._appearance = appearance
        self._is_awaited = False
        self._title = QLabel(tr("Drop a store or a workspace here"))
        self._title.setProperty("type", "body2")
        self._line = QLabel(tr("The file is read where it lies and is never changed."))
        self._line.setProperty("type", "quiet")
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 12, 12, 12)
        column.setSpacing(2)
        column.addStretch(1)
        for label in (self._title, self._line):
            column.addWidget(label, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(1)
        self.setAccessibleName(self._title.text())

    def set_awaited(self, is_awaited: bool) -> None:
        """Whether a file hangs over the window."""
        self._is_awaited = is_awaited
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        theme = self._appearance.theme
        pen = QPen(theme.color("accent" if self._is_awaited else "field"), 2 if self._is_awaited else 1)
        if not self._is_awaited:
            pen.setStyle(Qt.PenStyle.DotLine)
        painter.setPen(pen)
        painter.setBrush(theme.color("sel") if self._is_awaited else Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 10, 10)


class FileDrops(QObject):
    """Takes files that are dropped anywhere on a window."""

    def __init__(
        self, window: QWidget, drop: Callable[[list[str]], object], hover: Callable[[bool], object]
    ) -> None:
        super().__init__(window)
        self._drop = drop
        self._hover = hover
        window.setAcceptDrops(True)
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QDropEvent):  # entering and moving are drops too in Qt's classes
            return self._on_drag(event)
        if event.type() == QEvent.Type.DragLeave:
            self._hover(False)
        return False

    def _on_drag(self, event: QDropEvent) -> bool:
        paths = [url.toLocalFile() for url in event.mimeData().urls() if url.isLocalFile()]
        if not paths:
            return False
        event.acceptProposedAction()
        is_drop = not isinstance(event, (QDragEnterEvent, QDragMoveEvent))
        self._hover(not is_drop)
        if is_drop:
            self._drop(paths)
        return True
