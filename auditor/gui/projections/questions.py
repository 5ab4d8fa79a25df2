"""What is asked before a rebuild ends early: whether to cancel it, and whether to leave while one runs."""

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QWidget

from auditor.core.presenter import display
from auditor.core.text import tr
from auditor.gui.desk import Desk
from auditor.gui.dialogs.dialog import Dialog
from auditor.gui.projections.rebuilds import Rebuilds
from auditor.gui.projections.run import RebuildRun


class CancelQuestion(Dialog):
    """Names what is kept. It goes by itself when there is nothing left to cancel."""

    def __init__(self, desk: Desk, parent: QWidget, rebuilds: Rebuilds, name: str) -> None:
        run = rebuilds.runs[name]
        title = _question(run)
        super().__init__("dialog.cancel-rebuild", title, desk.appearance, parent, width=480)
        self._rebuilds = rebuilds
        self._name = name
        self.add_heading(title)
        self.add_text(_kept(run), "small")
        cancel, keep = tr("Cancel the rebuild"), tr("Keep rebuilding")
        if run.catches_up:
            cancel, keep = tr("Stop catching up"), tr("Go on")
        self.add_button("cancel", cancel, self._cancel)
        self.add_button("keep", keep, self.reject, primary=True).setFocus()
        rebuilds.ended.connect(self._on_ended)

    def _cancel(self) -> None:
        self.accept()
        self._rebuilds.cancel(self._name)

    def _on_ended(self, name: str) -> None:
        if name == self._name:
            self.reject()


class LeaveQuestion(Dialog):
    """Before the window closes or another store is shown. Without the rebuild it goes on by itself."""

    def __init__(
        self, desk: Desk, parent: QWidget, rebuilds: Rebuilds, go_on: Callable[[], object], *, closes: bool
    ) -> None:
        words = _Leave(rebuilds, closes=closes)
        super().__init__("dialog.leave-rebuild", words.title, desk.appearance, parent, width=520)
        self._rebuilds = rebuilds
        self._go_on = go_on
        self._is_leaving = False
        self.add_heading(words.title, "refresh", "accent")
        self.add_text(words.text, "small")
        self._leave = self.add_button("leave", words.leave, self._cancel_and_go)
        stay = tr("Keep the window open") if closes else tr("Stay with this store")
        self.add_button("stay", stay, self.reject, primary=True).setFocus()
        rebuilds.all_ended.connect(self._on_all_ended)

    def _cancel_and_go(self) -> None:
        self._is_leaving = True
        self._leave.setEnabled(False)
        self._rebuilds.cancel_all()

    def _on_all_ended(self) -> None:
        """Cancelled, or finished while the question stood there: then nobody needs to leave any more."""
        leaves = self._is_leaving
        self.accept()
        if leaves:
            QTimer.singleShot(0, self._go_on)


class _Leave:
    """What is asked, of a rebuild or of a run that catches up."""

    def __init__(self, rebuilds: Rebuilds, *, closes: bool) -> None:
        name = rebuilds.current or next(iter(rebuilds.waiting), "")
        run = rebuilds.runs.get(name)
        shown = display(name, longest=60)
        first = (
            tr("It ends with this window.")
            if closes
            else tr("It ends with this store's place in the window.")
        )
        if run is not None and run.catches_up:
            self.title = tr("{name} is catching up", name=shown)
            self.text = tr("{first} What is applied stays, and the next run goes on from there.", first=first)
            self.leave = tr("Stop catching up and close") if closes else tr("Stop catching up and go on")
            return
        self.title = tr("A rebuild of {name} is running", name=shown)
        self.text = tr(
            "{first} Its live rows stay as they are, and the next rebuild begins again.", first=first
        )
        self.leave = tr("Cancel the rebuild and close") if closes else tr("Cancel the rebuild and go on")


class Leaving(QObject):
    """Guards the open store while a rebuild runs."""

    def __init__(self, desk: Desk, rebuilds: Rebuilds, view: QWidget) -> None:
        super().__init__(view)
        self._desk = desk
        self._rebuilds = rebuilds
        self._view = view
        self._is_asking = False
        desk.store.guards.append(self.may_leave)

    def may_leave(self, go_on: Callable[[], object], closes: bool) -> bool:
        """Whether nothing stands in the way; else the user is asked, and `go_on` called later or never."""
        if not self._rebuilds.is_busy:
            return True
        if not self._is_asking:
            self._is_asking = True
            dialog = LeaveQuestion(self._desk, self._view.window(), self._rebuilds, go_on, closes=closes)
            dialog.finished.connect(self._on_answered)
            dialog.open()
        return False

    def _on_answered(self) -> None:
        self._is_asking = False


def _question(run: RebuildRun) -> str:
    name = display(run.name, longest=60)
    if run.catches_up:
        return tr("Stop catching up {name}?", name=name)
    return tr("Cancel the rebuild of {name}?", name=name)


def _kept(run: RebuildRun) -> str:
    if not run.is_at_work:
        return tr("It has not begun. Nothing was touched.")
    name = display(run.name, longest=60)
    if run.catches_up:
        return tr(
            "{done:,} of {total:,} events are applied. They stay: the rows of {name} are true at their checkpoint, and "
            "the next catching up goes on from there.",
            done=run.done,
            total=run.total,
            name=name,
        )
    return tr(
        "{done:,} of {total:,} events are applied. The live rows of {name} stay as they are; what was rebuilt so far "
        "is kept out of sight until the next rebuild, which begins again at the first event.",
        done=run.done,
        total=run.total,
        name=name,
    )
