"""The state against B, who set its fields, and all values of one of them."""

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from auditor.gui.action_table import ActionId
from auditor.gui.blame.panel import FieldHistory
from auditor.gui.cursor import Place
from auditor.gui.looking import Mode
from auditor.gui.main_window import MainWindow
from auditor.gui.photographer import Photographer
from auditor.gui.state.panel import StatePanel
from tests.shots.stage import Stage

Act = Callable[[Photographer, MainWindow, Stage], QWidget]
At = Callable[[Stage], tuple[str, int | None]]


def blamed(place: At, pointer: str) -> Act:
    """All values of that field, at that version (ordinal)."""

    def act(photographer: Photographer, window: MainWindow, stage: Stage) -> QWidget:
        state = _go(photographer, window, place(stage))
        state.reveal(pointer)
        photographer.until_idle(window)
        window.desk.looking.blame(pointer)
        panel = window.findChild(FieldHistory, "blame")
        assert isinstance(panel, FieldHistory)
        photographer.until(lambda: panel.states.state != "loading", "the values")
        photographer.until_idle(window)
        photographer.rest(250)
        return window

    return act


def no_field(photographer: Photographer, window: MainWindow, stage: Stage) -> QWidget:
    """Blame before anything is selected."""
    _go(photographer, window, stage.story)
    window.desk.looking.set_mode(Mode.BLAME)
    photographer.until_idle(window)
    photographer.rest(250)
    return window


def against_b(photographer: Photographer, window: MainWindow, stage: Stage) -> QWidget:
    """The story's order early in its life against its end, one row selected."""
    state = _go(photographer, window, (stage.story[0], 3))
    window.desk.cursor.set_other(10_000)
    photographer.until_idle(window)
    state.reveal("/total")
    photographer.until_idle(window)
    photographer.rest(250)
    return window


def only_differing(photographer: Photographer, window: MainWindow, stage: Stage) -> QWidget:
    against_b(photographer, window, stage)
    window.desk.actions[ActionId.ONLY_DIFFERING].trigger()
    photographer.until_idle(window)
    photographer.rest(250)
    return window


def _go(photographer: Photographer, window: MainWindow, place: tuple[str, int | None]) -> StatePanel:
    window.desk.cursor.go_to(Place(place[0], None, place[1]))
    photographer.until_folded(window)
    photographer.until_idle(window)
    photographer.rest(250)
    assert window.views is not None
    return window.views.history.state
