"""The writer of read models: what it refuses, and that readers see whole tables, old or new."""

import hashlib
import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from auditor.core.errors import AuditorError, ModelError, StoreBusy, StoreError
from auditor.core.rows import Table, TableChanges
from auditor.stores import read_model_file
from auditor.stores.location import file_location
from auditor.stores.read_model_reader import ReadModelReader
from auditor.stores.read_model_schema import APPLICATION_ID
from auditor.stores.read_model_target import ReadModelTarget
from tests.helpers.native_files import make_store
from tests.helpers.rebuilding import checkpoint, tables_of

THINGS = Table(name="things", columns={"id": "text", "count": "integer", "share": "real", "good": "boolean"})
ODD = Table(
    name='odd "name" [%s] ?',
    columns={"a'b": "text", 'c"d': "integer", "select": "text", "p:q %(x)s": "real"},
    key=('c"d', "a'b"),
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "s.readmodels.db"


@pytest.fixture
def target(path: Path) -> Iterator[ReadModelTarget]:
    with ReadModelTarget(path, store_path=None) as target:
        yield target


def put(*rows: list[Any], table: Table = THINGS, delete: Any = ()) -> Mapping[str, TableChanges]:
    return {table.name: TableChanges(list(rows), list(delete))}


def rebuilt(
    path: Path, *rows: list[Any], tables: tuple[Table, ...] = (THINGS,), projection: str = "things"
) -> list[str]:
    with ReadModelTarget(path, store_path=None) as target:
        target.begin(checkpoint(projection, tables=[table.name for table in tables]), tables)
        target.write(put(*rows, table=tables[0]), position=9, events=9)
        return target.swap()


def run(path: Path, *statements: str) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(path, isolation_level=None, timeout=0)) as connection:
        return [row for statement in statements for row in connection.execute(statement).fetchall()]


# -- writing ---------------------------------------------------------------------------------------------------------


def test_rows_come_to_light_only_with_the_swap_and_with_their_checkpoint(
    path: Path, target: ReadModelTarget
) -> None:
    assert target.begin(checkpoint(), (THINGS,)) is None
    assert target.write(put(["b", 2, 0.5, True], ["a", 1, None, None]), position=4, events=3) == 2
    assert target.write(put(["a", 3, 1, False], delete=[["b"], ["c"]]), position=7, events=5) == 3
    assert "things" not in tables_of(path)
    assert target.live_checkpoint("things") is None
    assert target.swap() == []
    assert tables_of(path) == {"things": [("a", 3, 1.0, 0)]}
    live = target.live_checkpoint("things")
    assert live is not None
    assert (live.position, live.events, live.store_id, live.model_sha256) == (7, 5, "store-1", "ab")
    assert target.count_rows((THINGS,)) == {"things": 1}


def test_rows_are_fetched_as_handlers_wrote_them(target: ReadModelTarget) -> None:
    target.begin(checkpoint(), (THINGS,))
    target.write(put(["a", 1, 2.0, True], ["b", None, None, None]), position=1, events=1)
    assert target.fetch("things", ("a",)) == ["a", 1, 2.0, True]
    assert target.fetch("things", ("a",))[3] is True  # type: ignore[index]  # it is there
    assert target.fetch("things", ("b",)) == ["b", None, None, None]
    assert target.fetch("things", ("c",)) is None


def test_names_may_hold_anything(path: Path, target: ReadModelTarget) -> None:
    target.begin(checkpoint(tables=[ODD.name]), (ODD,))
    target.write(put(["x", 1, "y", 0.5], ["x", 2, "z", None], table=ODD), position=1, events=1)
    target.write(put(table=ODD, delete=[[2, "x"]]), position=2, events=2)
    assert target.fetch(ODD.name, (1, "x")) == ["x", 1, "y", 0.5]
    target.swap()
    assert target.count_rows((ODD,)) == {ODD.name: 1}
    assert run(path, "SELECT name FROM sqlite_schema WHERE name LIKE 'odd%'") == [(ODD.name,)]


def test_two_builds_are_the_same_byte_for_byte_in_whatever_order_rows_came(tmp_path: Path) -> None:
    rows = [[f"k{number}", number, number / 4, number % 2 == 0] for number in range(300)]
    for name, order in (("one", rows), ("two", rows[::-1])):
        rebuilt(tmp_path / name, *order)
    assert tables_of(tmp_path / "one") == tables_of(tmp_path / "two")
    assert [row[0] for row in tables_of(tmp_path / "one")["things"]] == sorted(str(row[0]) for row in rows)


def test_a_rebuild_that_is_dropped_leaves_the_live_rows(path: Path) -> None:
    rebuilt(path, ["old", 1, None, None])
    with ReadModelTarget(path, store_path=None) as target:
        target.begin(checkpoint(), (THINGS,))
        target.write(put(["new", 1, None, None]), position=1, events=1)
        target.discard()
    assert tables_of(path) == {"things": [("old", 1, None, None)]}


def test_an_unfinished_run_is_told_and_begun_afresh(path: Path) -> None:
    with ReadModelTarget(path, store_path=None) as target:
        target.begin(checkpoint(), (THINGS,))
        target.write(put(["left over", 1, None, None]), position=5, events=5)
    other = Table(name="others", columns={"id": "text"})
    with ReadModelTarget(path, store_path=None) as target:
        unfinished = target.begin(checkpoint(tables=["others"]), (other,))
        assert unfinished is not None
        assert (unfinished.position, unfinished.tables) == (5, ("things",))
        target.swap()
    assert tables_of(path) == {"others": []}


def test_nothing_stays_beside_the_file(path: Path) -> None:
    rebuilt(path, ["a", 1, None, None])
    assert [entry.name for entry in path.parent.iterdir()] == [path.name]


def test_a_failed_batch_leaves_the_batches_before(path: Path, target: ReadModelTarget) -> None:
    target.begin(checkpoint(), (THINGS,))
    target.write(put(["a", 1, None, None]), position=1, events=1)
    for wrong, error in (
        (["b", 2**63, None, None], OverflowError),
        (["\ud800", 1, None, None], UnicodeEncodeError),
    ):
        with pytest.raises(error):
            target.write(put(["c", 1, None, None], wrong), position=2, events=2)
    target.swap()
    assert tables_of(path) == {"things": [("a", 1, None, None)]}
    live = target.live_checkpoint("things")
    assert live is not None
    assert live.position == 1


# -- the swap --------------------------------------------------------------------------------------------------------


def test_views_triggers_and_indexes_of_the_user_are_there_after_the_swap(path: Path) -> None:
    rebuilt(path, ["a", 1, None, None])
    run(
        path,
        "CREATE VIEW counts AS SELECT id, count FROM things",
        "CREATE INDEX by_count ON things (count)",
        "CREATE UNIQUE INDEX by_both ON things (count, id)",
        "CREATE TABLE notes (text)",
        "CREATE TRIGGER noting AFTER UPDATE ON things BEGIN INSERT INTO notes VALUES (new.id); END",
        "CREATE TRIGGER through INSTEAD OF INSERT ON counts BEGIN INSERT INTO notes VALUES ('view'); END",
    )
    before = run(path, "SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY name")
    assert rebuilt(path, ["b", 2, None, None]) == []
    assert run(path, "SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY name") == before
    assert run(path, "SELECT * FROM counts") == [("b", 2)]
    assert run(
        path, "UPDATE things SET count = 3", "INSERT INTO counts VALUES ('x', 1)", "SELECT * FROM notes"
    ) == [
        ("b",),
        ("view",),
    ]
    assert (
        "USING COVERING INDEX by_both"
        in run(path, "EXPLAIN QUERY PLAN SELECT id FROM things WHERE count = 3")[0][3]
    )


def test_an_index_that_does_not_fit_any_more_stops_the_swap_whole(path: Path) -> None:
    rebuilt(path, ["a", 1, None, None])
    run(path, "CREATE INDEX by_count ON things (count)")
    fewer = Table(name="things", columns={"id": "text"})
    with pytest.raises(ModelError, match="by_count"):
        rebuilt(path, ["b"], tables=(fewer,))
    assert tables_of(path)["things"] == [("a", 1, None, None)]
    assert run(path, "SELECT name FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL") == [
        ("by_count",)
    ]


def test_a_unique_index_that_new_rows_break_stops_the_swap_whole(path: Path) -> None:
    rebuilt(path, ["a", 1, None, None])
    run(path, "CREATE UNIQUE INDEX one_of_a_count ON things (count)")
    with pytest.raises(ModelError, match=r"one_of_a_count does not fit the rebuilt table things: UNIQUE"):
        rebuilt(path, ["b", 1, None, None], ["c", 1, None, None])
    live = {name: rows for name, rows in tables_of(path).items() if name == "things"}
    assert live == {"things": [("a", 1, None, None)]}
    assert run(path, "SELECT name FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL") == [
        ("one_of_a_count",)
    ]


def test_a_view_that_does_not_fit_any_more_is_told(path: Path) -> None:
    rebuilt(path, ["a", 1, None, None])
    run(path, "CREATE VIEW counts AS SELECT count FROM things")
    told = rebuilt(path, ["b"], tables=(Table(name="things", columns={"id": "text"}),))
    assert len(told) == 1
    assert "counts" in told[0]


def test_a_table_that_is_declared_no_more_goes_and_is_told(path: Path) -> None:
    extra = Table(name="extra", columns={"id": "text"})
    rebuilt(path, ["a", 1, None, None], tables=(THINGS, extra))
    told = rebuilt(path, ["a", 1, None, None])
    assert list(tables_of(path)) == ["things"]
    assert "extra" in told[0]


def test_a_reader_sees_the_old_rows_until_it_looks_again(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(read_model_file, "BUSY_SECONDS", 0.2)
    rebuilt(path, ["old", 1, None, None])
    with (
        closing(sqlite3.connect(path, isolation_level=None)) as reader,
        ReadModelTarget(path, store_path=None) as target,
    ):
        target.begin(checkpoint(), (THINGS,))
        target.write(put(["new", 2, None, None]), position=9, events=9)
        reader.execute("BEGIN")
        assert reader.execute("SELECT id FROM things").fetchall() == [("old",)]
        with pytest.raises(StoreBusy):
            target.swap()
        assert reader.execute("SELECT id FROM things").fetchall() == [("old",)]
        reader.execute("COMMIT")
        assert reader.execute("SELECT id FROM things").fetchall() == [("old",)]
        target.swap()
        assert reader.execute("SELECT id FROM things").fetchall() == [("new",)]


def test_a_reader_with_a_snapshot_keeps_it_over_the_swap_where_the_file_is_in_wal_mode(path: Path) -> None:
    rebuilt(path, ["old", 1, None, None])
    with closing(sqlite3.connect(path, isolation_level=None)) as reader:
        reader.execute("PRAGMA journal_mode = WAL").fetchall()
        reader.execute("BEGIN")
        assert reader.execute("SELECT id FROM things").fetchall() == [("old",)]
        rebuilt(path, ["new", 2, None, None])
        assert reader.execute("SELECT id FROM things").fetchall() == [("old",)]
        reader.execute("COMMIT")
        assert reader.execute("SELECT id FROM things").fetchall() == [("new",)]


# -- refusals --------------------------------------------------------------------------------------------------------


def files_under(folder: Path) -> dict[str, str]:
    return {
        str(entry.relative_to(folder)): hashlib.sha256(entry.read_bytes()).hexdigest()
        for entry in folder.rglob("*")
        if entry.is_file()
    }


@pytest.mark.parametrize(
    "kind", ["store", "other store", "foreign", "text", "cut", "folder", "fifo", "no folder", "newer"]
)
def test_what_is_no_read_model_file_is_refused_and_left_as_it_is(tmp_path: Path, kind: str) -> None:
    store = make_store(tmp_path / "s.db")
    path = tmp_path / "x.db"
    if kind == "store":
        path = tmp_path / "link.db"
        path.symlink_to(store)
    elif kind == "other store":
        make_store(path)
    elif kind == "foreign":
        run(path, "CREATE TABLE things (id)")
    elif kind == "text":
        path.write_text("not a database, but longer than a header of one hundred bytes " * 3)
    elif kind == "cut":
        path.write_bytes(b"SQLite format 3\0")
    elif kind == "folder":
        path.mkdir()
    elif kind == "fifo":
        os.mkfifo(path)
    elif kind == "no folder":
        path = tmp_path / "absent" / "x.db"
    else:
        run(path, f"PRAGMA application_id = {APPLICATION_ID}", "PRAGMA user_version = 99")
    before = files_under(tmp_path)
    with pytest.raises(StoreError):
        ReadModelTarget(path, store_path=store)
    assert files_under(tmp_path) == before


@pytest.mark.parametrize(
    "made", ["CREATE TABLE THINGS (id)", "CREATE VIEW things AS SELECT 1", "CREATE TABLE things__shadow (id)"]
)
def test_a_table_that_no_rebuild_made_is_left_alone(path: Path, made: str) -> None:
    rebuilt(path, ["1"], tables=(Table(name="other", columns={"id": "text"}),), projection="other")
    run(path, made)
    before = run(path, "SELECT name, sql FROM sqlite_schema ORDER BY name")
    with pytest.raises(ModelError):
        rebuilt(path, ["a", 1, None, None])
    assert run(path, "SELECT name, sql FROM sqlite_schema ORDER BY name") == before


def test_a_table_of_another_projection_is_left_alone(path: Path) -> None:
    rebuilt(path, ["a", 1, None, None])
    with pytest.raises(ModelError, match="things"):
        rebuilt(path, ["b", 1, None, None], projection="others")
    assert tables_of(path)["things"] == [("a", 1, None, None)]


@pytest.mark.parametrize("name", ["auditor_checkpoints", "sqlite_things", "x__shadow", "", "a\0b"])
def test_names_that_are_not_free_are_refused(target: ReadModelTarget, name: str) -> None:
    with pytest.raises(ModelError):
        target.begin(checkpoint(tables=[name]), (Table(name=name, columns={"id": "text"}),))


def test_names_that_differ_in_case_only_are_refused(target: ReadModelTarget) -> None:
    with pytest.raises(ModelError):
        target.begin(checkpoint(), (Table(name="t", columns={"id": "text", "ID": "text"}),))
    with pytest.raises(ModelError):
        target.begin(
            checkpoint(), (Table(name="t", columns={"id": "text"}), Table(name="T", columns={"id": "text"}))
        )


def test_a_second_rebuild_of_the_file_is_refused_while_the_first_lives(path: Path) -> None:
    holding = (
        "import sys\nfrom pathlib import Path\nfrom auditor.stores.read_model_target import ReadModelTarget\n"
        "target = ReadModelTarget(Path(sys.argv[1]), store_path=None)\nprint(flush=True)\nsys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", holding, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as first:
        assert first.stdout
        assert first.stdout.readline() == b"\n"
        with pytest.raises(StoreBusy, match="Another rebuild"):
            ReadModelTarget(path, store_path=None)
        first.kill()
        first.wait()
        rebuilt(path, ["a", 1, None, None])  # its lock died with it


# -- reading ---------------------------------------------------------------------------------------------------------


def test_rows_are_read_with_the_position_of_their_moment(path: Path) -> None:
    rebuilt(path, ["a", 1, 0.5, True], ["b", 1, None, None], ["c", 2, None, False])
    with ReadModelReader(file_location(path), "things") as reader:
        found, rows = reader.find(THINGS, {"count": 1}, newest_first=("id",))
        assert found.position == 9
        assert rows == [
            {"id": "b", "count": 1, "share": None, "good": None},
            {"id": "a", "count": 1, "share": 0.5, "good": True},
        ]
        assert rows[1]["good"] is True
        rebuilt(path, ["d", 1, None, None])
        assert [row["id"] for row in reader.find(THINGS, {"count": 1})[1]] == ["d"]


@pytest.mark.parametrize("kind", ["absent", "empty", "never rebuilt", "store"])
def test_a_read_model_that_is_not_there_is_told(path: Path, kind: str) -> None:
    if kind == "empty":
        path.touch()
    elif kind == "never rebuilt":
        ReadModelTarget(path, store_path=None).close()
    elif kind == "store":
        make_store(path)
    before = files_under(path.parent)
    with pytest.raises(AuditorError):
        ReadModelReader(file_location(path), "things")
    assert files_under(path.parent) == before


def test_a_killed_commit_is_undone_before_reading(path: Path) -> None:
    rebuilt(path, *([f"k{number:04}", 1, None, None] for number in range(2000)))
    dying = (
        "import os, sqlite3, sys\nc = sqlite3.connect(sys.argv[1], isolation_level=None)\n"
        "c.execute('PRAGMA cache_size = 5')\nc.execute('BEGIN IMMEDIATE')\n"
        "c.execute(\"UPDATE things SET count = 2, id = id || 'x'\")\nos._exit(0)"
    )
    subprocess.run([sys.executable, "-c", dying, str(path)], check=True)
    assert path.with_name(f"{path.name}-journal").stat().st_size
    with ReadModelReader(file_location(path), "things") as reader:
        assert len(reader.find(THINGS, {"count": 1})[1]) == 2000
    assert [entry.name for entry in path.parent.iterdir()] == [path.name]
