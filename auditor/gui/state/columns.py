"""The columns of the state's tree: how wide each is, what gives way where it is narrow, and their titles."""

from collections.abc import Callable

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QHeaderView, QPushButton, QTreeView

from auditor.core.text import tr
from auditor.gui.appearance import Appearance
from auditor.gui.state.row_painter import RowPainter
from auditor.gui.state.tree_model import FIELD, SET_BY, SIGN, VALUE

SIGN_WIDTH, FIELD_WIDTH, FIELD_LEAST, VALUE_LEAST = 28, 204, 140, 160
SET_BY_WIDTH, SET_BY_NARROW = 280, 178


class StateColumns(QHeaderView):
    """Titles stand where the columns' text begins. The value takes what is left; *Set by* first gives up its time,
    then the field some width, then *Set by* goes. `title_left` says where the marks of *Set by* begin in its cell."""

    def __init__(
        self, appearance: Appearance, painter: RowPainter, title_left: Callable[[], int], parent: QTreeView
    ) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._tree = parent
        self._appearance = appearance
        self._rows = painter
        self._title_left = title_left
        self._wished: int | None = None
        self._fitting = False
        self.has_time = self.has_setters = True
        self.setObjectName("state.columns")
        self.setAccessibleName(tr("Columns"))
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._reading = ""
        self.verb = QPushButton(self.viewport())
        self.verb.setObjectName("state.set_by.verb")
        self.verb.setProperty("link", "true")
        self.verb.hide()
        self.verb.clicked.connect(lambda _checked=False: self._act())
        self._act: Callable[[], object] = lambda: None
        self.sectionResized.connect(self._on_section_resized)

    def set_up(self) -> None:
        """Once the model is there."""
        self.setSectionsMovable(False)
        self.setStretchLastSection(False)
        self.setMinimumSectionSize(self._appearance.sizes(SIGN_WIDTH))
        for column in (SIGN, VALUE, SET_BY):
            self.setSectionResizeMode(column, QHeaderView.ResizeMode.Fixed)
        self.setSectionResizeMode(FIELD, QHeaderView.ResizeMode.Interactive)

    def say(self, text: str, verb: str = "", act: Callable[[], object] = lambda: None) -> None:
        """In the place of the title of *Set by*, with a button; "" for the title itself."""
        self._reading, self._act = text, act
        self.verb.setText(verb)
        self.verb.setAccessibleName(f"{text}: {verb}")
        self.verb.setToolTip(text)
        self._place_verb()
        self.viewport().update()

    def _place_verb(self) -> None:
        self.verb.setVisible(bool(self._reading) and bool(self.verb.text()) and self.has_setters)
        size = self.verb.sizeHint()
        right = self.sectionViewportPosition(SET_BY) + self.sectionSize(SET_BY) - 8
        self.verb.setGeometry(
            right - size.width(), (self.height() - size.height()) // 2, size.width(), size.height()
        )

    def fit(self, width: int) -> None:
        """Shares so many pixels out."""
        sizes = self._appearance.sizes
        room = width - sizes(SIGN_WIDTH)
        field, value = sizes(FIELD_WIDTH), sizes(VALUE_LEAST)
        self.has_time = room >= field + value + sizes(SET_BY_WIDTH)
        set_by = sizes(SET_BY_WIDTH if self.has_time else SET_BY_NARROW)
        self.has_setters = room >= sizes(FIELD_LEAST) + value + set_by
        if not self.has_setters:
            set_by = 0
        wish = self._wished if self._wished is not None else field
        field = max(sizes(FIELD_LEAST), min(wish, room - value - set_by))
        self._fitting = True
        self.setSectionHidden(SET_BY, not self.has_setters)
        self.resizeSection(SIGN, sizes(SIGN_WIDTH))
        self.resizeSection(FIELD, field)
        self.resizeSection(VALUE, max(0, room - field - set_by))
        self.resizeSection(SET_BY, set_by)
        self._fitting = False
        self._place_verb()

    def _on_section_resized(self, column: int, _before: int, now: int) -> None:
        if column == FIELD and not self._fitting:
            self._wished = now
            self.fit(self._tree.viewport().width())
        self._tree.viewport().update()

    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), self._rows.font("body")[1].height() + 9)

    def paintSection(self, painter: QPainter, rect: QRect, section: int) -> None:
        painter.save()
        painter.fillRect(rect, self._rows.color("bg"))
        painter.setPen(self._rows.color("line"))
        painter.drawLine(rect.bottomLeft(), rect.bottomRight())
        text = str(self.model().headerData(section, Qt.Orientation.Horizontal) or "")
        inset = self._tree.indentation() if section == FIELD else 0
        if section == SET_BY:
            inset, text = self._title_left(), self._reading or text
            rect.setRight(rect.right() - (self.verb.width() if self.verb.isVisible() else 0))
        self._rows.write(painter, rect.adjusted(inset, 0, -4, -1), text, "text3", "caption")
        painter.restore()
