"""Reads the rows of a read model page by page, as they are looked at."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from auditor.gui.desk import Desk
from auditor.gui.projections.rows_model import PAGE, RowsModel
from auditor.tasks.runner import Lane

if TYPE_CHECKING:
    from auditor.jobs.list_rows import RowsResult

ROWS = Lane("rows")


class RowsFeed(QObject):
    """At most one page is under way. Rows that were rebuilt between two pages are read from the beginning."""

    shown = Signal(object)
    """`RowsResult`, for each page that came."""
    failed = Signal(object)
    """The first page could not be read."""
    page_failed = Signal(object)
    """A further one could not be read; what is held stays."""
    began = Signal()

    def __init__(self, desk: Desk, model: RowsModel, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._model = model
        self._is_asking = False
        self.name = ""
        self.table: str | None = None
        self.prefix = ""
        self.newest: RowsResult | None = None

    def show(self, name: str, table: str | None = None, prefix: str = "") -> None:
        """From the first page on."""
        self.name, self.table, self.prefix = name, table, prefix
        self.newest = None
        self._is_asking = False
        self.began.emit()
        self._ask(None, self._on_first, self.failed)

    def forget(self) -> None:
        self._desk.store.forget(ROWS)
        self._is_asking, self.newest = False, None
        self._model.clear()

    def look_at(self, first: int, last: int) -> None:
        """Held rows from … to … are visible: reads on where an end is near."""
        if self._is_asking or self.newest is None:
            return
        if last >= self._model.rowCount() - PAGE // 2 and self._model.next_token is not None:
            self._ask(self._model.next_token, self._on_behind, self.page_failed)
        elif first < PAGE // 2 and self._model.first_page > 0:
            self._ask(self._model.tokens[self._model.first_page - 1], self._on_in_front, self.page_failed)

    def _ask(self, after: str | None, done: object, failed: object) -> None:
        from auditor.jobs import list_rows

        request = list_rows.ListRowsRequest(
            origin=self._desk.store.origin,
            name=self.name,
            table=self.table,
            prefix=self.prefix or None,
            limit=PAGE,
            after=after,
        )
        self._is_asking = True

        def answered(page: "RowsResult") -> None:
            self._is_asking = False
            done(page)  # type: ignore[operator] # one of the three below

        def not_answered(error: Exception) -> None:
            self._is_asking = False
            failed.emit(error)  # type: ignore[attr-defined] # a signal of ours

        self._desk.store.ask(ROWS, list_rows.run, request, done=answered, failed=not_answered)

    def _on_first(self, page: "RowsResult") -> None:
        self.newest = page
        self._model.show_first(page)
        self.shown.emit(page)

    def _on_behind(self, page: "RowsResult") -> None:
        if self._is_of_another_build(page):
            return
        self._model.put_behind(page)
        self.shown.emit(page)

    def _on_in_front(self, page: "RowsResult") -> None:
        if self._is_of_another_build(page):
            return
        self._model.put_in_front(page)
        self.shown.emit(page)

    def _is_of_another_build(self, page: "RowsResult") -> bool:
        known, self.newest = self.newest, page
        if known is not None and (known.position, known.built_from) == (page.position, page.built_from):
            return False
        self.show(self.name, self.table, self.prefix)
        return True
