"""What the environment, or the server for a role, sets for connections: heeded where it says which store is meant, and
without effect on what is read."""

from pathlib import Path

import psycopg
import pytest
from sqlalchemy import make_url

from auditor.stores.reader import open_reader
from tests.helpers.native_files import event_rows
from tests.helpers.postgres_server import as_text
from tests.helpers.written_rows import make_store_at


def below(url: str, schema: str) -> str:
    return as_text(make_url(url).update_query_dict({"options": f"-csearch_path={schema}"}))


@pytest.fixture
def two_stores(postgres_url: str) -> str:
    """One of 6 events in `public`, one of 2 in `second`."""
    with psycopg.connect(postgres_url) as connection:
        connection.execute("CREATE SCHEMA second")
    make_store_at(postgres_url, event_rows(3, 2))
    make_store_at(below(postgres_url, "second"), event_rows(1, 2))
    return postgres_url


def events_in(url: str) -> int:
    with open_reader(url) as reader:
        return reader.info().events


def test_the_search_path_may_stand_in_the_environment(
    two_stores: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PGOPTIONS", "-c search_path=second")
    assert events_in(two_stores) == 2
    assert events_in(below(two_stores, "public")) == 6


def test_the_search_path_may_stand_in_a_named_service(
    two_stores: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    services = tmp_path / "services"
    services.write_text("[shop]\noptions=-csearch_path=second\n")
    monkeypatch.setenv("PGSERVICEFILE", str(services))
    monkeypatch.setenv("PGSERVICE", "shop")
    assert events_in(two_stores) == 2


def test_a_role_may_have_other_rules_for_backslashes(postgres_url: str) -> None:
    store = make_store_at(postgres_url, event_rows(3, 2))
    name = make_url(store).database
    with psycopg.connect(store, autocommit=True) as connection:
        connection.execute(f'ALTER DATABASE "{name}" SET standard_conforming_strings = off')
        connection.execute('UPDATE events SET metadata = \'{"user_id": "\\u0061da"}\' WHERE position = 2')
    with open_reader(store) as reader:
        assert [event.position for event in reader.events(user="ada", limit=9).events][:2] == [1, 2]
        assert reader.events(user="nobody", limit=9).events == []
