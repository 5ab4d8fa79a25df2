"""What the timeline remembers is of one store."""

from collections.abc import Callable
from pathlib import Path

from pytestqt.qtbot import QtBot

from auditor.gui.cursor import Place
from auditor.gui.main_window import MainWindow
from tests.gui.timeline.conftest import whole_of
from tests.helpers.small_stores import write_store


def test_a_zoom_is_not_taken_over_to_an_aggregate_of_the_same_id_in_another_store(
    make_window: Callable[..., MainWindow], tmp_path: Path, qtbot: QtBot
) -> None:
    long = write_store(
        tmp_path / "long.db", {"t-1": [("Made", {"n": n}) for n in range(400)], "t-2": [("Made", {})]}
    )
    short = write_store(
        tmp_path / "short.db", {"t-1": [("Made", {"n": n}) for n in range(30)], "t-2": [("Made", {})]}
    )
    window = make_window(long)
    assert window.views is not None
    model = window.views.history.timeline.model
    window.desk.cursor.go_to(Place("t-1", None))
    qtbot.waitUntil(lambda: window.desk.cursor.history is not None)
    model.set_window(whole_of(400).between(5, 20))
    window.desk.cursor.go_to(Place("t-2", None))
    qtbot.waitUntil(lambda: model.history is not None and model.history.length == 1)
    with qtbot.waitSignal(window.desk.store.opened, timeout=10_000):
        window.open(str(short))
    window.desk.cursor.go_to(Place("t-1", None, 12))
    qtbot.waitUntil(lambda: window.desk.cursor.history is not None)
    assert model.window.is_whole
    assert model.length == 30
