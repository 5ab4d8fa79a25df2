"""Bars under a panel's header that say what is to be known about everything below them."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from auditor.gui.appearance import Appearance


class Bar(QWidget):
    """An icon, a title, a sentence and at most one button, on a tint."""

    def __init__(
        self,
        name: str,
        surface: str,
        icon: str,
        token: str,
        appearance: Appearance,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setProperty("surface", surface)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._appearance, self._icon_name, self._token = appearance, icon, token
        self._icon, self._title, self._line = QLabel(), QLabel(), QLabel()
        self._title.setObjectName(f"{name}.title")
        self._title.setProperty("type", "strong")
        self._title.setProperty("tone", {"fail": "fail", "chg": "doubt"}.get(token, "text"))
        self._line.setObjectName(f"{name}.line")
        self._line.setProperty("type", "small")
        for label in (self._title, self._line):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setWordWrap(True)
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._verb = QPushButton()
        self._verb.setObjectName(f"{name}.verb")
        self._verb.clicked.connect(self._on_clicked)
        self._act: Callable[[], object] | None = None
        words = QVBoxLayout()
        words.setSpacing(1)
        words.addWidget(self._title)
        words.addWidget(self._line)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 7, 12, 8)
        row.setSpacing(10)
        row.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(words, 1)
        row.addWidget(self._verb, 0, Qt.AlignmentFlag.AlignVCenter)
        appearance.changed.connect(self._draw_icon)
        self._draw_icon()
        self.hide()

    def tell(self, title: str, line: str, verb: tuple[str, Callable[[], object]] | None = None) -> None:
        """Shows it with these words."""
        self._title.setText(title)
        self._title.setVisible(bool(title))
        self._line.setText(line)
        self._line.setVisible(bool(line))
        self.setAccessibleName(f"{title} {line}".strip())
        self._verb.setVisible(verb is not None)
        if verb is not None:
            self._verb.setText(verb[0])
            self._act = verb[1]
        self.show()

    def _on_clicked(self) -> None:
        if self._act is not None:
            self._act()

    def _draw_icon(self) -> None:
        size = self._appearance.sizes.icon
        self._icon.setPixmap(self._appearance.icon(self._icon_name, self._token).pixmap(size, size))
