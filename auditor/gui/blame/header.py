"""The strip over the values of a field: which field, how many values, copy and close."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QToolButton, QWidget

from auditor.core.text import tr
from auditor.gui.desk import Desk
from auditor.gui.parts.elided_label import ElidedLabel


class BlameHeader(QWidget):
    """`row` takes what others add at its end. The count is said in fewer words where it is narrow."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self.setObjectName("blame.header")
        self.setProperty("hairline", "below")
        self.setProperty("surface", "content")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.title = ElidedLabel(mode=Qt.TextElideMode.ElideMiddle)
        self.title.setObjectName("blame.title")
        self.title.setProperty("type", "strong")
        self.title.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)
        self._count = ElidedLabel()
        self._count.setObjectName("blame.count")
        self._count.setProperty("type", "small")
        self._said = ("", "")
        self.copy = self._button("blame.copy", "copy", tr("Copy the values as a table"))
        self.close_button = self._button("blame.close", "close", tr("Show the event instead"))
        self.row = QHBoxLayout(self)
        self.row.setContentsMargins(16, 0, 8, 0)
        self.row.setSpacing(8)
        self.row.addWidget(self.title, 2)
        self.row.addWidget(self._count, 3)
        self.row.addWidget(self.copy)
        self.row.addWidget(self.close_button)
        desk.appearance.changed.connect(self._on_appearance_changed)
        self._on_appearance_changed()

    def tell(self, title: str, said: str, short: str) -> None:
        """The field and how many values it had, in two lengths."""
        self.title.set_text(title)
        self._said = (said, short)
        self._fit()

    def _fit(self) -> None:
        for said in self._said:
            self._count.set_text(said)
            self.row.invalidate()
            if self.row.sizeHint().width() <= self.width():
                return

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _button(self, name: str, icon: str, text: str) -> QToolButton:
        button = QToolButton()
        button.setObjectName(name)
        button.setProperty("icon_name", icon)
        button.setToolTip(text)
        button.setAccessibleName(text)
        return button

    def _on_appearance_changed(self) -> None:
        look = self._desk.appearance
        self.setFixedHeight(look.sizes(36) + 1)
        for button in (self.copy, self.close_button):
            button.setIcon(look.icon(button.property("icon_name")))
            button.setIconSize(QSize(look.sizes.icon, look.sizes.icon))
        self._fit()
