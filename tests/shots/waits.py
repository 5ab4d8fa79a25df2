"""Panels that wait, were stopped, or have nothing to show."""

import os
import signal
from pathlib import Path

from PySide6.QtWidgets import QApplication, QLineEdit, QWidget

from auditor.gui.cursor import Place
from auditor.gui.main_window import MainWindow
from auditor.gui.photographer import Photographer
from tests.helpers.leftovers import child_processes
from tests.shots.stage import Stage

LONG = "order-1"


def loading(photographer: Photographer, window: MainWindow, stage: Stage) -> QWidget:
    """The worker is held while it folds; closing the window ends it."""
    loader = window.desk.loader
    window.desk.cursor.go_to(Place(LONG, None))
    photographer.until(lambda: loader.folded_events > 20_000, "a part of the states")
    for pid in child_processes():
        if b".zip" in Path(f"/proc/{pid}/cmdline").read_bytes():
            os.kill(pid, signal.SIGSTOP)
    photographer.rest(600)
    return window


def cancelled(photographer: Photographer, window: MainWindow, stage: Stage) -> QWidget:
    loader = window.desk.loader
    window.desk.cursor.go_to(Place(LONG, None))
    photographer.until(lambda: loader.folded_events > 20_000, "a part of the states")
    loader.cancel_fold()
    photographer.until_idle(window)
    return window


def untrusted(photographer: Photographer, window: MainWindow, stage: Stage) -> QWidget:
    """The question was left unanswered."""
    photographer.until(lambda: QApplication.activeModalWidget() is not None, "the question of trust")
    question = QApplication.activeModalWidget()
    assert question is not None
    question.close()
    window.desk.cursor.go_to(Place("t-1", None))
    photographer.until_idle(window)
    return window


def no_match(photographer: Photographer, window: MainWindow, stage: Stage) -> QWidget:
    photographer.until_idle(window)
    field = window.findChild(QLineEdit, "navigator.filter")
    assert field is not None
    field.setText("no such id")
    photographer.until_idle(window)
    return window
