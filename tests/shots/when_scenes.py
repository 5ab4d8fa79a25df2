"""Pictures of a condition with its ranges, of a mistake in one, and of the dialog as of a moment."""

from collections.abc import Callable

from PySide6.QtWidgets import QApplication, QWidget

from auditor.gui.action_table import ActionId
from auditor.gui.as_of.dialog import OTHER, AsOf
from auditor.gui.cursor import Place
from auditor.gui.main_window import MainWindow
from auditor.gui.photographer import Photographer
from tests.shots.stage import Stage

Act = Callable[[Photographer, MainWindow, Stage], QWidget]


def asked(expression: str, place: Callable[[Stage], tuple[str, int | None]]) -> Act:
    """The condition and what was found, or what is wrong with it."""

    def act(photographer: Photographer, window: MainWindow, stage: Stage) -> QWidget:
        _go(photographer, window, *place(stage))
        assert window.views is not None
        panel = window.views.history.when
        panel.enter(expression)
        photographer.until(lambda: panel.field.at is not None or not panel.reader.is_reading, "the ranges")
        photographer.rest(250)
        return window

    return act


def as_of(photographer: Photographer, window: MainWindow, stage: Stage) -> QWidget:
    """At A's own time."""
    return _dialog(photographer, window, stage)


def as_of_unclear(photographer: Photographer, window: MainWindow, stage: Stage) -> QWidget:
    """A time that clocks showed twice."""
    dialog = _dialog(photographer, window, stage)
    dialog.time.setText("2026-10-25 02:30")
    dialog.zone.button(OTHER).click()
    dialog.zone_name.setText("Europe/Amsterdam")
    dialog.ask()
    photographer.until(lambda: "twice" in dialog.preview.text, "the two instants")
    photographer.rest(250)
    return dialog


def _dialog(photographer: Photographer, window: MainWindow, stage: Stage) -> AsOf:
    _go(photographer, window, *stage.story)
    window.desk.actions[ActionId.AS_OF].trigger()
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, AsOf)
    photographer.until(lambda: dialog.found is not None, "the version")
    photographer.rest(250)
    return dialog


def _go(photographer: Photographer, window: MainWindow, aggregate_id: str, ordinal: int | None) -> None:
    window.desk.cursor.go_to(Place(aggregate_id, None, ordinal))
    photographer.until_idle(window)
    photographer.rest(250)
