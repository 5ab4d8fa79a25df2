"""The state at A compared with where B was set: A's value is the row's, and the signs lead from A to B."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

from auditor.gui.action_table import ActionId
from auditor.gui.copying import Copied
from auditor.gui.looking import Mode
from auditor.gui.state.panel import StatePanel
from auditor.gui.state.tree_model import FIELD, SIGN, VALUE
from tests.gui.state.test_state_panel import is_shown, label, wait_for_copy
from tests.helpers.small_stores import write_store

Show = Callable[..., StatePanel]
FACTS: list[tuple[str, dict[str, Any]]] = [
    ("Changed", {"status": "open", "total": 5, "note": "x", "lines": {"a": 1}}),
    ("Changed", {"status": "paid", "total": 7}),
    ("Changed", {"status": "sent", "note": None, "lines": {"a": 2}, "refund": {"sum": 3}, "extra": 1}),
]


@pytest.fixture
def panel(show: Show, tmp_path: Path, qtbot: QtBot) -> StatePanel:
    made = show(write_store(tmp_path / "s.db", {"t-1": FACTS}), "t-1", 1)
    compare(made, 1, 3, qtbot)
    return made


def compare(panel: StatePanel, a: int, b: int | None, qtbot: QtBot) -> None:
    cursor = panel._desk.cursor
    cursor.set_ordinal(a)
    cursor.set_other(b)
    wanted = a - 1 if b is None else b
    qtbot.waitUntil(lambda: (s := panel.reader.shown) is not None and (s.asked, s.against) == (a, wanted))


def said(panel: StatePanel, pointer: str) -> tuple[str, str]:
    index = panel.tree.find(pointer)
    return index.siblingAtColumn(SIGN).data(), index.siblingAtColumn(VALUE).data()


def fields(panel: StatePanel) -> list[str]:
    return [panel.tree.index(row, FIELD).data() for row in range(panel.tree.rowCount())]


def test_a_changed_row_leads_from_the_value_at_a_to_that_at_b(panel: StatePanel) -> None:
    assert said(panel, "/status") == ("~", "open → sent")
    assert said(panel, "/total") == ("~", "5 → 7")
    assert said(panel, "/note") == ("\N{MINUS SIGN}", "x")
    assert said(panel, "/refund") == ("+", "only at B · 1 field")
    assert said(panel, "/lines") == ("~", "1 field")


def test_the_header_names_both_versions_and_counts_from_a_to_b(panel: StatePanel, qtbot: QtBot) -> None:
    assert (label(panel, "state.version"), label(panel, "state.other")) == ("1", "3")
    assert label(panel, "state.against") == "compared with"
    counts = [label(panel, f"state.{name}")[-1] for name in ("added", "removed", "changed")]
    assert counts == ["2", "1", "3"]
    compare(panel, 3, 1, qtbot)
    assert said(panel, "/status") == ("~", "sent → open")
    assert said(panel, "/note") == ("+", "only at B · x")
    assert said(panel, "/refund")[0] == "\N{MINUS SIGN}"
    assert (label(panel, "state.version"), label(panel, "state.other")) == ("3", "1")
    compare(panel, 3, 0, qtbot)
    assert label(panel, "state.other") == "before the first event"
    assert {said(panel, f"/{name}")[0] for name in fields(panel)} == {"\N{MINUS SIGN}"}


def test_when_b_follows_again_the_signs_say_what_the_event_did(panel: StatePanel, qtbot: QtBot) -> None:
    compare(panel, 2, None, qtbot)
    assert said(panel, "/status") == ("~", "open → paid")
    assert not is_shown(panel, "state.other")
    assert label(panel, "state.against") == "compared with the version before"


def test_a_row_that_is_only_at_b_is_copied_from_there(panel: StatePanel, qtbot: QtBot) -> None:
    panel.view.select("/refund")
    panel.copying.copy(Copied.VALUE)
    wait_for_copy('{"sum":3}', qtbot)
    panel.view.select("/status")
    panel.copying.copy(Copied.VALUE)
    wait_for_copy("open", qtbot)


def test_only_differing_fields_are_shown_on_request_and_what_is_left_out_is_said(
    panel: StatePanel, qtbot: QtBot
) -> None:
    compare(panel, 1, 2, qtbot)
    assert fields(panel) == ["status", "total", "note", "lines"]
    panel._desk.actions[ActionId.ONLY_DIFFERING].trigger()
    assert fields(panel) == ["status", "total"]
    assert label(panel, "state.left_out.line").startswith("Only differing fields: 2 rows")
    compare(panel, 2, 2, qtbot)
    assert fields(panel) == []
    assert label(panel, "state.left_out.line") == "No field differs."
    compare(panel, 1, 3, qtbot)
    panel._desk.actions[ActionId.ONLY_DIFFERING].trigger()
    assert not is_shown(panel, "state.left_out")
    panel._desk.actions[ActionId.ONLY_DIFFERING].trigger()
    qtbot.waitUntil(lambda: panel.tree.find("/lines/a").isValid())  # what has changed inside is opened
    assert said(panel, "/lines/a") == ("~", "1 → 2")


def test_while_a_field_is_blamed_nothing_is_compared(panel: StatePanel, qtbot: QtBot) -> None:
    panel._desk.looking.set_mode(Mode.BLAME)
    qtbot.waitUntil(lambda: fields(panel) == ["status", "total", "note", "lines"])
    assert {said(panel, f"/{name}")[0] for name in fields(panel)} == {""}
    assert label(panel, "state.against") == "select a field to see who set it"
    panel._desk.looking.set_mode(Mode.STATE)
    qtbot.waitUntil(lambda: said(panel, "/status")[0] == "~")


def test_beside_a_comparison_the_state_is_not_asked_for(panel: StatePanel, qtbot: QtBot) -> None:
    desk = panel._desk
    answers: list[object] = []
    panel.reader.answered.connect(answers.append)
    desk.looking.set_mode(Mode.COMPARE)
    desk.cursor.set_ordinal(2)
    qtbot.waitUntil(lambda: not desk.store.is_busy)
    assert answers == []
    desk.looking.set_mode(Mode.STATE)
    qtbot.waitUntil(lambda: bool(answers))
    assert label(panel, "state.version") == "2"


def test_b_has_a_dashed_flag(panel: StatePanel) -> None:
    flags = [one for one in panel.header.findChildren(QLabel) if one.text() == "B"]
    assert [one.property("chip") for one in flags] == ["flag-b"]
    assert isinstance(flags[0], QWidget)
