"""Stores on a server in the window: connecting, testing, passwords, and a server that goes away."""

import json
import socket
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest
from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QLabel, QLineEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from auditor.core.events import RecordedEvent
from auditor.gui import store_counts
from auditor.gui.action_table import ActionId
from auditor.gui.dialogs.dialog import FactList
from auditor.gui.dialogs.server_test import ServerTest
from auditor.gui.main_window import MainWindow
from auditor.gui.settings import Settings
from auditor.gui.start_rows import StartRow
from auditor.stores.native_store import EventStore
from tests.gui.acceptance.stalls import StallWatch
from tests.gui.shell.conftest import Hand
from tests.helpers.leftovers import child_processes
from tests.helpers.postgres_server import PostgresServer, as_text, drop_database, new_database
from tests.helpers.secret_server import PASSWORD, SECRET_ROLE, SecretStore
from tests.helpers.small_stores import events_of

OpenWindow = Callable[..., MainWindow]
SERVER = "dialog.connect.server"


@pytest.fixture
def connecting(open_window: OpenWindow, hand: Hand) -> MainWindow:
    """A window without a store, and the dialog at the fields of a server."""
    window = open_window()
    window.desk.actions[ActionId.CONNECT].trigger()
    hand.find(QDialog, "dialog.connect").activateWindow()
    return window


@pytest.fixture
def silent_address() -> Iterator[str]:
    """Of somebody who listens and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield f"postgresql://ada@127.0.0.1:{listening.getsockname()[1]}/shop"


@pytest.fixture
def secret_demo(
    secret_store: SecretStore, demo_store: Path, postgres_server: PostgresServer
) -> Iterator[str]:
    """The address, with its password, of the demo's events on a server. Its role may make schemas."""
    url = new_database(postgres_server.url)
    with psycopg.connect(as_text(url), autocommit=True) as connection:
        connection.execute(f'GRANT ALL ON DATABASE "{url.database}" TO {SECRET_ROLE}')
        connection.execute(f"GRANT ALL ON SCHEMA public TO {SECRET_ROLE}")
    address = as_text(url.set(username=SECRET_ROLE, password=PASSWORD))
    with EventStore(f"sqlite:///{demo_store}") as demo, EventStore(address, domain=demo.domain) as store:
        batches: dict[str, tuple[list[RecordedEvent], int]] = {}
        for event in demo.read_all():
            batches.setdefault(event.aggregate_id, ([], 0))[0].append(event)
        store.append_many(batches)
    yield address
    drop_database(url)


def field(hand: Hand, role: str) -> QLineEdit:
    return hand.find(QLineEdit, f"{SERVER}.{role}")


def write(hand: Hand, role: str, text: str) -> None:
    """Instead of what stands there, as by pasting."""
    QApplication.clipboard().setText(text)
    one = field(hand, role)
    one.setFocus()
    one.selectAll()
    one.paste()
    QApplication.clipboard().clear()


def result(hand: Hand, qtbot: QtBot, state: str) -> str:
    shown = hand.find(QDialog, "dialog.connect").findChildren(ServerTest)[0]
    qtbot.waitUntil(lambda: shown.state == state, timeout=20_000)
    return shown.text()


def everything_said(window: MainWindow) -> str:
    """All texts, tips and names of all widgets and commands."""
    said = [window.windowTitle(), QApplication.clipboard().text()]
    widgets: list[QObject] = [*QApplication.topLevelWidgets(), *QApplication.allWidgets()]
    for one in [*widgets, *window.findChildren(QAction)]:
        for name in ("text", "displayText", "title", "toolTip", "whatsThis", "statusTip", "windowTitle"):
            if (
                name == "text"
                and isinstance(one, QLineEdit)
                and one.echoMode() is QLineEdit.EchoMode.Password
            ):
                continue
            said.append(str(one.property(name) or ""))
        if isinstance(one, QWidget):
            said += [one.accessibleName(), one.accessibleDescription()]
    return "\n".join(said)


class TestFields:
    def test_the_address_follows_what_is_typed(self, connecting: MainWindow, hand: Hand) -> None:
        assert QApplication.focusWidget() is field(hand, "host")
        for text, keys in (("db.shop", 2), ("shop", 1), ("ada", 1)):
            hand.type(text)
            for _ in range(keys):
                hand.keys("Tab")
        hand.type("canary")
        assert field(hand, "url").text() == "postgresql://ada@db.shop/shop"
        assert field(hand, "password").text() == "canary"
        write(hand, "port", "5433")
        write(hand, "schema", "Big one")
        url = "postgresql://ada@db.shop:5433/shop?options=-csearch_path=%22Big%5C%20one%22"
        assert field(hand, "url").text() == url

    def test_a_pasted_address_fills_the_fields_and_gives_its_password_away(
        self, connecting: MainWindow, hand: Hand
    ) -> None:
        write(hand, "url", "postgres://a%40b:p%40ss@/shop?host=/run/pg&sslmode=require&application_name=x")
        shown = {role: field(hand, role).text() for role in ("host", "port", "database", "user", "password")}
        assert shown == {"host": "/run/pg", "port": "", "database": "shop", "user": "a@b", "password": "p@ss"}
        url = "postgresql://a%40b@/shop?host=/run/pg&application_name=x&sslmode=require"
        assert field(hand, "url").text() == url
        write(hand, "host", "db")
        assert field(hand, "url").text() == "postgresql://a%40b@db/shop?application_name=x&sslmode=require"

    def test_a_password_is_moved_away_while_an_address_is_typed(
        self, connecting: MainWindow, hand: Hand
    ) -> None:
        field(hand, "url").setFocus()
        hand.type("postgresql://ada:canary@db/shop")
        assert field(hand, "url").text() == "postgresql://ada@db/shop"
        assert field(hand, "password").text() == "canary"
        assert field(hand, "password").displayText() != "canary"

    def test_an_address_may_be_pasted_anywhere(self, connecting: MainWindow, hand: Hand) -> None:
        write(hand, "host", "postgresql://ada:canary@db:5433/shop")
        assert (field(hand, "host").text(), field(hand, "port").text()) == ("db", "5433")
        hand.find(QPushButton, "dialog.connect.test")
        QTest.mouseClick(hand.find(QWidget, "dialog.connect.way.0"), Qt.MouseButton.LeftButton)
        path = hand.find(QLineEdit, "dialog.connect.path")
        path.setText("postgresql://eve:canary@other/shop")
        assert (field(hand, "user").text(), path.text()) == ("eve", "")

    def test_a_host_typed_with_its_port_is_taken_apart(self, connecting: MainWindow, hand: Hand) -> None:
        field(hand, "host").setFocus()
        hand.type("db:5433")
        hand.keys("Tab")
        assert (field(hand, "host").text(), field(hand, "port").text()) == ("db", "5433")

    @pytest.mark.parametrize(
        ("role", "text", "said"),
        [
            ("url", "sqlite:///x.db", "none of PostgreSQL"),
            ("port", "5x", "number"),
            ("port", "70000", "65535"),
        ],
    )
    def test_what_cannot_be_tried_says_why(
        self, connecting: MainWindow, hand: Hand, role: str, text: str, said: str
    ) -> None:
        buttons = [hand.find(QPushButton, f"dialog.connect.{name}") for name in ("open", "test")]
        assert all(not one.isEnabled() and "Name the server" in one.toolTip() for one in buttons)
        write(hand, role, text)
        assert all(not one.isEnabled() and said in one.toolTip() for one in buttons)
        write(hand, role, "" if role == "port" else "postgresql://h/d")
        write(hand, "host", "db")
        assert all(one.isEnabled() and not one.toolTip() for one in buttons)


class TestTheTest:
    def test_says_what_was_found(
        self, connecting: MainWindow, hand: Hand, secret_store: SecretStore, qtbot: QtBot
    ) -> None:
        write(hand, "url", secret_store.reading)
        hand.click("dialog.connect.test")
        said = result(hand, qtbot, "passed")
        assert "PostgreSQL 1" in said
        assert "a native event store with 3 events" in said
        assert "reading_role may not change the store's tables" in said
        assert "could write" not in said
        write(hand, "url", secret_store.owner)
        assert result(hand, qtbot, "none") == ""
        hand.click("dialog.connect.test")
        assert "This role could write" in result(hand, qtbot, "passed")
        assert not connecting.desk.store.is_open

    def test_can_be_stopped_at_once(
        self,
        connecting: MainWindow,
        hand: Hand,
        silent_address: str,
        stall_watch: StallWatch,
        qtbot: QtBot,
    ) -> None:
        write(hand, "url", silent_address)
        stall_watch.start()
        hand.click("dialog.connect.test")
        qtbot.waitUntil(lambda: "Connecting to 127.0.0.1" in result(hand, qtbot, "running"))
        hand.find(QWidget, "dialog.connect.result.bar")
        assert not hand.find(QPushButton, "dialog.connect.open").isEnabled()
        hand.click("dialog.connect.test")
        assert result(hand, qtbot, "none") == ""
        qtbot.waitUntil(lambda: not connecting.desk.store.is_busy, timeout=2000)
        hand.click("dialog.connect.test")
        result(hand, qtbot, "running")
        hand.keys("Escape")
        assert hand.is_gone("dialog.connect")
        qtbot.waitUntil(lambda: not connecting.desk.store.is_busy, timeout=2000)

    def test_failures_are_sentences_and_the_dialog_stays(
        self, connecting: MainWindow, hand: Hand, secret_store: SecretStore, qtbot: QtBot
    ) -> None:
        write(hand, "url", "postgresql://ada@127.0.0.1:1/shop")
        hand.click("dialog.connect.open")
        said = result(hand, qtbot, "failed")
        assert "cannot be reached: Connection refused" in said
        assert "Check host" in said
        write(hand, "url", secret_store.asked)
        hand.keys("Enter")
        assert "wants a password" in result(hand, qtbot, "failed")
        assert QApplication.focusWidget() is field(hand, "password")
        hand.type("wrong")
        hand.keys("Enter")
        qtbot.waitUntil(lambda: "authentication failed" in result(hand, qtbot, "failed"))
        write(hand, "password", PASSWORD)
        with qtbot.waitSignal(connecting.desk.store.opened, timeout=20_000):
            hand.keys("Enter")
        assert hand.is_gone("dialog.connect")


class TestAPassword:
    def test_is_kept_in_memory_alone(
        self,
        open_window: OpenWindow,
        hand: Hand,
        secret_store: SecretStore,
        auditor_home: Path,
        qtbot: QtBot,
    ) -> None:
        window = open_window()
        with qtbot.waitSignal(window.desk.store.opened, timeout=20_000):
            window.open(secret_store.asked_with_password)
        qtbot.waitUntil(lambda: window.desk.counts.events == 3)
        assert secret_store.database in window.windowTitle()
        hand.keys("F5")
        qtbot.waitUntil(lambda: not window.desk.store.is_busy)
        window.desk.actions[ActionId.STORE_DETAILS].trigger()
        facts = hand.find(FactList, "dialog.store.facts")
        assert f"secret_role@/{secret_store.database}" in facts.text()
        assert "canary" not in everything_said(window)
        hand.click("dialog.store.copy")
        QTest.keyClick(hand.find(QDialog, "dialog.store"), Qt.Key.Key_Escape)
        assert "canary" not in everything_said(window)
        window.desk.store.crashed.emit(RuntimeError("on purpose"))
        with qtbot.waitSignal(window.desk.store.closed):
            hand.keys("Ctrl+W")
        assert "canary" not in everything_said(window)
        with qtbot.waitSignal(window.desk.store.opened, timeout=20_000):
            hand.keys("Ctrl+1")  # this window knows it
        window.desk.settings.flush()
        kept = [path for path in auditor_home.rglob("*") if path.is_file()]
        assert any("report" in str(path) for path in kept)
        assert secret_store.asked.partition("?")[0] in Settings().recent[0].location
        assert not any(b"canary" in path.read_bytes() for path in kept)

    def test_goes_to_children_by_their_environment(
        self,
        open_window: OpenWindow,
        secret_store: SecretStore,
        monkeypatch: pytest.MonkeyPatch,
        qtbot: QtBot,
    ) -> None:
        monkeypatch.setattr(store_counts, "COUNTED_HERE", 0)
        window = open_window()
        window.open(secret_store.asked_with_password)
        counts = window.desk.counts
        qtbot.waitUntil(lambda: counts.child.pid > 0, timeout=20_000)
        command = Path(f"/proc/{counts.child.pid}/cmdline").read_bytes()
        assert b"secret_role@" in command
        assert b"canary" not in command
        assert b"PGPASSWORD=canary" in Path(f"/proc/{counts.child.pid}/environ").read_bytes()
        qtbot.waitUntil(lambda: counts.events == 3, timeout=20_000)
        for pid in child_processes():
            assert b"canary" not in Path(f"/proc/{pid}/cmdline").read_bytes()

    def test_is_asked_for_and_asked_again(
        self, open_window: OpenWindow, hand: Hand, secret_store: SecretStore, qtbot: QtBot
    ) -> None:
        window = open_window()
        window.open(secret_store.asked)
        asked = hand.find(QDialog, "dialog.password")
        asked.activateWindow()
        assert "wants a password" not in " ".join(one.text() for one in asked.findChildren(QLabel))
        assert not hand.find(QPushButton, "dialog.password.open").isEnabled()
        qtbot.waitUntil(lambda: QApplication.focusWidget() is hand.find(QLineEdit, "dialog.password.field"))
        hand.type("wrong")
        hand.keys("Enter")
        problem = hand.find(QLabel, "dialog.password.problem")
        assert "password authentication failed" in problem.text()
        hand.find(QLineEdit, "dialog.password.field").setText(PASSWORD)
        with qtbot.waitSignal(window.desk.store.opened, timeout=20_000):
            hand.click("dialog.password.open")

    def test_that_is_not_given_leaves_all_as_it_was(
        self,
        open_window: OpenWindow,
        hand: Hand,
        secret_store: SecretStore,
        demo_store: Path,
        qtbot: QtBot,
    ) -> None:
        window = open_window()
        window.open(secret_store.asked)
        hand.click("dialog.password.cancel")
        hand.find(StartRow, "start.open")
        with qtbot.waitSignal(window.desk.store.opened, timeout=20_000):
            window.open(str(demo_store))
        session = window.desk.store.session
        window.open(secret_store.asked)
        hand.click("dialog.password.cancel")
        assert window.desk.store.session is session
        assert "orders.db" in window.windowTitle()
        window.open(secret_store.asked)
        hand.find(QLineEdit, "dialog.password.field").setText(PASSWORD)
        with qtbot.waitSignal(window.desk.store.opened, timeout=20_000):
            hand.click("dialog.password.open")
        assert secret_store.database in window.windowTitle()


def test_a_workspace_that_names_a_server_is_asked_for_its_password_too(
    open_window: OpenWindow,
    hand: Hand,
    secret_store: SecretStore,
    demo_store: Path,
    tmp_path: Path,
    qtbot: QtBot,
) -> None:
    workspace = tmp_path / "auditor.toml"
    workspace.write_text(f"[store]\nurl = {json.dumps(secret_store.asked)}\n")
    window = open_window(demo_store)
    session = window.desk.store.session
    window.open(str(workspace))
    dialog = hand.find(QDialog, "dialog.password")
    assert "secret_role" in " ".join(label.text() for label in dialog.findChildren(QLabel))
    hand.click("dialog.password.cancel")
    assert window.desk.store.session is session
    window.open(str(workspace))
    hand.find(QLineEdit, "dialog.password.field").setText(PASSWORD)
    with qtbot.waitSignal(window.desk.store.opened, timeout=20_000):
        hand.click("dialog.password.open")
    assert secret_store.database in window.windowTitle()
    assert Settings().recent[0].location == str(workspace)


def test_a_server_that_is_not_there_leaves_the_open_store(
    open_window: OpenWindow, hand: Hand, demo_store: Path, silent_address: str, qtbot: QtBot
) -> None:
    window = open_window(demo_store)
    session = window.desk.store.session
    window.open("postgresql://ada@127.0.0.1:1/shop")
    told = hand.find(QDialog, "dialog.connecting")
    qtbot.waitUntil(lambda: "Connection refused" in " ".join(one.text() for one in told.findChildren(QLabel)))
    hand.click("dialog.connecting.cancel")
    window.open(silent_address)
    hand.click("dialog.connecting.cancel")
    qtbot.waitUntil(lambda: not window.desk.store.is_busy, timeout=2000)
    assert window.desk.store.session is session


def test_a_store_on_a_server_cannot_be_copied(
    open_window: OpenWindow, hand: Hand, secret_store: SecretStore, qtbot: QtBot
) -> None:
    window = open_window()
    with qtbot.waitSignal(window.desk.store.opened, timeout=20_000):
        window.open(secret_store.reading)
    copy = window.desk.actions[ActionId.COPY_STORE]
    assert not copy.isEnabled()
    assert "pg_dump" in copy.whatsThis()
    window.desk.actions[ActionId.STORE_DETAILS].trigger()
    details = hand.find(QDialog, "dialog.store")
    said = " ".join(label.text() for label in details.findChildren(QLabel))
    assert "reading_role may not change the store's tables" in said
    assert "pg_dump" in said
    assert not hand.find(QPushButton, "dialog.store.work").isEnabled()
    QTest.keyClick(details, Qt.Key.Key_Escape)


def test_new_events_are_taken_in_and_a_server_that_went_away_is_told(
    open_window: OpenWindow,
    secret_store: SecretStore,
    postgres_server: PostgresServer,
    qtbot: QtBot,
) -> None:
    window = open_window()
    with qtbot.waitSignal(window.desk.store.opened, timeout=20_000):
        window.open(secret_store.reading)
    following, counts = window.desk.following, window.desk.counts
    qtbot.waitUntil(lambda: counts.events == 3)
    with EventStore(secret_store.owner) as store:
        store.append("thing-2", events_of("thing-2", [("Made", {})]), 0)
    following.refresh()
    qtbot.waitUntil(lambda: counts.events == 4)
    postgres_server.stop()
    try:
        following.refresh()
        qtbot.waitUntil(lambda: following.notice is not None and following.notice.is_failure, timeout=20_000)
        assert following.notice is not None
        assert secret_store.database in following.notice.text
        assert following.notice.verb == "Try again"
        following.act_on_notice()
        qtbot.waitUntil(lambda: not window.desk.store.is_busy)
        assert following.notice is not None
    finally:
        postgres_server.start()
    following.act_on_notice()
    qtbot.waitUntil(lambda: following.notice is None, timeout=20_000)
    assert window.desk.store.is_open


def test_a_rebuild_behind_a_password_is_a_child_that_gets_it_by_its_environment(
    open_window: OpenWindow, secret_demo: str, qtbot: QtBot
) -> None:
    window = open_window()
    with qtbot.waitSignal(window.desk.store.opened, timeout=20_000):
        window.open(secret_demo)
    assert window.views is not None
    window.views.show_projections()
    rebuilds = window.views.projections.rebuilds
    commands: list[bytes] = []

    def look(_: str) -> None:
        commands.extend(Path(f"/proc/{pid}/cmdline").read_bytes() for pid in child_processes())

    rebuilds.changed.connect(look)
    with qtbot.waitSignal(rebuilds.all_ended, timeout=60_000):
        rebuilds.begin("order_summaries")
    assert rebuilds.runs["order_summaries"].phase == "finished"
    assert any(b"rebuild" in command for command in commands)
    assert not any(b"canary" in command for command in commands)
