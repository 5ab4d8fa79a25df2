"""What the whole tour is driven on."""

import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from auditor.core import exact_json
from auditor.core.events import RecordedEvent
from auditor.eventsourcing import EventStore
from auditor.gui.main_window import MainWindow
from auditor.gui.settings import Settings
from auditor.jobs import make_demo
from auditor.jobs.origin import origin_of_process
from auditor.tasks.context import TaskContext
from tests.gui.acceptance.driving import User
from tests.gui.acceptance.stalls import StallWatch
from tests.helpers.command_line import auditor

CHECKOUT = Path(__file__).parents[3]
LONG = "order-1002"
"""The order of 5,000 versions in a demo store of 20,000 events."""
WRITER = """
import sys, time
from auditor.demo import CorrectPrice, OrderCommandHandler
from auditor.eventsourcing import EventStore
store, order, sku, count = sys.argv[1:]
with EventStore(store) as opened:
    shop = OrderCommandHandler(opened)
    for number in range(int(count)):
        shop.handle(CorrectPrice(order, sku, 1000 + number, "as agreed"))
        time.sleep(0.03)
"""


@dataclass(frozen=True)
class DemoCopy:
    """A demo store of the test's own, and what the command line says of it."""

    path: Path

    def state(self, aggregate_id: str, version: int) -> Any:
        done = auditor("state", self.path, aggregate_id, "--version", str(version), "--json")
        assert done.code == 0, done.err
        return exact_json.parse(done.out)["state"]

    def event(self, aggregate_id: str, version: int) -> dict[str, Any]:
        done = auditor("events", self.path, aggregate_id, "--json", "--limit", "6000")
        assert done.code == 0, done.err
        return next(event for event in exact_json.parse(done.out)["events"] if event["version"] == version)

    def caused_elsewhere(self) -> tuple[str, int, str, int]:
        """An event whose cause belongs to another aggregate: its aggregate and version, those of its cause."""
        with closing(sqlite3.connect(self.path)) as connection:
            found: tuple[str, int, str, int] = connection.execute(
                "SELECT e.aggregate_id, e.version, c.aggregate_id, c.version FROM events e"
                " JOIN events c ON c.event_id = e.causation_id"
                " WHERE c.aggregate_id != e.aggregate_id ORDER BY e.position LIMIT 1"
            ).fetchone()
        return found

    def sku_of(self, order_id: str) -> str:
        """An article that the order has at its last version."""
        with closing(sqlite3.connect(self.path)) as connection:
            (text,) = connection.execute(
                "SELECT data FROM events WHERE aggregate_id = ? AND event_type = 'QuantityChanged'"
                " ORDER BY version DESC LIMIT 1",
                (order_id,),
            ).fetchone()
        return str(exact_json.parse(text)["sku"])

    @contextmanager
    def writing(self, user: User, watch: StallWatch, order_id: str, count: int) -> Iterator[None]:
        """Another process corrects a price of the order so many times; it has ended with the block."""
        words = [sys.executable, "-c", WRITER, str(self.path), order_id, self.sku_of(order_id), str(count)]
        with watch.paused():  # it is the test that starts a process here
            process = subprocess.Popen(words, env={**os.environ, "PYTHONPATH": str(CHECKOUT)})
        with process:
            yield
            user.until(lambda: process.poll() is not None)
        assert process.returncode == 0


@pytest.fixture(scope="session")
def large_demo_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A demo store of 20,000 events that no test may change."""
    path = tmp_path_factory.mktemp("demo") / "orders.db"
    request = make_demo.MakeDemoRequest(origin=origin_of_process("test"), events=20_000, seed=1, to=path)
    return make_demo.run(request, TaskContext()).path


@pytest.fixture
def demo(large_demo_store: Path, tmp_path: Path) -> DemoCopy:
    return DemoCopy(Path(shutil.copy(large_demo_store, tmp_path / "orders.db")))


@pytest.fixture
def long_demo(demo: DemoCopy) -> DemoCopy:
    """As `demo`; the order of 5,000 versions has 100,000."""
    sku = demo.sku_of(LONG)
    with EventStore(str(demo.path)) as store:
        for begin in range(5_001, 100_001, 5_000):
            versions = range(begin, min(begin + 5_000, 100_001))
            store.append_many({LONG: ([_quantity_changed(version, sku) for version in versions], begin - 1)})
    return demo


def _quantity_changed(version: int, sku: str) -> RecordedEvent:
    event_id, data = (
        f"00000000-0000-7000-8000-{version:012}",
        f'{{"sku":"{sku}","quantity":{version % 9 + 1}}}',
    )
    moment = "2026-11-02T08:00:00.000000Z"
    return RecordedEvent(
        version, event_id, LONG, "Order", "QuantityChanged", version, moment, None, data, "{}"
    )


@pytest.fixture
def remembered(demo: DemoCopy) -> DemoCopy:
    """As `demo`; it was opened once before. Ask for it before a window is made: settings are read then."""
    settings = Settings()
    settings.remember(str(demo.path), demo.path.name, "2026-03-01T12:00:00.000000Z")
    settings.flush()
    return demo


@pytest.fixture
def user_of(make_window: Callable[..., MainWindow], qtbot: QtBot) -> Callable[..., User]:
    """Opens the program's window, on a store or on none, as the active one."""

    def opened(store: Path | None = None, size: tuple[int, int] = (1440, 900)) -> User:
        window = make_window(store, size)
        window.activateWindow()
        qtbot.waitUntil(lambda: QApplication.activeWindow() is not None)
        return User(window)

    return opened
