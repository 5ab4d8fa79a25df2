"""The tree takes one answer after the other: the same shape is changed data, else rows come and go; never a reset."""

import random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtWidgets import QApplication
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from auditor.core import exact_json
from auditor.core.outline import OutlineRow, outline
from auditor.gui.state.tree_model import FIELD, SIGN, VALUE, StateTree
from tests.helpers.json_values import json_objects


def everything_open(value: Any, pointer: str = "") -> dict[str, int]:
    opened = {pointer: 1000}
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in items:
        if isinstance(item, dict | list):
            escaped = str(key).replace("~", "~0").replace("/", "~1")
            opened |= everything_open(item, f"{pointer}/{escaped}")
    return opened


def rows_of(value: Any, before: Any) -> list[OutlineRow]:
    return outline(value, before, everything_open(value) | everything_open(before)).rows


def walked(tree: StateTree, parent: QModelIndex | None = None) -> list[OutlineRow]:
    """All rows as a view reaches them."""
    parent = parent if parent is not None else QModelIndex()
    found = []
    for place in range(tree.rowCount(parent)):
        index = tree.index(place, 0, parent)
        assert tree.parent(index) == parent
        row = tree.row(index)
        assert row is not None
        found += [row, *walked(tree, index)]
    return found


@settings(max_examples=60, deadline=None)
@given(values=st.lists(json_objects().map(exact_json.parse), min_size=1, max_size=5))
def test_after_any_answers_the_tree_has_the_rows_of_the_last(qapp: QApplication, values: list[Any]) -> None:
    tree = StateTree()
    before: Any = {}
    for value in values:
        rows = rows_of(value, before)
        tree.set_rows(rows)
        assert walked(tree) == rows
        assert list(tree.rows()) == rows
        before = value


def test_qts_own_rules_hold_while_rows_come_and_go(qtmodeltester: ModelTester) -> None:
    tree = StateTree()
    qtmodeltester.check(tree, force_py=True)  # type: ignore[no-untyped-call] # pytest-qt types only some
    random_ = random.Random(5)
    before: dict[str, Any] = {}
    for _ in range(40):
        keys = [key for key in "abcdefgh" if random_.random() < 0.6]
        value = {key: random_.choice([1, "x", [1, 2], {"in": key}, [], {}]) for key in keys}
        tree.set_rows(rows_of(value, before))
        before = value


def test_the_same_shape_is_told_as_changed_data_alone(qtbot: QtBot) -> None:
    tree = StateTree()
    tree.set_rows(rows_of({"a": 1, "b": {"c": 2}, "d": 4}, {}))
    kept = QPersistentModelIndex(tree.find("/b/c"))
    told: list[str] = []
    tree.dataChanged.connect(lambda first, last: told.append(f"{first.row()}-{last.row()}"))
    for signal in (tree.rowsInserted, tree.rowsRemoved, tree.modelReset, tree.layoutChanged):
        signal.connect(lambda *_: told.append("shape"))
    tree.set_rows(rows_of({"a": 1, "b": {"c": 3}, "d": 4}, {"a": 1, "b": {"c": 2}, "d": 4}))
    assert told == ["0-2", "0-0"]
    assert kept.isValid()
    assert kept.data() == "c"


def test_rows_that_stay_keep_their_index(qtbot: QtBot) -> None:
    tree = StateTree()
    tree.set_rows(rows_of({"a": 1, "b": 2, "c": {"x": 1}}, {}))
    kept = QPersistentModelIndex(tree.find("/c/x"))
    tree.set_rows(rows_of({"n": 0, "b": 2, "c": {"w": 0, "x": 1}}, {"b": 2, "c": {"x": 1}}))
    assert kept.isValid()
    assert tree.find("/c/x") == QModelIndex(kept)  # type: ignore[call-overload, unused-ignore] # converts
    assert not tree.find("/a").isValid()


@pytest.mark.parametrize(
    ("before", "now", "pointer", "shown", "spoken"),
    [
        ({"n": 1}, {"n": 2}, "/n", ("~", "n", "1 → 2"), "changed, n, 2, was 1"),
        ({"n": 1}, {"n": True}, "/n", ("~", "n", "1 → true"), "changed, n, true, was 1"),
        ({}, {"n": ""}, "/n", ("+", "n", '""'), 'added, n, ""'),
        ({"n": "x"}, {}, "/n", ("\N{MINUS SIGN}", "n", "x"), "removed, n, x"),
        ({"n": [1]}, {"n": [2]}, "/n", ("~", "n", "1 item"), "changed inside, n, 1 item"),
        ({"n": [1]}, {"n": "x"}, "/n", ("~", "n", "a list → x"), "changed, n, x, was a list"),
        ({"n": None}, {"n": None}, "/n", ("", "n", "null"), "n, null"),
        (
            {},
            {"n\u202e": "a\nb"},
            "/n\u202e",
            ("+", "n‹U+202E›", "a‹U+000A›b"),
            "added, n‹U+202E›, a‹U+000A›b",
        ),
    ],
)
def test_a_row_says_sign_name_and_values(
    qtbot: QtBot, before: Any, now: Any, pointer: str, shown: tuple[str, str, str], spoken: str
) -> None:
    tree = StateTree()
    tree.set_rows(rows_of(now, before))
    index = tree.find(pointer)
    texts = tuple(index.siblingAtColumn(column).data() for column in (SIGN, FIELD, VALUE))
    assert texts == shown
    assert index.data(Qt.ItemDataRole.AccessibleTextRole) == spoken


def test_what_is_not_shown_is_a_row_that_says_how_much(qtbot: QtBot) -> None:
    tree = StateTree()
    tree.set_rows(outline({"many": list(range(2500))}, {}, {"/many": 1000}).rows)
    rows = list(tree.rows())
    assert rows[-1].kind == "more"
    parent = tree.find("/many").siblingAtColumn(0)
    last = tree.index(tree.rowCount(parent) - 1, FIELD, parent)
    assert last.data() == "1,500 more"
    assert last.siblingAtColumn(VALUE).data() == "Show the next 1,000"
