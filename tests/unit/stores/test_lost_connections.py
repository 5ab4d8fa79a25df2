"""A server that ends the connection of a store, and what the next call, the call at work and the commit say of it."""

import threading
import time
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest

from auditor.core.errors import OutcomeUnknown, StoreBusy, StoreError
from auditor.core.stopping import StopSignal
from auditor.eventsourcing import EventStore
from auditor.stores.dialects import dialect_for, postgresql
from auditor.stores.dialects.postgresql_read_models import ReadModelServer
from auditor.stores.location import ServerLocation, store_location
from auditor.stores.read_model_place import SchemaLocation, place_beside
from tests.helpers.new_events import new_event
from tests.helpers.postgres_server import PostgresServer, as_text, drop_database, new_database


@pytest.fixture
def url(postgres_server: PostgresServer) -> Iterator[str]:
    """On our own server, which may be restarted."""
    made = new_database(postgres_server.url)
    yield as_text(made)
    drop_database(made)


def end_others(url: str) -> None:
    """All connections to the database but the one that asks; they are gone when this returns."""
    with psycopg.connect(url, autocommit=True) as admin:
        admin.execute(
            "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
        )


def set_for_all(url: str, setting: str) -> None:
    with psycopg.connect(url, autocommit=True) as admin:
        admin.execute(f'ALTER DATABASE "{admin.info.dbname}" SET {setting}'.encode())


def append(store: EventStore, version: int) -> int:
    return store.append("a", [new_event("a", version)], version - 1)[0].position


# -- between two calls ---------------------------------------------------------------------------------------------


def test_the_next_call_has_a_new_connection(postgres_server: PostgresServer, url: str) -> None:
    with EventStore(url) as store:
        append(store, 1)
        postgres_server.restart()
        append(store, 2)
        postgres_server.restart("immediate")
        assert store.head() is not None
        end_others(url)
        append(store, 3)
        assert store.stream_versions(["a"]) == {"a": (3, "Order")}


def test_a_server_that_ends_idle_sessions_is_no_hindrance(url: str) -> None:
    set_for_all(url, "idle_session_timeout = '400ms'")
    with EventStore(url) as store:
        for version in (1, 2):
            await_end_of_others(url)
            append(store, version)


def await_end_of_others(url: str) -> None:
    others = (
        "SELECT FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'auditor'"
    )
    with psycopg.connect(url, autocommit=True) as admin:
        admin.execute("SET idle_session_timeout = 0")
        while admin.execute(others).fetchone() is not None:
            time.sleep(0.01)


def test_a_subscription_goes_on_after_the_server_ended_its_connection(url: str) -> None:
    stop = StopSignal()
    with EventStore(url) as store:
        append(store, 1)
        found = store.subscribe(stop=stop, poll_seconds=0.01)
        assert next(found).version == 1
        end_others(url)
        append(store, 2)
        end_others(url)
        assert next(found).version == 2
        stop.stop()


# -- in the midst of a call ----------------------------------------------------------------------------------------


def test_wherever_the_connection_ends_while_a_store_is_opened_it_is_told(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    EventStore(url).close()

    class Ended(psycopg.Connection[Any]):
        """Ends before the statement whose turn it is."""

        left = 0

        def execute(self, *arguments: Any, **named: Any) -> Any:
            Ended.left -= 1
            if Ended.left == 0:
                end_others(url)
            return super().execute(*arguments, **named)

    def connected(location: ServerLocation) -> psycopg.Connection[Any]:
        return real(location, Ended)

    real = postgresql.connected
    monkeypatch.setattr(postgresql, "connected", connected)
    told: list[str] = []
    while True:
        Ended.left = len(told) + 1
        try:
            EventStore(url, create=False).close()
        except StoreError as error:
            told.append(error.message)
        else:
            break
    assert len(told) > 5
    assert all("was lost" in message for message in told)


def test_the_sentence_says_that_the_connection_was_lost(url: str) -> None:
    dialect = dialect_for(store_location(url), 5.0)
    EventStore(url).close()
    connection = dialect.connect()
    end_others(url)
    with (
        pytest.raises(StoreError, match=r"^The connection to .* was lost: terminating connection") as lost,
        dialect.told(),
    ):
        connection.execute("SELECT 1")
    assert lost.value.hint


def test_what_came_of_a_commit_that_the_server_answered_by_leaving_is_unknown(url: str) -> None:
    dialect = dialect_for(store_location(url), 5.0)
    EventStore(url).close()
    connection = dialect.connect()
    with pytest.raises(OutcomeUnknown), dialect.writing(connection):
        end_others(url)
    assert dialect.is_lost(connection)


def test_the_writer_of_read_models_tells_a_lost_connection_too(url: str) -> None:
    EventStore(url).close()
    place = place_beside(store_location(url))
    assert isinstance(place, SchemaLocation)
    server = ReadModelServer(place)
    with pytest.raises(OutcomeUnknown, match="while the transaction was committed"), server.writing():
        end_others(url)
    with pytest.raises(StoreError, match="was lost"), server.writing():
        pass
    server.close()


def test_a_limit_on_statements_that_ends_the_waiting_for_the_lock_is_busy(url: str) -> None:
    set_for_all(url, "statement_timeout = '100ms'")
    with EventStore(url) as one, EventStore(url) as other:
        held, done = threading.Event(), threading.Event()

        def hold() -> None:
            with one._dialect.writing(one._connection()):
                held.set()
                done.wait(20)

        holder = threading.Thread(target=hold)
        holder.start()
        held.wait(20)
        try:
            with pytest.raises(StoreBusy):
                append(other, 1)
        finally:
            done.set()
            holder.join()
        append(other, 1)
