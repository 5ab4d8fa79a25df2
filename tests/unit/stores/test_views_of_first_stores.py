"""A store of the first version of the program is viewed as it is: only a writer brings it forward."""

import sqlite3
from contextlib import closing
from pathlib import Path

from auditor.eventsourcing import EventStore
from auditor.stores.reader import open_reader
from tests.helpers.new_events import new_events
from tests.helpers.viewing import unchanged


def test_a_store_without_snapshots_is_viewed_and_not_changed(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    with EventStore(str(path)) as store:
        stored = store.append("order-1", new_events("order-1", 1, 3), 0)
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("DROP TABLE snapshots")
        connection.execute("UPDATE store_info SET value = '1' WHERE name = 'schema_version'")
        connection.execute("PRAGMA user_version = 1")
    with unchanged(tmp_path), open_reader(path) as reader:
        assert reader.events(limit=10).events == stored
        assert reader.info().events == 3
