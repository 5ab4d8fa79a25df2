"""The state panel in the real window."""

from collections.abc import Callable
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from auditor.gui.cursor import Place
from auditor.gui.main_window import MainWindow
from auditor.gui.state.panel import StatePanel

Show = Callable[..., StatePanel]


@pytest.fixture
def show(make_window: Callable[..., MainWindow], qtbot: QtBot) -> Show:
    """Opens a store in a window and shows an aggregate's state; gives the panel."""

    def shown(
        store: Path, aggregate_id: str, ordinal: int | None = None, size: tuple[int, int] = (1440, 900)
    ) -> StatePanel:
        window = make_window(store, size)
        window.activateWindow()
        assert window.views is not None
        panel = window.views.history.state
        window.desk.cursor.go_to(Place(aggregate_id, None, ordinal))
        qtbot.waitUntil(lambda: panel.states.state not in ("loading", "empty"), timeout=20_000)
        return panel

    return shown
