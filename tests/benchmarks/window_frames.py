"""How long a real window takes for each step of a drag over its slider, off screen."""

import os
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QEvent, QObject, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication

from auditor.gui.app import make_appearance, make_application
from auditor.gui.cursor import Cursor, Place
from auditor.gui.main_window import MainWindow
from auditor.gui.settings import Settings
from auditor.gui.state.panel import StatePanel
from auditor.gui.timeline.model import AxisKind
from auditor.gui.timeline.panel import TimelinePanel
from auditor.gui.timeline.slider import VersionSlider


@dataclass(frozen=True, kw_only=True)
class Frames:
    """Milliseconds from a move of the mouse until everything that it changed is painted, in order. `busy` is what the
    window's thread worked for it: on a machine with other work the rest is waiting for a core."""

    milliseconds: tuple[float, ...]
    busy: tuple[float, ...]
    gaps: tuple[float, ...] = (0.0,)
    """Milliseconds from one painted state to the next newer one, from the first move to the last."""
    steps_back: int = 0
    """How often a state was painted that had been asked for before the one painted last."""

    @property
    def p95(self) -> float:
        return percentile(self.milliseconds, 0.95)

    @property
    def worst(self) -> float:
        return max(self.milliseconds)

    def __str__(self) -> str:
        states = (
            f"{len(self.gaps)} states painted, apart {_said(self.gaps)}; {self.steps_back} older after newer"
        )
        return f"{len(self.milliseconds)} frames: {_said(self.milliseconds)}; at work {_said(self.busy)}; {states}"


class PaintedStates(QObject):
    """Of which moves of A the tree of the state was painted, and when."""

    def __init__(self, panel: StatePanel, cursor: Cursor) -> None:
        super().__init__()
        self._reader = panel.reader
        self._asked: list[int] = []
        self.times: list[float] = []
        self.steps_back = 0
        self._place = -1
        cursor.ordinal_changed.connect(self._asked.append)
        panel.view.viewport().installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt
        if event.type() is QEvent.Type.Paint and self._reader.shown is not None and self._asked:
            self._painted(self._reader.shown.asked)
        return super().eventFilter(watched, event)

    def _painted(self, ordinal: int) -> None:
        """The way leads over most ordinals twice: it is the next time that A stood there, if there is one."""
        if self._place >= 0 and self._asked[self._place] == ordinal:
            return
        if ordinal not in self._asked:
            return  # what stood there before the first move
        later = [at for at in range(self._place + 1, len(self._asked)) if self._asked[at] == ordinal]
        if later:
            self._place = later[0]
            self.times.append(time.perf_counter())
        else:
            self.steps_back += 1


def percentile(values: Sequence[float], share: float) -> float:
    return sorted(values)[min(int(len(values) * share), len(values) - 1)]


def _said(values: Sequence[float]) -> str:
    return (
        f"median {percentile(values, 0.5):.1f}, p95 {percentile(values, 0.95):.1f}, max {max(values):.1f} ms"
    )


def drag_over_slider(
    store: Path,
    aggregate_id: str,
    *,
    size: tuple[int, int] = (1440, 900),
    zoomed_to: int | None = None,
    by_time: bool = False,
    pause: float = 0.004,
) -> Frames:
    """Opens the store in a real window, waits until the history is folded, and drags the slider from end to end and
    back, a pixel a frame. Between frames the event loop has `pause` seconds, as between two frames of a screen; what
    is late then (answers that are drawn) counts for the frame that waited for it. `zoomed_to` so many versions the
    lanes go along in steps. `by_time`: over the axis by time, with long gaps compressed."""
    application = make_application()
    settings = Settings()
    window = MainWindow(make_appearance(application, settings), settings)
    window.resize(*size)
    window.show()
    window.open(str(store))
    desk = window.desk
    _wait(application, lambda: desk.store.is_open)
    desk.cursor.go_to(Place(aggregate_id, None))
    _wait(application, lambda: desk.loader.fold is not None)
    slider = window.findChild(VersionSlider, "timeline.slider")
    timeline = window.findChild(TimelinePanel, "timeline")
    assert slider is not None
    assert timeline is not None
    timeline.model.set_axis(AxisKind.TIME if by_time else AxisKind.VERSION, compresses=by_time)
    if zoomed_to is not None:
        timeline.model.show_events(1, zoomed_to)
    _wait(application, lambda: False, seconds=0.5)
    panel = window.findChild(StatePanel, "state")
    assert panel is not None
    painted = PaintedStates(panel, desk.cursor)
    frames = _drag(application, slider, pause, painted)
    window.close()
    window.deleteLater()
    return frames


def _drag(application: QApplication, slider: VersionSlider, pause: float, painted: PaintedStates) -> Frames:
    left, right = slider.INSET, slider.width() - slider.INSET
    path = [*range(right, left, -1), *range(left, right)]
    _send(slider, QEvent.Type.MouseButtonPress, path[0])
    frames, busy, began = [], [], time.perf_counter()
    for x in path:
        start, worked = time.perf_counter(), time.thread_time()
        _send(slider, QEvent.Type.MouseMove, x)
        application.processEvents()
        frames.append((time.perf_counter() - start) * 1000)
        busy.append((time.thread_time() - worked) * 1000)
        end = time.perf_counter() + pause
        while time.perf_counter() < end:
            application.processEvents()
    _send(slider, QEvent.Type.MouseButtonRelease, path[-1])
    times = [began, *painted.times, time.perf_counter()]
    gaps = tuple((after - before) * 1000 for before, after in pairwise(times))
    return Frames(milliseconds=tuple(frames), busy=tuple(busy), gaps=gaps, steps_back=painted.steps_back)


def _send(slider: VersionSlider, kind: QEvent.Type, x: int) -> None:
    at = QPointF(x, slider.height() / 2)
    button = Qt.MouseButton.NoButton if kind is QEvent.Type.MouseMove else Qt.MouseButton.LeftButton
    held = Qt.MouseButton.NoButton if kind is QEvent.Type.MouseButtonRelease else Qt.MouseButton.LeftButton
    where = QPointF(slider.mapToGlobal(at))
    event = QMouseEvent(kind, at, where, button, held, Qt.KeyboardModifier.NoModifier)
    QApplication.sendEvent(slider, event)


def _wait(application: QApplication, is_so: Callable[[], bool], seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not is_so() and time.monotonic() < end:
        application.processEvents()
        time.sleep(0.002)


def main() -> None:
    """`python -m tests.benchmarks.window_frames STORE AGGREGATE_ID [WIDTHxHEIGHT [VERSIONS_IN_VIEW]] [time]`"""
    import sys

    sys.setswitchinterval(0.001)  # as the program does
    store, aggregate_id, *rest = (word for word in sys.argv[1:] if word != "time")
    width, height = map(int, (rest[0] if rest else "1440x900").split("x"))
    zoomed_to = int(rest[1]) if len(rest) > 1 else None
    by_time = "time" in sys.argv[3:]
    size = (width, height)
    print(drag_over_slider(Path(store), aggregate_id, size=size, zoomed_to=zoomed_to, by_time=by_time))


if __name__ == "__main__":
    main()
