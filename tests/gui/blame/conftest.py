"""The values of a field, in the real window."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from auditor.gui.blame.panel import FieldHistory
from auditor.gui.cursor import Place
from auditor.gui.main_window import MainWindow
from tests.helpers.small_stores import write_store

Blame = Callable[..., FieldHistory]
Facts = list[tuple[str, dict[str, Any]]]
TOTALS: Facts = [
    ("Opened", {"total": 96.00, "note": "x"}),
    ("Added", {"total": 144.00}),
    ("Noted", {"note": None}),
    ("Corrected", {"total": 140.50, "note": "y"}),
    ("Added", {"total": 140.50}),
    ("Closed", {"total": None}),
]


@pytest.fixture
def blame(make_window: Callable[..., MainWindow], qtbot: QtBot) -> Blame:
    """Opens a store in a window, goes to a version and blames a field of the state there; gives the panel."""

    def blamed(
        store: Path, aggregate_id: str, ordinal: int | None, pointer: str, size: tuple[int, int] = (1440, 900)
    ) -> FieldHistory:
        window = make_window(store, size)
        window.activateWindow()
        assert window.views is not None
        window.desk.cursor.go_to(Place(aggregate_id, None, ordinal))
        qtbot.waitUntil(lambda: window.desk.loader.fold is not None, timeout=20_000)
        window.desk.looking.blame(pointer)
        panel = window.findChild(FieldHistory, "blame")
        assert isinstance(panel, FieldHistory)
        qtbot.waitUntil(lambda: panel.states.state != "loading", timeout=20_000)
        return panel

    return blamed


@pytest.fixture
def totals(blame: Blame, tmp_path: Path) -> FieldHistory:
    """`total` at version 3 of 6: 96, 144 (there), 140.50, removed."""
    return blame(write_store(tmp_path / "s.db", {"t-1": TOTALS}), "t-1", 3, "/total")
