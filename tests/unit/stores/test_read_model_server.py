"""Read models in a schema of a server: which schema it is, what is refused there, and who has it to himself."""

import threading
import time
from random import Random
from string import ascii_letters
from typing import Any

import psycopg
import pytest
from sqlalchemy import make_url

from auditor.core.errors import ModelError, StoreBusy, StoreError
from auditor.core.projection_run import NotStorable
from auditor.core.rows import Table, TableChanges
from auditor.stores.dialects import postgresql_read_models
from auditor.stores.location import FileLocation, ServerLocation, store_location
from auditor.stores.native_store import EventStore
from auditor.stores.read_model_place import SchemaLocation, place_beside, read_model_place, schema_at
from auditor.stores.read_model_target import ReadModelTarget
from auditor.stores.read_model_view import NothingRebuilt, ReadModelView
from tests.helpers.postgres_server import as_text
from tests.helpers.read_model_places import ServerGround
from tests.helpers.rebuilding import checkpoint

THINGS = Table(name="things", columns={"id": "text", "count": "integer"})


@pytest.fixture
def ground(postgres_url: str) -> ServerGround:
    return ServerGround(postgres_url)


def rebuilt(place: Any, *rows: list[Any], table: Table = THINGS) -> None:
    with ReadModelTarget(place) as target:
        target.begin(checkpoint(tables=[table.name]), (table,))
        target.write({table.name: TableChanges(list(rows), [])}, position=9, events=9)
        target.swap()


def with_path(url: str, setting: str) -> ServerLocation:
    location = store_location(make_url(url).update_query_dict({"options": setting}).render_as_string(False))
    assert isinstance(location, ServerLocation)
    return location


# -- which schema ------------------------------------------------------------------------------------------------------


def test_the_schema_is_that_of_the_stores_tables_with_a_suffix(ground: ServerGround) -> None:
    assert (ground.place.short_name, ground.place.server.has_password) == ("public_readmodels", False)
    ground.run("CREATE SCHEMA shop", 'CREATE SCHEMA "My \\ Shop"')
    for setting, schema in (
        ("-csearch_path=shop", "shop_readmodels"),
        ("-csearch_path=absent,shop,public -cwork_mem=8MB", "shop_readmodels"),
        ('-csearch_path="My\\ \\\\\\ Shop"', "My \\ Shop_readmodels"),
    ):
        place = place_beside(with_path(ground.url, setting))
        assert place.short_name == schema
        rebuilt(place, ["a", 1])
        assert ground.run(f"""SELECT id FROM "{schema}".things""") == [("a",)]  # noqa: S608 - written here
        again = read_model_place(place.address)
        assert (again.short_name, again.address) == (schema, place.address)
    with pytest.raises(StoreError, match="none of the schemas"):
        place_beside(with_path(ground.url, "-csearch_path=absent"))


def test_a_long_name_is_cut_before_its_suffix(ground: ServerGround) -> None:
    name = "ö" * 31
    ground.run(f'CREATE SCHEMA "{name}"')
    place = place_beside(with_path(ground.url, f'-csearch_path="{name}"'))
    assert place.short_name == "ö" * 26 + "_readmodels"
    rebuilt(place, ["a", 1])
    with ReadModelView(place) as looking:
        assert looking.standing("things").rows == {"things": 1}


def test_a_missing_password_is_that_of_the_store_on_the_same_server_alone() -> None:
    store = store_location("postgresql://ada:secret@db:5433/shop")
    for target, has in (
        ("postgresql://ada@db:5433/reports?options=-csearch_path%3Dr", True),
        ("postgresql://bob@db:5433/shop?options=-csearch_path%3Dr", False),
        ("postgresql://ada@other:5433/shop?options=-csearch_path%3Dr", False),
        ("postgresql://ada@db/shop?options=-csearch_path%3Dr", False),
    ):
        place = read_model_place(target, store=store)
        assert isinstance(place, SchemaLocation)
        assert place.server.has_password == has
        assert "secret" not in place.address + place.name + repr(place)
    assert schema_at(store, "r").server.has_password  # type: ignore[arg-type]  # it is one
    assert isinstance(read_model_place("x.db"), FileLocation)


# -- what is refused ---------------------------------------------------------------------------------------------------


def test_looking_makes_no_schema(ground: ServerGround) -> None:
    with pytest.raises(NothingRebuilt):
        ReadModelView(ground.place)
    assert ground.run("SELECT count(*) FROM pg_namespace WHERE nspname LIKE '%readmodels'") == [(0,)]


def test_the_schema_of_a_store_is_refused(ground: ServerGround) -> None:
    with EventStore(ground.url):
        pass
    public = read_model_place(with_path(ground.url, "-csearch_path=public"))
    with pytest.raises(StoreError, match="an event store stands"):
        ReadModelTarget(public)
    assert ground.run("SELECT count(*) FROM pg_class WHERE relname LIKE 'auditor%'") == [(0,)]


@pytest.mark.parametrize(
    "made",
    ["CREATE TABLE things (id text)", "CREATE VIEW things AS SELECT 1", "CREATE SEQUENCE things__shadow"],
)
def test_a_relation_that_no_rebuild_made_is_left_alone(ground: ServerGround, made: str) -> None:
    ground.run(
        "CREATE SCHEMA public_readmodels",
        "CREATE TABLE mine (x text)",
        'CREATE TABLE "THINGS" (x text)',
        made,
    )
    with pytest.raises(ModelError, match="that no rebuild made"):
        rebuilt(ground.place, ["a", 1])
    ground.run(f"DROP {made.split()[1]} {made.split()[2]}")
    rebuilt(ground.place, ["a", 1])
    assert ground.tables() == {"THINGS": [], "mine": [], "things": [("a", 1)]}


@pytest.mark.parametrize(
    ("made", "said"),
    [
        ("CREATE TABLE auditor_checkpoints (x text)", "that no rebuild made"),
        ("COMMENT ON TABLE auditor_checkpoints IS 'auditor read models, version 99'", "newer version"),
        ("COMMENT ON TABLE auditor_checkpoints IS NULL", "that no rebuild made"),
    ],
)
def test_tables_that_look_like_ours_and_are_not_are_refused(
    ground: ServerGround, made: str, said: str
) -> None:
    if made.startswith("COMMENT"):
        rebuilt(ground.place, ["a", 1])
    else:
        ground.run("CREATE SCHEMA public_readmodels")
    ground.run(made)
    with pytest.raises(StoreError, match=said):
        ReadModelTarget(ground.place)
    with pytest.raises(StoreError):
        ReadModelView(ground.place)


@pytest.mark.parametrize(
    "table",
    [
        Table(name="pg_things", columns={"id": "text"}),
        Table(name="t" * 56, columns={"id": "text"}),
        Table(name="t", columns={"id": "text", "ü" * 32: "text"}),
        Table(name="t", columns={"id": "text", "xmin": "text"}),
        Table(name="t\ud800", columns={"id": "text"}),
    ],
)
def test_names_that_the_server_would_not_keep_are_refused(ground: ServerGround, table: Table) -> None:
    with ReadModelTarget(ground.place) as target, pytest.raises(ModelError):
        target.begin(checkpoint(tables=[table.name]), (table,))
    longest = Table(name="t" * 55, columns={"id": "text", "u" * 63: "text"})
    rebuilt(ground.place, ["a", "b"], table=longest)
    rebuilt(ground.place, ["a", "c"], table=longest)
    assert ground.tables() == {"t" * 55: [("a", "c")]}


@pytest.mark.parametrize("many", [0, 1500])
@pytest.mark.parametrize("wrong", ["a\0b", "".join(Random(1).choices(ascii_letters, k=100_000))])
def test_text_that_the_server_does_not_store_is_told(ground: ServerGround, wrong: str, many: int) -> None:
    rows = [*([f"k{number}", 1] for number in range(many)), [wrong, 1]]
    with ReadModelTarget(ground.place) as target:
        target.begin(checkpoint(), (THINGS,))
        with pytest.raises(NotStorable, match="PostgreSQL cannot store") as told:
            target.write({"things": TableChanges(rows, [])}, position=2, events=2)
        assert wrong not in str(told.value)
        target.write({"things": TableChanges([["a", 1]], [])}, position=2, events=2)
        target.swap()
    assert ground.tables() == {"things": [("a", 1)]}


def test_a_trigger_that_refuses_a_live_row_is_told(ground: ServerGround) -> None:
    rebuilt(ground.place, ["a", 1])
    ground.run(
        "CREATE FUNCTION no() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'not today'; END $$",
        "CREATE TRIGGER refusing BEFORE INSERT ON things FOR EACH ROW EXECUTE FUNCTION no()",
    )
    with ReadModelTarget(ground.place) as target:
        target.begin_live(checkpoint(), (THINGS,))
        with pytest.raises(ModelError, match="does not allow a row of things"):
            target.write({"things": TableChanges([["b", 2]], [])}, position=12, events=10)
    assert ground.tables() == {"things": [("a", 1)]}


# -- rights ------------------------------------------------------------------------------------------------------------


def test_without_the_right_to_make_a_schema_that_is_said(ground: ServerGround) -> None:
    role = f"clerk_{make_url(ground.url).database}"
    ground.run(f"CREATE ROLE {role} LOGIN")
    mine = ServerGround(as_text(make_url(ground.url).set(username=role)))
    try:
        with pytest.raises(StoreError, match="The schema public_readmodels for read models cannot be made"):
            ReadModelTarget(mine.place)
        database = make_url(ground.url).database
        ground.run(
            f"CREATE SCHEMA public_readmodels AUTHORIZATION {role}",
            f"REVOKE TEMP ON DATABASE {database} FROM PUBLIC",
        )
        rebuilt(mine.place, *([f"k{number}", number] for number in range(1500)))  # without a temporary table
        assert len(mine.tables()["things"]) == 1500
    finally:
        ground.run(f"DROP OWNED BY {role} CASCADE", f"DROP ROLE {role}")


def test_without_the_right_to_enter_the_schema_that_is_said(ground: ServerGround) -> None:
    rebuilt(ground.place, ["a", 1])
    role = f"stranger_{make_url(ground.url).database}"
    ground.run(f"CREATE ROLE {role} LOGIN")
    try:
        mine = ServerGround(as_text(make_url(ground.url).set(username=role)))
        with pytest.raises(StoreError, match="may not be changed") as caught:
            rebuilt(mine.place, ["b", 2])
        assert "right" in caught.value.hint
    finally:
        ground.run(f"DROP OWNED BY {role} CASCADE", f"DROP ROLE {role}")


def test_who_may_only_select_can_look(ground: ServerGround) -> None:
    role = f"viewer_{make_url(ground.url).database}"
    rebuilt(ground.place, ["a", 1])
    ground.run(f"CREATE ROLE {role} LOGIN")
    mine = ServerGround(as_text(make_url(ground.url).set(username=role)))
    try:
        with pytest.raises(StoreError, match="permission denied"), ReadModelView(mine.place) as looking:
            looking.standing("things")
        ground.run(
            f"GRANT USAGE ON SCHEMA public_readmodels TO {role}",
            f"GRANT SELECT ON things, auditor_checkpoints, auditor_builds TO {role}",
        )
        with ReadModelTarget(ground.place) as target:
            target.begin(checkpoint(), (THINGS,))
            with ReadModelView(mine.place) as looking:
                standing = looking.standing("things")
                assert (standing.rows, standing.at_work) == ({"things": 1}, True)
                assert looking.page("things", None, limit=5).rows == [("a", 1)]
        with ReadModelTarget(mine.place) as target, pytest.raises(StoreError, match="may not be changed"):
            target.begin(checkpoint(), (THINGS,))
    finally:
        ground.run(f"DROP OWNED BY {role} CASCADE", f"DROP ROLE {role}")


# -- the lock ----------------------------------------------------------------------------------------------------------


def test_the_lock_ends_with_its_connection_and_nothing_more_is_written(ground: ServerGround) -> None:
    rebuilt(ground.place, ["a", 1])
    with ReadModelTarget(ground.place) as first:
        first.begin(checkpoint(), (THINGS,))
        ground.run(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE application_name = 'auditor rebuild of things'"
        )
        with ReadModelTarget(ground.place) as second:
            assert second.begin(checkpoint(), (THINGS,)) is not None
            with pytest.raises(StoreError, match="connection"):
                first.write({"things": TableChanges([["b", 2]], [])}, position=1, events=1)
            second.write({"things": TableChanges([["c", 3]], [])}, position=2, events=2)
            second.swap()
    assert ground.tables() == {"things": [("c", 3)]}


def test_who_comes_a_moment_early_waits_a_moment(
    ground: ServerGround, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = ReadModelTarget(ground.place)
    monkeypatch.setattr(postgresql_read_models, "NOTICING_SECONDS", 0.0)
    with pytest.raises(StoreBusy, match="Another rebuild, or a projection that catches up"):
        ReadModelTarget(ground.place)
    monkeypatch.setattr(postgresql_read_models, "NOTICING_SECONDS", 30.0)
    leaving = threading.Timer(0.05, first.close)
    leaving.start()
    ReadModelTarget(ground.place).close()
    leaving.join()


def test_two_schemas_of_one_database_do_not_meet(ground: ServerGround) -> None:
    other = schema_at(ground.place.server, "others")
    with ReadModelTarget(ground.place), ReadModelTarget(other):
        pass


def test_a_schema_that_somebody_else_makes_in_this_moment_is_used(ground: ServerGround) -> None:
    waiting = "SELECT count(*) FROM pg_locks WHERE NOT granted"
    errors: list[BaseException] = []

    def come() -> None:
        try:
            with ReadModelTarget(ground.place) as target:
                target.begin_live(checkpoint(), (THINGS,))
        except BaseException as error:  # noqa: BLE001 - told by the test
            errors.append(error)

    comers = [threading.Thread(target=come) for _ in range(3)]
    with psycopg.connect(ground.url) as maker:
        maker.execute("CREATE SCHEMA public_readmodels")
        for comer in comers:
            comer.start()
        until = time.monotonic() + 20
        while ground.run(waiting) != [(len(comers),)] and time.monotonic() < until:
            time.sleep(0.01)
    for comer in comers:
        comer.join()
    assert errors == []
    assert ground.tables() == {"things": []}
