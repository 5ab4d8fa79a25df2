"""The palette's list: one line a row, the match in a heavier weight."""

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QPersistentModelIndex,
    QPointF,
    QRect,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QFont, QFontMetrics, QMouseEvent, QPainter
from PySide6.QtWidgets import QFrame, QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from auditor.gui.appearance import Appearance
from auditor.gui.desk import Desk
from auditor.gui.icons import pixmap
from auditor.gui.key_caps import paint_key_cap
from auditor.gui.palette_rows import PaletteRow, runs
from auditor.gui.parts.plain_tip import plain_tip

Index = QModelIndex | QPersistentModelIndex


class PaletteModel(QAbstractListModel):
    """The rows as they are now."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.rows: Sequence[PaletteRow] = ()

    def set_rows(self, rows: Sequence[PaletteRow]) -> None:
        self.beginResetModel()
        self.rows = rows
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 # Qt's own default
        return 0 if parent.isValid() else len(self.rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row = self.rows[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return row.title
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return row.spoken
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tip(row.reason) or None
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        row = self.rows[index.row()]
        if row.is_caption:
            return Qt.ItemFlag.NoItemFlags
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable


class PaletteList(QListView):
    """Never has the focus: keys come from the field above it. `taken` tells the row that was clicked."""

    taken = Signal(int)

    def __init__(self, name: str, desk: Desk, title: str) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setAccessibleName(title)
        self.setProperty("surface", "raised")
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setMouseTracking(True)
        self._is_chosen = False  # by the user, since the text was last changed
        self._model = PaletteModel(self)
        self.setModel(self._model)
        self.setItemDelegate(_RowPainter(desk, self))

    @property
    def rows(self) -> Sequence[PaletteRow]:
        return self._model.rows

    def begin(self) -> None:
        """Other rows are to come: whatever is the first of them is current."""
        self._is_chosen = False

    def set_rows(self, rows: Sequence[PaletteRow]) -> None:
        """The row that the user chose stays current where it is still there; else it is the first."""
        before = self.current if self._is_chosen else None
        self._model.set_rows(rows)
        same = [
            number
            for number, row in enumerate(rows)
            if before is not None and not row.is_caption and row.title == before.title
        ]
        if same:
            self.setCurrentIndex(self._model.index(same[0]))
        else:
            self.step_from(-1, 1)

    @property
    def current(self) -> PaletteRow | None:
        index = self.currentIndex()
        return self.rows[index.row()] if index.isValid() and index.row() < len(self.rows) else None

    def move(self, step: int) -> None:  # type: ignore[override] # never moved as a widget, but by keys
        self._is_chosen = True
        self.step_from(self.currentIndex().row(), step)

    def step_from(self, at: int, step: int) -> None:
        """To the next row that is no caption; stays at the ends."""
        direction = 1 if step > 0 else -1
        places = [number for number, row in enumerate(self.rows) if not row.is_caption]
        if not places:
            return
        ahead = [place for place in places if (place - at) * direction > 0]
        ahead.sort(reverse=direction < 0)
        target = ahead[min(abs(step), len(ahead)) - 1] if ahead else (at if at in places else places[0])
        self.setCurrentIndex(self._model.index(target))
        if target == places[0]:
            self.scrollToTop()  # its caption too

    def height_of_rows(self) -> int:
        return sum(self.sizeHintForRow(number) for number in range(len(self.rows)))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        index = self.indexAt(event.position().toPoint())
        if index.isValid() and event.button() == Qt.MouseButton.LeftButton:
            self.taken.emit(index.row())


class _RowPainter(QStyledItemDelegate):
    """Icon or mark, title in runs, detail, keys or the reason at the right."""

    def __init__(self, desk: Desk, parent: PaletteList) -> None:
        super().__init__(parent)
        self._list = parent
        self._desk = desk

    @property
    def _appearance(self) -> Appearance:
        return self._desk.appearance

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        sizes = self._appearance.sizes
        return QSize(100, sizes(28) if self._list.rows[index.row()].is_caption else sizes(32))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        row, theme, sizes = self._list.rows[index.row()], self._appearance.theme, self._appearance.sizes
        rect: QRect = option.rect
        edge = rect.left() + sizes(16)
        if row.is_caption:
            font = self._appearance.body(sizes.caption, 500)
            painter.setFont(font)
            painter.setPen(theme.color("text3"))
            box = rect.adjusted(sizes(16), sizes(6), -sizes(16), 0)
            painter.drawText(box, Qt.AlignmentFlag.AlignVCenter, row.title)
            return
        state: QStyle.StateFlag = option.state
        if state & QStyle.StateFlag.State_Selected:
            painter.fillRect(rect, theme.color("sel"))
        elif state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(rect, theme.color("hover"))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._sign(painter, row, rect, edge)
        right = self._at_right(painter, row, rect)
        self._texts(
            painter, row, QRect(edge + sizes(26), rect.top(), right - edge - sizes(26), rect.height())
        )

    def _sign(self, painter: QPainter, row: PaletteRow, rect: QRect, left: int) -> None:
        sizes, theme = self._appearance.sizes, self._appearance.theme
        if row.event_type:
            center = QPointF(left + sizes(8), rect.center().y() + 1)
            self._desk.event_types.paint(painter, row.event_type, center, sizes(8))
        elif row.icon:
            size = sizes(16)
            color = theme.text2 if row.is_enabled else theme.disabled
            drawn = pixmap(row.icon, color, size, self._list.devicePixelRatioF())
            painter.drawPixmap(left, rect.center().y() - size // 2 + 1, drawn)

    def _at_right(self, painter: QPainter, row: PaletteRow, rect: QRect) -> int:
        """Returns where the texts must end."""
        sizes, right = self._appearance.sizes, rect.right() - self._appearance.sizes(15)
        if row.is_enabled and row.keys:
            return (
                right - paint_key_cap(painter, self._appearance, row.keys, right, rect.center().y() + 1) - 12
            )
        if not row.is_enabled and row.reason:
            font = self._appearance.body(sizes.small)
            width = min(QFontMetrics(font).horizontalAdvance(row.reason), rect.width() // 2)
            box = QRect(right - width, rect.top(), width, rect.height())
            painter.setFont(font)
            painter.setPen(self._appearance.theme.color("text3"))
            shown = QFontMetrics(font).elidedText(row.reason, Qt.TextElideMode.ElideRight, width)
            painter.drawText(box, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, shown)
            return right - width - 12
        return right

    def _texts(self, painter: QPainter, row: PaletteRow, box: QRect) -> None:
        theme, sizes = self._appearance.theme, self._appearance.sizes
        tone = "text" if row.is_enabled else "disabled"
        usual = self._appearance.mono(sizes.small) if row.is_mono else self._appearance.body()
        heavy = QFont(usual) if row.is_mono else self._appearance.body(weight=600)
        heavy.setWeight(QFont.Weight.DemiBold)
        left = box.left()
        for text, is_match in runs(row.title, row.spans):
            left = self._run(painter, text, heavy if is_match else usual, theme.color(tone), box, left)
        small = self._appearance.body(sizes.small)
        detail_tone = "text3" if row.is_enabled else "disabled"
        self._run(painter, row.detail, small, theme.color(detail_tone), box, left + sizes(10))

    @staticmethod
    def _run(painter: QPainter, text: str, font: QFont, color: Any, box: QRect, left: int) -> int:
        """Returns where the next one begins."""
        room = box.right() - left
        if not text or room <= 0:
            return left
        metrics = QFontMetrics(font)
        shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, room)
        painter.setFont(font)
        painter.setPen(color)
        painter.drawText(QRect(left, box.top(), room, box.height()), Qt.AlignmentFlag.AlignVCenter, shown)
        return left + metrics.horizontalAdvance(shown)
