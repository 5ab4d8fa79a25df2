"""How long a real window takes for each step of a drag over its slider, off screen."""

import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication

from auditor.gui.app import make_appearance, make_application
from auditor.gui.cursor import Place
from auditor.gui.main_window import MainWindow
from auditor.gui.settings import Settings
from auditor.gui.timeline.slider import VersionSlider


@dataclass(frozen=True, kw_only=True)
class Frames:
    """Milliseconds from a move of the mouse until everything that it changed is painted, in order."""

    milliseconds: tuple[float, ...]

    def percentile(self, share: float) -> float:
        return sorted(self.milliseconds)[min(int(len(self.milliseconds) * share), len(self.milliseconds) - 1)]

    @property
    def p95(self) -> float:
        return self.percentile(0.95)

    @property
    def worst(self) -> float:
        return max(self.milliseconds)

    def __str__(self) -> str:
        count = len(self.milliseconds)
        return (
            f"{count} frames: median {self.percentile(0.5):.1f}, p95 {self.p95:.1f}, max {self.worst:.1f} ms"
        )


def drag_over_slider(
    store: Path, aggregate_id: str, *, size: tuple[int, int] = (1440, 900), pause: float = 0.004
) -> Frames:
    """Opens the store in a real window, waits until the history is folded, and drags the slider from end to end and
    back, a pixel a frame. Between frames the event loop has `pause` seconds, as between two frames of a screen; what
    is late then (answers that are drawn) counts for the frame that waited for it."""
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
    assert slider is not None
    _wait(application, lambda: False, seconds=0.5)
    frames = _drag(application, slider, pause)
    window.close()
    window.deleteLater()
    return Frames(milliseconds=tuple(frames))


def _drag(application: QApplication, slider: VersionSlider, pause: float) -> list[float]:
    left, right = slider.INSET, slider.width() - slider.INSET
    path = [*range(right, left, -1), *range(left, right)]
    _send(slider, QEvent.Type.MouseButtonPress, path[0])
    frames = []
    for x in path:
        start = time.perf_counter()
        _send(slider, QEvent.Type.MouseMove, x)
        application.processEvents()
        frames.append((time.perf_counter() - start) * 1000)
        end = time.perf_counter() + pause
        while time.perf_counter() < end:
            application.processEvents()
    _send(slider, QEvent.Type.MouseButtonRelease, path[-1])
    return frames


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
    """`python -m tests.benchmarks.window_frames STORE AGGREGATE_ID [WIDTHxHEIGHT]`"""
    import sys

    sys.setswitchinterval(0.001)  # as the program does
    store, aggregate_id, *rest = sys.argv[1:]
    width, height = map(int, (rest[0] if rest else "1440x900").split("x"))
    print(drag_over_slider(Path(store), aggregate_id, size=(width, height)))


if __name__ == "__main__":
    main()
