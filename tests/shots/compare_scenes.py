"""Pictures of two states side by side: of one aggregate, of two, with nothing between them, and of a state that lacks
something."""

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from auditor.gui.action_table import ActionId
from auditor.gui.cursor import Place
from auditor.gui.looking import Mode
from auditor.gui.main_window import MainWindow
from auditor.gui.photographer import Photographer
from tests.shots.stage import Stage

Act = Callable[[Photographer, MainWindow, Stage], QWidget]


def compared(place: Callable[[Stage], tuple[str, int, int | None]], *, differences: int = 0) -> Act:
    """A and B, `differences` of which are gone through by key."""

    def act(photographer: Photographer, window: MainWindow, stage: Stage) -> QWidget:
        aggregate_id, a, b = place(stage)
        window.desk.cursor.go_to(Place(aggregate_id, None, a, b))
        photographer.until_folded(window)
        window.desk.looking.set_mode(Mode.COMPARE)
        _rest(photographer, window)
        for _ in range(differences):
            window.desk.actions[ActionId.NEXT_DIFFERENCE].trigger()
        _rest(photographer, window)
        return window

    return act


def with_unchanged(place: Callable[[Stage], tuple[str, int, int | None]]) -> Act:
    """With what is the same in both among the rest."""

    def act(photographer: Photographer, window: MainWindow, stage: Stage) -> QWidget:
        compared(place)(photographer, window, stage)
        assert window.views is not None
        panel = window.views.history.below.compare
        last = panel.rows.row(panel.rows.rowCount() - 1)
        assert last is not None
        panel.reader.toggle(last)
        _rest(photographer, window)
        return window

    return act


def of_two(photographer: Photographer, window: MainWindow, stage: Stage) -> QWidget:
    """Two orders of the demo."""
    window.desk.looking.compare_with(None)
    act = compared(lambda stage: (*stage.story, None))
    act(photographer, window, stage)
    window.desk.looking.compare_with(("order-1005", None))
    _rest(photographer, window)
    return window


def _rest(photographer: Photographer, window: MainWindow) -> None:
    assert window.views is not None
    reader = window.views.history.below.compare.reader
    between = window.views.history.below.between.reader
    photographer.until(
        lambda: reader.is_settled and between.which == reader.wanted and between.is_known, "the comparison"
    )
    photographer.rest(250)
