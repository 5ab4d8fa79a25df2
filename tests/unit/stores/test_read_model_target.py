"""The writer of read models: what it refuses, and that readers see whole tables, old or new."""

import hashlib
import os
import sqlite3
import subprocess
import sys
from collections.abc import Mapping
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
from tests.helpers.rebuilding import checkpoint

THINGS = Table(name="things", columns={"id": "text", "count": "integer", "share": "real", "good": "boolean"})


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "s.readmodels.db"


def put(*rows: list[Any], table: Table = THINGS, delete: Any = ()) -> Mapping[str, TableChanges]:
    return {table.name: TableChanges(list(rows), list(delete))}


def rebuilt(
    path: Path, *rows: list[Any], tables: tuple[Table, ...] = (THINGS,), projection: str = "things"
) -> list[str]:
    with ReadModelTarget(path) as target:
        target.begin(checkpoint(projection, tables=[table.name for table in tables]), tables)
        target.write(put(*rows, table=tables[0]), position=9, events=9)
        return target.swap()


def run(path: Path, *statements: str) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(path, isolation_level=None, timeout=0)) as connection:
        return [row for statement in statements for row in connection.execute(statement).fetchall()]


# -- writing ---------------------------------------------------------------------------------------------------------


def test_nothing_stays_beside_the_file(path: Path) -> None:
    rebuilt(path, ["a", 1, None, None])
    assert [entry.name for entry in path.parent.iterdir()] == [path.name]


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


def test_a_view_that_does_not_fit_any_more_is_told(path: Path) -> None:
    rebuilt(path, ["a", 1, None, None])
    run(path, "CREATE VIEW counts AS SELECT count FROM things")
    told = rebuilt(path, ["b"], tables=(Table(name="things", columns={"id": "text"}),))
    assert len(told) == 1
    assert "counts" in told[0]


def test_a_reader_sees_the_old_rows_until_it_looks_again(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(read_model_file, "BUSY_SECONDS", 0.2)
    rebuilt(path, ["old", 1, None, None])
    with (
        closing(sqlite3.connect(path, isolation_level=None)) as reader,
        ReadModelTarget(path) as target,
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
        ReadModelTarget(path, store=file_location(store))
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


# -- reading ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["absent", "empty", "never rebuilt", "store"])
def test_a_read_model_that_is_not_there_is_told(path: Path, kind: str) -> None:
    if kind == "empty":
        path.touch()
    elif kind == "never rebuilt":
        ReadModelTarget(path).close()
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
