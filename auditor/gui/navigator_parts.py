"""The smaller parts of the navigator: its filter, the list's header, its footer, the grip that makes it wider."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QPushButton, QSizePolicy, QToolButton, QWidget

from auditor.core.presenter import display
from auditor.core.text import tr
from auditor.gui.desk import Desk
from auditor.gui.parts.elided_label import ElidedLabel
from auditor.gui.parts.plain_tip import plain_tip

if TYPE_CHECKING:
    from auditor.stores.pages import AggregateOrder

LEFT, RIGHT, INSET = 16, 20, 8
"""Where texts begin and end, and where the ground of a chosen row does; in pixels from the navigator's inner edge."""
WIDTH, NARROWEST, WIDEST = 264, 216, 400
LONGEST_SHOWN = 60
PADDING = 2  # of a caption that can be clicked, border and padding of the style sheet


class FilterField(QLineEdit):
    """The beginning of an id. `narrowed` tells each change, `entered` Enter, `moved_down` the way into the list."""

    narrowed = Signal(str)
    entered = Signal(str)
    moved_down = Signal()

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self.setObjectName("navigator.filter")
        self.setAccessibleName(tr("Filter aggregates by the beginning of their ids"))
        self.setPlaceholderText(tr("Filter by id"))
        self.setTextMargins(-4, 0, 0, 0)
        self._glass = self.addAction(desk.appearance.icon("search"), QLineEdit.ActionPosition.LeadingPosition)
        self._clear = self.addAction(desk.appearance.icon("close"), QLineEdit.ActionPosition.TrailingPosition)
        self._clear.setToolTip(tr("Clear the filter (Esc)"))
        self._clear.setVisible(False)
        self._clear.triggered.connect(self.clear)
        self.textChanged.connect(self._on_text_changed)
        self.returnPressed.connect(lambda: self.entered.emit(self.prefix))
        desk.appearance.changed.connect(self._on_appearance_changed)

    @property
    def prefix(self) -> str:
        """Without the blanks that come along when an id is pasted."""
        return self.text().strip()

    def take(self, text: str) -> None:
        """What was typed in the list goes on here."""
        if not text:
            self.clear()
            return
        self.setFocus(Qt.FocusReason.OtherFocusReason)
        self.end(False)
        self.insert(text)

    def reset(self) -> None:
        """Empty, and nobody is told."""
        self.blockSignals(True)
        self.clear()
        self.blockSignals(False)
        self._clear.setVisible(False)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            if self.text():
                self.clear()
            else:
                self.moved_down.emit()
        elif event.key() == Qt.Key.Key_Down:
            self.moved_down.emit()
        else:
            super().keyPressEvent(event)

    def _on_text_changed(self) -> None:
        self._clear.setVisible(bool(self.text()))
        self.narrowed.emit(self.prefix)

    def _on_appearance_changed(self) -> None:
        self._glass.setIcon(self._desk.appearance.icon("search"))
        self._clear.setIcon(self._desk.appearance.icon("close"))


class ListHeader(QWidget):
    """The captions of the list; a click on one that it can be sorted by does so."""

    ordered = Signal(str)

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self.order: AggregateOrder = "last"
        self._type: str | None = None
        self._by_id = _caption_button("navigator.sort.id", tr("Sort by id"), "left")
        self._by_last = _caption_button(
            "navigator.sort.last", tr("Sort by last event, newest first"), "right"
        )
        self._by_last.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)
        self._versions = QLabel(tr("Versions"))
        self._versions.setProperty("type", "caption")
        self._versions.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._by_id.clicked.connect(lambda: self._choose("id"))
        self._by_last.clicked.connect(lambda: self._choose("last"))
        row = QHBoxLayout(self)
        row.setContentsMargins(LEFT - PADDING, 0, RIGHT - PADDING, 0)
        row.setSpacing(0)
        row.addWidget(self._by_id)
        row.addStretch(1)
        row.addWidget(self._versions)
        row.addWidget(self._by_last)
        self.set_order("last")

    def lay_out(self, versions: int, ages: int) -> None:
        """The columns' widths."""
        self.setFixedHeight(self._desk.appearance.sizes(24))
        self._versions.setFixedWidth(versions)
        self._by_last.setFixedWidth(ages - RIGHT + PADDING)

    def set_order(self, order: "AggregateOrder") -> None:
        """Tells nobody."""
        self.order = order
        self._name()

    def set_type(self, name: str | None) -> None:
        self._type = name
        self._name()

    def _name(self) -> None:
        caption = tr("Aggregate") if self._type is None else display(self._type, longest=14)
        self._by_id.setText(f"{caption} ↑" if self.order == "id" else caption)
        self._by_last.setText(tr("Last event") if self.order == "id" else f"↓ {tr('Last event')}")
        self._by_id.setChecked(self.order == "id")
        self._by_last.setChecked(self.order == "last")

    def _choose(self, order: "AggregateOrder") -> None:
        changed = order != self.order
        self.set_order(order)
        if changed:
            self.ordered.emit(order)


def _caption_button(name: str, title: str, align: str) -> QPushButton:
    button = QPushButton()
    button.setObjectName(name)
    button.setAccessibleName(title)
    button.setToolTip(title)
    button.setCheckable(True)
    button.setProperty("caption", align)
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    return button


class Captions(QWidget):
    """Two captions over two columns."""

    def __init__(self, left: str, right: str) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(LEFT, 0, RIGHT, 0)
        for text in (left, right):
            label = QLabel(text)
            label.setProperty("type", "caption")
            row.addWidget(label)
        row.insertStretch(1)


class Footer(QWidget):
    """A sentence on what the list is, with a hairline above."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self.setProperty("hairline", "above")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._text = ElidedLabel()
        self._text.setObjectName("navigator.footer")
        self._text.setProperty("type", "small")
        self._retry = QToolButton()
        self._retry.setObjectName("navigator.retry")
        self._retry.setAccessibleName(tr("Read on"))
        self._retry.setToolTip(tr("Read on"))
        self.retried = self._retry.clicked
        row = QHBoxLayout(self)
        row.setContentsMargins(LEFT, 0, 4, 0)
        row.setSpacing(4)
        row.addWidget(self._text, 1)
        row.addWidget(self._retry)
        desk.appearance.changed.connect(self._on_appearance_changed)
        self._on_appearance_changed()
        self.tell("")

    def tell(self, text: str, hint: str = "") -> None:
        self._retry.setVisible(False)
        self._text.set_text(text)
        self._text.setToolTip(plain_tip(hint or text))
        self._set_tone("")

    def tell_problem(self, text: str) -> None:
        """What could not be read on; with a button to try again."""
        self._retry.setVisible(True)
        self._text.set_text(text)
        self._set_tone("fail")

    def _set_tone(self, tone: str) -> None:
        if self._text.property("tone") != tone:
            self._text.setProperty("tone", tone)
            self._text.style().unpolish(self._text)
            self._text.style().polish(self._text)

    def _on_appearance_changed(self) -> None:
        self.setFixedHeight(self._desk.appearance.sizes(28))
        self._retry.setIcon(self._desk.appearance.icon("refresh"))
        size = self._desk.appearance.sizes(14)
        self._retry.setIconSize(QSize(size, size))


class Grip(QWidget):
    """The navigator's right edge: a line that can be dragged; a double click gives the usual width."""

    def __init__(self, desk: Desk, panel: QWidget) -> None:
        super().__init__(panel)
        self._desk = desk
        self._panel = panel
        self._from: tuple[float, int] | None = None
        self._width = min(max(desk.settings.number("navigator/width", WIDTH), NARROWEST), WIDEST)
        self.setObjectName("navigator.grip")
        self.setAccessibleName(tr("Width of the navigator"))
        self.setToolTip(tr("Drag to make the navigator wider or narrower"))
        self.setCursor(Qt.CursorShape.SplitHCursor)
        self.setFixedWidth(4)
        desk.appearance.changed.connect(self._apply)
        self._apply()

    def set_width(self, width: int) -> None:
        """In pixels of the usual text size; kept within 216 and 400, and remembered."""
        self._width = min(max(width, NARROWEST), WIDEST)
        self._desk.settings.set("navigator/width", self._width)
        self._apply()

    def _apply(self) -> None:
        self._panel.setFixedWidth(self._desk.appearance.sizes(self._width))
        self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._from = (event.globalPosition().x(), self._width)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._from is not None:
            x, width = self._from
            scale = self._desk.appearance.sizes.body / type(self._desk.appearance.sizes)().body
            self.set_width(width + round((event.globalPosition().x() - x) / scale))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._from = None

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.set_width(WIDTH)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.width() - 1, 0, 1, self.height(), self._desk.appearance.theme.color("line"))
