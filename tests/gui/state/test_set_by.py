"""The column *Set by*: for each field the event that set it last, filled in behind the states."""

import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from auditor.core import exact_json
from auditor.gui.action_table import ActionId
from auditor.gui.copying import Copied
from auditor.gui.looking import Mode
from auditor.gui.state.panel import StatePanel
from auditor.gui.state.tree_model import SET_BY
from tests.gui.state.test_compared_with_b import compare
from tests.gui.state.test_state_panel import go, open_all
from tests.helpers.command_line import auditor
from tests.helpers.small_stores import write_store
from tests.helpers.viewed_stores import write_modelled_store

Show = Callable[..., StatePanel]
ABSENT = "absent"


def setters(panel: StatePanel) -> dict[str, int | None]:
    return {row.pointer: panel.setters.ordinal(row) for row in panel.tree.rows() if row.kind != "more"}


def filled(panel: StatePanel, qtbot: QtBot) -> dict[str, int | None]:
    qtbot.waitUntil(lambda: None not in setters(panel).values(), timeout=10_000)
    return setters(panel)


def at(value: Any, pointer: str) -> str:
    """The exact text of what stands there."""
    for step in pointer.split("/")[1:]:
        key = step.replace("~1", "/").replace("~0", "~")
        if isinstance(value, list) and key.isdigit() and int(key) < len(value):
            value = value[int(key)]
        elif isinstance(value, dict) and key in value:
            value = value[key]
        else:
            return ABSENT
    return exact_json.dump(value)


def states_by_command(store: Path, aggregate_id: str, count: int) -> list[Any]:
    found: list[Any] = [{}]
    for version in range(1, count + 1):
        said = auditor("state", store, aggregate_id, "--version", str(version), "--json")
        found.append(exact_json.parse(said.out)["state"])
    return found


def last_change(states: list[Any], pointer: str, ordinal: int) -> int:
    texts = [at(one, pointer) for one in states[: ordinal + 1]]
    texts[0] = ABSENT
    return max(k for k in range(1, ordinal + 1) if texts[k] != texts[k - 1])


def test_it_says_what_comparing_the_states_of_all_versions_says(
    show: Show, demo_store: Path, qtbot: QtBot
) -> None:
    count = 9
    states = states_by_command(demo_store, "order-1009", count)
    panel = show(demo_store, "order-1009", count, size=(1440, 2400))
    open_all(panel, qtbot)
    order = [*range(count, 0, -1), *range(1, count + 1), *random.Random(4).choices(range(1, count + 1), k=8)]
    for ordinal in order:
        go(panel, ordinal, qtbot)
        open_all(panel, qtbot)
        for pointer, setter in filled(panel, qtbot).items():
            row = panel.tree.row(panel.tree.find(pointer))
            assert row is not None
            if row.sign == "removed":
                assert setter == ordinal
            elif not any(step.isdigit() for step in pointer.split("/")):
                assert setter == last_change(states, pointer, ordinal), (pointer, ordinal)


def test_a_cell_has_version_type_and_time_and_a_tip_with_the_user(
    show: Show, demo_store: Path, qtbot: QtBot
) -> None:
    panel = show(demo_store, "order-1009", 5)
    filled(panel, qtbot)
    index = panel.tree.find("/total", SET_BY)
    assert index.data() == "5 ItemAdded 8 Jan 10:38"
    tip = index.data(Qt.ItemDataRole.ToolTipRole)
    assert "Set by event 5, ItemAdded" in tip
    assert "2026-01-08 10:38:19.356106 UTC" in tip
    assert "by pia@c-20001.example" in tip
    spoken = panel.tree.find("/total").data(Qt.ItemDataRole.AccessibleTextRole)
    assert spoken.endswith("set by event 5, ItemAdded, 2026-01-08 10:38:19 UTC")
    assert panel.tree.headerData(SET_BY, Qt.Orientation.Horizontal) == "Set by, times in UTC"
    panel._desk.clock.set_local(True)
    assert panel.tree.headerData(SET_BY, Qt.Orientation.Horizontal) == "Set by, times local"


FACTS: list[tuple[str, dict[str, Any]]] = [
    ("Changed", {"status": "open", "total": 5, "note": "x"}),
    ("Changed", {"total": 7}),
    ("Changed", {"note": None, "refund": 3}),
    ("Changed", {"total": 7}),
]


@pytest.fixture
def panel(show: Show, tmp_path: Path, qtbot: QtBot) -> StatePanel:
    made = show(write_store(tmp_path / "s.db", {"t-1": FACTS}), "t-1", 2)
    filled(made, qtbot)
    return made


def test_a_value_that_is_set_again_is_not_changed(panel: StatePanel, qtbot: QtBot) -> None:
    go(panel, 4, qtbot)
    assert filled(panel, qtbot) == {"/status": 1, "/total": 2, "/refund": 3}


def test_a_row_that_is_only_at_b_is_looked_at_from_there(panel: StatePanel, qtbot: QtBot) -> None:
    compare(panel, 1, 4, qtbot)
    assert filled(panel, qtbot) == {"/status": 1, "/total": 1, "/note": 1, "/refund": 3}


def test_a_removed_row_was_set_by_the_event_that_took_it(panel: StatePanel, qtbot: QtBot) -> None:
    go(panel, 3, qtbot)
    assert filled(panel, qtbot)["/note"] == 3


def test_one_step_further_it_is_known_without_asking(panel: StatePanel, qtbot: QtBot) -> None:
    panel._desk.cursor.set_ordinal(3)
    qtbot.waitUntil(lambda: (shown := panel.reader.shown) is not None and shown.ordinal == 3)
    assert setters(panel) == {"/status": 1, "/total": 2, "/note": 3, "/refund": 3}  # the timer has not run


def test_another_model_is_asked_anew(panel: StatePanel, qtbot: QtBot) -> None:
    panel._desk.cursor.set_model("merge")
    assert set(setters(panel).values()) == {None}
    qtbot.waitUntil(lambda: panel.reader.shown is not None)
    filled(panel, qtbot)


def test_a_click_on_the_event_goes_there_and_back_leads_back(panel: StatePanel, qtbot: QtBot) -> None:
    cell = panel.view.visualRect(panel.tree.find("/status", SET_BY))
    QTest.mouseClick(
        panel.view.viewport(),
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
        QPoint(cell.left() + 60, cell.center().y()),
    )
    cursor = panel._desk.cursor
    assert [cursor.ordinal] == [1]
    cursor.back()
    assert [cursor.ordinal] == [2]
    QTest.mouseClick(
        panel.view.viewport(),
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
        QPoint(cell.right() - 20, cell.center().y()),
    )
    assert cursor.ordinal == 2  # beside the name nothing leads away


def test_the_key_goes_to_the_event_that_set_the_current_row(panel: StatePanel, qtbot: QtBot) -> None:
    actions = panel._desk.actions
    assert not actions[ActionId.GO_TO_SETTER].isEnabled()
    panel.view.select("/status")
    panel.view.setFocus()
    qtbot.waitUntil(panel.view.hasFocus)
    QTest.keyClick(panel.view, Qt.Key.Key_Return, Qt.KeyboardModifier.AltModifier)
    assert panel._desk.cursor.ordinal == 1


def test_the_current_row_has_a_ring_on_its_event(panel: StatePanel, qtbot: QtBot) -> None:
    highlight = panel._desk.highlight
    assert [highlight.ring] == [None]
    panel.view.select("/status")
    assert highlight.ring == 1
    panel.view.select("/total")
    assert highlight.ring == 2
    go(panel, 1, qtbot)
    qtbot.waitUntil(lambda: highlight.ring == 1)
    panel._desk.looking.set_mode(Mode.COMPARE)
    highlight.set_ring(4)
    panel.view.select("/status")
    assert highlight.ring == 4  # others' now


def test_a_row_is_copied_as_json_with_the_event_that_set_it(panel: StatePanel, qtbot: QtBot) -> None:
    panel.view.select("/total")
    panel.copying.copy(Copied.JSON)
    qtbot.waitUntil(lambda: "set_by" in QGuiApplication.clipboard().text())
    said = exact_json.parse(QGuiApplication.clipboard().text())
    assert (said["pointer"], said["version"], said["value"]) == ("/total", 2, 7)
    assert (said["set_by"]["version"], said["set_by"]["event_type"]) == (2, "Changed")


def test_what_may_be_missing_is_said(show: Show, tmp_path: Path, qtbot: QtBot) -> None:
    facts: list[tuple[str, dict[str, Any]]] = [
        ("Added", {"sku": "a", "price": 5}),
        ("Added", {"sku": "c"}),
        ("Added", {"sku": "d", "price": 1}),
    ]
    panel = show(write_modelled_store(tmp_path / "shop", facts), "t-1", 3)
    filled(panel, qtbot)
    pointer = next(row.pointer for row in panel.tree.rows())
    tip = panel.tree.find(pointer, SET_BY).data(Qt.ItemDataRole.ToolTipRole)
    seen = panel.setters.ordinal(panel.tree.row(panel.tree.find(pointer)))  # type: ignore[arg-type] # it is there
    assert ("Event 2 was not applied" in tip) == (seen is not None and seen <= 2)
    open_all(panel, qtbot)
    filled(panel, qtbot)
    first = panel.tree.find("/lines/a/price", SET_BY).data(Qt.ItemDataRole.ToolTipRole)
    assert "Event 2 was not applied, or not wholly: it may have set this field." in first


def test_a_long_pass_says_how_far_it_is_and_can_be_stopped(
    show: Show, tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("auditor.gui.state.set_by.SLICE_SECONDS", 0.002)
    monkeypatch.setattr("auditor.gui.state.set_by.SAID_AFTER", 0.0)
    facts = [("Changed", {f"k{n % 300}": n}) for n in range(12_000)]
    panel = show(write_store(tmp_path / "long.db", {"t-1": facts}), "t-1")
    columns, said = panel.view.columns, []
    panel.set_by.reading_changed.connect(lambda: said.append(columns._reading))
    qtbot.waitUntil(lambda: any(text.startswith("Set by: reading") for text in said), timeout=20_000)
    assert columns.verb.isVisible()
    columns.verb.click()
    assert columns._reading == "Set by: not read"
    go(panel, 11_000, qtbot)
    qtbot.waitUntil(lambda: not panel._desk.store.is_busy and not panel.set_by._rest.isActive())
    assert columns._reading == "Set by: not read"
    verb = panel.findChild(QPushButton, "state.set_by.verb")
    assert verb is not None
    assert verb.text() == "Go on"
    verb.click()
    qtbot.waitUntil(lambda: panel.setters.ordinal(next(panel.tree.rows())) is not None, timeout=30_000)
    assert columns._reading == ""


def test_while_a_moves_nothing_is_asked(
    show: Show, tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    from auditor.jobs import show_set_by

    asked: list[int | None] = []
    run = show_set_by.run

    def counted(session: Any, request: Any, context: Any) -> Any:
        asked.append(request.ordinal)
        return run(session, request, context)

    monkeypatch.setattr(show_set_by, "run", counted)
    facts = [("Changed", {f"k{n % 20}": n, "list": [{"n": n}]}) for n in range(300)]
    panel = show(write_store(tmp_path / "s.db", {"t-1": facts}), "t-1")
    filled(panel, qtbot)
    asked.clear()
    for ordinal in range(250, 100, -1):
        panel._desk.cursor.set_ordinal(ordinal)
        qtbot.waitUntil(lambda at=ordinal: (s := panel.reader.shown) is not None and s.ordinal == at)  # type: ignore[misc] # bound at once
    filled(panel, qtbot)
    assert len(asked) < 20
    assert asked[-1] == 101


def test_only_rows_in_view_are_asked_for(show: Show, tmp_path: Path, qtbot: QtBot) -> None:
    facts: list[tuple[str, dict[str, Any]]] = [
        ("Changed", {f"k{n}": n for n in range(900)}),
        ("Changed", {"k0": -1}),
    ]
    panel = show(write_store(tmp_path / "s.db", {"t-1": facts}), "t-1")

    def known(name: str) -> int | None:
        row = panel.tree.row(panel.tree.find(f"/{name}"))
        return None if row is None else panel.setters.ordinal(row)

    qtbot.waitUntil(lambda: known("k1") == 1)
    assert known("k899") is None
    panel.view.select("k899")
    panel.view.scrollToBottom()
    qtbot.waitUntil(lambda: known("k899") == 1)


@pytest.mark.parametrize(
    ("width", "has_setters", "has_time"),
    [(900, True, True), (672, True, True), (671, True, False), (506, True, False), (505, False, False)],
)
def test_columns_give_way_in_their_order(
    panel: StatePanel, width: int, has_setters: bool, has_time: bool
) -> None:
    columns = panel.view.columns
    columns.fit(width)
    assert (columns.has_setters, columns.has_time) == (has_setters, has_time)
    assert columns.sectionSize(2) >= 160
    assert sum(columns.sectionSize(column) for column in range(4)) == width
