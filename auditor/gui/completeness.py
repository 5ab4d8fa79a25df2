"""The status bar's sentence: how much of the chosen aggregate is loaded, and whether its states are complete."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from auditor.core.text import tr
from auditor.gui.cursor import Cursor
from auditor.gui.history_loader import HistoryLoader
from auditor.tasks.context import Progress

if TYPE_CHECKING:
    from auditor.jobs.fold_history import FoldHistoryResult

Tell = Callable[[str, str, str], object]
"""Takes an icon, a colour token and the sentence."""


class Completeness(QObject):
    """Follows the cursor and the loader."""

    def __init__(
        self, cursor: Cursor, loader: HistoryLoader, tell: Tell, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._cursor = cursor
        self._loader = loader
        self._tell = tell
        cursor.aggregate_changed.connect(lambda: tell("", "", ""))
        loader.fold_progress.connect(self._on_progress)
        loader.folded.connect(self._on_folded)
        loader.fold_cancelled.connect(self._on_cancelled)
        loader.fold_failed.connect(self._on_failed)
        loader.reading_failed.connect(lambda _: tell("warning", "fail", tr("The events could not be read")))

    def _on_progress(self, progress: Progress) -> None:
        if progress.total is not None:
            self._tell("", "", tr("{done:,} of {total:,} loaded", done=progress.done, total=progress.total))

    def _on_folded(self) -> None:
        fold = self._loader.fold
        if fold is not None:
            self._tell(*_sentence(fold))

    def _on_cancelled(self) -> None:
        history = self._cursor.history
        text = tr(
            "{done:,} of {total:,} loaded, cancelled",
            done=self._loader.folded_events,
            total=history.length if history is not None else 0,
        )
        self._tell("stopped", "text3", text)

    def _on_failed(self, _error: object) -> None:
        done = self._loader.folded_events
        text = tr("{done:,} loaded, the states could not be computed", done=done)
        self._tell("warning", "fail", text)


def _sentence(fold: "FoldHistoryResult") -> tuple[str, str, str]:
    length = fold.length
    if not fold.complete and fold.incomplete_from is not None:
        return "warning", "fail", _incomplete(fold, fold.incomplete_from)
    if fold.model.kind == "merge":
        return (
            "info",
            "chg",
            tr("{count:,} of {length:,} loaded, an approximation", count=length, length=length),
        )
    return "check", "add", tr("{count:,} of {length:,} loaded, complete", count=length, length=length)


def _incomplete(fold: "FoldHistoryResult", version: int) -> str:
    missing = sum(hole.missing for hole in fold.holes)
    if not missing:
        return tr(
            "{length:,} loaded, {count:,} not applied: incomplete from {version:,}",
            length=fold.length,
            count=len(fold.unapplied),
            version=version,
        )
    if not fold.unapplied:
        return tr(
            "{length:,} loaded, {count:,} not in the store: incomplete from {version:,}",
            length=fold.length,
            count=missing,
            version=version,
        )
    return tr(
        "{length:,} loaded, {missing:,} not in the store, {count:,} not applied: incomplete from {version:,}",
        length=fold.length,
        missing=missing,
        count=len(fold.unapplied),
        version=version,
    )
