"""Looking into read-model files: what is damaged or old, and that looking harms no rebuild of the same process."""

import fcntl
import sqlite3
import subprocess
import sys
import threading
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from auditor.core.errors import StoreBusy, StoreDamaged
from auditor.core.rows import Table, TableChanges
from auditor.stores.location import file_location
from auditor.stores.read_model_file import LOCK_SUFFIX
from auditor.stores.read_model_schema import Build
from auditor.stores.read_model_target import ReadModelTarget
from auditor.stores.read_model_view import ReadModelView
from tests.helpers.rebuilding import checkpoint

THINGS = Table(name="things", columns={"id": "text", "n": "integer", "good": "boolean"}, key=("n", "id"))
BUILD = Build(built_at="2026-03-01T12:00:00.000000Z", seconds=1.5, events=9, rows=12, code_sha256="cd")

ONCE_MORE = """
import sys
from pathlib import Path
from auditor.core.errors import StoreBusy
from auditor.stores.read_model_target import ReadModelTarget
try:
    ReadModelTarget(Path(sys.argv[1])).close()
    print("came in")
except StoreBusy as error:
    print(error.message)
"""
WRITE = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1], timeout=0, isolation_level=None)
try:
    connection.execute("BEGIN IMMEDIATE")
    print("came in")
except sqlite3.OperationalError as error:
    print(error)
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "s.readmodels.db"


def rebuilt(path: Path, *rows: list[Any], table: Table = THINGS, build: Build | None = BUILD) -> None:
    with ReadModelTarget(path) as target:
        target.begin(checkpoint(tables=[table.name]), (table,))
        target.write({table.name: TableChanges(list(rows), [])}, position=9, events=9)
        target.swap(build)


def run(path: Path, *statements: str) -> None:
    with closing(sqlite3.connect(path, isolation_level=None, timeout=0)) as connection:
        for statement in statements:
            connection.execute(statement)


def view(path: Path) -> ReadModelView:
    return ReadModelView(file_location(path))


# -- standings -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE auditor_checkpoints SET position = 'x'",
        "UPDATE auditor_checkpoints SET events = 9e999",
        "UPDATE auditor_checkpoints SET target = x'00'",
        "UPDATE auditor_checkpoints SET tables = ''",
        "UPDATE auditor_checkpoints SET tables = '[1]'",
        "UPDATE auditor_checkpoints SET tables = '[]'",
        "UPDATE auditor_checkpoints SET tables = hex(zeroblob(9000)) || '['",
        "UPDATE auditor_checkpoints SET tables = replace(hex(zeroblob(50000)), '0', '[')",
        "UPDATE auditor_builds SET seconds = 9e999",
        "UPDATE auditor_builds SET seconds = 'x'",
        "UPDATE auditor_builds SET rows = 'x'",
    ],
)
def test_bookkeeping_that_no_rebuild_has_written_is_damage(path: Path, damage: str) -> None:
    rebuilt(path, ["a", 1, True])
    run(path, damage)
    with view(path) as opened:
        with pytest.raises(StoreDamaged, match="no rebuild has put there") as raised:
            opened.standing("things")
        assert "rebuild" in raised.value.hint
        if "auditor_checkpoints" in damage:
            with pytest.raises(StoreDamaged):
                opened.page("things", None, limit=1)
            with pytest.raises(StoreDamaged):
                rebuilt(path, ["a", 1, True])


def test_a_file_of_an_earlier_version_is_read_and_then_renewed(path: Path) -> None:
    rebuilt(path, ["a", 1, True])
    run(path, "DROP TABLE auditor_builds", "PRAGMA user_version = 1")
    with view(path) as looking:
        standing = looking.standing("things")
        assert standing.live is not None
        assert (standing.build, standing.rows) == (None, {"things": 1})
    rebuilt(path, ["a", 1, True])
    with view(path) as looking:
        assert looking.standing("things").build == BUILD


def test_looking_changes_nothing(path: Path) -> None:
    rebuilt(path, ["a", 1, True])
    before = path.read_bytes(), path.stat().st_mtime_ns
    with view(path) as looking:
        looking.standing("things")
        looking.page("things", None, limit=5)
    assert (path.read_bytes(), path.stat().st_mtime_ns) == before
    assert [entry.name for entry in path.parent.iterdir()] == [path.name]


# -- beside a rebuild of the same process ----------------------------------------------------------------------------


def said_by_another_process(program: str, path: Path) -> str:
    return subprocess.run(
        [sys.executable, "-c", program, str(path)], capture_output=True, text=True, check=True
    ).stdout.strip()


def test_looking_and_a_refused_rebuild_take_no_lock_away(path: Path) -> None:
    rebuilt(path, ["a", 1, True])
    with ReadModelTarget(path) as target:
        target.begin(checkpoint(), (THINGS,))
        with target._database.writing() as cursor:
            cursor.execute("UPDATE things SET good = 0")
            assert said_by_another_process(WRITE, path) == "database is locked"
            view(path).close()
            with pytest.raises(StoreBusy, match="Another rebuild"):
                ReadModelTarget(path)
            assert said_by_another_process(WRITE, path) == "database is locked"
            assert "Another rebuild" in said_by_another_process(ONCE_MORE, path)
    assert said_by_another_process(ONCE_MORE, path) == "came in"
    assert [entry.name for entry in path.parent.iterdir()] == [path.name]


def test_who_is_at_work_is_known_and_asking_keeps_nobody_out(path: Path) -> None:
    rebuilt(path, ["a", 1, True])
    with ReadModelTarget(path) as target, view(path) as looking:
        assert not looking.standing("things").at_work
        target.begin(checkpoint(), (THINGS,))
        assert looking.standing("things").at_work
        assert not looking.standing("others").at_work
        assert "Another rebuild" in said_by_another_process(ONCE_MORE, path)
    left = path.with_name(f"{path.name}{LOCK_SUFFIX}")
    left.write_text("things")  # as a killed rebuild leaves it
    with view(path) as looking:
        assert not looking.standing("things").at_work
    with left.open("rb") as asking:
        fcntl.flock(asking, fcntl.LOCK_SH)  # as who asks holds it for a moment
        moment = threading.Timer(0.02, fcntl.flock, (asking, fcntl.LOCK_UN))
        moment.start()
        rebuilt(path, ["b", 1, True])
        moment.join()


def test_a_link_to_the_file_is_no_way_around_the_lock(path: Path) -> None:
    rebuilt(path, ["a", 1, True])
    link = path.with_name("link.db")
    link.symlink_to(path)
    with ReadModelTarget(path):
        assert "Another rebuild" in said_by_another_process(ONCE_MORE, link)


def test_what_a_killed_rebuild_left_is_undone_even_where_the_file_was_growing(path: Path) -> None:
    """The header is the first page that a commit writes: it names pages that are not there yet."""
    rebuilt(path, *([f"k{number:04}", 1, None] for number in range(500)))
    dying = (
        "import os, sqlite3, sys\nc = sqlite3.connect(sys.argv[1], isolation_level=None)\n"
        "c.execute('PRAGMA cache_size = 2')\nc.execute('BEGIN IMMEDIATE')\n"
        "c.executemany('INSERT INTO things VALUES (?, 2, NULL)', [(f'x{n}',) for n in range(5000)])\nos._exit(0)"
    )
    subprocess.run([sys.executable, "-c", dying, str(path)], check=True)
    assert path.with_name(f"{path.name}-journal").stat().st_size
    with path.open("r+b") as file:
        file.seek(28)
        file.write((1_000_000).to_bytes(4, "big"))  # as a commit does before it has written the other pages
    with view(path) as looking:
        assert looking.standing("things").rows == {"things": 500}
    assert [entry.name for entry in path.parent.iterdir()] == [path.name]
