"""Two states side by side in the real window."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from auditor.gui.compare.between import EventsBetween
from auditor.gui.compare.panel import ComparePanel
from auditor.gui.cursor import Place
from auditor.gui.desk import Desk
from auditor.gui.looking import Mode
from auditor.gui.main_window import MainWindow
from tests.helpers.small_stores import write_store

FACTS: list[tuple[str, dict[str, Any]]] = [
    ("Began", {"status": "open", "total": 5, "items": [{"sku": "a", "n": 1}, {"sku": "b", "n": 2}]}),
    ("Paid", {"status": "paid", "total": 7}),
    ("Seen", {}),
    ("Seen", {}),
    ("Seen", {}),
    ("Sent", {"status": "sent", "note": "left at the door", "items": [{"sku": "b", "n": 3}]}),
    ("Counted", {"total": 9}),
]


class Compared:
    """The two panels of one window, and what is said in them."""

    def __init__(self, window: MainWindow, qtbot: QtBot) -> None:
        assert window.views is not None
        below = window.views.history.below
        self.window = window
        self.desk: Desk = window.desk
        self.panel: ComparePanel = below.compare
        self.between: EventsBetween = below.between
        self._qtbot = qtbot

    def set(self, a: int, b: int | None) -> None:
        """Moves both cursors and waits for the comparison, its events and who is responsible."""
        self.desk.cursor.set_other(b)
        self.desk.cursor.set_ordinal(a)
        self.settle()

    def settle(self) -> None:
        reader, between = self.panel.reader, self.between.reader

        def is_settled() -> bool:
            return reader.is_settled and between.which == reader.wanted and between.is_known

        self._qtbot.waitUntil(is_settled, timeout=20_000)

    def rows(self) -> list[tuple[str, ...]]:
        """Sign, field and both values."""
        model = self.panel.rows
        return [
            tuple(model.index(at, column).data() or "" for column in range(4))
            for at in range(model.rowCount())
        ]

    def responsible(self) -> dict[str, str]:
        model = self.panel.rows
        found = ((model.index(at, 1).data(), model.index(at, 4).data()) for at in range(model.rowCount()))
        return {field: text for field, text in found if text}

    def events(self) -> list[tuple[str, ...]]:
        """Versions, type and what was changed."""
        model = self.between.rows
        return [
            tuple(model.index(at, column).data() or "" for column in range(3))
            for at in range(model.rowCount())
        ]


Compare = Callable[..., Compared]


@pytest.fixture
def compare(make_window: Callable[..., MainWindow], qtbot: QtBot) -> Compare:
    """Opens a store in a window and compares two versions of an aggregate."""

    def compared(
        store: Path, aggregate_id: str, a: int, b: int | None, size: tuple[int, int] = (1440, 900)
    ) -> Compared:
        window = make_window(store, size)
        window.activateWindow()
        made = Compared(window, qtbot)
        desk = window.desk
        desk.cursor.go_to(Place(aggregate_id, None, a, b))
        qtbot.waitUntil(lambda: desk.cursor.history is not None, timeout=20_000)
        desk.looking.set_mode(Mode.COMPARE)
        qtbot.waitUntil(lambda: made.panel.reader.shown is not None, timeout=20_000)
        made.settle()
        return made

    return compared


@pytest.fixture
def things(tmp_path: Path) -> Path:
    other = [("Began", {"status": "open", "total": 6})]
    return write_store(tmp_path / "things.db", {"t-1": FACTS, "t-2": other})


@pytest.fixture
def compared(compare: Compare, things: Path) -> Compared:
    return compare(things, "t-1", 1, 7)
