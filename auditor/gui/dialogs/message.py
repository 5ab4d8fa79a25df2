"""One sentence that needs an answer no bigger than *Close*."""

from PySide6.QtWidgets import QWidget

from auditor.core.text import tr
from auditor.gui.desk import Desk
from auditor.gui.dialogs.dialog import Dialog


class MessageDialog(Dialog):
    """What happened and why, and what to do."""

    def __init__(self, desk: Desk, parent: QWidget, *, name: str, title: str, line: str) -> None:
        super().__init__(name, title, desk.appearance, parent, width=440)
        self.add_heading(title)
        if line:
            self.add_text(line, "small")
        self.add_button("close", tr("Close"), self.accept, primary=True).setFocus()
