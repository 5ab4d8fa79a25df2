"""A store stands in the first schema of the search path, whatever stands in the others."""

import psycopg
import pytest
from sqlalchemy import make_url

from auditor.core.errors import NoStoreHere
from auditor.eventsourcing import EventStore
from tests.helpers.new_events import new_event
from tests.helpers.postgres_server import as_text


def test_a_store_in_a_later_schema_is_another_one(postgres_url: str) -> None:
    with psycopg.connect(postgres_url) as connection:
        connection.execute("CREATE SCHEMA mine")
    mine = as_text(make_url(postgres_url).update_query_dict({"options": "-csearch_path=mine,public"}))
    with EventStore(postgres_url) as public:
        public.append("a", [new_event("a", 1)], 0)
        with pytest.raises(NoStoreHere):
            EventStore(mine, create=False)
        with EventStore(mine) as store:
            assert store.store_id != public.store_id
            assert store.append("a", [new_event("a", 1)], 0)[0].position == 1
        assert public.stream_versions(["a"]) == {"a": (1, "Order")}
