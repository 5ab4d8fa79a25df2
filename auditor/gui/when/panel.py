"""The panel that asks when something was true, and shows the versions at which it was."""

import shlex

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QVBoxLayout, QWidget

from auditor.core.condition import MistakeInCondition
from auditor.core.text import tr
from auditor.gui.action_table import ActionId
from auditor.gui.copying import Copied, put_on_clipboard
from auditor.gui.desk import Desk
from auditor.gui.dialogs.dialog import text_label
from auditor.gui.parts.push_button import push_button
from auditor.gui.when import words
from auditor.gui.when.expression_field import ExpressionField, Said, SaidLine
from auditor.gui.when.ranges import ROW, RangesModel, RangesTable
from auditor.gui.when.reader import WhenReader

REST_MS = 350
MOST_ROWS, FEW_ROWS, LOW_WINDOW = 5, 2, 760


class WhenPanel(QWidget):
    """Hidden until it is asked for. While it is shown, the ranges stand out on the timeline."""

    closed = Signal()

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self.setObjectName("when")
        self.setAccessibleName(tr("When was this true?"))
        self.setProperty("surface", "side")
        self.setProperty("hairline", "below")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.reader = WhenReader(desk, self)
        self.field = ExpressionField(desk)
        self.said = SaidLine(desk, self.field)
        self.stop = push_button("when.stop", tr("Cancel"), self._on_stop)
        self.stop.setProperty("link", True)
        self.ranges = RangesModel(desk, self)
        self.table = RangesTable(desk, self.ranges)
        self._drawn: tuple[tuple[int, int], ...] | None = None
        self._icons: list[tuple[QToolButton, str]] = []
        self._rest = QTimer(self, singleShot=True, interval=REST_MS)
        self._rest.timeout.connect(self.ask)
        self._lay_out()
        self._connect()
        self._on_appearance_changed()
        self._on_changed()
        self.hide()

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.setContentsMargins(16, 6, 8, 0)
        top.setSpacing(8)
        label = text_label(tr("When was"), "small")
        label.setBuddy(self.field)
        top.addWidget(label)
        top.addWidget(self.field, 1)
        for name, icon in ((ActionId.PREVIOUS_RANGE, "previous"), (ActionId.NEXT_RANGE, "next")):
            button = self._button(f"when.{icon}", icon)
            button.setDefaultAction(self._desk.actions[name])
            button.setAccessibleName(self._desk.actions[name].text())
            top.addWidget(button)
        top.addWidget(self._act("copy", "copy", tr("Copy as command"), self._copy))
        top.addWidget(self._act("clear", "trash", tr("Clear the condition"), self.clear))
        top.addWidget(self._act("close", "close", tr("Close"), self.leave))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 1)
        column.setSpacing(2)
        column.addLayout(top)
        below = QHBoxLayout()
        below.setContentsMargins(0, 0, 16, 0)
        below.addWidget(self.said, 1)
        below.addWidget(self.stop)
        column.addLayout(below)
        column.addWidget(self.table)

    def _button(self, name: str, icon: str) -> QToolButton:
        button = QToolButton()
        button.setObjectName(name)
        self._icons.append((button, icon))
        return button

    def _act(self, name: str, icon: str, title: str, act: object) -> QToolButton:
        button = self._button(f"when.{name}", icon)
        button.setAccessibleName(title)
        button.setToolTip(title)
        button.clicked.connect(lambda _=False: act())  # type: ignore[operator] # a function without arguments
        return button

    def _connect(self) -> None:
        desk, actions, a = self._desk, self._desk.actions, ActionId
        self.field.textChanged.connect(self._on_text_changed)
        self.field.returnPressed.connect(self.ask)
        self.reader.changed.connect(self._on_changed)
        self.table.chosen.connect(self._go_to)
        actions.on(a.WHEN, self.enter, enabled=False)
        actions.on(a.NEXT_RANGE, lambda: self.step(1), enabled=False)
        actions.on(a.PREVIOUS_RANGE, lambda: self.step(-1), enabled=False)
        desk.cursor.aggregate_changed.connect(self._on_aggregate_changed)
        desk.cursor.history_changed.connect(self._on_aggregate_changed)
        desk.cursor.ordinal_changed.connect(lambda _: self._on_moved())
        desk.appearance.changed.connect(self._on_appearance_changed)
        self._on_aggregate_changed()

    # -- what is asked -----------------------------------------------------------------------------------------

    def enter(self, expression: str | None = None) -> None:
        """Shows the panel and takes the focus; a condition that is given is asked at once."""
        self.show()
        if expression is not None:
            self.field.setText(expression)
            self.ask()
        else:
            self._draw()
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.field.selectAll()

    def leave(self) -> None:
        """The ranges stand out no longer; the condition stays for the next time."""
        self.hide()
        self._undraw()
        self._enable()
        self.closed.emit()

    def clear(self) -> None:
        self.field.clear()
        self.ask()
        self.field.setFocus()

    def ask(self) -> None:
        """What stands in the field, if it can be read."""
        self._rest.stop()
        expression = self.field.text().strip()
        if not expression or self._check():
            self.reader.ask(expression)

    def _check(self) -> bool:
        """Whether the condition can be read; a mistake is told under its character."""
        from auditor.jobs import find_when

        try:
            find_when.check(self.field.text())
        except MistakeInCondition as mistake:
            self.field.mark(mistake.at, mistake.length)
            self.said.say(mistake.why, Said.MISTAKE)
            return False
        self.field.mark(None)
        return True

    def _on_text_changed(self) -> None:
        """What was found is no longer what is asked for."""
        if not self.field.text().strip():
            self.field.mark(None)
        else:
            self._check()
        self._say()
        self._rest.start()

    def _say(self) -> None:
        """What is known of what stands in the field; a mistake in it is said already."""
        if self.field.at is not None:
            return
        expression = self.field.text().strip()
        if not expression:
            self.said.say(
                tr(
                    'Such as: status = "paid" · items grew · total changed by "ada" · missing shipped_at. F1: the guide'
                )
            )
        elif expression != self.reader.expression:
            self.said.say(tr("Press Enter, or wait a moment."))
        else:
            self.said.say(words.summary(self.reader), Said.FAILED if self.reader.error else Said.KNOWN)

    def _on_stop(self) -> None:
        if self.reader.is_reading:
            self.reader.cancel()
        else:
            self.reader.go_on()

    # -- what is known -----------------------------------------------------------------------------------------

    def _on_changed(self) -> None:
        reader = self.reader
        self._say()
        self.stop.setVisible(reader.is_reading or reader.is_stopped or reader.error is not None)
        self.stop.setText(
            tr("Cancel") if reader.is_reading else tr("Go on") if reader.is_stopped else tr("Try again")
        )
        self.ranges.take(reader.result)
        self._show_table()
        self._draw()
        self._on_moved()

    def _show_table(self) -> None:
        """As high as its rows, up to a few."""
        most = FEW_ROWS if self.window().height() < LOW_WINDOW else MOST_ROWS
        rows = min(len(self.ranges.ranges), most)
        sizes = self._desk.appearance.sizes
        self.table.setFixedHeight(sizes(25) + rows * sizes(ROW))
        self.table.setVisible(bool(self.ranges.ranges))

    def _draw(self) -> None:
        """On the timeline, while the panel is seen."""
        result, highlight = self.reader.result, self._desk.highlight
        if self.isHidden() or result is None or self.reader.error is not None:
            self._undraw()
        elif self._drawn is not result.ranges or highlight.intervals != result.ranges:
            self._drawn = result.ranges
            highlight.show_intervals(result.ranges, result.expression)

    def _undraw(self) -> None:
        if self._drawn is not None and self._desk.highlight.intervals == self._drawn:
            self._desk.highlight.clear()
        self._drawn = None

    def _on_moved(self) -> None:
        row = self.ranges.row_of(self._desk.cursor.ordinal)
        if row < 0:
            self.table.clearSelection()
            near = self.ranges.index(max(self.ranges.begun_by(self._desk.cursor.ordinal) - 1, 0), 0)
            self.table.scrollTo(near)
        elif row != self.table.currentIndex().row() or not self.table.selectionModel().hasSelection():
            self.table.selectRow(row)
        self._enable()

    def _on_aggregate_changed(self) -> None:
        history = self._desk.cursor.history
        can_ask = history is not None and history.length > 0
        self._desk.actions.enable(ActionId.WHEN, can_ask, tr("Choose an aggregate first."))
        self._enable()

    # -- going there -------------------------------------------------------------------------------------------

    def step(self, by: int) -> None:
        """To the first version of the next range, or of the one before A's own place."""
        row = self._row_at(by)
        if row is not None:
            self._go_to(row)

    def _row_at(self, by: int) -> int | None:
        ordinal, ranges = self._desk.cursor.ordinal, self.ranges.ranges
        begun = self.ranges.begun_by(ordinal)
        row = begun if by > 0 else begun - 1
        if by < 0 and row >= 0 and ranges[row][0] == ordinal:
            row -= 1
        return row if 0 <= row < len(ranges) else None

    def _go_to(self, row: int) -> None:
        if row < len(self.ranges.ranges):
            self._desk.cursor.set_ordinal(self.ranges.ranges[row][0])

    def _enable(self) -> None:
        shown = not self.isHidden() and bool(self.ranges.ranges)
        for name, by in ((ActionId.NEXT_RANGE, 1), (ActionId.PREVIOUS_RANGE, -1)):
            there = shown and self._row_at(by) is not None
            reason = tr("There is no further range.") if shown else tr("Ask first when something was true.")
            self._desk.actions.enable(name, there, reason)

    # -- the rest ----------------------------------------------------------------------------------------------

    def copyable(self) -> frozenset[Copied]:
        return frozenset({Copied.COMMAND}) if self.command() else frozenset()

    def copy(self, what: Copied) -> None:
        del what
        self._copy()

    def command(self) -> str:
        """`auditor when STORE ID EXPR`, as a shell takes it; empty without a condition that can be read."""
        place, expression = self._desk.cursor.place, self.field.text().strip()
        if place is None or not expression or self.field.at is not None:
            return ""
        parts = ["auditor", "when", self._desk.store.location, place.aggregate_id, expression]
        if self._desk.cursor.model is not None:
            parts += ["--model", self._desk.cursor.model]
        if self._desk.store.workspace is not None:
            parts += ["--workspace", str(self._desk.store.workspace)]
        return shlex.join(parts)

    def _copy(self) -> None:
        command = self.command()
        if command:
            put_on_clipboard(command)
            self._desk.tasks.say(tr("Command copied"))
        else:
            self._desk.tasks.say(tr("There is no condition to copy yet."))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.leave()
        elif event.key() == Qt.Key.Key_Down and self.table.isVisible() and self.field.hasFocus():
            self.table.setFocus()
        else:
            super().keyPressEvent(event)

    def _on_appearance_changed(self) -> None:
        look = self._desk.appearance
        self.field.setFont(look.mono())
        for button, icon in self._icons:
            button.setIcon(look.icon(icon))
            button.setIconSize(QSize(look.sizes.icon, look.sizes.icon))
        self.said.setFixedHeight(look.sizes(20))
        self._show_table()
