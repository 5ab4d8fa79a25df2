"""What must be known of an open store is to be seen at its name."""

from collections.abc import Callable

from pytestqt.qtbot import QtBot

from auditor.gui.main_window import MainWindow
from auditor.gui.toolbar import ToolBar
from tests.helpers.secret_server import SecretStore

OpenWindow = Callable[..., MainWindow]
ICONS = (("warning", "chg"), ("lock",))


def test_what_must_be_known_of_a_store_marks_its_name(
    open_window: OpenWindow, secret_store: SecretStore, qtbot: QtBot
) -> None:
    window = open_window()
    button = window.findChildren(ToolBar)[0].store_button
    said = []
    for address in (secret_store.owner, secret_store.reading):
        with qtbot.waitSignal(window.desk.store.opened, timeout=20_000):
            window.open(address)
        said.append(button.accessibleName())
        assert f"{secret_store.database}, read-only" in button.accessibleName()
        window.desk.appearance.set(scheme="dark")
        drawn = button.icon().pixmap(16).toImage()
        signs = [window.desk.appearance.icon(*icon).pixmap(16).toImage() for icon in ICONS]
        assert [drawn == sign for sign in signs] == [len(said) == 1, len(said) == 2]
    assert ["This role could write" in one for one in said] == [True, False]
