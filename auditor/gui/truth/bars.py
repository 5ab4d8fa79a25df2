"""Bars over the state: the model has changed, is not deterministic, or the application's snapshot is wrong."""

from PySide6.QtWidgets import QVBoxLayout, QWidget

from auditor.core.presenter import display
from auditor.core.text import tr
from auditor.gui.action_table import ActionId
from auditor.gui.desk import Desk
from auditor.gui.state.bars import Bar
from auditor.gui.truth.changed_model import ChangedModel
from auditor.gui.truth.gaps_dialog import GapsDialog
from auditor.gui.truth.models_dialog import ModelsDialog
from auditor.gui.truth.repeat_watch import RepeatWatch
from auditor.gui.truth.snapshot_watch import MOST_EVENTS, SnapshotWatch


class TruthBars(QWidget):
    """One below the other; each is there only while there is something to say, whatever else the panel shows."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self.setObjectName("truth")
        self.changed_model = ChangedModel(desk, self)
        self.repeat = RepeatWatch(desk, self)
        self.snapshot = SnapshotWatch(desk, self)
        look = desk.appearance
        self._changed_bar = Bar("truth.changed", "masked", "info", "accent", look)
        self._repeat_bar = Bar("truth.repeat", "incomplete", "warning", "fail", look)
        self._snapshot_bar = Bar("truth.snapshot", "incomplete", "warning", "fail", look)
        self._snapshot_note = Bar("truth.snapshot_note", "sunken", "info", "text3", look)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for bar in (self._changed_bar, self._repeat_bar, self._snapshot_bar, self._snapshot_note):
            column.addWidget(bar)
        self.changed_model.changed.connect(self._show_changed)
        self.changed_model.taken.connect(lambda: self._open(ModelsDialog))
        self.repeat.changed.connect(self._show_repeat)
        self.snapshot.changed.connect(self._show_snapshot)
        desk.actions.on(ActionId.LIST_GAPS, lambda: self._open(GapsDialog), enabled=False)
        for signal in (desk.cursor.aggregate_changed, desk.loader.fold_began, desk.loader.folded):
            signal.connect(self._enable)

    def _open(self, kind: type[ModelsDialog] | type[GapsDialog]) -> None:
        """A new one in the place of one that is open."""
        for open_one in self.window().findChildren(kind):
            open_one.close()
        kind(self._desk, self.window()).show()

    def _enable(self) -> None:
        fold = self._desk.loader.fold
        reason = tr("Choose an aggregate first.")
        if fold is not None:
            reason = tr("All events were applied, and no version is missing.")
        lacks = fold is not None and bool(fold.unapplied or fold.holes)
        self._desk.actions.enable(ActionId.LIST_GAPS, lacks, reason)

    def _show_changed(self) -> None:
        if self.changed_model.files:
            verb = (tr("Fold again and compare"), self.changed_model.take)
            self._changed_bar.tell(*self.changed_model.words(), verb)
        else:
            self._changed_bar.hide()

    def _show_repeat(self) -> None:
        found = self.repeat.found
        if found is None:
            self._repeat_bar.hide()
            return
        from auditor.jobs.check_repeatable import difference_text

        fold = self._desk.loader.fold
        name = display(fold.model.name, longest=60) if fold is not None else ""
        told = tr("{name} is not deterministic", name=name)
        why = tr(
            "It depends on what no two runs share, such as the clock, random numbers or the order of a set."
        )
        verb = (
            tr("Go to event {version:,}", version=found.version),
            lambda: self._desk.cursor.set_ordinal(found.ordinal),
        )
        self._repeat_bar.tell(told, f"{difference_text(found)} {why}", verb)

    def _show_snapshot(self) -> None:
        check = self.snapshot.check
        self._snapshot_bar.hide()
        self._snapshot_note.hide()
        if check is None:
            return
        from auditor.jobs.check_snapshots import Verdict, verdict_text

        said = verdict_text(check)
        verb = None
        if check.ordinal:
            ordinal = check.ordinal
            verb = (
                tr("Go to version {version:,}", version=check.version),
                lambda: self._desk.cursor.set_ordinal(ordinal),
            )
        if check.is_finding:
            title = tr("The application's snapshot is wrong")
            self._snapshot_bar.tell(
                title, tr("{finding} What is shown comes from the events.", finding=said), verb
            )
        elif check.verdict is Verdict.IGNORED or (
            check.verdict is Verdict.NOT_COMPARED and (check.ordinal or 0) > MOST_EVENTS
        ):
            self._snapshot_note.tell("", said, verb)
