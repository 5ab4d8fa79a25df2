"""The stores that the pictures show: the demo, the real logs, a long life, and stores that make trouble."""

import shutil
import socket
import sqlite3
import tempfile
from contextlib import closing
from functools import cached_property
from pathlib import Path
from typing import Any

from auditor.jobs import demo_story, make_demo, open_store
from auditor.jobs.origin import origin_of_process
from auditor.jobs.workspace_code import TrustWord
from auditor.tasks.context import TaskContext
from tests.benchmarks.data import one_long_order
from tests.helpers import real_data
from tests.helpers.command_line import auditor
from tests.helpers.linked_events import write_linked_store
from tests.helpers.sessions import open_session
from tests.helpers.shop import MADE, Shop
from tests.helpers.small_stores import write_store
from tests.helpers.viewed_stores import write_hostile_store, write_modelled_store

FACTS: list[tuple[str, dict[str, Any]]] = [
    ("Added", {"sku": "SKU-1", "price": 1250}),
    ("Added", {"sku": "SKU-2", "price": 400}),
    ("Removed", {"sku": "SKU-1"}),
    ("Added", {"sku": "SKU-3"}),
    ("Added", {"sku": "SKU-4", "price": 90}),
]
"""The fourth cannot be applied: it has no price."""


class Stage:
    """Makes each store when it is first wanted, in one folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def new_folder(self) -> Path:
        """For a store that only one scene shows, and may change."""
        return Path(tempfile.mkdtemp(dir=self._folder))

    @cached_property
    def demo(self) -> Path:
        path = self._folder / "demo" / "orders.db"
        path.parent.mkdir()
        request = make_demo.MakeDemoRequest(origin=origin_of_process("test"), events=20_000, to=path)
        return make_demo.run(request, TaskContext()).path

    @cached_property
    def story(self) -> tuple[str, int]:
        """The order of the demo whose price was corrected, and the version at which it was."""
        origin = origin_of_process("test")
        opening = open_store.OpenStoreRequest(origin=origin, store=str(self.demo), trust=TrustWord())
        with open_store.run(opening, TaskContext()) as session:
            told = demo_story.run(session, demo_story.DemoStoryRequest(origin=origin), TaskContext())
        assert told is not None
        return told.story.order_id, told.story.correction

    @cached_property
    def real_orders(self) -> Path:
        """The real orders, imported."""
        path = self._folder / "real" / "orders.db"
        path.parent.mkdir()
        log = real_data.FOLDER / "orders" / "orders.ndjson.gz"
        done = auditor("import", path, log, "--create", timeout=300)
        assert done.code == 0, done
        return path

    @cached_property
    def longest_real_order(self) -> str:
        """The one with the most events."""
        with closing(sqlite3.connect(f"{self.real_orders.as_uri()}?mode=ro", uri=True)) as store:
            found = store.execute(
                "SELECT aggregate_id FROM streams ORDER BY version DESC, aggregate_id LIMIT 1"
            )
            return str(found.fetchone()[0])

    @cached_property
    def small_demo(self) -> Path:
        path = self._folder / "small" / "orders.db"
        path.parent.mkdir()
        request = make_demo.MakeDemoRequest(origin=origin_of_process("test"), events=2000, to=path)
        return make_demo.run(request, TaskContext()).path

    @cached_property
    def busy(self) -> tuple[str, int]:
        """The order of the small demo with the most events, 500 of them, and a version in their midst."""
        with closing(sqlite3.connect(f"{self.small_demo.as_uri()}?mode=ro", uri=True)) as store:
            found = store.execute("SELECT aggregate_id FROM streams ORDER BY version DESC LIMIT 1")
            return str(found.fetchone()[0]), 200

    @cached_property
    def long(self) -> Path:
        path = self._folder / "long.db"
        one_long_order(str(path), 100_000)
        return path

    @cached_property
    def one_event(self) -> Path:
        return write_store(self._folder / "one.db", {"t-1": [("Made", {"name": "only one"})]})

    @cached_property
    def many_types(self) -> Path:
        facts = [(f"Type{number % 80:02}Happened", {"number": number}) for number in range(400)]
        return write_store(self._folder / "types.db", {"t-1": facts})

    @cached_property
    def empty(self) -> Path:
        return write_store(self._folder / "empty.db", {})

    @cached_property
    def incomplete(self) -> Path:
        return write_modelled_store(self._folder / "incomplete", FACTS)

    @cached_property
    def ended(self) -> Path:
        facts = [*FACTS[:3], ("Ended", {}), *FACTS[4:]]
        return write_modelled_store(self._folder / "ended", facts)

    @cached_property
    def untrusted(self) -> Path:
        return write_modelled_store(self._folder / "untrusted", FACTS, trusted=False)

    @cached_property
    def linked(self) -> Path:
        """Events that cause each other across aggregates, and two that go round in a circle."""
        return write_linked_store(self._folder / "linked.db")

    @cached_property
    def hostile(self) -> Path:
        return write_hostile_store(self._folder / "hostile.db")

    @cached_property
    def silent_server(self) -> socket.socket:
        """Listens and never says a word."""
        return socket.create_server(("127.0.0.1", 0))

    @cached_property
    def no_store(self) -> Path:
        path = self._folder / "letter.db"
        path.write_text("Dear reader, this is no event store.\n" * 40)
        return path

    @cached_property
    def large(self) -> Path:
        """So many events that a rebuild takes some seconds."""
        path = self._folder / "large" / "orders.db"
        path.parent.mkdir()
        request = make_demo.MakeDemoRequest(origin=origin_of_process("test"), events=200_000, to=path)
        return make_demo.run(request, TaskContext()).path

    @cached_property
    def failing(self) -> Path:
        """A workspace whose projection raises at one event."""
        folder = self._folder / "failing"
        folder.mkdir()
        shop = Shop(folder)
        shop.write(
            **{f"t-{number}": [MADE] for number in range(300)}, **{"t-300": [MADE, ("Failed", {"n": 2})]}
        )
        with open_session(shop.store) as session:
            question = session.workspace_code.question()
            assert question is not None
            session.workspace_code.trust(question.sha256)
        return shop.store

    @cached_property
    def rebuilt(self) -> Path:
        """The demo beside which a read model lies."""
        path = self._folder / "rebuilt" / "orders.db"
        path.parent.mkdir()
        shutil.copyfile(self.demo, path)
        done = auditor("rebuild", path, "order_summaries")
        assert done.code == 0, done
        return path
