"""Stores of the first version of the program are brought forward when they are opened for writing."""

import multiprocessing
from typing import Any

import pytest

from auditor.core.errors import AuditorError
from auditor.eventsourcing import (
    EventStore,
    SnapshotRepository,
)
from auditor.stores import native_schema
from auditor.stores.dialects import native_home
from auditor.stores.native_opening import _bring_forward
from tests.helpers.counters import all_kept, counted, kept, replay

# -- stores of the first version -------------------------------------------------------------------------------


def make_old(store: EventStore) -> None:
    """Takes a store back to what the first version of the program made."""
    with store._dialect.writing(store._connection()) as cursor:
        cursor.execute("DROP TABLE snapshots")
    set_version(store, 1)


def set_version(store: EventStore, number: int) -> None:
    with store._dialect.writing(store._connection()) as cursor:
        cursor.execute(f"UPDATE store_info SET value = '{number}' WHERE name = 'schema_version'")  # noqa: S608 - ours
        native_home(store._dialect).mark(cursor, number)


def test_a_store_of_the_first_version_is_brought_forward(store_url: str) -> None:
    with EventStore(store_url, domain="counters") as store:
        counted(store, 1, 2)
        before = (store.store_id, list(store.read_all()))
        make_old(store)
    with EventStore(store_url, domain="counters") as store:
        assert (store.store_id, list(store.read_all())) == before
        assert native_home(store._dialect).schema_version(store._connection()) == native_schema.SCHEMA_VERSION
        assert SnapshotRepository(store).save(replay(store))
    with EventStore(store_url) as store:
        assert dict(store._rows("SELECT name, value FROM store_info", ()))["schema_version"] == "2"
        assert kept(store).version == 2


def test_a_table_of_somebody_else_is_left_alone(store_url: str) -> None:
    with EventStore(store_url) as store:
        counted(store, 1)
        make_old(store)
        with store._dialect.writing(store._connection()) as cursor:
            cursor.execute("CREATE TABLE snapshots (mine TEXT)")
    with pytest.raises(AuditorError, match="has a snapshots of its own"):
        EventStore(store_url)


def test_a_store_that_a_newer_program_brought_forward_meanwhile_is_left_as_it_is(store_url: str) -> None:
    with EventStore(store_url) as store:
        set_version(store, 3)
        _bring_forward(store._dialect, store._connection())
        assert native_home(store._dialect).schema_version(store._connection()) == 3


def open_at_once(url: str, meeting: Any) -> None:
    meeting.wait(60)
    with EventStore(url, busy_seconds=60) as store:
        assert all_kept(store) == []


def test_two_processes_may_bring_a_store_forward_at_once(store_url: str) -> None:
    context = multiprocessing.get_context("fork")
    for _ in range(5):
        with EventStore(store_url) as store:
            make_old(store)
        meeting = context.Barrier(2)
        processes = [context.Process(target=open_at_once, args=(store_url, meeting)) for _ in range(2)]
        for process in processes:
            process.start()
        for process in processes:
            process.join()
        assert [process.exitcode for process in processes] == [0, 0]
