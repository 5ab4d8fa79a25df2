"""In a language whose texts are 40 % longer and stand in brackets: every text of ours passes through the catalogue, and
none is cut."""

import calendar
import re
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QHeaderView,
    QLabel,
    QLineEdit,
    QListView,
    QMenu,
    QPlainTextEdit,
    QTextBrowser,
    QTreeView,
    QWidget,
)

from auditor.core.text import translated_by
from tests.gui.acceptance.cut_texts import cut_texts
from tests.gui.acceptance.driving import User
from tests.gui.acceptance.walking import scenes
from tests.helpers.command_line import auditor

AGGREGATE = "order-1036"
PLACEHOLDER = re.compile(r"(\{[^{}]*\})")
IN_BRACKETS = re.compile(r"\[[^\[\]]*\]")
CUT_IN_TWO = re.compile(r"^\[[^\]]*$|^[^\[]*\]$")
"""A text of ours of which two widgets show a part each."""
TOKEN, DIGIT = re.compile(r"\w+"), re.compile(r"\d")
MOST_ROWS = 40
GUIDE_PAGES = "help.contents"
"""The guide is a document, in the language in which it was written."""
WORD = re.compile(r"[^\W\d_]{3,}")


def lengthened(message: str) -> str:
    """`[Go to the cause ~~~~~~]`; placeholders, file patterns and mnemonics stay."""
    if not WORD.search(PLACEHOLDER.sub("", message)):
        return f"[{message}]"
    plain = len(PLACEHOLDER.sub("", message))
    return f"[{message} {'~' * max(round(plain * 0.4) - 3, 1)}]"


@pytest.mark.timeout(240)
def test_every_text_is_translated_and_has_room(user_of: Callable[..., User], demo_store: Path) -> None:
    with translated_by(lengthened):
        user = user_of(demo_store, (1280, 800))
        known = words_of_the_store(demo_store) | frozenset(calendar.month_abbr)  # the locale's own names
        bare = dict.fromkeys(bare_menus(user.window, known), "menus")
        cut: dict[str, str] = {}
        for scene, front in scenes(user, AGGREGATE):
            bare |= dict.fromkeys(bare_texts(front, known), scene) | bare
            cut |= dict.fromkeys(cut_texts(front), scene) | cut
    problems = {"bare": bare, "cut": cut}
    assert not bare | cut, "\n".join(
        f"{kind} in {scene}: {problem}"
        for kind, found in problems.items()
        for problem, scene in found.items()
    )


NAMES = frozenset(
    WORD.findall(
        "Auditor auditor UTC JSON SQLite Ctrl Shift Alt Esc Enter Return Space Home End Tab Del PgUp PgDown Left Right"
        " Down order_summaries order_lines OrderSummaries Order Customer demo projections Inter JetBrains Mono"
    )
)
"""Of keys, of the program, and of what it shows that is nobody's language."""


def words_of_the_store(store: Path) -> frozenset[str]:
    """All words that stand in it, in its path, and in the names of what is made from it."""
    with closing(sqlite3.connect(store)) as connection:
        rows = connection.execute(
            "SELECT aggregate_id, aggregate_type, event_type, data, metadata FROM events"
        )
        texts = [str(store), *(text for row in rows for text in row if text)]
    texts.append(auditor("state", store, AGGREGATE, "--version", "3", "--json").out)
    texts.append(auditor("projections", store, "--json").out)
    return frozenset(word for text in texts for word in WORD.findall(text)) | NAMES


def bare_texts(top: QWidget, known: frozenset[str]) -> Iterator[str]:
    for widget in [top, *top.findChildren(QWidget)]:
        if not widget.isVisible() or widget.objectName() == GUIDE_PAGES:
            continue
        if not isinstance(widget, QTextBrowser | QPlainTextEdit):
            name = widget.objectName() or type(widget).__name__
            for kind, text in texts_of(widget):
                left = [word for word in bare_words(text) if word not in known]
                if left:
                    yield f"{kind} of {name}: {text!r} has {left}"


def texts_of(widget: QWidget) -> Iterator[tuple[str, str]]:
    yield "name", widget.accessibleName()
    yield "description", widget.accessibleDescription()
    yield "tip", widget.toolTip()
    if widget.isWindow():
        yield "title", widget.windowTitle()
    if isinstance(widget, QLabel | QAbstractButton):
        yield "text", widget.text()
    if isinstance(widget, QLineEdit):
        yield "placeholder", widget.placeholderText()
    if (
        isinstance(widget, QAbstractItemView)
        and not isinstance(widget, QHeaderView)
        and widget.model() is not None
    ):
        yield from _cells(widget)


def _cells(view: QAbstractItemView) -> Iterator[tuple[str, str]]:
    model = view.model()
    for column in range(1 if isinstance(view, QListView) else model.columnCount()):
        if not isinstance(view, QTreeView) or not view.isHeaderHidden():
            yield "header", str(model.headerData(column, Qt.Orientation.Horizontal) or "")
        for row in range(min(model.rowCount(), MOST_ROWS)):
            for role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
                yield "cell", str(model.index(row, column).data(role) or "")


def bare_words(text: str) -> list[str]:
    """What stands outside of all brackets, without words that have a digit."""
    before = None
    while before != text:
        before, text = text, IN_BRACKETS.sub(" ", text)
    text = CUT_IN_TWO.sub(" ", text)
    return [word for token in TOKEN.findall(text) if not DIGIT.search(token) for word in WORD.findall(token)]


def bare_menus(window: QWidget, known: frozenset[str]) -> Iterator[str]:
    for menu in window.findChildren(QMenu):
        for text in (
            menu.title(),
            *(part for entry in menu.actions() for part in (entry.text(), entry.toolTip())),
        ):
            if left := [word for word in bare_words(text) if word not in known]:
                yield f"{menu.objectName()}: {text!r} has {left}"
