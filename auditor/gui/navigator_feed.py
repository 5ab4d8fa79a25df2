"""Brings pages of aggregates into the list: the beginning, the end, what lies beyond, the surroundings of one."""

from dataclasses import dataclass
from enum import Enum
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from auditor.core.errors import AggregateNotFound
from auditor.gui.current_store import CurrentStore
from auditor.gui.navigator_model import AggregateModel
from auditor.tasks.runner import Lane

if TYPE_CHECKING:
    from auditor.jobs.list_aggregates import ListAggregatesResult
    from auditor.stores.pages import AggregateOrder, AggregateRow

PAGES = Lane("aggregates")
PAGE_ROWS = 200
COUNTED = 100_000  # what a filter lets through is counted up to there
READ_AHEAD = 100  # rows from an end at which the page beyond is asked for


class Part(Enum):
    """Which page is asked for."""

    FIRST = "first"
    LAST = "last"
    AROUND = "around"
    BEHIND = "behind"
    IN_FRONT = "in front"


@dataclass(frozen=True, slots=True)
class Listed:
    """What the list is of. `prefix` is that of the ids."""

    aggregate_type: str | None = None
    prefix: str = ""
    order: "AggregateOrder" = "last"

    def has(self, row: "AggregateRow") -> bool:
        return self.aggregate_type in (None, row.aggregate_type) and row.aggregate_id.startswith(self.prefix)


class AggregateFeed(QObject):
    """One request at a time; a new list, or another part of it, takes the place of what was asked before."""

    shown = Signal(object)
    """A page is there in place of what was: its `Part`."""
    extended = Signal()
    failed = Signal(object)
    """There is no list."""
    stuck = Signal(object)
    """There is a list, and what lies beyond it could not be read."""
    began = Signal()

    def __init__(self, store: CurrentStore, model: AggregateModel, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._store = store
        self._model = model
        self.listed = Listed()
        self.matching: int | None = None
        """How many aggregates the filter lets through; None where that is not known."""
        self._asked: Part | None = None
        self.around: str | None = None
        """The id whose surroundings were asked for last."""
        self._newer: list[AggregateRow] = []  # what came while a page was under way

    @property
    def is_reading(self) -> bool:
        return self._asked is not None

    @property
    def is_replacing(self) -> bool:
        """Whether what is shown is not yet what is listed."""
        return self._asked in (Part.FIRST, Part.LAST, Part.AROUND)

    def show(self, listed: Listed, part: Part = Part.FIRST, around: str | None = None) -> None:
        """The list anew. `around` is the id whose surroundings are wanted."""
        self.listed = listed
        self.around = around
        self._ask(part)
        self.began.emit()

    def show_again(self) -> None:
        """After a failure: what was wanted last."""
        self.show(self.listed, Part.AROUND if self.around else Part.FIRST, self.around)

    def read_beyond(self, first: int, last: int) -> None:
        """Rows `first` to `last` are seen: reads on where an end of what is held comes near."""
        if self._asked is not None or not self._store.is_open:
            return
        if last >= self._model.rowCount() - READ_AHEAD and self._model.after is not None:
            self._ask(Part.BEHIND)
        elif first < READ_AHEAD and self._model.before is not None:
            self._ask(Part.IN_FRONT)

    def take_newer(self, rows: "tuple[AggregateRow, ...]") -> None:
        """Aggregates that have new events, the newest first."""
        if self._asked is not None:
            self._newer = [*rows, *self._newer]
        if any(map(self.listed.has, rows)):
            self.matching = None
        self._model.take_changed(rows, newest_first=self.listed.order == "last", is_listed=self.listed.has)

    def forget(self) -> None:
        """Another store: nothing is listed."""
        self._store.forget(PAGES)
        self._asked = self.around = None
        self._newer.clear()
        self.listed = Listed(order=self.listed.order)
        self._model.clear()

    def _ask(self, part: Part) -> None:
        from auditor.jobs import list_aggregates

        self._asked = part
        self._newer.clear()
        beyond = {Part.LAST: "", Part.IN_FRONT: self._model.before}
        request = list_aggregates.ListAggregatesRequest(
            origin=self._store.origin,
            limit=PAGE_ROWS,
            aggregate_type=self.listed.aggregate_type,
            prefix=self.listed.prefix or None,
            order=self.listed.order,
            after=self._model.after if part is Part.BEHIND else None,
            before=beyond.get(part),
            around=self.around if part is Part.AROUND else None,
            count_to=COUNTED if self.listed.prefix and part not in (Part.BEHIND, Part.IN_FRONT) else 0,
        )
        self._store.ask(
            PAGES,
            list_aggregates.run,
            request,
            done=partial(self._on_page, part),
            failed=partial(self._on_failed, part),
            cancelled=self._on_cancelled,
        )

    def _on_page(self, part: Part, page: "ListAggregatesResult") -> None:
        self._asked = None
        if part is Part.BEHIND:
            self._model.put_behind(page.aggregates, page.before, page.after)
        elif part is Part.IN_FRONT:
            self._model.put_in_front(page.aggregates, page.before, page.after)
        else:
            self.matching = page.matching
            self._model.show(page.aggregates, page.before, page.after)
        self._take_what_came()
        if part in (Part.BEHIND, Part.IN_FRONT):
            self.extended.emit()
        else:
            self.shown.emit(part)

    def _take_what_came(self) -> None:
        """The page may have been read before these events: their rows hold a later moment than its."""
        rows, self._newer = self._newer, []
        if rows:
            newest = {row.aggregate_id: row for row in reversed(rows)}
            ordered = sorted(newest.values(), key=lambda row: -row.last_position)
            self.take_newer(tuple(ordered))

    def _on_failed(self, part: Part, error: Exception) -> None:
        self._asked = None
        if part is Part.AROUND and isinstance(error, AggregateNotFound):
            self._ask(Part.FIRST)
        elif part in (Part.BEHIND, Part.IN_FRONT):
            self.stuck.emit(error)
        else:
            self.failed.emit(error)

    def _on_cancelled(self) -> None:
        self._asked = None
