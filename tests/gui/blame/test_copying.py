"""Values leave the panel exactly as stored, with the event that set them."""

from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QToolButton, QWidget
from pytestqt.qtbot import QtBot

from auditor.core import exact_json
from auditor.gui.action_table import ActionId
from auditor.gui.blame.panel import FieldHistory
from auditor.gui.copying import Copied
from tests.gui.blame.conftest import Blame, Facts
from tests.helpers.small_stores import write_store


def copied(panel: FieldHistory, what: Copied) -> str:
    QGuiApplication.clipboard().setText("nothing yet")
    panel.copying.copy(what)
    return QGuiApplication.clipboard().text()


def test_one_value(totals: FieldHistory) -> None:
    assert copied(totals, Copied.VALUE) == "144.0"
    said = exact_json.parse(copied(totals, Copied.JSON))
    assert (said["pointer"], said["version"], said["event_type"]) == ("/total", 2, "Added")
    assert exact_json.dump(said["value"]) == "144.0"
    assert copied(totals, Copied.PATH) == "/total"
    totals.table.setCurrentIndex(totals.rows.index(3, 0))
    assert Copied.VALUE not in totals.copying.copyable()
    assert "value" not in exact_json.parse(copied(totals, Copied.JSON))


def test_the_command_names_the_version_at_which_the_pointer_was_chosen(totals: FieldHistory) -> None:
    totals._desk.cursor.set_ordinal(5)
    assert copied(totals, Copied.COMMAND).endswith("s.db t-1 /total --version 3")


def test_all_values_as_a_table(totals: FieldHistory) -> None:
    button = totals.findChild(QToolButton, "blame.copy")
    assert button is not None
    button.click()
    lines = QGuiApplication.clipboard().text().splitlines()
    assert lines[0].split("\t")[:3] == ["value", "change", "version"]
    assert [line.split("\t")[:4] for line in lines[1:]] == [
        ["96.0", "first", "1", "Opened"],
        ["144.0", "+48.0", "2", "Added"],
        ["140.5", "\N{MINUS SIGN}3.5", "4", "Corrected"],
        ["", "removed", "6", "Closed"],
    ]


LONG = "long\n" * 500


def test_a_cut_value_is_copied_whole_and_shown_whole_by_enter(
    blame: Blame, tmp_path: Path, qtbot: QtBot
) -> None:
    def items(first: str) -> dict[str, Any]:
        return {"items": [{"sku": "b", "text": "short"}, {"sku": "a", "text": first}][:: 1 if first else -1]}

    facts: Facts = [("Changed", {"items": [{"sku": "a", "text": LONG}]}), ("Changed", items(LONG + "more"))]
    panel = blame(write_store(tmp_path / "s.db", {"t-1": facts}), "t-1", 2, "/items/1/text")
    panel.table.setCurrentIndex(panel.rows.index(0, 0))
    panel.copying.copy(Copied.VALUE)
    qtbot.waitUntil(lambda: QGuiApplication.clipboard().text() == LONG)
    panel.copying.copy(Copied.JSON)
    qtbot.waitUntil(lambda: QGuiApplication.clipboard().text().startswith("{"))
    assert exact_json.parse(QGuiApplication.clipboard().text())["value"] == LONG
    assert panel._desk.cursor.ordinal == 2
    QTest.keyClick(panel.table, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: panel._viewer is not None and panel._viewer.isVisible())
    assert panel._viewer is not None
    shown = panel._viewer.findChild(QWidget, "state.viewer.text")
    assert shown is not None
    assert shown.property("plainText") == LONG
    panel._viewer.close()
    assert panel._desk.cursor.ordinal == 2


def test_the_copy_commands_reach_the_panel_with_the_focus(totals: FieldHistory, qtbot: QtBot) -> None:
    totals.table.setFocus()
    qtbot.waitUntil(totals.table.hasFocus)
    totals._desk.actions[ActionId.COPY_VALUE].trigger()
    assert QGuiApplication.clipboard().text() == "144.0"
