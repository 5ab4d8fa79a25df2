"""A job that the user waits for: how far it is, and a way to stop it."""

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QElapsedTimer, QTimer
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QWidget

from auditor.core.errors import AuditorError
from auditor.core.text import tr
from auditor.gui.desk import Desk
from auditor.gui.dialogs.dialog import Dialog, text_label
from auditor.gui.panel_states import LOADING_AFTER_MS
from auditor.tasks.runner import Lane

if TYPE_CHECKING:
    from auditor.tasks.context import Progress, TaskContext

Result = TypeVar("Result")


class RunningDialog(Dialog):
    """Not shown if the job ends within 150 ms. Closing it cancels the job; a failure is told in it."""

    def __init__(self, desk: Desk, parent: QWidget, *, name: str, title: str, line: str) -> None:
        super().__init__(name, title, desk.appearance, parent, width=440)
        self._store = desk.store
        self._lane: Lane | None = None
        self._elapsed = QElapsedTimer()
        self._heading = self.add_heading(title)
        self._line = self.add_text(line, "small")
        self._bar = QProgressBar()
        self._bar.setObjectName(f"{name}.bar")
        self._bar.setTextVisible(False)
        self._bar.setRange(0, 1)
        self._bar.setAccessibleName(tr("Progress"))
        self.body.addWidget(self._bar)
        self._done, self._left_over = text_label(tr("Beginning"), "small"), text_label("", "quiet")
        self._done.setObjectName(f"{name}.done")
        figures = QHBoxLayout()
        figures.addWidget(self._done, 1)
        figures.addWidget(self._left_over)
        self.body.addLayout(figures)
        self._cancel = self.add_button("cancel", tr("Cancel"), self.reject)
        self._timer = QTimer(self, singleShot=True, interval=LOADING_AFTER_MS)
        self._timer.timeout.connect(self._show_unless_over)
        self.rejected.connect(self._stop)
        desk.store.opening_changed.connect(self._on_opening_changed)

    def run(
        self, lane: Lane, work: "Callable[[TaskContext], Result]", *, done: Callable[[Result], object]
    ) -> None:
        """`done` is told the result when the dialog has gone."""
        self._lane = lane
        self._elapsed.start()
        self._timer.start()

        def finished(result: Result) -> None:
            self._end()
            done(result)

        self._store.ask_alone(
            lane,
            work,
            done=finished,
            failed=self._on_failed,
            cancelled=self._end,
            progress=self._on_progress,
        )

    def _show_unless_over(self) -> None:
        if self._lane is not None:
            self.open()

    def _end(self) -> None:
        self._lane = None
        self._timer.stop()
        self.accept()
        self.close()

    def _stop(self) -> None:
        if self._lane is not None:
            lane, self._lane = self._lane, None
            self._store.forget(lane)  # its answers would find no dialog any more

    def _on_opening_changed(self) -> None:
        """Another store is opened by other ways: what runs for this window was let go with the one before."""
        if self._lane is not None and self._store.is_opening:
            self._end()

    def _on_progress(self, progress: "Progress") -> None:
        total = progress.total
        self._bar.setRange(0, total or 0)
        self._bar.setValue(progress.done)
        if total is None:
            self._done.setText(tr("{done:,} {unit}", done=progress.done, unit=progress.unit))
            return
        self._done.setText(
            tr("{done:,} of {total:,} {unit}", done=progress.done, total=total, unit=progress.unit)
        )
        if progress.done:
            left = self._elapsed.elapsed() / 1000 * (total - progress.done) / progress.done
            self._left_over.setText(tr("{seconds:.0f} s left", seconds=left) if left >= 1 else "")

    def _on_failed(self, error: Exception) -> None:
        self._lane = None
        self._timer.stop()
        ours = not isinstance(error, AuditorError)
        self._heading.setText(
            tr("A mistake of the program: {kind}", kind=type(error).__name__)
            if ours
            else getattr(error, "message", "")
        )
        self._line.setText(tr("A report was written.") if ours else getattr(error, "hint", ""))
        for widget in (self._bar, self._done, self._left_over):
            widget.hide()
        self._cancel.setText(tr("Close"))
        self.setWindowTitle(self._heading.text())
        self.fit()
        self.open()
