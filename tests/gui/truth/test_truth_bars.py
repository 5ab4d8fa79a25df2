"""What is not as it should be is said where the state is, and leads to the event."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton

from auditor.gui.action_table import ActionId
from auditor.gui.truth.changed_model import ChangedModel
from auditor.gui.truth.gaps_dialog import GapsDialog
from auditor.gui.truth.models_dialog import ModelsDialog
from auditor.gui.truth.text_table import TextTable
from tests.gui.truth.conftest import Shown, dialog
from tests.helpers.faulty_versions import write_faulty_store
from tests.helpers.guest_code import write_module
from tests.helpers.modelled import COUNTING, write_things
from tests.helpers.snapshotted import with_total, write_snapshotted
from tests.helpers.viewed_stores import trust

Show = Callable[[Path], Shown]
LATER = COUNTING.replace('event["by"]', 'event.get("by", 10)')
RANDOM = f"    import random\n{COUNTING}".replace('event["name"]', "random.random()")


def cells(table: TextTable) -> list[list[str]]:
    model = table.model()
    columns = range(model.columnCount())
    return [[model.index(row, column).data() for column in columns] for row in range(model.rowCount())]


def test_a_sound_history_has_no_bars(tmp_path: Path, show: Show) -> None:
    seen = show(write_things(tmp_path, facts=[("Added", {"by": 1}), ("Seen", {})]))
    repeat = seen.bars.repeat
    seen.until(lambda: repeat._known)
    for name in ("changed", "repeat", "snapshot", "snapshot_note"):
        assert seen.bar(f"truth.{name}") is None
    assert not seen.desk.actions[ActionId.LIST_GAPS].isEnabled()


def test_all_events_that_were_not_applied_are_listed_and_lead_there(tmp_path: Path, show: Show) -> None:
    seen = show(write_things(tmp_path))
    seen.until(lambda: seen.bar("state.incomplete"))
    seen.press("state.incomplete.verb")
    listed = dialog("dialog.gaps")
    assert isinstance(listed, GapsDialog)
    assert [row[:3] for row in cells(listed.table)] == [
        ["4", "Added", "raised an error"],
        ["5", "Unheard", "no handler"],
    ]
    told = [label.text() for label in listed.findChildren(QLabel)]
    assert "2 events were not applied" in told
    standings = (
        "1 event of 1 type has no handler: Unheard.\n"
        "1 event of 1 type is declared as ignored, and changes nothing: Seen."
    )
    seen.until(lambda: standings in [label.text() for label in listed.findChildren(QLabel)])
    listed.table.selectRow(1)
    QTest.keyClick(listed.table, Qt.Key.Key_Return)
    assert seen.desk.cursor.ordinal == 5
    listed.table.selectRow(0)
    listed.findChild(QPushButton, "dialog.gaps.go").click()  # type: ignore[union-attr] # made with the dialog
    assert seen.desk.cursor.ordinal == 4
    listed.findChild(QPushButton, "dialog.gaps.copy").click()  # type: ignore[union-attr] # likewise
    assert QApplication.clipboard().text().startswith("4 Added: KeyError: 'by'\n5 Unheard: Thing has no")
    listed.close()


def test_versions_that_are_not_in_the_store_are_listed_with_what_was_not_applied(
    tmp_path: Path, show: Show
) -> None:
    seen = show(write_faulty_store(tmp_path / "s.db", versions=[1, 2, 5, 7]))
    seen.until(lambda: seen.bar("state.incomplete"))
    said = seen.said("state.incomplete")
    assert said.startswith("Incomplete from version 3\nVersions 3 to 4 are not in the store.")
    sentence = seen.window.findChild(QLabel, "status.sentence")
    assert sentence is not None
    assert sentence.text() == "4 loaded, 3 not in the store: incomplete from 3"
    seen.desk.cursor.set_ordinal(2)
    seen.until(lambda: seen.bar("state.incomplete") is None)
    seen.desk.actions[ActionId.LIST_GAPS].trigger()
    listed = dialog("dialog.gaps")
    assert isinstance(listed, GapsDialog)
    assert [row[0] for row in cells(listed.table)] == ["3–4", "6"]
    QTest.keyClick(listed.table, Qt.Key.Key_Return)
    assert seen.desk.cursor.ordinal == 3
    listed.close()


def test_a_model_that_is_not_deterministic_is_said_with_the_event(tmp_path: Path, show: Show) -> None:
    seen = show(write_things(tmp_path, RANDOM, [("Added", {"by": 1}), ("Named", {}), ("Added", {"by": 1})]))
    seen.until(lambda: seen.bar("truth.repeat"))
    said = seen.said("truth.repeat")
    assert said.startswith("Thing is not deterministic\nTwo runs differ from event 2 (Named) on: /names/0.")
    seen.press("truth.repeat.verb")
    assert seen.desk.cursor.ordinal == 2
    seen.desk.cursor.set_model("merge")
    seen.until(lambda: seen.bar("truth.repeat") is None)


def test_a_snapshot_that_disagrees_is_said_and_stands_on_the_timeline(tmp_path: Path, show: Show) -> None:
    seen = show(write_snapshotted(tmp_path, with_total(7)))
    seen.until(lambda: seen.bar("truth.snapshot"))
    assert "disagrees with its events: /total is 7, and 6 by the events." in seen.said("truth.snapshot")
    history = seen.desk.cursor.history
    assert history is not None
    assert (history.snapshots, history.snapshot_verdicts) == ((3,), ("differs",))
    seen.press("truth.snapshot.verb")
    assert seen.desk.cursor.ordinal == 3


def test_a_snapshot_that_agrees_is_no_news(tmp_path: Path, show: Show) -> None:
    seen = show(write_snapshotted(tmp_path))
    seen.until(lambda: seen.bars.snapshot.check is not None)
    assert seen.bar("truth.snapshot") is None
    assert seen.bar("truth.snapshot_note") is None
    history = seen.desk.cursor.history
    assert history is not None
    assert history.snapshots == (3,)


def test_one_of_other_code_is_noted(tmp_path: Path, show: Show) -> None:
    seen = show(write_snapshotted(tmp_path, lambda kept: kept._replace(model="0" * 64).sealed()))
    seen.until(lambda: seen.bar("truth.snapshot_note"))
    assert seen.said("truth.snapshot_note") == "The snapshot at version 3 is not used: other code made it."


def changed(path: Path, seen: Shown) -> ChangedModel:
    """The model's file was edited, and that was noticed."""
    write_module(path.parent, LATER, "things")
    model = seen.bars.changed_model
    model.look()
    seen.until(lambda: seen.bar("truth.changed"))
    return model


def test_a_changed_model_offers_to_fold_again_and_shows_what_is_other(tmp_path: Path, show: Show) -> None:
    path = write_things(tmp_path)
    seen = show(path)
    changed(path, seen)
    assert seen.said("truth.changed").startswith("The model has changed on disk\nthings.py: ")
    trust(path)
    seen.press("truth.changed.verb")
    seen.until(lambda: dialog("dialog.models"))
    compared = dialog("dialog.models")
    assert isinstance(compared, ModelsDialog)
    seen.until(lambda: cells(compared.versions))
    assert seen.bar("truth.changed") is None
    assert cells(compared.versions) == [
        ["4", "Added", "applied now"],
        ["5", "Unheard", "another state"],
        ["6", "Added", "another state"],
    ]
    seen.until(lambda: cells(compared.fields) == [["/count", "1", "11"]])
    summary = compared.findChild(QLabel, "dialog.models.summary")
    assert summary is not None
    assert summary.text() == "3 of 6 versions differ, the first is 4."
    reason = compared.findChild(QLabel, "dialog.models.reason")
    assert reason is not None
    assert reason.text() == "Before, it was not applied: KeyError: 'by'."
    compared.versions.selectRow(2)
    seen.until(lambda: cells(compared.fields) == [["/count", "3", "13"]])
    compared.findChild(QPushButton, "dialog.models.go").click()  # type: ignore[union-attr] # made with the dialog
    assert seen.desk.cursor.ordinal == 6
    compared.findChild(QPushButton, "dialog.models.show").click()  # type: ignore[union-attr] # likewise
    assert seen.desk.highlight.events is not None
    assert list(seen.desk.highlight.events) == [4, 5, 6]
    compared.findChild(QPushButton, "dialog.models.copy").click()  # type: ignore[union-attr] # likewise
    assert "3 of 6 versions differ" in QApplication.clipboard().text()
    compared.close()


def test_the_question_of_trust_comes_first(tmp_path: Path, show: Show) -> None:
    path = write_things(tmp_path)
    seen = show(path)
    changed(path, seen)
    seen.press("truth.changed.verb")
    seen.until(lambda: dialog("dialog.trust"))
    asked = dialog("dialog.trust")
    assert asked is not None
    assert dialog("dialog.models") is None
    assert seen.bar("truth.changed") is not None
    asked.findChild(QPushButton, "dialog.trust.trust").click()  # type: ignore[union-attr] # made with the dialog
    seen.until(lambda: dialog("dialog.models"))
    compared = dialog("dialog.models")
    assert compared is not None
    compared.close()
    fold = seen.desk.loader.fold
    assert fold is not None
    assert len(fold.unapplied) == 1


def test_a_change_is_noticed_by_time(tmp_path: Path, show: Show) -> None:
    path = write_things(tmp_path)
    seen = show(path)
    model = seen.bars.changed_model
    assert model.timer.isActive()
    model.timer.setInterval(50)
    write_module(path.parent, LATER, "things")
    seen.until(lambda: seen.bar("truth.changed"))
    write_module(path.parent, COUNTING, "things")
    seen.until(lambda: seen.bar("truth.changed") is None)
