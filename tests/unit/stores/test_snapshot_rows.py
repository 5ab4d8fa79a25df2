"""Snapshots as the viewer reads them from stores that lack them or keep odd values."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from auditor.stores.native_store import EventStore
from auditor.stores.reader import open_reader
from tests.helpers.counters import counted


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "store.db"
    with EventStore(f"sqlite:///{path}") as store:
        counted(store, 1, 2)
    return path


def change(path: Path, *statements: str) -> None:
    with closing(sqlite3.connect(path)) as connection, connection:
        for statement in statements:
            connection.execute(statement)


def test_a_store_without_the_table_has_none(path: Path) -> None:
    change(path, "DROP TABLE snapshots")
    with open_reader(path) as reader:
        assert reader.snapshots.aggregate_ids(limit=5) == []
        assert reader.snapshots.of("c-1") is None


def test_values_of_a_wrong_kind_are_no_numbers_and_texts(path: Path) -> None:
    change(
        path,
        "INSERT INTO snapshots VALUES ('c-1', x'c3a4', 'two', 1.5, '', '', 1, '', x'7b7d', '')",
        "INSERT INTO snapshots VALUES ('c-2', 'Counter', 1, 1, '', '', 1, '', '{}', '')",
    )
    with open_reader(path) as reader:
        assert reader.snapshots.aggregate_ids(limit=1) == ["c-1"]
        assert reader.snapshots.aggregate_ids(limit=1, after="c-1") == ["c-2"]
        odd = reader.snapshots.of("c-1")
    assert odd is not None
    assert (odd.aggregate_type, odd.version, odd.schema_version, odd.state) == ("ä", 0, 0, "{}")
    assert odd.checksum != odd.checksum_due()
