"""The swap on PostgreSQL: what people have made on a live table is on the new one, or nothing is changed at all."""

import threading
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from typing import Any

import psycopg
import pytest
from sqlalchemy import make_url

from auditor.core.errors import ModelError, StoreBusy
from auditor.core.rows import Table, TableChanges
from auditor.stores.dialects import postgresql_read_models
from auditor.stores.read_model_target import ReadModelTarget
from auditor.stores.read_model_view import ReadModelView
from tests.helpers.read_model_places import ServerGround
from tests.helpers.rebuilding import checkpoint

THINGS = Table(name="things", columns={"id": "text", "count": "integer"})


@pytest.fixture
def ground(postgres_url: str) -> ServerGround:
    return ServerGround(postgres_url)


def put(*rows: list[Any]) -> Mapping[str, TableChanges]:
    return {"things": TableChanges(list(rows), [])}


def rebuilt(ground: ServerGround, *rows: list[Any], tables: tuple[Table, ...] = (THINGS,)) -> list[str]:
    with ReadModelTarget(ground.place) as target:
        target.begin(checkpoint(tables=[table.name for table in tables]), tables)
        target.write(put(*rows), position=9, events=9)
        return target.swap()


@contextmanager
def role(ground: ServerGround, name: str) -> Iterator[str]:
    """A role of this test, which may look into the schema."""
    database = make_url(ground.url).database
    name = f"{name}_{database}"
    ground.run(f"CREATE ROLE {name}", f"GRANT USAGE ON SCHEMA {ground.schema} TO {name}")
    try:
        yield name
    finally:
        ground.run(f"DROP OWNED BY {name} CASCADE", f"DROP ROLE {name}")


def as_role(ground: ServerGround, name: str, *statements: str) -> list[tuple[Any, ...]]:
    return ground.run(f"SET ROLE {name}", *statements)


# -- what is carried over ----------------------------------------------------------------------------------------------


def test_views_show_the_new_rows_and_stay_the_objects_that_they_were(ground: ServerGround) -> None:
    rebuilt(ground, ["a", 1])
    with role(ground, "reporting") as reporting:
        ground.run(
            "CREATE VIEW counts WITH (security_barrier = true) AS SELECT id, count AS many FROM things WHERE count > 0",
            "CREATE VIEW on_counts AS SELECT sum(many) AS total FROM counts",
            "CREATE MATERIALIZED VIEW kept AS SELECT total FROM on_counts",
            "CREATE SCHEMA elsewhere",
            "CREATE VIEW elsewhere.both AS SELECT t.id, c.many FROM things t JOIN counts c USING (id)",
            f"GRANT SELECT ON counts TO {reporting}",
            "COMMENT ON VIEW counts IS 'of a report'",
        )
        about = (
            "SELECT oid, relowner, relacl::text, reloptions FROM pg_class WHERE relname IN ('counts', 'both')"
        )
        before = ground.run(
            about, "SELECT pg_get_viewdef('counts'::regclass), obj_description('counts'::regclass)"
        )
        assert rebuilt(ground, ["b", 2], ["c", 3]) == []
        assert ground.run("SELECT * FROM counts ORDER BY id") == [("b", 2), ("c", 3)]
        assert ground.run("SELECT total FROM on_counts", "SELECT id FROM elsewhere.both ORDER BY id") == [
            (5,),
            ("b",),
            ("c",),
        ]
        assert as_role(ground, reporting, "SELECT count(*) FROM counts") == [(2,)]
        after = ground.run(
            about, "SELECT pg_get_viewdef('counts'::regclass), obj_description('counts'::regclass)"
        )
        assert after == before
        assert ground.run("REFRESH MATERIALIZED VIEW kept", "SELECT total FROM kept") == [(5,)]
        assert "auditor_old" not in str(ground.run("SELECT relname FROM pg_class"))


def test_rights_of_reporting_roles_are_those_of_before(ground: ServerGround) -> None:
    rebuilt(ground, ["a", 1])
    with (
        role(ground, "reporting") as reporting,
        role(ground, "clerk") as clerk,
        role(ground, "other") as other,
    ):
        ground.run(
            f"GRANT SELECT ON things TO {reporting} WITH GRANT OPTION",
            f"GRANT SELECT (id), UPDATE (count) ON things TO {clerk}",
            f"ALTER DEFAULT PRIVILEGES IN SCHEMA {ground.schema} GRANT SELECT ON TABLES TO {other}",
            "COMMENT ON TABLE things IS 'all ''things'''",
            "COMMENT ON COLUMN things.count IS 'how many'",
        )
        asked = (
            "SELECT relacl::text FROM pg_class WHERE oid = 'things'::regclass",
            "SELECT attname, attacl::text, col_description(attrelid, attnum) FROM pg_attribute"
            " WHERE attrelid = 'things'::regclass AND attnum > 0 ORDER BY attnum",
            "SELECT obj_description('things'::regclass)",
        )
        before = ground.run(*asked)
        rebuilt(ground, ["b", 2])
        assert ground.run(*asked) == before
        assert as_role(ground, reporting, "SELECT id FROM things") == [("b",)]
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            as_role(ground, other, "SELECT id FROM things")


def test_an_owner_stays_the_owner(ground: ServerGround) -> None:
    rebuilt(ground, ["a", 1])
    with role(ground, "keeper") as keeper:
        ground.run(
            f"GRANT CREATE ON SCHEMA {ground.schema} TO {keeper}", f"ALTER TABLE things OWNER TO {keeper}"
        )
        rebuilt(ground, ["b", 2])
        assert ground.run(
            "SELECT pg_get_userbyid(relowner) FROM pg_class WHERE oid = 'things'::regclass"
        ) == [(keeper,)]


def test_indexes_constraints_and_triggers_are_made_again(ground: ServerGround) -> None:
    rebuilt(ground, ["a", 1])
    ground.run(
        "CREATE INDEX by_count ON things (count DESC) WHERE count > 1",
        'CREATE UNIQUE INDEX "odd %s" ON things (lower(id))',
        "ALTER TABLE things ADD CONSTRAINT once UNIQUE (count, id)",
        "ALTER TABLE things ADD CONSTRAINT small CHECK (count < 100)",
        "CREATE STATISTICS together ON id, count FROM things",
        "CREATE TABLE notes (text text)",
        "CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS"
        " $$ BEGIN INSERT INTO public_readmodels.notes VALUES (new.id); RETURN new; END $$",
        "CREATE TRIGGER noting AFTER UPDATE ON things FOR EACH ROW EXECUTE FUNCTION note()",
        "CREATE TRIGGER silent AFTER UPDATE ON things FOR EACH ROW EXECUTE FUNCTION note()",
        "ALTER TABLE things DISABLE TRIGGER silent",
    )
    asked = (
        "SELECT pg_get_indexdef(indexrelid) FROM pg_index WHERE indrelid = 'things'::regclass ORDER BY 1",
        "SELECT conname::text, pg_get_constraintdef(oid) FROM pg_constraint"
        " WHERE conrelid = 'things'::regclass ORDER BY 1",
        "SELECT pg_get_triggerdef(oid), tgenabled FROM pg_trigger WHERE tgrelid = 'things'::regclass ORDER BY 1",
        "SELECT pg_get_statisticsobjdef(oid) FROM pg_statistic_ext",
    )
    before = ground.run(*asked)
    for _ in range(2):
        assert rebuilt(ground, ["b", 2]) == []
        assert ground.run(*asked) == before
    assert ground.run("UPDATE things SET count = 3", "SELECT text FROM notes") == [("b",)]


# -- what cannot be carried over ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("made", "said"),
    [
        ("CREATE MATERIALIZED VIEW kept AS SELECT id FROM things", "materialized view kept"),
        ("CREATE TABLE lines (thing text REFERENCES things)", "constraint lines_thing_fkey on table lines"),
        ("CREATE RULE quiet AS ON DELETE TO things DO INSTEAD NOTHING", "rule quiet on table things"),
        ("ALTER TABLE things ENABLE ROW LEVEL SECURITY", "row level security"),
        ("CREATE POLICY mine ON things USING (true)", "policy mine on table things"),
        ("CREATE PUBLICATION {name} FOR TABLE things", "publication of table"),
        (
            "CREATE FUNCTION one() RETURNS text LANGUAGE sql BEGIN ATOMIC SELECT max(id) FROM things; END",
            "function one()",
        ),
    ],
)
def test_what_cannot_be_carried_over_is_named_and_nothing_is_changed(
    ground: ServerGround, made: str, said: str
) -> None:
    rebuilt(ground, ["a", 1])
    ground.run(
        made.format(name=f"p_{make_url(ground.url).database}"),
        "CREATE VIEW counts AS SELECT count FROM things",
    )
    there = (
        "SELECT oid, relname FROM pg_class WHERE relnamespace = current_schema()::regnamespace ORDER BY oid"
    )
    before = ground.run(there)
    with pytest.raises(ModelError, match="cannot be carried over") as refused:
        rebuilt(ground, ["b", 2])
    assert said in refused.value.message.replace(f"{ground.schema}.", "")
    assert "auditor_old" not in refused.value.message
    assert ground.tables()["things"] == [("a", 1)]
    assert ground.run("SELECT count FROM counts") == [(1,)]
    assert [row for row in ground.run(there) if "shadow" not in row[1]] == before


def test_a_view_that_does_not_fit_the_new_table_stops_the_swap_whole(ground: ServerGround) -> None:
    # Not a column that has the name of a function: servers before PostgreSQL 16 take things.count for count(things).
    wider = Table(name="things", columns={"id": "text", "many": "integer"})
    rebuilt(ground, ["a", 1], tables=(wider,))
    ground.run("CREATE VIEW counts AS SELECT many FROM things")
    with pytest.raises(ModelError, match="counts does not fit the rebuilt table things"):
        rebuilt(ground, ["b"], tables=(Table(name="things", columns={"id": "text"}),))
    assert ground.run("SELECT many FROM counts") == [(1,)]


def test_a_view_on_a_table_that_is_declared_no_more_keeps_it(ground: ServerGround) -> None:
    extra = Table(name="extra", columns={"id": "text"})
    rebuilt(ground, ["a", 1], tables=(THINGS, extra))
    ground.run("CREATE VIEW on_extra AS SELECT id FROM extra")
    with pytest.raises(
        ModelError, match=r"extra cannot be replaced: view public_readmodels\.on_extra stands on it"
    ):
        rebuilt(ground, ["b", 2])
    assert ground.tables()["things"] == [("a", 1)]


# -- readers -----------------------------------------------------------------------------------------------------------


def test_while_a_reader_holds_a_table_the_swap_waits_and_lets_others_read(
    ground: ServerGround, monkeypatch: pytest.MonkeyPatch
) -> None:
    rebuilt(ground, ["old", 1])
    ground.run("CREATE VIEW counts AS SELECT count FROM things")
    with (
        closing(psycopg.connect(ground.url)) as reader,
        ReadModelTarget(ground.place) as target,
    ):
        target.begin(checkpoint(), (THINGS,))
        target.write(put(["new", 2]), position=9, events=9)
        assert reader.execute("SELECT count FROM public_readmodels.counts").fetchall() == [(1,)]
        monkeypatch.setattr(postgresql_read_models, "BUSY_SECONDS", 0.0)
        with pytest.raises(StoreBusy, match="in use"):
            target.swap()
        assert ground.run("SELECT id FROM things") == [("old",)]
        monkeypatch.setattr(postgresql_read_models, "BUSY_SECONDS", 30.0)
        swapping = threading.Thread(target=target.swap)
        swapping.start()
        assert ground.run("SELECT count FROM counts") == [(1,)]
        reader.rollback()
        swapping.join()
        assert ground.run("SELECT id FROM things", "SELECT count FROM counts") == [("new",), (2,)]


def test_a_swap_in_the_midst_of_a_look_gives_no_half_of_each(ground: ServerGround) -> None:
    """A look sees rows as they were when it began, but finds tables by the names that they have now."""
    rebuilt(ground, ["old", 1])
    with ReadModelTarget(ground.place) as target, ReadModelView(ground.place) as looking:
        target.begin(checkpoint(target=30), (THINGS,))
        target.write(put(["new", 2]), position=10, events=10)
        looks: list[list[tuple[Any, ...]]] = []

        def read(cursor: Any) -> tuple[Any, ...]:
            before = cursor.execute(
                "SELECT position FROM auditor_checkpoints WHERE stage = 'live'"
            ).fetchone()
            if not looks:
                target.write(put(["newer", 3]), position=30, events=30)
                target.swap()
            looks.append(cursor.execute("SELECT id FROM things ORDER BY id").fetchall())
            return (*before, *looks[-1])

        assert looking.answer(read) == (30, ("new",), ("newer",))
        assert looks[0] == [("new",)]  # the half that a naive reader would believe


def test_readers_of_tables_and_views_meet_no_error_and_no_half_while_swaps_go_on(
    ground: ServerGround,
) -> None:
    many = 40
    rebuilt(ground, *([f"k{number}", 0] for number in range(many)))
    ground.run(
        "CREATE VIEW counts AS SELECT count FROM things", "CREATE VIEW again AS SELECT count FROM counts"
    )
    seen: list[tuple[Any, ...]] = []
    errors: list[BaseException] = []
    stop = threading.Event()

    def read(source: str) -> None:
        try:
            with psycopg.connect(ground.url, autocommit=True) as connection:
                asked = f"SELECT count(*), min(count), max(count) FROM public_readmodels.{source}"  # noqa: S608 - ours
                while not stop.is_set():
                    seen.extend(connection.execute(asked).fetchall())
        except psycopg.Error as error:
            errors.append(error)

    readers = [threading.Thread(target=read, args=(source,)) for source in ("things", "counts", "again")]
    for reader in readers:
        reader.start()
    try:
        for generation in range(1, 13):
            rebuilt(ground, *([f"k{number}", generation] for number in range(many)))
    finally:
        stop.set()
        for reader in readers:
            reader.join()
    assert errors == []
    assert {row for row in seen if row[0] != many or row[1] != row[2]} == set()
    assert len({row[1] for row in seen}) > 3
