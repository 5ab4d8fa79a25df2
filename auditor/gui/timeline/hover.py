"""What the hover card says, and asks what an event changed while it is shown."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint
from PySide6.QtWidgets import QWidget

from auditor.core.presenter import display
from auditor.core.text import tr
from auditor.core.unapplied_kind import kind_words
from auditor.gui.desk import Desk
from auditor.gui.history import History
from auditor.gui.timeline.gestures import Gestures
from auditor.gui.timeline.hover_card import HoverCard
from auditor.gui.timeline.lanes_view import LanesView
from auditor.gui.timeline.model import TimelineModel
from auditor.tasks.runner import Lane

if TYPE_CHECKING:
    from auditor.jobs.show_changes import ChangesResult

CHANGES = Lane("timeline card")
MOST_NAMED = 3


class Hover(QObject):
    """Shows the card beside the mark or bar under a resting pointer."""

    def __init__(
        self, desk: Desk, model: TimelineModel, lanes: LanesView, gestures: Gestures, parent: QWidget
    ) -> None:
        super().__init__(parent)
        self._desk = desk
        self._model = model
        self._lanes = lanes
        self._shown = 0
        self._mark = QPoint()
        self.card = HoverCard(parent)
        gestures.rested.connect(self._on_rested)
        gestures.left.connect(self.hide)
        model.window_changed.connect(self.hide)

    def hide(self) -> None:
        if self.card.isVisible():
            self.card.hide()
        if self._shown:
            self._shown = 0
            self._desk.store.forget(CHANGES)

    def _on_rested(self, lane: int, ordinals: list[int]) -> None:
        history = self._model.history
        if history is None or not ordinals:
            return
        rect = self._lanes.lane_rect(lane)
        places = self._model.places
        middle = (places.of(ordinals[0]) + places.of(ordinals[-1])) / 2
        x = self._model.window.x_of(middle, self._lanes.plot_rect.width()) + self._lanes.plot_rect.left()
        self._mark = self._lanes.mapTo(self.card.panel, QPoint(round(x), rect.center().y()))
        if len(ordinals) == 1:
            self.card.tell(self.event_lines(history, ordinals[0]), self._mark)
            self._shown = ordinals[0]
            self._ask_changes(history, ordinals[0])
        else:
            self.card.tell(self.bar_lines(history, ordinals), self._mark)

    def event_lines(self, history: History, ordinal: int, changes: str = "") -> list[str]:
        """`40 QuantityChanged`, its time, what changed, by whom."""
        version, user = history.version(ordinal), history.user(ordinal)
        by = tr("by {user}", user=display(user)) if user else tr("no user recorded")
        failed = self._why_not_applied(ordinal) if ordinal in history.unapplied else ""
        lines = [
            f"{version:,} {display(history.event_type(ordinal) or '')}",
            self._desk.clock.full(history.time(ordinal) or ""),
            self._about_time(ordinal) or self._lanes.overlay.faults.event_text(ordinal),
            failed or changes,
            by,
        ]
        return [line for line in lines if line]

    def _why_not_applied(self, ordinal: int) -> str:
        fold = self._desk.loader.fold
        kinds = [one.kind for one in fold.unapplied if one.ordinal == ordinal] if fold is not None else []
        return tr("not applied: {why}", why=kind_words(kinds[0])) if kinds else tr("not applied")

    def _about_time(self, ordinal: int) -> str:
        """Why a mark on the axis by time does not stand at its recorded time."""
        instants = self._model.instants
        if self._model.scale is None or instants is None:
            return ""
        if ordinal in instants.displaced:
            return tr("out of order in time, placed by version")
        return tr("without a readable time, placed by version") if ordinal in instants.unreadable else ""

    def bar_lines(self, history: History, ordinals: list[int]) -> list[str]:
        """What a bar stands for."""
        first, last = ordinals[0], ordinals[-1]
        name = display(history.event_type(first) or "")
        return [
            tr("{count} × {name}", count=f"{len(ordinals):,}", name=name),
            tr(
                "versions {first} to {last}",
                first=f"{history.version(first):,}",
                last=f"{history.version(last):,}",
            ),
            tr("from {time}", time=self._desk.clock.second(history.time(first) or "")),
            tr("to {time}", time=self._desk.clock.second(history.time(last) or "")),
        ]

    def _ask_changes(self, history: History, ordinal: int) -> None:
        if self._desk.loader.folded_events < ordinal:
            return  # not folded yet: asking would fold it all for a card
        from auditor.jobs import show_changes

        request = show_changes.ShowChangesRequest(
            origin=self._desk.store.origin,
            aggregate_id=history.aggregate.aggregate_id,
            aggregate_type=history.aggregate.aggregate_type,
            ordinal=ordinal,
            model=self._desk.cursor.model,
            most=MOST_NAMED,
        )
        self._desk.store.ask(CHANGES, show_changes.run, request, done=self._on_changes)

    def _on_changes(self, result: "ChangesResult") -> None:
        history = self._model.history
        if history is None or result.asked != self._shown or result.ordinal != self._shown:
            return
        self.card.tell(self.event_lines(history, self._shown, changed_text(result)), self._mark)


def changed_text(result: "ChangesResult") -> str:
    """`sets status, carrier`; `no field changed`."""
    if not result.total:
        return tr("no field changed")
    names = ", ".join(
        display(one.pointer.removeprefix("/").replace("/", "."), longest=60) for one in result.changes
    )
    more = result.total - len(result.changes)
    return (
        tr("sets {names} and {more} more", names=names, more=more)
        if more
        else tr("sets {names}", names=names)
    )
