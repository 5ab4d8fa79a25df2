"""Whether the code of a workspace may run: asked once when its store was opened, and whenever the user wants to see."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from auditor.core.presenter import display
from auditor.core.text import tr
from auditor.gui.desk import Desk
from auditor.gui.dialogs.dialog import Dialog, FactList

if TYPE_CHECKING:
    from collections.abc import Mapping

    from auditor.jobs.review_code import CodeReview
    from auditor.jobs.workspace_code import TrustQuestion

MOST_LINES = 7


class TrustDialog(Dialog):
    """`answered` tells the hash that is trusted, or None: go on without the code. Closing it says the same."""

    answered = Signal(object)

    def __init__(self, desk: Desk, parent: QWidget, review: "CodeReview", question: "TrustQuestion") -> None:
        title = tr("This workspace contains code. Run it?")
        if review.is_trusted:
            title = tr("The code of this workspace is trusted")
        super().__init__("dialog.trust", title, desk.appearance, parent, width=640)
        self._question = question
        self._was_trusted = review.is_trusted
        self.add_heading(title, "shield", "add" if review.is_trusted else "chg")
        self.add_text(
            tr("Its classes compute states and projections, in a process of their own.")
            + " "
            + question.meaning.replace("\n", " "),
            "small",
        )
        self.body.addWidget(self._facts(review))
        self.body.addWidget(self._files())
        if not review.is_trusted:
            self.add_note(
                tr(
                    "Without it you still see all events. States use the generic merge and are called the "
                    "approximation that they are. You are asked again whenever one of these files changes."
                )
            )
        self._add_buttons(review)
        self.finished.connect(self._on_finished)
        self._answer: str | None = None

    def _facts(self, review: "CodeReview") -> FactList:
        facts = FactList("dialog.trust.facts", self.appearance)
        interpreter = self._question.interpreter
        facts.set(tr("workspace"), display(str(self._question.workspace)), mono=True)
        if review.models:
            facts.set(tr("models"), _targets(review.models), mono=True)
        if review.projections:
            facts.set(tr("projections"), _targets(review.projections), mono=True)
        facts.set(
            tr("interpreter"),
            tr("the program's own Python") if interpreter is None else display(str(interpreter)),
            mono=interpreter is not None,
        )
        facts.set(
            tr("limits"),
            tr("{seconds:g} s a request, {memory:,} MB", seconds=review.seconds, memory=review.memory_mb),
        )
        facts.set(tr("SHA-256"), self._question.sha256, mono=True)
        return facts

    def _files(self) -> QPlainTextEdit:
        question = self._question
        missing = [tr("{module}: no file was found", module=name) for name in question.missing]
        lines = [*question.files, *missing]
        shown = QPlainTextEdit("\n".join(lines))
        shown.setObjectName("dialog.trust.files")
        shown.setAccessibleName(tr("Files of the code"))
        shown.setReadOnly(True)
        shown.setTabChangesFocus(True)
        shown.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        shown.setProperty("type", "mono")
        height = shown.fontMetrics().lineSpacing() * min(max(len(lines), 2), MOST_LINES)
        shown.setFixedHeight(height + self.appearance.sizes(26))
        return shown

    def _add_buttons(self, review: "CodeReview") -> None:
        self.add_button("folder", tr("Open the folder"), self._open_folder, left=True)
        if review.is_trusted:
            self.add_button("close", tr("Close"), self.accept, primary=True).setFocus()
            return
        self.add_button("trust", tr("Trust this code"), self._trust)
        self.add_button("without", tr("Go on without its code"), self.reject, primary=True).setFocus()

    def _open_folder(self) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._question.workspace.parent)))

    def _trust(self) -> None:
        self._answer = self._question.sha256
        self.accept()

    def _on_finished(self) -> None:
        if not self._was_trusted:
            self.answered.emit(self._answer)


def _targets(named: "Mapping[str, str]") -> str:
    return display(", ".join(dict.fromkeys(named.values())))
