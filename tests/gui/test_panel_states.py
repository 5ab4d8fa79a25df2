"""What stands in a panel instead of its content."""

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication, QLabel, QProgressBar, QWidget
from pytestqt.qtbot import QtBot

from auditor.gui.app import make_appearance
from auditor.gui.panel_states import PanelStates
from auditor.gui.settings import Settings
from auditor.tasks.context import Progress


@pytest.fixture
def states(qapp: QApplication, qtbot: QtBot) -> Iterator[PanelStates]:
    appearance = make_appearance(qapp, Settings())
    made = PanelStates(QWidget(), "p", appearance)
    qtbot.addWidget(made)
    made.show()
    yield made
    appearance.deleteLater()


def test_being_told_again_that_it_loads_does_not_undo_the_progress(states: PanelStates, qtbot: QtBot) -> None:
    states.show_loading("Replaying the events")
    text, line = states.findChild(QLabel, "p.loading.text"), states.findChild(QProgressBar)
    assert text is not None
    assert line is not None
    qtbot.waitUntil(text.isVisible)
    states.show_progress("Replaying 5 of 10 events", Progress(done=5, total=10, unit="events"))
    states.show_loading("Replaying the events")
    assert (text.text(), line.isVisible(), line.value()) == ("Replaying 5 of 10 events", True, 5)
    states.show_loading("Reading the state")
    assert (text.text(), line.isVisible()) == ("Reading the state", False)
    states.show_content()
    states.show_loading("Reading the state")
    states.show_progress("Reading 1 of 2", Progress(done=1, total=2, unit="events"))
    states.show_content()
    states.show_loading("Reading the state")
    assert text.text() == "Reading the state"
