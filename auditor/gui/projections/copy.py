"""Taking values out of the list of projections and out of their rows."""

import json
import shlex

from auditor.core.presenter import display
from auditor.core.text import tr
from auditor.gui.copying import Copied, put_on_clipboard
from auditor.gui.desk import Desk
from auditor.gui.projections.list_model import ProjectionModel
from auditor.gui.projections.list_view import ProjectionList


class ListCopying:
    """The name, all that is known of it as JSON, the command that lists them."""

    def __init__(self, desk: Desk, view: ProjectionList, model: ProjectionModel) -> None:
        self._desk = desk
        self._view = view
        self._model = model

    def copyable(self) -> frozenset[Copied]:
        if not self._view.currentIndex().isValid():
            return frozenset()
        return frozenset({Copied.VALUE, Copied.JSON, Copied.COMMAND})

    def copy(self, what: Copied) -> None:
        index = self._view.currentIndex()
        row = self._model.row(index.row())
        if what is Copied.JSON:
            text, said = json.dumps(row.document(), indent=2, ensure_ascii=False), tr("Copied as JSON")
        elif what is Copied.COMMAND:
            text, said = (
                shlex.join(["auditor", "projections", self._desk.store.location]),
                tr("Command copied"),
            )
        else:
            text, said = row.name, tr("{name} copied", name=display(row.name, longest=60))
        put_on_clipboard(text)
        self._desk.tasks.say(said)
