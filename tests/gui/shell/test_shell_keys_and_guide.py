"""The overlay of all keys, and the guide: both know every command."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QByteArray, Qt, QUrl
from PySide6.QtGui import QImage, QTextDocument
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QListWidget
from pytestqt.qtbot import QtBot

from auditor.cli.main import COMMANDS
from auditor.gui.action_table import RECENT, action_table
from auditor.gui.key_caps import caps_of
from auditor.gui.keys_overlay import key_groups
from auditor.gui.main_window import MainWindow
from auditor.jobs.origin import origin_of_process
from auditor.jobs.read_guide import GuidePage, ReadGuideRequest, run
from auditor.resources import resource
from auditor.tasks.context import TaskContext
from tests.gui.shell.conftest import Hand

OpenWindow = Callable[..., MainWindow]


def guide() -> dict[str, GuidePage]:
    return {
        page.name: page for page in run(ReadGuideRequest(origin=origin_of_process("test")), TaskContext())
    }


@pytest.mark.parametrize(
    ("keys", "caps"),
    [
        ("Ctrl+Shift++", ("Ctrl", "Shift", "+")),
        ("+", ("+",)),
        ("Ctrl+\\", ("Ctrl", "\\")),
        ("Alt+Left", ("Alt", "←")),
        ("?", ("?",)),
    ],
)
def test_keys_as_caps(keys: str, caps: tuple[str, ...]) -> None:
    assert caps_of(keys) == caps


class TestKeys:
    def test_every_command_with_a_key_is_there(self) -> None:
        shown = {(line.caps, line.text) for _, lines in key_groups(action_table()) for line in lines}
        for spec in action_table():
            if spec.keys and spec.id not in RECENT:
                assert (caps_of(spec.keys[0]), spec.text.rstrip("…")) in shown
        assert (("Ctrl", "1", "…", "9"), "Recent stores") in shown

    def test_are_shown_searched_and_closed_by_keys(
        self, open_window: OpenWindow, hand: Hand, qtbot: QtBot
    ) -> None:
        window = open_window()
        before = QApplication.focusWidget()
        hand.keys("?")
        keys = window.shell.keys
        assert keys is not None
        assert keys.isVisible()

        def shown() -> list[str]:
            return [one.text() for one in keys.findChildren(QLabel) if one.isVisible()]

        assert "Next event of this type" in shown()
        hand.type("rebuild")
        qtbot.waitUntil(lambda: "Next event of this type" not in shown())
        assert {"Rebuild", "Cancel the rebuild"} <= set(shown())
        hand.find(QLineEdit, "keys.field").setText("zzz")
        assert "No command has this in its name or keys." in shown()
        hand.keys("Escape")
        assert not keys.isVisible()
        assert QApplication.focusWidget() is before

    @pytest.mark.parametrize("size", [(960, 640), (1440, 900)])
    def test_nothing_is_cut_at_the_side(
        self, size: tuple[int, int], open_window: OpenWindow, hand: Hand
    ) -> None:
        window = open_window(size=size)
        hand.keys("?")
        keys = window.shell.keys
        assert keys is not None
        for label in keys.box.findChildren(QLabel):
            if label.isVisible():
                assert label.width() >= label.sizeHint().width(), label.text()
                right = label.mapTo(keys.box, label.rect().topRight()).x()
                assert right < keys.box.width()


class TestGuide:
    def test_mentions_every_command_and_every_verb(self) -> None:
        text = re.sub(r"\s+", " ", " ".join(page.text for page in guide().values()))
        missing = [
            spec.text
            for spec in action_table()
            if spec.id not in RECENT and spec.text.rstrip("…") not in text
        ]
        missing += [verb for verb in COMMANDS if f"`auditor {verb}" not in text]
        assert missing == []

    def test_has_every_key(self) -> None:
        page = guide()["keys"].text
        for title, lines in key_groups(action_table()):
            assert f"## {title}" in page
            for line in lines:
                caps = " ".join(f"`{cap}`" if cap != "…" else "to" for cap in line.caps)
                assert f"| {caps} | {line.text} |" in page

    def test_links_lead_to_pages_that_are_there_and_nowhere_else(self) -> None:
        pages = guide()
        assert {path.stem for path in resource("help").glob("*.md")} == pages.keys()
        for page in pages.values():
            for link in re.findall(r"(?<!!)\[[^]]*\]\(([^)]*)\)", page.text):
                assert link.removesuffix(".md") in pages, (page.name, link)

    def test_opens_by_key_goes_along_links_and_is_searched(
        self, open_window: OpenWindow, hand: Hand, qtbot: QtBot
    ) -> None:
        window = open_window()
        hand.keys("F1")
        contents = hand.find(QListWidget, "help.contents")
        qtbot.waitUntil(lambda: contents.count() == len(guide()))
        shown = window.shell.help
        assert shown is not None
        shown.browser.anchorClicked.emit(QUrl("timeline.md"))
        assert shown.browser.toPlainText().startswith("The timeline")
        assert contents.currentItem().text() == "The timeline"
        for elsewhere in ("https://example.org/state-and-event.md", "file:///etc/passwd", "../../README.md"):
            shown.browser.anchorClicked.emit(QUrl(elsewhere))
            assert shown.browser.toPlainText().startswith("The timeline")
        shown.field.setText("shadow tables")
        assert [contents.item(n).text() for n in range(contents.count())] == ["Projections and rebuild"]
        assert shown.browser.textCursor().selectedText().casefold() == "shadow tables"
        QTest.keyClick(shown, Qt.Key.Key_Escape)
        assert not shown.isVisible()

    def test_closes_with_its_window(self, open_window: OpenWindow, hand: Hand, qtbot: QtBot) -> None:
        window = open_window()
        hand.keys("F1")
        hand.find(QListWidget, "help.contents")
        window.close()
        shown = window.shell.help
        assert shown is not None
        qtbot.waitUntil(lambda: not shown.isVisible())


def test_the_guide_is_in_the_repository() -> None:
    assert (Path(__file__).parents[3] / "resources" / "help" / "index.md").exists()


def pictures_in(document: QTextDocument) -> list[str]:
    """Their names, as far as the page still has them as pictures."""
    found, block = [], document.begin()
    while block.isValid():
        walk = block.begin()
        while not walk.atEnd():
            letters = walk.fragment().charFormat()
            if letters.isImageFormat():
                found.append(letters.toImageFormat().name())
            walk += 1
        block = block.next()
    return found


def test_a_page_has_its_pictures_in_the_colours_of_the_window_and_as_wide_as_there_is_room(
    open_window: OpenWindow, hand: Hand, qtbot: QtBot
) -> None:
    window = open_window()
    hand.keys("F1")
    contents = hand.find(QListWidget, "help.contents")
    qtbot.waitUntil(lambda: contents.count() == len(guide()))
    shown = window.shell.help
    assert shown is not None
    shown.show_page("who-changed-the-price")
    name = "pictures/story-blame.png"
    given = guide()["who-changed-the-price"].pictures
    assert shown.browser.pictures[name] == given[name, "light"]
    room = shown.browser.viewport().width()
    picture = shown.browser.loadResource(2, QUrl(name))
    assert isinstance(picture, QImage)
    assert room - 100 < picture.width() / picture.devicePixelRatio() < room
    assert pictures_in(shown.browser.document()) == [name for name, scheme in given if scheme == "light"]
    window.desk.appearance.set(scheme="dark")
    assert shown.browser.pictures[name] == given[name, "dark"]
    assert shown.browser.loadResource(2, QUrl("file:///etc/passwd")) == QByteArray()
    shown.resize(shown.width() + 200, shown.height())
    qtbot.waitUntil(lambda: shown.browser.viewport().width() > room + 150)
    wider = shown.browser.loadResource(2, QUrl(name))
    assert isinstance(wider, QImage)
    assert wider.width() > picture.width()
