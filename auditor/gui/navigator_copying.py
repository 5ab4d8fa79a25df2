"""Taking aggregates out of the list."""

import json
import shlex

from auditor.core.text import tr
from auditor.gui.copying import Copied, put_on_clipboard
from auditor.gui.desk import Desk
from auditor.gui.navigator_list import AggregateList
from auditor.gui.navigator_model import AggregateModel


class AggregateCopying:
    """Of the chosen row: its id, the row as JSON, the command that shows its history."""

    def __init__(self, desk: Desk, view: AggregateList, model: AggregateModel) -> None:
        self._desk = desk
        self._view = view
        self._model = model

    def copyable(self) -> frozenset[Copied]:
        if self._view.selected is None:
            return frozenset()
        return frozenset({Copied.VALUE, Copied.JSON, Copied.COMMAND})

    def copy(self, what: Copied) -> None:
        number = self._view.selected
        if number is None:
            return
        row = self._model.row(number)
        if what is Copied.JSON:
            from auditor.jobs.list_aggregates import aggregate_document

            text = json.dumps(aggregate_document(row), indent=2, ensure_ascii=False)
            said = tr("Copied as JSON")
        elif what is Copied.COMMAND:
            text = shlex.join(["auditor", "timeline", self._desk.store.location, "--", row.aggregate_id])
            said = tr("Command copied")
        else:
            text, said = row.aggregate_id, tr("Id copied")
        put_on_clipboard(text)
        self._desk.tasks.say(said)
