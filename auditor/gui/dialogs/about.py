"""Which version this is, what it is made of, and under which licences."""

from typing import TYPE_CHECKING

from PySide6.QtCore import qVersion
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from auditor.core.presenter import display
from auditor.core.text import tr
from auditor.gui.desk import Desk
from auditor.gui.dialogs.dialog import Dialog
from auditor.tasks.runner import Lane

if TYPE_CHECKING:
    from auditor.jobs.list_parts import Part
    from auditor.tasks.context import TaskContext

PARTS = Lane("parts")


class AboutDialog(Dialog):
    """The parts arrive a moment later: they are read from files."""

    def __init__(self, desk: Desk, parent: QWidget) -> None:
        super().__init__("dialog.about", tr("About Auditor"), desk.appearance, parent)
        self._tasks = desk.tasks
        self._heading = self.add_heading(tr("Auditor"), "history", "accent")
        self._heading.setObjectName("dialog.about.heading")
        self.add_text(
            tr("Opens an event store, shows what happened, and rebuilds what was true at any version."),
            "small",
        )
        self._parts = QPlainTextEdit()
        self._parts.setObjectName("dialog.about.parts")
        self._parts.setAccessibleName(tr("Versions and licences"))
        self._parts.setProperty("type", "mono")
        self._parts.setReadOnly(True)
        self._parts.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self._parts.setTabChangesFocus(True)
        self._parts.setMinimumHeight(desk.appearance.sizes(264))
        self.body.addWidget(self._parts)
        self.add_button("copy", tr("Copy versions"), self._copy, left=True)
        self.add_button("close", tr("Close"), self.accept, primary=True).setFocus()
        self._ask(desk)

    def _ask(self, desk: Desk) -> None:
        origin = desk.store.origin

        def work(context: "TaskContext") -> "tuple[Part, ...]":
            from auditor.jobs import list_parts
            from auditor.jobs.perform import perform_alone

            return perform_alone(list_parts.run, list_parts.ListPartsRequest(origin=origin), context)

        desk.store.ask_alone(PARTS, work, done=self._show)
        self.finished.connect(lambda: desk.store.forget(PARTS))  # its answer would find no dialog any more

    def _show(self, parts: "tuple[Part, ...]") -> None:
        own, *others = parts
        self._heading.setText(tr("Auditor {version}", version=own.version))
        width = max(len(part.name) for part in others) + 2
        wide = max(len(part.version) for part in others) + 2
        lines = [f"{part.name:<{width}}{part.version:<{wide}}{part.licence}" for part in others]
        lines.insert(0, f"{'Qt':<{width}}{qVersion():<{wide}}LGPL-3.0-only")
        lines.insert(0, f"{own.name:<{width}}{own.version:<{wide}}{own.licence}")
        texts = [f"{part.name}, {part.licence}\n\n{part.text.strip()}" for part in others if part.text]
        everything = "\n".join(lines) + "\n\n" + "\n\n".join(texts)
        self._parts.setPlainText("\n".join(map(display, everything.split("\n"))))

    def _copy(self) -> None:
        versions = self._parts.toPlainText().partition("\n\n")[0]
        QGuiApplication.clipboard().setText(versions)
        self._tasks.say(tr("Versions were copied"))
