"""Viewing a store on a server changes nothing there, and could not."""

import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import psycopg
import pytest
from sqlalchemy import make_url

from auditor.stores.dialects.postgresql_readonly import ReadOnlyServer
from auditor.stores.location import ServerLocation
from auditor.stores.reader import StoreReader, open_reader
from tests.helpers.native_files import event_rows
from tests.helpers.postgres_server import PostgresServer, as_text, drop_database, new_database
from tests.helpers.viewing import look
from tests.helpers.written_rows import make_store_at

READING = re.compile(
    r"SELECT\b(?!.*\bINTO\b)|ROLLBACK$|BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SELECT ", re.DOTALL
)
WRITE = "INSERT INTO store_info VALUES ('a', 'b')"
# The server lets REINDEX and NOTIFY through, which change no row; the record of a full look shows that none is sent.
REFUSED = [
    WRITE,
    "UPDATE events SET data = ''",
    "DELETE FROM events",
    "WITH gone AS (DELETE FROM events RETURNING 1) SELECT * FROM gone",
    "MERGE INTO store_info USING (SELECT 'a' AS n) AS s ON name = n WHEN NOT MATCHED THEN INSERT VALUES (n, n)",
    "TRUNCATE events",
    "DROP TABLE events",
    "ALTER TABLE events RENAME TO gone",
    "CREATE TABLE t (x int)",
    "CREATE TEMP TABLE t (x int)",
    "SELECT * INTO t FROM events",
    "CREATE INDEX i ON events (data)",
    "CREATE SCHEMA s",
    "COPY store_info FROM '/dev/null'",
    "SELECT nextval(pg_get_serial_sequence('events', 'position'))",
    "SELECT * FROM events FOR UPDATE",
    "GRANT SELECT ON events TO PUBLIC",
    "COMMENT ON TABLE events IS 'x'",
]


@pytest.fixture
def store(postgres_url: str) -> str:
    return make_store_at(postgres_url, event_rows(10, 5))


@contextmanager
def admin(url: str) -> Iterator[psycopg.Connection[tuple[object, ...]]]:
    with psycopg.connect(url, autocommit=True) as connection:
        yield connection


def look_at_all(reader: StoreReader) -> None:
    reader.aggregates(limit=3, order="last", prefix="order", count_to=5)
    reader.aggregates(limit=3, aggregate_type="Order", before="")
    reader.events(limit=3, user="ada", event_type="ItemAdded", since="2026", until="2027")
    reader.timeline("order-0001")
    reader.event(aggregate_id="order-0001", ordinal=2)
    reader.locate("order-0001", as_of="2026-03-01T00:20:00.000000Z")
    list(reader.aggregate_events("order-0001", up_to=5))
    reader.newer(20, most=3)
    reader.extent(after=3)
    reader.info(estimate=True)


def test_a_full_look_sends_reading_statements_only(postgres_server: PostgresServer) -> None:
    url = as_text(new_database(postgres_server.url))
    make_store_at(url, event_rows(10, 5))
    with admin(url) as connection:
        connection.execute(f"ALTER DATABASE \"{make_url(url).database}\" SET log_statement = 'all'")
    log = postgres_server.folder / "log"
    before = len(log.read_text(errors="replace"))
    assert look(url).scanned == 50
    with open_reader(url) as reader:
        look_at_all(reader)
    lines = re.sub(r"\n\t", " ", log.read_text(errors="replace")[before:]).splitlines()
    sent = [
        found[1].strip()
        for line in lines
        if (found := re.search(r"LOG:  (?:statement|execute [^:]*): (.*)", line))
    ]
    assert len(sent) > 60
    assert [one for one in sent if not READING.match(one)] == []
    drop_database(make_url(url))


def test_viewing_leaves_the_database_as_it_was(store: str) -> None:
    tables = ("events", "streams", "store_info")
    counted = (
        "SELECT relname, n_tup_ins, n_tup_upd, n_tup_del, n_live_tup FROM pg_stat_user_tables ORDER BY 1",
        "SELECT relname, relpages, relfilenode FROM pg_class WHERE relname NOT LIKE 'pg_%' ORDER BY 1",
        "SELECT relname, relnamespace FROM pg_class ORDER BY 1, 2",
    )
    with admin(store) as connection:
        connection.execute(
            "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'written'; END $$"
        )
        for table in tables:
            connection.execute(
                f"CREATE TRIGGER refuse BEFORE INSERT OR UPDATE OR DELETE OR TRUNCATE ON {table}"
                " FOR EACH STATEMENT EXECUTE FUNCTION refuse()"
            )
        with pytest.raises(psycopg.errors.RaiseException):
            connection.execute(WRITE)
        connection.execute("SELECT pg_stat_force_next_flush()")
        before = [connection.execute(question).fetchall() for question in counted]
        with open_reader(store) as reader:
            look_at_all(reader)
            held = connection.execute(
                "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'"
                " OR pid <> pg_backend_pid() AND mode NOT IN ('AccessShareLock', 'ExclusiveLock')"
            ).fetchone()
            assert held == (0,)
        assert look(store).scanned == 50
        connection.execute("SELECT pg_stat_clear_snapshot()")
        assert [connection.execute(question).fetchall() for question in counted] == before


@pytest.fixture
def server(store: str) -> Iterator[ReadOnlyServer]:
    opened = ReadOnlyServer(ServerLocation(make_url(store)))
    yield opened
    opened.close()


def test_no_large_object_is_left(server: ReadOnlyServer, store: str) -> None:
    """Servers before PostgreSQL 16 make one in a read-only transaction too; it goes with the transaction."""
    with server.reading() as cursor, suppress(psycopg.Error):
        cursor.execute("SELECT lo_create(0)")
    with admin(store) as connection:
        assert connection.execute("SELECT count(*) FROM pg_largeobject_metadata").fetchone() == (0,)


@pytest.mark.parametrize("transaction", ["inside", "outside"])
@pytest.mark.parametrize("statement", REFUSED)
def test_the_viewers_connection_refuses_to_write(
    server: ReadOnlyServer, store: str, statement: str, transaction: str
) -> None:
    with server.reading() as cursor:
        if transaction == "outside":
            cursor.execute("ROLLBACK")
        with pytest.raises(psycopg.Error):
            cursor.execute(statement)
        with suppress(psycopg.Error):
            cursor.execute("COMMIT")
    with admin(store) as connection:
        assert connection.execute("SELECT count(*) FROM events").fetchone() == (50,)
        assert connection.execute("SELECT count(*) FROM store_info WHERE name = 'a'").fetchone() == (0,)


@pytest.mark.parametrize(
    "attempt",
    [
        "SET TRANSACTION READ WRITE",
        "SET SESSION CHARACTERISTICS AS TRANSACTION READ WRITE",
        "SET default_transaction_read_only = off",
        "SET LOCAL transaction_read_only = off",
        "SELECT set_config('transaction_read_only', 'off', false)",
        "COMMIT AND CHAIN",
        "SAVEPOINT one",
    ],
)
def test_the_lock_of_a_transaction_cannot_be_undone_in_it(server: ReadOnlyServer, attempt: str) -> None:
    with server.reading() as cursor:
        try:
            cursor.execute(attempt)
        except psycopg.Error:
            cursor.execute("ROLLBACK")
        with pytest.raises(psycopg.errors.ReadOnlySqlTransaction):
            cursor.execute(WRITE)
    with server.reading() as cursor, pytest.raises(psycopg.errors.ReadOnlySqlTransaction):
        cursor.execute(WRITE)


def test_a_role_that_may_only_select_is_said_to_be_one(store: str) -> None:
    with (
        role(store, "GRANT SELECT ON events, streams, store_info TO {}") as (name, url),
        open_reader(url) as reader,
    ):
        assert reader.warnings == []
        assert f"The role {name} may not change the store's tables at all." in reader.access
        assert sum(map(len, reader.scan(up_to=50))) == 50


@pytest.mark.parametrize(
    ("right", "said"),
    [
        ("INSERT ON events", "events: INSERT"),
        ("UPDATE (value) ON store_info", "store_info: UPDATE"),
        ("TRUNCATE, DELETE ON streams", "streams: DELETE, TRUNCATE"),
    ],
)
def test_a_role_that_could_write_is_named(store: str, right: str, said: str) -> None:
    grants = ("GRANT SELECT ON events, streams, store_info TO {}", f"GRANT {right} TO {{}}")
    with role(store, *grants) as (name, url), open_reader(url) as reader:
        assert reader.warnings == [
            f"This role could write: the role {name} has rights ({said}). The program does not, but ask for a role "
            "that may only SELECT."
        ]
    with open_reader(store) as reader:
        assert "could write" in reader.warnings[0]


def test_rows_that_the_server_hides_are_said(store: str) -> None:
    with admin(store) as connection:
        connection.execute("ALTER TABLE events ENABLE ROW LEVEL SECURITY")
        connection.execute("CREATE POLICY few ON events USING (position < 10)")
    with (
        role(store, "GRANT SELECT ON events, streams, store_info TO {}") as (_, url),
        open_reader(url) as reader,
    ):
        assert any("row-level security" in warning for warning in reader.warnings)
        info = reader.info()
        assert (info.events, len(info.warnings)) == (9, 1)


@contextmanager
def role(url: str, *grants: str) -> Iterator[tuple[str, str]]:
    """A role of its own with these rights alone: its name, and the URL with it."""
    name = f"viewer_{make_url(url).database}"
    with admin(url) as connection:
        connection.execute(f'CREATE ROLE "{name}" LOGIN')
        try:
            for grant in grants:
                connection.execute(grant.format(f'"{name}"'))
            yield name, as_text(make_url(url).set(username=name))
        finally:
            connection.execute(f'DROP OWNED BY "{name}"')
            connection.execute(f'DROP ROLE "{name}"')
