"""A server that works for long, is silent, goes away or comes back while a store on it is viewed."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest
from sqlalchemy import make_url

from auditor.core.errors import Cancelled, StoreBusy, StoreDamaged, StoreError, StoreReplaced
from auditor.stores.dialects import postgresql_watching
from auditor.stores.dialects.viewing import PlaceLost
from auditor.stores.reader import StoreReader, open_reader
from auditor.stores.sqlite_errors import TooLong
from auditor.tasks.cancel import CancelToken
from tests.helpers.fault_proxy import FaultProxy, disturbed_way_to
from tests.helpers.native_files import event_rows
from tests.helpers.postgres_server import PostgresServer, as_text, drop_database, new_database
from tests.helpers.written_rows import make_store_at

ENDLESS = "SELECT count(*) FROM generate_series(1, 100000000000)"
ASLEEP = "SELECT pg_sleep(600)"


@pytest.fixture
def url(postgres_server: PostgresServer) -> Iterator[str]:
    made = new_database(postgres_server.url)
    yield make_store_at(as_text(made), event_rows(20, 5))
    drop_database(made)


@pytest.fixture
def reader(url: str) -> Iterator[StoreReader]:
    with open_reader(url) as opened:
        yield opened


@pytest.fixture(autouse=True)
def no_thread_is_left() -> Iterator[None]:
    before = set(threading.enumerate())
    yield
    assert set(threading.enumerate()) <= before


def ask(reader: StoreReader, question: str) -> Any:
    with reader._reading.transaction() as cursor:
        return cursor.run(question, {}).fetchone()


@contextmanager
def in_a_while(act: Callable[[], object], seconds: float = 0.1) -> Iterator[None]:
    timer = threading.Timer(seconds, act)
    timer.start()
    yield
    timer.join()


@pytest.mark.parametrize("question", [ENDLESS, ASLEEP])
def test_a_wish_to_stop_ends_a_running_statement(reader: StoreReader, question: str) -> None:
    token = CancelToken()
    reader.set_token(token)
    with in_a_while(token.cancel), pytest.raises(Cancelled):
        ask(reader, question)
    reader.set_token(CancelToken())
    assert reader.info().events == 100
    running = "SELECT count(*) FROM pg_stat_activity WHERE query = %(asked)s AND state = 'active'"
    with reader._reading.transaction() as cursor:
        assert cursor.run(running, {"asked": question}).fetchone() == (0,)


def test_a_statement_whose_time_is_up_is_stopped(reader: StoreReader) -> None:
    with pytest.raises(TooLong) as caught, reader._store.gate.within(0.1):
        ask(reader, ENDLESS)
    assert caught.value.hint
    assert reader.info().events == 100


def test_a_limit_of_the_server_is_told(url: str) -> None:
    limited = make_url(url).update_query_dict({"options": "-c statement_timeout=50"})
    with open_reader(as_text(limited)) as reader:
        with pytest.raises(StoreError, match=r"The server stopped the question .*statement timeout"):
            ask(reader, ASLEEP)
        assert reader.info().events == 100


def terminate(url: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE pid <> pg_backend_pid() AND datname = current_database()"
        )


def test_a_connection_ended_in_the_midst_names_the_last_good_row(
    url: str, reader: StoreReader, monkeypatch: pytest.MonkeyPatch
) -> None:
    batches = reader.scan(up_to=100, batch=30)
    assert len(next(batches)) == 30
    batch_query = psycopg.Cursor.execute

    def execute(cursor: Any, text: Any, *values: Any, **options: Any) -> Any:
        slow = text.replace("SELECT", "SELECT pg_sleep(600) IS NULL,", 1) if "FROM events" in text else text
        return batch_query(cursor, slow, *values, **options)

    with monkeypatch.context() as patched, in_a_while(lambda: terminate(url)):
        patched.setattr(psycopg.Cursor, "execute", execute)
        with pytest.raises(PlaceLost) as caught:
            next(batches)
    assert "was lost: terminating connection due to administrator command" in caught.value.message
    assert "Reading stopped after position 30 (version 2 of order-0009)" in caught.value.message
    assert caught.value.hint
    assert sum(map(len, reader.scan(up_to=100, after=30))) == 70


def test_connections_that_broke_while_nobody_asked_are_replaced(url: str, reader: StoreReader) -> None:
    with reader._store.reading(), reader._store.reading():
        pass  # two of them now
    batches = reader.scan(up_to=100, batch=30)
    got = [event.position for event in next(batches)]
    terminate(url)
    got += [event.position for batch in batches for event in batch]
    assert got == list(range(1, 101))
    terminate(url)
    assert reader.info().events == 100


def test_a_server_that_is_down_is_told_and_found_again(
    postgres_server: PostgresServer, url: str, reader: StoreReader
) -> None:
    batches = reader.scan(up_to=100, batch=30)
    next(batches)
    postgres_server.stop("immediate")
    try:
        with pytest.raises(PlaceLost, match="cannot be reached") as caught:
            next(batches)
        assert "Reading stopped after position 30" in caught.value.message
        for question in (reader.info, lambda: open_reader(url)):
            with pytest.raises(StoreError, match="cannot be reached") as refused:
                question()
            assert refused.value.hint
    finally:
        postgres_server.start()
    assert reader.info().events == 100


@pytest.mark.parametrize(
    "change",
    [
        "DROP TABLE events",
        "ALTER TABLE events RENAME TO old",
        "DELETE FROM store_info",
        "UPDATE store_info SET value = 'other' WHERE name = 'store_id'",
        "ALTER TABLE events RENAME TO old; CREATE TABLE events AS SELECT * FROM old",
    ],
)
def test_another_store_in_the_place_is_noticed(url: str, reader: StoreReader, change: str) -> None:
    batches = reader.scan(up_to=100, batch=30)
    next(batches)
    with psycopg.connect(url) as connection:
        connection.execute(change)
    for question in (lambda: next(batches), reader.info, lambda: reader.events(limit=1)):
        with pytest.raises(StoreReplaced, match="not the store any more") as caught:
            question()
        assert caught.value.hint


def test_a_table_locked_by_another_is_told(url: str, reader: StoreReader) -> None:
    with psycopg.connect(url) as connection:
        connection.execute("LOCK TABLE events IN ACCESS EXCLUSIVE MODE")
        with pytest.raises(StoreBusy, match="locked by another program"):
            reader.head()
    assert reader.head() == 100


def test_damage_found_by_the_server_is_told(postgres_server: PostgresServer, url: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        found = connection.execute("SELECT pg_relation_filepath('events')").fetchone()
        connection.execute("CHECKPOINT")
    assert found is not None
    postgres_server.stop()
    file = postgres_server.data / str(found[0])
    with file.open("r+b") as opened:
        opened.seek(8192)
        opened.write(b"\xff" * 512)
    postgres_server.start()
    with open_reader(url) as reader, pytest.raises(StoreDamaged, match=r"damaged.*invalid page") as caught:
        list(reader.scan(up_to=100, batch=1))
    assert "after position" in caught.value.message


# -- a way that can be disturbed -----------------------------------------------------------------------------------


@pytest.fixture
def way(postgres_server: PostgresServer, monkeypatch: pytest.MonkeyPatch) -> Iterator[FaultProxy]:
    for limit in ("SILENT_SECONDS", "SIGN_SECONDS", "CANCEL_SECONDS"):
        monkeypatch.setattr(postgresql_watching, limit, 0.3)
    with disturbed_way_to(postgres_server.folder) as proxy:
        yield proxy


def through(way: FaultProxy, url: str) -> str:
    return f"postgresql://postgres@127.0.0.1:{way.port}/{make_url(url).database}?connect_timeout=2"


def test_a_silent_server_is_given_up(way: FaultProxy, url: str) -> None:
    with open_reader(through(way, url)) as reader:
        batches = reader.scan(up_to=100, batch=30)
        next(batches)
        way.stall()
        with pytest.raises(PlaceLost, match=r"the server does not answer.*stopped after position 30"):
            next(batches)
        with pytest.raises(PlaceLost, match=r"cannot be reached.*timeout"):
            reader.info()
        way.go_on()
        assert reader.info().events == 100
        way.cut()
        assert reader.info().events == 100


def test_a_server_that_only_takes_long_is_waited_for(way: FaultProxy, url: str) -> None:
    with open_reader(through(way, url)) as reader:
        assert ask(reader, "SELECT 7 FROM pg_sleep(1.5)") == (7,)


def test_a_wish_to_stop_does_not_wait_for_a_silent_server(way: FaultProxy, url: str) -> None:
    token = CancelToken()
    with open_reader(through(way, url), token=token) as reader:
        way.stall()
        with in_a_while(token.cancel), pytest.raises(Cancelled):
            reader.info()


def test_a_wish_to_stop_ends_connecting(way: FaultProxy, url: str) -> None:
    way.stall()
    token = CancelToken()
    with in_a_while(token.cancel), pytest.raises(Cancelled):
        open_reader(through(way, url).replace("connect_timeout=2", "connect_timeout=600"), token=token)
