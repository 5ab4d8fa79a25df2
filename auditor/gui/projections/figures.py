"""The seven figures of a rebuild, side by side."""

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QWidget

from auditor.core.text import tr
from auditor.gui.clock import Clock
from auditor.gui.desk import Desk
from auditor.gui.dialogs.dialog import text_label
from auditor.gui.projections.run import RebuildRun
from auditor.gui.projections.words import span_text, took_text

FIGURES = 7
WIDE = 144


class Figures(QWidget):
    """Each has a caption, a value and a line that explains it; each keeps its place."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self.setObjectName("projections.figures")
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(8)
        self._grid.setVerticalSpacing(1)
        self._labels = []
        for column in range(FIGURES):
            labels = [text_label("", kind) for kind in ("caption", "title", "caption")]
            labels[1].setObjectName(f"projections.figure.{column}")
            for row, label in enumerate(labels):
                self._grid.addWidget(label, row, column)
            self._labels.append(labels)
        self._grid.setColumnStretch(FIGURES, 1)
        desk.appearance.changed.connect(self._on_appearance_changed)
        self._on_appearance_changed()

    def show_run(self, run: RebuildRun) -> None:
        for labels, texts in zip(self._labels, _figures(run, self._desk.clock), strict=True):
            for label, text in zip(labels, texts, strict=True):
                if label.text() != text:
                    label.setText(text)
            labels[1].setAccessibleName(" ".join(texts))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._on_appearance_changed()

    def _on_appearance_changed(self) -> None:
        wide = min(self._desk.appearance.sizes(WIDE), self.width() // FIGURES)
        for column in range(FIGURES):
            self._grid.setColumnMinimumWidth(column, max(wide - 8, 60))


def _figures(run: RebuildRun, clock: Clock) -> list[tuple[str, str, str]]:
    rate, average, left = run.rate, run.average, run.seconds_left
    began = clock.minute(run.began_at)[-5:] if run.began_at else ""
    return [
        (tr("Events"), f"{run.done:,}", tr("of {total:,}", total=run.total) if run.has_started else ""),
        (tr("Done"), tr("{share:.1f} %", share=run.share * 100), ""),
        (
            tr("Rate"),
            "–" if rate is None else tr("{rate:,.0f} / s", rate=rate),
            _rate_note(run, average),
        ),
        (
            tr("Elapsed"),
            span_text(run.seconds) if run.seconds >= 10 else took_text(run.seconds),
            tr("began {time} {zone}", time=began, zone=clock.zone_name) if began else "",
        ),
        (tr("Time left"), "–" if left is None else span_text(left), ""),
        (
            tr("Checkpoint"),
            tr("none") if run.position is None else f"{run.position:,}",
            "" if run.position is None else tr("saved with its rows"),
        ),
        (
            tr("Rows written"),
            f"{run.rows:,}",
            _tables_note(run),
        ),
    ]


def _rate_note(run: RebuildRun, average: float | None) -> str:
    if run.is_over:
        return tr("over all of it") if average is not None else ""
    return "" if average is None else tr("{rate:,.0f} on average", rate=average)


def _tables_note(run: RebuildRun) -> str:
    if not run.tables:
        return ""
    if run.catches_up:
        return tr("live at once")
    if run.phase == "finished":
        return tr("now in place")
    if len(run.tables) == 1:
        return tr("in 1 shadow table")
    return tr("in {count} shadow tables", count=len(run.tables))
