"""Paints the cell that says which event set a row's field."""

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QPainter

from auditor.gui.desk import Desk
from auditor.gui.history import History
from auditor.gui.state.row_painter import RowPainter
from auditor.gui.state.setter_words import setter_words

_GAP = 8


class SetterPainter:
    """Version at the right of its place, the type's mark and name, the time at the right end where there is room."""

    def __init__(self, desk: Desk, painter: RowPainter) -> None:
        self._desk = desk
        self._rows = painter

    def version_width(self, history: History | None) -> int:
        """Of the widest version."""
        widest = f"{int(history.versions[-1]):,}" if history is not None and history.length else "00"
        return max(self._rows.width(widest, "small"), self._rows.width("000", "small")) + 3

    def text_left(self, history: History | None) -> int:
        """Where the types' marks begin in the cell: the column's title stands over them."""
        return self.version_width(history) + _GAP

    def link(self, history: History, ordinal: int, cell: QRect, *, with_time: bool) -> QRect:
        """Where a click leads to the event: version, mark and name."""
        sizes = self._desk.appearance.sizes
        words = setter_words(history, ordinal, self._desk.clock)
        name = self._name_cell(history, cell, words.time if with_time else "")
        width = min(name.width(), self._rows.width(words.name, "small-medium") + sizes(4))
        return QRect(cell.left(), cell.top(), name.left() - cell.left() + width, cell.height())

    def paint(
        self,
        painter: QPainter,
        history: History,
        ordinal: int | None,
        cell: QRect,
        *,
        with_time: bool,
        is_link: bool,
    ) -> None:
        """`ordinal` None: not known yet; 0: no event set it. `is_link`: the pointer is over it."""
        sizes, rows = self._desk.appearance.sizes, self._rows
        if ordinal is None:
            self._paint_unknown(painter, history, cell)
            return
        if ordinal == 0:
            return
        words = setter_words(history, ordinal, self._desk.clock)
        version = QRect(cell.left(), cell.top(), self.version_width(history), cell.height())
        rows.write(painter, version, words.version, "text2", "small", right=True)
        centre = QPointF(version.right() + 1 + _GAP + sizes(4), cell.center().y() + 1)
        self._desk.event_types.paint(painter, words.event_type, centre, sizes(8))
        time = words.time if with_time else ""
        name = self._name_cell(history, cell, time)
        rows.write(painter, name, words.name, "accent" if is_link else "text", "small")
        if time:
            at = QRect(name.right() + 1, cell.top(), cell.right() - name.right(), cell.height())
            rows.write(painter, at, time, "text3", "small", right=True)

    def _name_cell(self, history: History, cell: QRect, time: str) -> QRect:
        left = cell.left() + self.text_left(history) + self._desk.appearance.sizes(16)
        right = cell.right() - (self._rows.width(time, "small") + _GAP if time else 0)
        return QRect(left, cell.top(), max(0, right - left), cell.height())

    def _paint_unknown(self, painter: QPainter, history: History, cell: QRect) -> None:
        """A quiet bar where the name will stand."""
        sizes = self._desk.appearance.sizes
        left = cell.left() + self.text_left(history)
        bar = QRectF(left, cell.center().y() - sizes(3), min(sizes(64), cell.right() - left), sizes(7))
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._rows.color("line"))
        painter.drawRoundedRect(bar, sizes(3), sizes(3))
        painter.restore()
