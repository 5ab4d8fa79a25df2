"""Taking values and rows out of a read model."""

import json
import shlex

from auditor.core.text import tr
from auditor.gui.copying import Copied, put_on_clipboard
from auditor.gui.desk import Desk
from auditor.gui.projections.rows_feed import RowsFeed
from auditor.gui.projections.rows_model import RowsModel, exact_text
from auditor.gui.projections.rows_table import RowsTable


class RowsCopying:
    """The value of the current cell exactly as stored, its row as JSON, the command that lists them."""

    def __init__(self, desk: Desk, table: RowsTable, feed: RowsFeed) -> None:
        self._desk = desk
        self._table = table
        self._feed = feed

    def copyable(self) -> frozenset[Copied]:
        if not self._table.currentIndex().isValid():
            return frozenset()
        return frozenset({Copied.VALUE, Copied.JSON, Copied.COMMAND})

    def copy(self, what: Copied) -> None:
        if what is Copied.COMMAND:
            text, said = self._command(), tr("Command copied")
        elif what is Copied.JSON:
            text, said = self._row_json(), tr("Row copied as JSON")
        else:
            text, said = exact_text(self._model.value(self._table.currentIndex())), tr("Value copied")
        put_on_clipboard(text)
        self._desk.tasks.say(said)

    @property
    def _model(self) -> RowsModel:
        model = self._table.model()
        assert isinstance(model, RowsModel)  # noqa: S101 - it was made with one
        return model

    def _row_json(self) -> str:
        from auditor.jobs.list_rows import json_value

        row = self._model.row(self._table.currentIndex().row())
        values = {
            column.name: json_value(value) for column, value in zip(self._model.columns, row, strict=True)
        }
        return json.dumps(values, indent=2, ensure_ascii=False)

    def _command(self) -> str:
        words = ["auditor", "rows", self._desk.store.location, self._feed.name]
        if self._feed.table is not None:
            words += ["--table", self._feed.table]
        if self._feed.prefix:
            words += ["--prefix", self._feed.prefix]
        return shlex.join(words)
