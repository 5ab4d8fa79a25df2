"""How event types look in this window: hue and shape, remembered for the store."""

from collections.abc import Iterable

from PySide6.QtCore import QObject, QPointF, Qt, Signal
from PySide6.QtGui import QColor, QIcon, QPainter, QPixmap

from auditor.core.type_marks import TypeMark, assign
from auditor.gui.appearance import Appearance
from auditor.gui.settings import Settings
from auditor.gui.shapes import paint_shape


class EventTypes(QObject):
    """Marks are given when types are first seen and never change while the store is open."""

    changed = Signal()

    def __init__(self, settings: Settings, appearance: Appearance, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._settings = settings
        self._appearance = appearance
        self._store_id = ""
        self._marks: dict[str, TypeMark] = {}

    @property
    def store_id(self) -> str:
        """Of the store whose marks these are; empty before the first."""
        return self._store_id

    def use_store(self, store_id: str) -> None:
        self._store_id = store_id
        self._marks = self._settings.type_marks(store_id)

    def see(self, types: Iterable[str]) -> None:
        """Gives marks to those that have none; types that are seen together are spread best."""
        unknown = set(types) - self._marks.keys()
        if not unknown:
            return
        self._marks = assign(unknown, self._marks)
        if self._store_id:
            self._settings.set_type_marks(self._store_id, self._marks)
        self.changed.emit()

    def mark(self, event_type: str) -> TypeMark:
        if event_type not in self._marks:
            self.see([event_type])
        return self._marks[event_type]

    def color(self, event_type: str) -> QColor:
        return self._appearance.theme.hue(self.mark(event_type).hue)

    def paint(self, painter: QPainter, event_type: str, center: QPointF, size: float) -> None:
        """The type's shape in its colour, `size` logical pixels wide (8 in rows, 10 on the timeline)."""
        paint_shape(painter, self.mark(event_type).shape, self.color(event_type), center, size)

    def icon(self, event_type: str) -> QIcon:
        """For list rows and buttons."""
        pixmap = QPixmap(32, 32)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        self.paint(painter, event_type, QPointF(16, 16), 18)
        painter.end()
        pixmap.setDevicePixelRatio(2)
        return QIcon(pixmap)
