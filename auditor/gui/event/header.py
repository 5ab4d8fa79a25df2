"""The event panel's header: shape and type, the version, which way it is looked at."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from auditor.core.presenter import display
from auditor.core.text import tr
from auditor.gui.desk import Desk
from auditor.gui.parts.elided_label import ElidedLabel
from auditor.gui.parts.segmented import Segmented

FIELDS, JSON, BYTES, EVENTS, LINKS = range(5)
ROOM_FOR_WORD = 500


class EventHeader(QWidget):
    """Says only what it is told. `tabs` has five segments; that of the events goes where the list stands beside."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._event_type = ""
        self._number, self._is_late = 0, False
        self.setObjectName("event.header")
        self.setProperty("hairline", "below")
        self.setProperty("surface", "content")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._shape = QLabel()
        self._type = ElidedLabel()
        self._type.setObjectName("event.type")
        self._type.setProperty("type", "strong")
        self._version = QLabel()
        self._version.setObjectName("event.version")
        self._version.setProperty("chip", True)
        texts = (tr("Fields"), tr("JSON"), tr("Bytes"), tr("Events"), tr("Causes and effects"))
        self.tabs = Segmented("event.tabs", texts, tr("Show the event as"))
        self.tabs.setProperty("tight", True)
        self.tabs.button(EVENTS).setText("")
        self.tabs.button(LINKS).setText("")
        self.tabs.button(LINKS).setToolTip(tr("All causes and effects"))
        self.tabs.button(EVENTS).setToolTip(tr("All events of the aggregate"))
        self.row = QHBoxLayout(self)
        self.row.setContentsMargins(16, 0, 8, 0)
        self.row.setSpacing(8)
        self.row.addWidget(self._shape)
        self.row.addWidget(self._type, 1)
        self.row.addWidget(self._version)
        self.row.addStretch(0)
        self.row.addWidget(self.tabs)
        desk.appearance.changed.connect(self._on_appearance_changed)
        desk.event_types.changed.connect(self._draw_shape)
        self._on_appearance_changed()
        self.clear()

    def clear(self) -> None:
        """There is no event to name."""
        self._event_type = ""
        self._type.set_text(tr("Event"))
        self._shape.hide()
        self._version.hide()

    def set_event(self, event_type: str, version: int, *, is_late: bool) -> None:
        """Of what is shown below, whatever A is."""
        self._event_type = event_type
        self._type.set_text(display(event_type))
        self._number, self._is_late = version, is_late
        self._show_version()
        self._shape.show()
        self._version.show()
        self._draw_shape()

    def offer_events(self, offered: bool) -> None:
        """Whether the list of events is one of the tabs."""
        self.tabs.button(EVENTS).setVisible(offered)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._show_version()

    def _show_version(self) -> None:
        """The word goes where there is no room for it."""
        text = tr("version {version:,}", version=self._number)
        self._version.setAccessibleName(text)
        self._version.setToolTip(text)
        if self._is_late:
            text = tr("{version}, updating", version=text)
        elif self.width() < self._desk.appearance.sizes(ROOM_FOR_WORD):
            text = f"{self._number:,}"
        self._version.setText(text)

    def _draw_shape(self) -> None:
        if self._event_type:
            size = self._desk.appearance.sizes.icon
            self._shape.setPixmap(self._desk.event_types.icon(self._event_type).pixmap(size, size))

    def _on_appearance_changed(self) -> None:
        self.setFixedHeight(self._desk.appearance.sizes(36) + 1)
        self.tabs.button(EVENTS).setIcon(self._desk.appearance.icon("rows"))
        self.tabs.button(LINKS).setIcon(self._desk.appearance.icon("links"))
        self._draw_shape()
