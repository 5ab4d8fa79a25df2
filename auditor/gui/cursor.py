"""Where the user is: the one selection that panels share, and the way back to earlier ones."""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

if TYPE_CHECKING:
    from auditor.gui.history import History

MOST_REMEMBERED = 200


@dataclass(frozen=True, slots=True)
class Place:
    """An aggregate and an ordinal of it; `ordinal` None: its last event. `other` is where B stands, None where it
    follows A."""

    aggregate_id: str
    aggregate_type: str | None
    ordinal: int | None = None
    other: int | None = None


class Cursor(QObject):
    """The chosen aggregate, its history once that is read, and the cursors A and B as ordinals (0: there is no event).

    `ordinal` is A. `other` is B, what A is compared with; None: B follows as A - 1, and is not drawn.
    `aggregate_changed` comes first, with `history` None; `history_changed` when the timeline's columns are there or
    have grown; `ordinal_changed` for each move of A, `other_changed` for B. Setting what is set already tells nobody.
    """

    aggregate_changed = Signal()
    history_changed = Signal()
    ordinal_changed = Signal(int)
    other_changed = Signal()
    model_changed = Signal()
    way_changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.place: Place | None = None
        self.history: History | None = None
        self.model: str | None = None
        self.ordinal = 0
        self.other: int | None = None
        self._back: list[Place] = []
        self._forward: list[Place] = []

    # -- going somewhere ---------------------------------------------------------------------------------------

    def go_to(self, place: Place) -> None:
        """A deliberate jump: the place before is remembered. Within an aggregate B stays where it is."""
        if self.place is not None and not self._is_here(place):
            self._remember()
        if place.other is None and self.place is not None and self.place.aggregate_id == place.aggregate_id:
            place = replace(place, other=self.other)
        self._show(place)

    def _is_here(self, place: Place) -> bool:
        if self.place is None or place.aggregate_id != self.place.aggregate_id:
            return False
        if self.history is None:
            return place.ordinal in (None, self.place.ordinal)
        return self.ordinal == (self.history.length if place.ordinal is None else place.ordinal)

    def set_ordinal(self, ordinal: int) -> None:
        """Moves A within the history that is shown, to the nearest ordinal that it has."""
        if self.history is None:
            return
        ordinal = min(max(ordinal, 1), self.history.length)
        if ordinal != self.ordinal:
            self.ordinal = ordinal
            self.ordinal_changed.emit(ordinal)

    def step(self, by: int) -> None:
        self.set_ordinal(self.ordinal + by)

    def set_other(self, ordinal: int | None) -> None:
        """Moves B within the history that is shown; None: it follows A."""
        if ordinal is not None:
            if self.history is None:
                return
            ordinal = min(max(ordinal, 0), self.history.length)
        if ordinal != self.other:
            self.other = ordinal
            self.other_changed.emit()

    def swap(self) -> None:
        """A goes where B is, and B where A was; nothing while B follows A or stands before the first event."""
        if self.other:
            here, there = self.ordinal, self.other
            self.set_ordinal(there)
            self.set_other(here)

    def set_model(self, model: str | None) -> None:
        """None: the model that the store's workspace or the program has for the aggregate's type."""
        if model != self.model:
            self.model = model
            self.model_changed.emit()

    def clear(self) -> None:
        """No aggregate is chosen, and the way back is forgotten: another store is shown."""
        self._back.clear()
        self._forward.clear()
        self.place = self.history = self.model = self.other = None
        self.ordinal = 0
        self.aggregate_changed.emit()
        self.way_changed.emit()

    # -- the history that was read -------------------------------------------------------------------------------

    def set_history(self, history: "History") -> None:
        """The columns of the chosen aggregate, new or grown. A stays where it is, unless it was at the end."""
        if self.place is None or history.aggregate.aggregate_id != self.place.aggregate_id:
            return
        was_at_end = self.history is not None and self.ordinal == self.history.length
        first_time = self.history is None
        self.place = replace(self.place, aggregate_type=history.aggregate.aggregate_type)
        self.history = history
        self.history_changed.emit()
        if first_time:
            wanted = self.place.ordinal
            self._set_first(history.length if wanted is None else min(max(wanted, 1), history.length))
            self.set_other(self.place.other)
        elif was_at_end:
            self.set_ordinal(history.length)

    def _set_first(self, ordinal: int) -> None:
        self.ordinal = ordinal
        self.ordinal_changed.emit(ordinal)

    # -- back and forward ------------------------------------------------------------------------------------------

    @property
    def can_go_back(self) -> bool:
        return bool(self._back)

    @property
    def can_go_forward(self) -> bool:
        return bool(self._forward)

    def back(self) -> None:
        self._travel(self._back, self._forward)

    def forward(self) -> None:
        self._travel(self._forward, self._back)

    def _travel(self, source: list[Place], other: list[Place]) -> None:
        if not source:
            return
        here = self._here()
        if here is not None:
            other.append(here)
        self._show(source.pop())
        self.way_changed.emit()

    def _remember(self) -> None:
        here = self._here()
        if here is not None:
            self._back.append(here)
            del self._back[:-MOST_REMEMBERED]
        self._forward.clear()
        self.way_changed.emit()

    def _here(self) -> Place | None:
        if self.place is None:
            return None
        ordinal = self.place.ordinal if self.history is None else self.ordinal
        other = self.place.other if self.history is None else self.other
        return Place(self.place.aggregate_id, self.place.aggregate_type, ordinal, other)

    def _show(self, place: Place) -> None:
        same = self.place is not None and place.aggregate_id == self.place.aggregate_id
        if same and self.history is not None:
            self.set_ordinal(self.history.length if place.ordinal is None else place.ordinal)
            self.set_other(place.other)
            return
        self.place = place
        self.history = self.other = self.model = None
        self.ordinal = 0
        self.aggregate_changed.emit()
