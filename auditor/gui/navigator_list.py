"""The list of aggregates as it is seen and moved in."""

from statistics import median_low

from PySide6.QtCore import (
    QEvent,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QFocusEvent, QFontMetrics, QKeyEvent, QPainter, QPen, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from auditor.core.text import tr
from auditor.gui.desk import Desk
from auditor.gui.navigator_model import ID, LAST_EVENT, VERSIONS, AggregateModel
from auditor.gui.navigator_parts import INSET, LEFT, RIGHT
from auditor.gui.parts.hover_table import HoverTable

USUAL_VERSION = "99,999"  # a longer one takes its place from the ids
_ONE_LINE = Qt.AlignmentFlag.AlignVCenter.value | (
    Qt.TextFlag.TextSingleLine.value | Qt.TextFlag.TextForceLeftToRight.value
)
_TO_THE_LEFT = Qt.AlignmentFlag.AlignLeft.value | _ONE_LINE
_TO_THE_RIGHT = Qt.AlignmentFlag.AlignRight.value | _ONE_LINE


class AggregateList(HoverTable):
    """Arrows, a click or Enter choose; any other letter begins a filter. Rows keep their place when pages come and go.

    `chosen` tells the row a user has chosen, and whether that was deliberate (click, Enter) or by the way.
    """

    chosen = Signal(int, bool)
    typed = Signal(str)
    ended = Signal(bool)
    """Home (False) or End (True) was pressed."""
    seen = Signal(int, int)
    """Rows from … to … are visible."""
    columns_changed = Signal()

    def __init__(self, desk: Desk, model: AggregateModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._rows = model
        self._is_settling = 0
        self._kept: dict[str, int] = {}  # where which aggregates were seen
        self._longest_version = USUAL_VERSION
        self.setObjectName("navigator.list")
        self.setAccessibleName(tr("Aggregates"))
        self.setModel(model)
        self.setProperty("surface", "side")
        self.setItemDelegate(_RowPainter(desk, self))
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setCornerButtonEnabled(False)
        self.horizontalHeader().hide()
        self.horizontalHeader().setMinimumSectionSize(1)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.selectionModel().currentRowChanged.connect(self._on_current_changed)
        self.clicked.connect(lambda index: self.chosen.emit(index.row(), True))
        self.verticalScrollBar().valueChanged.connect(lambda _: self.tell_seen())
        model.changing.connect(self._before_change)
        model.changed.connect(self._after_change)
        model.leaving.connect(self._before_removal)
        model.modelAboutToBeReset.connect(self._before_reset)
        model.modelReset.connect(self._after_reset)
        desk.appearance.changed.connect(self._on_appearance_changed)
        self._on_appearance_changed()

    # -- what is seen ----------------------------------------------------------------------------------------------

    @property
    def first_seen(self) -> int:
        return max(0, self.rowAt(0))

    @property
    def last_seen(self) -> int:
        found = self.rowAt(self.viewport().height() - 1)
        return self._rows.rowCount() - 1 if found < 0 else found

    def tell_seen(self) -> None:
        if not self._is_settling and self._rows.rowCount():
            self.seen.emit(self.first_seen, self.last_seen)

    @property
    def versions_width(self) -> int:
        return self._width_of(tr("Versions"), self._longest_version)

    @property
    def ages_width(self) -> int:
        return self._width_of(f"↓ {tr('Last event')}", "999 min") + RIGHT

    def _width_of(self, caption: str, text: str) -> int:
        appearance = self._desk.appearance
        head = QFontMetrics(appearance.body(appearance.sizes.caption)).horizontalAdvance(caption)
        cell = QFontMetrics(appearance.body(appearance.sizes.small)).horizontalAdvance(text)
        return max(head, cell) + 6

    def _on_appearance_changed(self) -> None:
        header = self.verticalHeader()
        header.setMinimumSectionSize(1)
        header.setDefaultSectionSize(self._desk.appearance.sizes.row)
        self._lay_out_columns()
        self.viewport().update()

    def _lay_out_columns(self) -> None:
        versions, ages = self.versions_width, self.ages_width - (self.width() - self.viewport().width())
        self.setColumnWidth(VERSIONS, versions)
        self.setColumnWidth(LAST_EVENT, ages)
        self.setColumnWidth(ID, max(1, self.viewport().width() - versions - ages))

    def _make_room(self) -> None:
        longest = max(USUAL_VERSION, self._rows.longest_version, key=len)
        if len(longest) != len(self._longest_version):
            self._longest_version = longest
            self._lay_out_columns()
            self.columns_changed.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._lay_out_columns()
        chosen = self.selected
        if chosen is not None and 0 <= self.rowViewportPosition(chosen) < event.oldSize().height():
            self.scrollTo(
                self._rows.index(chosen, ID)
            )  # what is chosen stays in view when types arrive above
        self.tell_seen()

    # -- the selection, which is the cursor's ------------------------------------------------------------------------

    def select(self, number: int | None, *, scroll: bool = True) -> None:
        """Shows that row as the chosen one, or none; tells nobody."""
        self._is_settling += 1
        if number is None:
            self.selectionModel().clear()
        else:
            index = self._rows.index(number, ID)
            mode = QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows
            self.selectionModel().setCurrentIndex(index, mode)
            if scroll:
                self.scrollTo(index)
        self._is_settling -= 1

    @property
    def selected(self) -> int | None:
        rows = self.selectionModel().selectedRows()
        return rows[0].row() if rows else None

    def _on_current_changed(self, current: QModelIndex, _before: QModelIndex) -> None:
        if not self._is_settling and current.isValid():
            self.chosen.emit(current.row(), False)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Qt would make the first row the current one, and nobody has chosen it."""
        has_current = self.currentIndex().isValid()
        self._is_settling += 1
        super().focusInEvent(event)
        if not has_current:
            self.selectionModel().clear()
        self._is_settling -= 1

    # -- keys --------------------------------------------------------------------------------------------------------

    def event(self, event: QEvent) -> bool:
        if (
            event.type() is QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and _begins_filter(event)
        ):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        if key in (Qt.Key.Key_Home, Qt.Key.Key_End):
            self.ended.emit(key == Qt.Key.Key_End)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            if self.currentIndex().isValid():
                self.chosen.emit(self.currentIndex().row(), True)
        elif key == Qt.Key.Key_Escape:
            self.typed.emit("")
        elif _begins_filter(event):
            self.typed.emit(event.text())
        elif key in (Qt.Key.Key_Up, Qt.Key.Key_Down) and not self.currentIndex().isValid():
            if self._rows.rowCount():
                self.setCurrentIndex(self._rows.index(self.first_seen, ID))
        else:
            super().keyPressEvent(event)

    def keyboardSearch(self, search: str) -> None:
        """The filter searches."""

    # -- rows that come and go ---------------------------------------------------------------------------------------

    def _before_change(self) -> None:
        self._is_settling += 1
        self._kept = {}
        if not self._is_tail() and self._rows.rowCount():
            for number in range(self.first_seen, self.last_seen + 1):
                self._kept[self._rows.row(number).aggregate_id] = self.rowViewportPosition(number)

    def _is_tail(self) -> bool:
        """Whether what is new may push down what is seen: nobody looks at a certain row."""
        is_at_start = self.verticalScrollBar().value() == 0 and self._rows.before is None
        return is_at_start and self.selected is None and not self.underMouse()

    def _before_removal(self, first: int, last: int) -> None:
        if self.currentIndex().isValid() and first <= self.currentIndex().row() <= last:
            self.selectionModel().clear()  # else Qt would choose a neighbour

    def _after_change(self) -> None:
        self._make_room()
        self.doItemsLayout()
        shifts = [
            self.rowViewportPosition(number) - before
            for name, before in self._kept.items()
            if (number := self._rows.number_of(name)) is not None
        ]
        if shifts:  # rows that have moved by themselves are the exception
            bar = self.verticalScrollBar()
            bar.setValue(bar.value() + median_low(shifts))
        self._is_settling -= 1

    def _before_reset(self) -> None:
        self._is_settling += 1

    def _after_reset(self) -> None:
        self._make_room()
        self.selectionModel().clear()
        self.doItemsLayout()
        self.verticalScrollBar().setValue(0)
        self._is_settling -= 1


def _begins_filter(event: QKeyEvent) -> bool:
    """A character that an id may begin with; `/` and `?` are commands."""
    modifiers = event.modifiers() & ~(Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.KeypadModifier)
    text = event.text()
    return not modifiers and len(text) == 1 and text.isprintable() and not text.isspace() and text not in "/?"


class _RowPainter(QStyledItemDelegate):
    """Paints a cell: its part of the row's ground and ring, and its text."""

    def __init__(self, desk: Desk, view: AggregateList) -> None:
        super().__init__(view)
        self._desk = desk
        self._view = view
        desk.appearance.changed.connect(self._take_fonts)
        self._take_fonts()

    def _take_fonts(self) -> None:
        appearance = self._desk.appearance
        self._mono, self._small = appearance.mono(), appearance.body(appearance.sizes.small)
        self._mono_metrics, self._small_metrics = QFontMetrics(self._mono), QFontMetrics(self._small)

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(40, self._desk.appearance.sizes.row)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        painter.save()
        painter.setClipRect(option.rect)
        self._paint_ground(painter, option)
        self._paint_text(painter, option.rect, index, bool(option.state & QStyle.StateFlag.State_Selected))
        painter.restore()

    def _paint_ground(self, painter: QPainter, option: QStyleOptionViewItem) -> None:
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        hovered = self._view.hovered == self._view.rowAt(option.rect.center().y())
        if not selected and not hovered:
            return
        theme = self._desk.appearance.theme
        row = QRectF(0, option.rect.y(), self._view.width(), option.rect.height())
        row.adjust(INSET, 1, -INSET - 4, -1)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color("sel" if selected else "hover"))
        if selected and self._view.hasFocus():
            painter.setPen(QPen(theme.color("accent"), 2))
            row.adjust(1, 1, -1, -1)
        painter.drawRoundedRect(row, 5, 5)

    def _paint_text(
        self, painter: QPainter, rect: QRect, index: QModelIndex | QPersistentModelIndex, selected: bool
    ) -> None:
        theme = self._desk.appearance.theme
        text = str(index.data() or "")
        if index.column() == ID:
            painter.setFont(self._mono)
            painter.setPen(theme.color("text"))
            rect = rect.adjusted(LEFT, 0, -4, 0)
            text = elided_id(text, self._mono_metrics, rect.width())
        else:
            painter.setFont(self._small)
            painter.setPen(theme.color("text2" if index.column() == VERSIONS or selected else "text3"))
            rect.setRight(min(rect.right(), self._view.width() - RIGHT))
            if self._small_metrics.horizontalAdvance(text) > rect.width():
                text = self._small_metrics.elidedText(text, Qt.TextElideMode.ElideRight, rect.width())
        painter.drawText(rect, _TO_THE_LEFT if index.column() == ID else _TO_THE_RIGHT, text)


def elided_id(text: str, metrics: QFontMetrics, width: int) -> str:
    """The whole id, or its beginning and its last four characters: they tell ids of one moment apart."""
    if metrics.horizontalAdvance(text) <= width:
        return text
    letters = width // max(1, metrics.horizontalAdvance("0"))
    if letters > 8 and text.isascii():
        return f"{text[: letters - 5]}…{text[-4:]}"
    return metrics.elidedText(text, Qt.TextElideMode.ElideMiddle, width)
