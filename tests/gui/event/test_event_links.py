"""Causes and effects as a tree in the event panel."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtTest import QTest
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from auditor.gui.action_table import ActionId
from auditor.gui.event.fact_view import FactView
from auditor.gui.event.panel import EventPanel
from auditor.stores.native_store import EventStore
from tests.helpers.linked_events import caused, circle

Show = Callable[..., EventPanel]


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """Order `o-1` placed; payment `p-1` requested by it; 250 parcels caused by the payment, the first of which has an
    effect of its own; two events in a circle."""
    placed = caused("o-1", 1, None, "OrderPlaced")
    paid = caused("p-1", 1, placed, "PaymentRequested")
    parcels = [caused("s-1", n, paid, "ParcelSent") for n in range(1, 251)]
    arrived = caused("o-1", 2, parcels[0], "ParcelArrived")
    path = tmp_path / "links.db"
    with EventStore(f"sqlite:///{path}") as opened:
        opened.append("o-1", [placed], 0)
        opened.append("p-1", [paid], 0)
        opened.append("s-1", parcels, 0)
        opened.append("o-1", [arrived], 1)
        opened.append("x-1", circle("x-1"), 0)
    return path


@pytest.fixture
def tree(show: Show, store: Path, qtbot: QtBot) -> Callable[[str, int], FactView]:
    def shown(aggregate_id: str, version: int) -> FactView:
        panel = show(store, aggregate_id, version)
        panel._desk.actions[ActionId.EVENT_LINKS].trigger()
        qtbot.waitUntil(lambda: panel.pages.links.states.state == "content", timeout=20_000)
        return panel.pages.links.view

    return shown


def lines(view: FactView, parent: QModelIndex | None = None, depth: int = 0) -> list[str]:
    found = []
    parent = parent if parent is not None else QModelIndex()
    for row in range(view.facts.rowCount(parent)):
        index = view.facts.index(row, 0, parent)
        fact = view.facts.fact(index)
        assert fact is not None
        said = fact.name if fact.link is None else f"{fact.name} {fact.link.aggregate_id} {fact.link.version}"
        found.append("  " * depth + said)
        if view.isExpanded(index):
            found += lines(view, index, depth + 1)
    return found


def panel_of(view: FactView) -> EventPanel:
    parent = view.parentWidget()
    while not isinstance(parent, EventPanel):
        assert parent is not None
        parent = parent.parentWidget()
    return parent


def test_the_tree_has_causes_above_and_effects_below(
    tree: Callable[[str, int], FactView], qtmodeltester: ModelTester
) -> None:
    view = tree("s-1", 1)
    qtmodeltester.check(view.facts, force_py=True)  # type: ignore[no-untyped-call] # pytest-qt types only some
    assert lines(view)[:8] == [
        "Causes, 2",
        "OrderPlaced o-1 1",
        "PaymentRequested p-1 1",
        "This event",
        "ParcelSent s-1 1",
        "Effects, 1",
        "ParcelArrived o-1 2",
        "Same correlation, 255",
    ]
    assert view.hasFocus()
    current = view.current_fact()
    assert current is not None
    assert current.is_here
    spoken = view.facts.index(1, 0).data(Qt.ItemDataRole.AccessibleTextRole)
    assert spoken.startswith("caused by OrderPlaced, version 1 of O o-1, 2026-03-01 12:01:00")


def test_keys_lead_to_an_event_and_the_tree_becomes_its_own(
    tree: Callable[[str, int], FactView], qtbot: QtBot
) -> None:
    view = tree("s-1", 1)
    panel = panel_of(view)
    QTest.keyClick(view, Qt.Key.Key_Up)
    QTest.keyClick(view, Qt.Key.Key_Up)
    QTest.keyClick(view, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: lines(view)[3:4] == ["PaymentRequested p-1 1"], timeout=20_000)
    assert lines(view)[1] == "OrderPlaced o-1 1"
    place = panel._desk.cursor.place
    assert place is not None
    assert place.aggregate_id == "p-1"
    panel._desk.actions[ActionId.BACK].trigger()
    qtbot.waitUntil(lambda: lines(view)[4:5] == ["ParcelSent s-1 1"], timeout=20_000)


def test_of_many_effects_more_are_had_by_the_hundred(
    tree: Callable[[str, int], FactView], qtbot: QtBot
) -> None:
    view = tree("p-1", 1)

    def said() -> list[str]:
        return [line for line in lines(view) if "more" in line]

    assert "Effects, 250" in lines(view)
    assert said()[0] == "150 more"
    links = panel_of(view).pages.links.tree
    assert links is not None
    row = f"effects:{links.root.link.event_id}"
    view.reveal(row)
    QTest.keyClick(view, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: said()[0] == "50 more", timeout=20_000)
    view.reveal(row)
    QTest.keyClick(view, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: said() == ["155 more"], timeout=20_000)
    assert sum("ParcelSent s-1" in line for line in lines(view)) == 250 + 98


def has_grown(view: FactView, before: int) -> bool:
    return view.facts.rowCount() > before


def test_correlated_events_are_had_by_the_hundred_too(
    tree: Callable[[str, int], FactView], qtbot: QtBot
) -> None:
    view = tree("o-1", 1)
    for _ in range(2):
        view.reveal("correlated")
        before = view.facts.rowCount()
        QTest.keyClick(view, Qt.Key.Key_Return)
        qtbot.waitUntil(partial(has_grown, view, before), timeout=20_000)
    assert lines(view)[-1] == "Answered x-1 2"
    assert not [line for line in lines(view)[-200:] if "more" in line]


def test_a_circle_is_said_once_and_not_followed(tree: Callable[[str, int], FactView]) -> None:
    view = tree("x-1", 1)
    found = lines(view)
    assert found[1].startswith("The causes go round in a circle: the first one names")
    at = found.index("Effects, 1")
    assert found[at + 1 : at + 3] == [
        "Answered x-1 2",
        "  It stands above already: the causes go round in a circle.",
    ]


def test_fields_list_few_effects_and_lead_to_the_tree(show: Show, store: Path, qtbot: QtBot) -> None:
    panel = show(store, "p-1", 1)
    found = lines(panel.fields)
    assert sum("ParcelSent" in line for line in found) == 10
    assert found[-1] == "240 more effects, all as a tree"
    panel.fields.reveal("tree")
    panel.fields.setFocus()
    QTest.keyClick(panel.fields, Qt.Key.Key_Return)
    qtbot.waitUntil(panel.pages.links.view.isVisible)
    assert panel.header.tabs.index == 4


def test_links_are_asked_for_only_while_they_are_seen(show: Show, store: Path, qtbot: QtBot) -> None:
    panel = show(store, "s-1", 1)
    assert panel.pages.links.tree is None
    panel.show_links()
    qtbot.waitUntil(lambda: panel.pages.links.tree is not None, timeout=20_000)
    before, asked = panel.pages.links.tree, panel.pages.links._asked
    panel.show_tab(0)
    panel._desk.cursor.set_ordinal(2)
    qtbot.waitUntil(lambda: panel.reader.shown is not None and panel.reader.shown.result.ordinal == 2)
    assert panel.pages.links._asked == asked
    assert panel.pages.links.tree is before
    panel.show_tab(4)
    qtbot.waitUntil(lambda: panel.pages.links.tree is not before, timeout=20_000)
