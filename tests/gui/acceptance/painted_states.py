"""What the state panel has on screen, paint by paint, held against what was asked of the store."""

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QLabel

from auditor.gui.main_window import MainWindow
from auditor.gui.state.panel import StatePanel
from auditor.jobs.show_outline import ShowOutlineRequest


class PaintedStates(QObject):
    """Numbers the questions for states as they are asked, and looks at each paint which answer is shown. `wrong` says
    in words what must not be: an older answer after a newer one, or one under another version's number."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._panel: StatePanel | None = None
        self._asked = 0
        self._answers: dict[int, int] = {}  # by the answer's identity
        self._kept: list[object] = []  # so that no identity is used twice
        self._newest_painted = 0
        self.painted = 0
        self.wrong: list[str] = []
        self._listen()
        window.desk.store.opened.connect(self.watch)

    def _listen(self) -> None:
        store, ask = self._window.desk.store, self._window.desk.store.ask

        def listening(lane: Any, job: Any, request: Any, *, done: Callable[[Any], None], **more: Any) -> None:
            if not isinstance(request, ShowOutlineRequest):
                ask(lane, job, request, done=done, **more)
                return
            self._asked += 1
            number = self._asked

            def answered(result: Any) -> None:
                self._answers[id(result)] = number
                self._kept.append(result)
                done(result)

            ask(lane, job, request, done=answered, **more)

        store.ask = listening  # type: ignore[method-assign] # a listener on the wire, which passes everything on

    def watch(self) -> None:
        """From now on, if the panel is there; else as soon as it is."""
        if self._panel is None and self._window.views is not None:
            self._panel = self._window.views.history.state
            self._panel.view.viewport().installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # Qt's name
        if event.type() == QEvent.Type.Paint and self._panel is not None:
            self._look(self._panel)
        return False

    def _look(self, panel: StatePanel) -> None:
        shown = panel.reader.shown
        if shown is None or panel.states.state != "content":
            return
        self.painted += 1
        number = self._answers.get(id(shown), 0)
        if number < self._newest_painted:
            self.wrong.append(f"answer {number} is painted after answer {self._newest_painted}")
        self._newest_painted = max(number, self._newest_painted)
        label = panel.findChild(QLabel, "state.version")
        said = None if label is None else label.text()
        if said != f"{shown.version:,}":
            self.wrong.append(f"the state of version {shown.version} is painted under {said}")
        place = self._window.desk.cursor.place
        if place is None or place.aggregate_id != shown.aggregate_id:
            self.wrong.append(f"a state of {shown.aggregate_id} is painted while {place} is chosen")
