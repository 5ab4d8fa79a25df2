"""The projections: listed, running, stopped in each way, and their rows."""

import os
import signal
from pathlib import Path

from PySide6.QtWidgets import QApplication, QWidget

from auditor.gui.action_table import ActionId
from auditor.gui.main_window import MainWindow
from auditor.gui.photographer import Photographer
from auditor.gui.projections.view import ProjectionsView
from auditor.stores.read_model_file import default_path
from tests.helpers.leftovers import child_processes
from tests.shots.stage import Stage


def listed(photographer: Photographer, window: MainWindow, stage: Stage) -> QWidget:
    """As the view opens."""
    _shown(photographer, window)
    return window


def catching_up(photographer: Photographer, window: MainWindow, stage: Stage) -> QWidget:
    """From nothing. The child is held in the midst of its work; closing the window ends it."""
    default_path(stage.large).unlink(missing_ok=True)
    view = _shown(photographer, window)
    window.desk.actions[ActionId.CATCH_UP].trigger()
    _until_done(photographer, view, 0.5)
    _hold(b"project")
    photographer.rest(400)
    return window


def caught_up(photographer: Photographer, window: MainWindow, stage: Stage) -> QWidget:
    """From wherever its rows are."""
    view = _shown(photographer, window)
    if window.desk.actions[ActionId.CATCH_UP].isEnabled():
        window.desk.actions[ActionId.CATCH_UP].trigger()
        _until_over(photographer, window, view)
    return window


def catching_up_stopped(photographer: Photographer, window: MainWindow, stage: Stage) -> QWidget:
    default_path(stage.large).unlink(missing_ok=True)
    view = _shown(photographer, window)
    window.desk.actions[ActionId.CATCH_UP].trigger()
    _until_done(photographer, view, 0.1)
    view.rebuilds.cancel_all()
    _until_over(photographer, window, view)
    return window


def running(photographer: Photographer, window: MainWindow, stage: Stage) -> QWidget:
    """The child is held in the midst of its work; closing the window ends it."""
    view = _shown(photographer, window)
    _begin(window)
    _until_done(photographer, view, 0.6)
    _hold(b"rebuild")
    photographer.rest(400)
    return window


def _hold(verb: bytes) -> None:
    for pid in child_processes():
        if verb in Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0"):
            os.kill(pid, signal.SIGSTOP)


def finished(photographer: Photographer, window: MainWindow, stage: Stage) -> QWidget:
    view = _shown(photographer, window)
    _begin(window)
    _until_over(photographer, window, view)
    return window


def cancel_asked(photographer: Photographer, window: MainWindow, stage: Stage) -> QWidget:
    view = _shown(photographer, window)
    _begin(window)
    _until_done(photographer, view, 0.1)
    window.desk.actions[ActionId.CANCEL_REBUILD].trigger()
    photographer.rest(250)
    active = QApplication.activeModalWidget()
    return window if active is None else active


def cancelled(photographer: Photographer, window: MainWindow, stage: Stage) -> QWidget:
    view = _shown(photographer, window)
    _begin(window)
    _until_done(photographer, view, 0.1)
    view.rebuilds.cancel_all()
    _until_over(photographer, window, view)
    return window


def rows(photographer: Photographer, window: MainWindow, stage: Stage) -> QWidget:
    _shown(photographer, window)
    window.desk.actions[ActionId.SHOW_ROWS].trigger()
    photographer.until_idle(window)
    photographer.rest(250)
    return window


def _shown(photographer: Photographer, window: MainWindow) -> ProjectionsView:
    views = window.views
    assert views is not None
    views.show_projections()
    photographer.until(lambda: views.projections.states.state not in ("loading",), "the list of projections")
    photographer.until_idle(window)
    photographer.rest(250)
    return views.projections


def _begin(window: MainWindow) -> None:
    window.desk.actions[ActionId.REBUILD].trigger()


def _until_done(photographer: Photographer, view: ProjectionsView, share: float) -> None:
    """Until so much of the rebuild that runs is done."""

    def is_so_far() -> bool:
        run = view.rebuilds.runs.get(view.rebuilds.current or "")
        return run is not None and run.total > 0 and run.done >= share * run.total

    photographer.until(is_so_far, "the rebuild's first half")


def _until_over(photographer: Photographer, window: MainWindow, view: ProjectionsView) -> None:
    photographer.until(lambda: not view.rebuilds.is_busy, "the rebuild's end")
    photographer.until_idle(window)
    photographer.rest(400)
