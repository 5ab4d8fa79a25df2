"""Rows of a read model: all of them can be reached, few are held, and they say at which position they are true."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QLineEdit

from auditor.gui.action_table import ActionId
from auditor.gui.projections.rows_model import MOST_ROWS
from auditor.gui.projections.rows_page import RowsPage
from tests.gui.projections.conftest import LEFT, Shown, trust
from tests.helpers.command_line import answer, auditor
from tests.helpers.shop import MADE, Shop

MANY = 4_500


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Path:
    """The store's folder. It is trusted by each test anew, for each has a home of its own."""
    shop = Shop(tmp_path_factory.mktemp("many"))
    shop.write(**{f"a{number:05}": [("Made", {"n": number * 1000})] for number in range(MANY)})
    return shop.folder


@pytest.fixture
def rows(many: Path, show: Callable[..., Shown]) -> tuple[Shown, RowsPage]:
    shop = Shop(many)
    trust(shop)
    if not shop.read_model.exists():
        assert auditor("rebuild", shop.store, "things").code == 0
    shown = show(shop.store)
    shown.until_listed()
    shown.click("projections.rows")
    page = shown.view.details.rows
    shown.until(lambda: page.states.state == "content")
    return shown, page


def ids(page: RowsPage) -> list[str]:
    return [str(page.model.row(number)[0]) for number in range(page.model.rowCount())]


def test_walking_down_and_up_meets_each_row_once_and_holds_few(rows: tuple[Shown, RowsPage]) -> None:
    shown, page = rows
    bar = page.table.verticalScrollBar()
    seen: list[str] = []
    most = 0

    def look() -> None:
        nonlocal most
        most = max(most, page.model.rowCount())
        first, last = page.table.seen_rows
        for one in ids(page)[first : last + 1]:
            if not seen or one > seen[-1]:
                seen.append(one)

    while not (page.model.is_at_end and bar.value() == bar.maximum()):
        look()
        bar.setValue(min(bar.value() + bar.pageStep() // 2, bar.maximum()))
        shown.until(lambda: not page.feed._is_asking)
    look()
    assert seen == [f"a{number:05}" for number in range(MANY)]
    assert most <= MOST_ROWS
    assert page.model.first_row > 0
    while not (page.model.first_row == 0 and bar.value() == 0):
        bar.setValue(max(bar.value() - bar.pageStep(), 0))
        shown.until(lambda: not page.feed._is_asking)
        assert page.model.rowCount() <= MOST_ROWS
        assert ids(page) == [
            f"a{page.model.first_row + number:05}" for number in range(page.model.rowCount())
        ]
    assert ids(page)[0] == "a00000"


def test_the_beginning_of_the_key_narrows_them(rows: tuple[Shown, RowsPage]) -> None:
    shown, page = rows
    field = shown.window.findChild(QLineEdit, "projections.rows-page.filter")
    assert field is not None
    assert field.placeholderText() == "id begins with"
    QTest.keyClicks(field, "a0012")
    shown.until(lambda: page.model.rowCount() == 10)
    assert ids(page) == [f"a0012{number}" for number in range(10)]
    QTest.keyClicks(field, "zz")
    shown.until(lambda: page.states.state == "empty")
    assert shown.text("projections.rows.message.title") == "No such rows"
    QTest.keyClick(field, Qt.Key.Key_Escape)
    shown.until(lambda: page.states.state == "content" and page.model.rowCount() > 100)


def test_values_and_rows_are_copied_exactly(rows: tuple[Shown, RowsPage]) -> None:
    shown, page = rows
    shown.until(lambda: page.table.hasFocus())
    page.table.setCurrentIndex(page.model.index(1234 % 200, 1))
    actions = shown.window.desk.actions
    actions[ActionId.COPY_VALUE].trigger()
    assert QApplication.clipboard().text() == "34000"
    actions[ActionId.COPY_JSON].trigger()
    assert json.loads(QApplication.clipboard().text()) == {"id": "a00034", "n": 34000}
    actions[ActionId.COPY_COMMAND].trigger()
    assert QApplication.clipboard().text().startswith("auditor rows ")


def test_they_say_where_they_are_true(rows: tuple[Shown, RowsPage]) -> None:
    shown, page = rows
    assert shown.text("projections.rows-page.line") == f"true at position {MANY:,}, the end of the store"
    shown.until(lambda: f"of {MANY:,}" in shown.text("projections.rows-page.foot"))
    assert page.model.is_right(1)
    assert not page.model.is_right(0)


def test_tables_are_chosen_and_rows_can_be_seen_during_a_rebuild(
    show: Callable[..., Shown], demo_store: Path
) -> None:
    answer("rebuild", demo_store, "order_summaries")
    shown = show(demo_store)
    shown.until_listed()
    shown.view.rebuilds.begin("order_summaries")
    shown.window.desk.actions[ActionId.SHOW_ROWS].trigger()
    page = shown.view.details.rows
    shown.until(lambda: page.states.state == "content")
    chooser = shown.window.findChild(QComboBox, "projections.rows-page.table")
    assert chooser is not None
    assert [chooser.itemText(at) for at in range(chooser.count())] == ["order_summaries", "order_lines"]
    chooser.setCurrentIndex(1)
    chooser.activated.emit(1)
    shown.until(lambda: page.feed.newest is not None and page.feed.newest.table == "order_lines")
    shown.until_over("order_summaries")
    assert shown.view.details.shows_rows
    shown.until(lambda: page.states.state == "content")
    shown.click("projections.rows-page.close")
    assert shown.text("projections.run.title") == "order_summaries was rebuilt"


def test_what_was_never_built_offers_a_rebuild(show: Callable[..., Shown], shop: Shop) -> None:
    shop.write(a=[MADE])
    trust(shop)
    shown = show(shop.store)
    shown.until_listed()
    QTest.keyClick(shown.view.list, Qt.Key.Key_Return)
    page = shown.view.details.rows
    shown.until(lambda: page.states.state == "empty")
    assert shown.text("projections.rows.message.title") == "No rows of things yet"
    verb = shown.button("projections.rows.message.verb0")
    QTest.mouseClick(verb, LEFT)
    shown.until_over("things")
    assert shown.run("things").phase == "finished"


def test_a_table_without_rows_says_so(show: Callable[..., Shown], shop: Shop) -> None:
    shop.write(a=[("Noticed", {})])
    trust(shop)
    assert auditor("rebuild", shop.store, "things").code == 0
    shown = show(shop.store)
    shown.until_listed()
    shown.click("projections.rows")
    page = shown.view.details.rows
    shown.until(lambda: page.states.state == "empty")
    assert shown.text("projections.rows.message.title") == "No rows in things"
