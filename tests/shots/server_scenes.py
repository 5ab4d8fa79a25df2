"""Connecting to a server: the dialog, what a test says, and the password that is asked for."""

from collections.abc import Callable

from PySide6.QtWidgets import QApplication, QLineEdit, QPushButton, QWidget
from sqlalchemy import make_url

from auditor.gui.action_table import ActionId
from auditor.gui.dialogs.password import PasswordDialog
from auditor.gui.dialogs.server_test import ServerTest
from auditor.gui.main_window import MainWindow
from auditor.gui.photographer import Photographer
from tests.helpers.postgres_server import new_database, running_server
from tests.helpers.secret_server import SecretStore, make_secret_store
from tests.shots.stage import Stage

EXAMPLE = (
    "postgresql://auditor_ro:x@db.shop.internal:5433/shop?options=-csearch_path%3Dsales&sslmode=verify-full"
)


def filled(photographer: Photographer, window: MainWindow, stage: Stage) -> QWidget:
    return _connecting(photographer, window, EXAMPLE)


def testing(photographer: Photographer, window: MainWindow, stage: Stage) -> QWidget:
    """At somebody who never answers."""
    port = stage.silent_server.getsockname()[1]
    dialog = _connecting(photographer, window, f"postgresql://auditor_ro@localhost:{port}/shop")
    _test(dialog)
    photographer.rest(500)
    return dialog


def failed(photographer: Photographer, window: MainWindow, stage: Stage) -> QWidget:
    dialog = _connecting(photographer, window, "postgresql://auditor_ro@localhost:1/shop")
    _tested(photographer, dialog)
    return dialog


def passed(address: Callable[[SecretStore], str]) -> Callable[[Photographer, MainWindow, Stage], QWidget]:
    """At a real server, as the role of that address."""

    def act(photographer: Photographer, window: MainWindow, stage: Stage) -> QWidget:
        with running_server() as server:
            store = make_secret_store(server, new_database(server.url, "shop"))
            dialog = _connecting(photographer, window, address(store))
            _tested(photographer, dialog)
            return dialog

    return act


def asked(photographer: Photographer, window: MainWindow, stage: Stage) -> QWidget:
    """After a wrong one."""
    with running_server() as server:
        store = make_secret_store(server, new_database(server.url, "shop"))
        window.open(make_url(store.asked).set(password="x").render_as_string(hide_password=False))  # noqa: S106 - a wrong one
        photographer.until(
            lambda: isinstance(QApplication.activeModalWidget(), PasswordDialog), "the question"
        )
        dialog = QApplication.activeModalWidget()
        assert dialog is not None
        photographer.rest(200)
        return dialog


def _connecting(photographer: Photographer, window: MainWindow, url: str) -> QWidget:
    window.desk.actions[ActionId.CONNECT].trigger()
    photographer.rest(100)
    dialog = QApplication.activeModalWidget()
    assert dialog is not None
    field = dialog.findChild(QLineEdit, "dialog.connect.server.url")
    assert field is not None
    QApplication.clipboard().setText(url)
    field.paste()
    QApplication.clipboard().clear()
    photographer.rest(100)
    return dialog


def _test(dialog: QWidget) -> None:
    button = dialog.findChild(QPushButton, "dialog.connect.test")
    assert button is not None
    button.click()


def _tested(photographer: Photographer, dialog: QWidget) -> None:
    _test(dialog)
    shown = dialog.findChildren(ServerTest)[0]
    photographer.until(lambda: shown.state in ("passed", "failed"), "the result")
    photographer.rest(200)
