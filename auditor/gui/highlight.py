"""What stands out on the timeline: the events that set a field, or the versions at which a condition held."""

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QObject, Signal

from auditor.gui.cursor import Cursor
from auditor.gui.history import Integers


class Highlight(QObject):
    """Set by who looks for something, drawn by the timeline. `label` says in a few words what it is.

    `events`: rising ordinals; only these keep their colour and size. None: all do.
    `intervals`: (first, last) ordinals, rising, that do not touch each other.
    `ring`: one event with a thin ring, apart from A.
    """

    changed = Signal()

    def __init__(self, cursor: Cursor, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.events: Integers | None = None
        self.intervals: tuple[tuple[int, int], ...] | None = None
        self.ring: int | None = None
        self.label = ""
        cursor.aggregate_changed.connect(self.clear)

    @property
    def is_empty(self) -> bool:
        return self.events is None and self.intervals is None and self.ring is None

    def show_events(self, events: Sequence[int] | Integers, label: str) -> None:
        """Takes the place of whatever stood out before; the ring stays."""
        self.events = np.asarray(events, dtype=np.int64)
        self.intervals, self.label = None, label
        self.changed.emit()

    def show_intervals(self, intervals: Sequence[tuple[int, int]], label: str) -> None:
        """Likewise; none at all is an answer too."""
        self.events, self.intervals, self.label = None, tuple(intervals), label
        self.changed.emit()

    def set_ring(self, ordinal: int | None) -> None:
        if ordinal != self.ring:
            self.ring = ordinal
            self.changed.emit()

    def clear(self) -> None:
        if not self.is_empty:
            self.events = self.intervals = self.ring = None
            self.label = ""
            self.changed.emit()
