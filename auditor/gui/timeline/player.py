"""Playing: A moves on by itself, at a speed that can be changed while it plays."""

from PySide6.QtCore import QObject, QTimer, Signal

from auditor.gui.timeline.model import TimelineModel

SPEEDS = (1, 2, 4, 8, 16, 32, 64, 128)
USUAL_SPEED = 4
FASTEST_FRAMES = 30  # a second: beyond that several versions are passed at once


class Player(QObject):
    """Plays to the last version and stops there; from the last version it begins at the first."""

    changed = Signal()

    def __init__(self, model: TimelineModel, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self._at = SPEEDS.index(USUAL_SPEED)
        self._owed = 0.0
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._on_tick)

    @property
    def is_playing(self) -> bool:
        return self._timer.isActive()

    @property
    def speed(self) -> int:
        """Versions a second."""
        return SPEEDS[self._at]

    @property
    def can_be_faster(self) -> bool:
        return self._at < len(SPEEDS) - 1

    @property
    def can_be_slower(self) -> bool:
        return self._at > 0

    def set_playing(self, plays: bool) -> None:
        history = self._model.history
        if plays == self.is_playing or history is None:
            return
        if plays:
            if self._model.ordinal >= history.length:
                self._model.go(1)
            self._owed = 0.0
            self._timer.start(self._interval)
        else:
            self._timer.stop()
        self.changed.emit()

    def change_speed(self, by: int) -> None:
        self._at = min(max(self._at + by, 0), len(SPEEDS) - 1)
        if self.is_playing:
            self._timer.start(self._interval)
        self.changed.emit()

    @property
    def _interval(self) -> int:
        return 1000 // min(self.speed, FASTEST_FRAMES)

    def _on_tick(self) -> None:
        history = self._model.history
        if history is None or self._model.ordinal >= history.length:
            self.set_playing(False)
            return
        self._owed += self.speed / min(self.speed, FASTEST_FRAMES)
        steps = int(self._owed)
        self._owed -= steps
        self._model.go(min(self._model.ordinal + steps, history.length))
        if self._model.ordinal >= history.length:
            self.set_playing(False)
