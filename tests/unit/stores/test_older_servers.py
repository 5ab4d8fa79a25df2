"""Servers before PostgreSQL 16 cannot tell JSON from other texts: users are found by other means, with a limit that is
said where it matters. A newer server is treated as one of these here, so that it is tried wherever the tests run."""

import psycopg
import pytest

from auditor.stores.dialects import postgresql_readonly
from auditor.stores.reader import open_reader
from tests.helpers.native_files import event_rows
from tests.helpers.written_rows import make_store_at

DEEP = '{"user_id": "deep", "a": {"b": {"c": {"d": 1}}}}'


@pytest.fixture
def store(postgres_url: str, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setattr(postgresql_readonly, "_IS_JSON_SINCE", 10**9)
    store = make_store_at(postgres_url, event_rows(2, 3))
    with psycopg.connect(store, autocommit=True) as connection:
        connection.execute('UPDATE events SET metadata = \'{"user_id": "ada"}\'')
        for version, metadata in ((2, DEEP), (3, '{"user_id": "ada"')):
            connection.execute(
                "UPDATE events SET metadata = %s WHERE version = %s"
                " AND aggregate_id = (SELECT min(aggregate_id) FROM streams)",
                (metadata, version),
            )
    return store


def test_the_limit_is_said_only_where_users_are_looked_for_or_missed(store: str) -> None:
    with open_reader(store) as reader:
        missed, whole = (row.aggregate_id for row in reader.aggregates(limit=9).aggregates)
        before = list(reader.warnings)
        assert not any("PostgreSQL 16" in warning for warning in before)
        reader.timeline(whole)
        reader.events(limit=9)
        assert reader.warnings == before
        reader.timeline(missed)
        reader.events(limit=9, user="ada")
        assert [warning[:39] for warning in reader.warnings[len(before) :]] == [
            "The server is older than PostgreSQL 16:"
        ]


def test_what_is_deeper_or_no_json_names_nobody_and_stops_nothing(store: str) -> None:
    with open_reader(store) as reader:
        found = reader.events(limit=9, user="ada").events
        first, *others = sorted((event.aggregate_id, event.version) for event in found)
        assert (first[1], [version for _, version in others]) == (1, [1, 2, 3])
        assert reader.events(limit=9, user="deep").events == []
