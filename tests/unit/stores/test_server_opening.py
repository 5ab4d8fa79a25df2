"""Databases on a server that are no store, or none that can be read: one sentence each, and nothing is changed."""

from collections.abc import Iterator

import psycopg
import pytest
from sqlalchemy import make_url

from auditor.core.cursors import cursor_token
from auditor.core.errors import PasswordNeeded, StoreError, WrongRequest
from auditor.stores.location import ServerLocation
from auditor.stores.reader import open_reader
from tests.helpers.native_files import event_rows
from tests.helpers.postgres_server import PostgresServer, as_text, drop_database, new_database, running_server
from tests.helpers.written_rows import make_store_at

RIGHT, WRONG = "hunter2", "hunter3"


@pytest.fixture
def store(postgres_url: str) -> str:
    return make_store_at(postgres_url, event_rows(3, 2))


def refused(url: str) -> str:
    with pytest.raises(StoreError) as caught:
        open_reader(url)
    assert caught.value.hint
    return caught.value.message


def test_a_place_may_be_given_with_its_password(store: str) -> None:
    place = ServerLocation(make_url(store)).with_password("hunter2")
    with open_reader(place) as reader:
        assert reader.location == place
        assert (
            "hunter2"
            not in f"{reader.location.name} {reader.location.address} {reader.access} {reader.warnings}"
        )
        assert reader.info().events == 6


def test_an_empty_database_is_no_store(postgres_url: str) -> None:
    assert "it has no tables" in refused(postgres_url)


def test_the_tables_of_another_program_are_listed(postgres_url: str) -> None:
    with psycopg.connect(postgres_url) as connection:
        for name in ("invoices", "Odd Name", "events"):
            connection.execute(f'CREATE TABLE "{name}" (id int)')
    assert "its tables are Odd Name, events, invoices" in refused(postgres_url)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("ALTER TABLE events DROP COLUMN timestamp_text", "lacks events.timestamp_text"),
        ("ALTER TABLE events ALTER data TYPE jsonb USING data::jsonb", "lacks events.data"),
        ("ALTER TABLE events ALTER version TYPE text", "lacks events.version"),
        ("ALTER TABLE streams ALTER last_position DROP NOT NULL", "lacks streams.last_position"),
        ("ALTER TABLE events RENAME TO e; CREATE VIEW events AS SELECT * FROM e", "its events is a view"),
        (
            "ALTER TABLE events RENAME TO e; CREATE MATERIALIZED VIEW events AS SELECT * FROM e",
            "its events is a materialized view",
        ),
        ("DROP TABLE store_info", "no event store that can be read: its tables are"),
        (
            "UPDATE store_info SET value = '99' WHERE name = 'schema_version'",
            "made by a newer version of the program",
        ),
    ],
)
def test_a_changed_store_is_refused_by_what_was_changed(store: str, change: str, said: str) -> None:
    with psycopg.connect(store) as connection:
        connection.execute(change)
    assert said in refused(store)


def test_the_first_schema_of_the_search_path_counts(store: str) -> None:
    with psycopg.connect(store) as connection:
        connection.execute('CREATE SCHEMA "other one"')
        connection.execute('CREATE TABLE "other one".things (id int)')
    there = make_url(store).update_query_dict({"options": "-c search_path=other\\ one,public"})
    assert "its tables are things" in refused(
        as_text(there.update_query_dict({"options": '-csearch_path="other\\ one"'}))
    )
    nowhere = make_url(store).update_query_dict({"options": "-csearch_path=nowhere"})
    assert "none of the schemas that its search path names" in refused(as_text(nowhere))
    second = make_url(store).update_query_dict({"options": "-csearch_path=nowhere,public"})
    with open_reader(as_text(second)) as reader:
        assert reader.info().events == 6


def test_a_table_that_may_not_be_read_is_said(postgres_server: PostgresServer) -> None:
    url = new_database(postgres_server.url)
    make_store_at(as_text(url), event_rows(3, 2))
    with psycopg.connect(as_text(url), autocommit=True) as connection:
        connection.execute("CREATE ROLE nobody_at_all LOGIN")
        try:
            assert "may not be read: permission denied for table" in refused(
                as_text(url.set(username="nobody_at_all"))
            )
        finally:
            connection.execute("DROP ROLE nobody_at_all")
    drop_database(url)


def test_other_encodings_are_refused(postgres_server: PostgresServer) -> None:
    with psycopg.connect(as_text(postgres_server.url), autocommit=True) as connection:
        connection.execute(
            "CREATE DATABASE plain ENCODING 'SQL_ASCII' TEMPLATE template0 LOCALE 'C' LOCALE_PROVIDER libc"
        )
    assert "keeps its texts as SQL_ASCII" in refused(as_text(postgres_server.url.set(database="plain")))


@pytest.fixture(scope="module")
def strict_server() -> Iterator[PostgresServer]:
    """Lets `guest` in by password alone, and once at a time."""
    with running_server() as server:
        with psycopg.connect(as_text(server.url), autocommit=True) as connection:
            connection.execute("CREATE ROLE guest LOGIN PASSWORD 'hunter2' CONNECTION LIMIT 1")
            rules = server.data / "pg_hba.conf"
            first = (
                "local all guest scram-sha-256",
                "local all only_on_the_machine peer",
                "local all turned_away reject",
            )
            rules.write_text("\n".join((*first, rules.read_text())))
            connection.execute("SELECT pg_reload_conf()")
        server.restart()
        yield server


def test_passwords_are_asked_for(strict_server: PostgresServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PGPASSFILE", "/nowhere")
    monkeypatch.delenv("PGPASSWORD", raising=False)
    guest = strict_server.url.set(username="guest")
    for url, said in (
        (guest, "wants a password"),
        (guest.set(password=WRONG), "refuses this user or password"),
    ):
        with pytest.raises(PasswordNeeded, match=said) as caught:
            open_reader(as_text(url))
        assert WRONG not in caught.value.message
    assert "it has no tables" in refused(as_text(guest.set(password=RIGHT)))


@pytest.mark.parametrize(
    ("role", "said", "hint"),
    [
        ("only_on_the_machine", "Peer authentication failed", "Name its host"),
        ("turned_away", "rejects connection", "pg_hba.conf"),
    ],
)
def test_where_no_password_helps_none_is_asked_for(
    strict_server: PostgresServer, role: str, said: str, hint: str
) -> None:
    with pytest.raises(StoreError, match=said) as caught:
        open_reader(as_text(strict_server.url.set(username=role)))
    assert not isinstance(caught.value, PasswordNeeded)
    assert hint in caught.value.hint


def test_a_server_that_takes_no_more_connections_says_so(strict_server: PostgresServer) -> None:
    guest = as_text(strict_server.url.set(username="guest", password=RIGHT))
    with psycopg.connect(guest), pytest.raises(StoreError, match="too many connections") as caught:
        open_reader(guest)
    assert "when others have left" in caught.value.hint


def test_addresses_that_lead_nowhere_are_told(postgres_server: PostgresServer) -> None:
    there = postgres_server.url
    for url, said in (
        (there.set(database="absent"), 'database "absent" does not exist'),
        (there.set(username="nobody_known"), 'role "nobody_known" does not exist'),
        ("postgresql://127.0.0.1:1/x", "refused"),
        ("postgresql://nowhere.invalid/x", "nowhere.invalid"),
    ):
        assert said in refused(url if isinstance(url, str) else as_text(url))


def test_a_token_with_values_of_another_kind_is_refused(store: str) -> None:
    with open_reader(store) as reader:
        events = cursor_token("events of order-0001", ["x", 1])
        with pytest.raises(WrongRequest, match="no place in this list"):
            reader.events(aggregate_id="order-0001", after=events, limit=3)
        by_last = cursor_token("aggregates by last event", ["x", "order-0001"])
        with pytest.raises(WrongRequest, match="no place in this list"):
            reader.aggregates(order="last", after=by_last, limit=3)
