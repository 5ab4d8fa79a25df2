"""What a rebuild has said, with the times at which it did."""

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from auditor.core.text import tr
from auditor.gui.desk import Desk
from auditor.gui.dialogs.dialog import text_label
from auditor.gui.parts.push_button import push_button
from auditor.gui.projections.run import LogLine, RebuildRun


class LogView(QWidget):
    """All lines, the newest last; Copy takes all of them."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._run: RebuildRun | None = None
        self._written = 0
        self.setObjectName("projections.log")
        self._title = text_label(tr("Log"), "group")
        self._copy = push_button("projections.log.copy", tr("Copy"), self.copy)
        self._copy.setProperty("link", True)
        self._copy.setAccessibleName(tr("Copy the log"))
        self._text = QPlainTextEdit()
        self._text.setObjectName("projections.log.text")
        self._text.setAccessibleName(tr("Log of the rebuild"))
        self._text.setReadOnly(True)
        self._text.setTabChangesFocus(True)
        self._head = QWidget()
        head = QHBoxLayout(self._head)
        head.setContentsMargins(0, 0, 0, 0)
        head.addWidget(self._title, 1)
        head.addWidget(self._copy)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self._head)
        column.addWidget(self._text, 1)
        desk.clock.changed.connect(self._write_anew)
        desk.appearance.changed.connect(self._on_appearance_changed)
        self._on_appearance_changed()

    def show_run(self, run: RebuildRun) -> None:
        if run is not self._run:
            self._run = run
            self._write_anew()
        elif self._written < len(run.log):
            for line in run.log[self._written :]:
                self._text.appendPlainText(self._line(line))
            self._written = len(run.log)
        warned = tr("1 warning") if run.warnings == 1 else tr("{count} warnings", count=run.warnings)
        title = tr("Log, {warned}", warned=warned) if run.warnings else tr("Log")
        if title != self._title.text():
            self._title.setText(title)
            self._title.setProperty("tone", "doubt" if run.warnings else "")
            self._title.style().unpolish(self._title)
            self._title.style().polish(self._title)

    @property
    def title(self) -> str:
        return self._title.text()

    def copy(self) -> None:
        QGuiApplication.clipboard().setText(self._text.toPlainText())
        self._desk.tasks.say(tr("Log copied"))

    def _line(self, line: LogLine) -> str:
        sign = "! " if line.is_warning else "  "
        return f"{self._desk.clock.second(line.at)} {sign}{line.text}"

    def _write_anew(self) -> None:
        if self._run is not None:
            self._text.setPlainText("\n".join(map(self._line, self._run.log)))
            self._written = len(self._run.log)
            self._text.verticalScrollBar().setValue(self._text.verticalScrollBar().maximum())

    def _on_appearance_changed(self) -> None:
        sizes = self._desk.appearance.sizes
        self._text.setFont(self._desk.appearance.mono())
        self._head.setFixedHeight(sizes(20))
        self._text.setMinimumHeight(sizes(64))
