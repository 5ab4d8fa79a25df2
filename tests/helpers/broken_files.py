"""SQLite stores in the states that crashes, copying and other programs leave behind."""

import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.helpers.native_files import STORE_ID, create_tables, event_rows, insert, make_store

REPOSITORY = Path(__file__).parents[2]


def write_ahead_store(
    path: Path,
    *,
    store_id: str = STORE_ID,
    closed: bool = True,
    aggregates: int = 10,
    first_position: int = 1,
) -> Path:
    """A store in write-ahead mode. Not `closed`: half of its events are only in the `-wal`."""
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA wal_autocheckpoint = 0")
    create_tables(connection, store_id)
    rows = event_rows(aggregates, 5, first_position)
    half = len(rows) // 2
    insert(connection, rows[:half])
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    for start in range(half, len(rows), 5):
        connection.execute("BEGIN")
        insert(connection, rows[start : start + 5])
        connection.execute("COMMIT")
    if closed:
        connection.close()
        return path
    # As a killed process leaves it: the files are copied while the writer has them open.
    kept = path.with_name(path.name + ".kept")
    kept.mkdir()
    for suffix in ("", "-wal", "-shm"):
        shutil.copy(path.with_name(path.name + suffix), kept / (path.name + suffix))
    connection.close()
    for file in kept.iterdir():
        shutil.move(file, path.with_name(file.name))
    kept.rmdir()
    return path


_LEAVING_WRITE_AHEAD_MODE = """
import sqlite3, sys
try:
    print(sqlite3.connect(sys.argv[1], timeout=0).execute("PRAGMA journal_mode = DELETE").fetchone()[0])
except sqlite3.OperationalError as error:
    print(error)
"""


def told_when_leaving_write_ahead_mode(path: Path) -> str:
    """What another process is told that takes the log away: the new mode, or what keeps it from doing so."""
    command = [sys.executable, "-c", _LEAVING_WRITE_AHEAD_MODE, str(path)]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


_INTERRUPTED = """
import os, sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("PRAGMA cache_size = 1")
connection.execute("BEGIN IMMEDIATE")
connection.execute("UPDATE events SET data = '{\\"never\\": \\"committed\\"}', event_type = 'NeverCommitted'")
connection.execute("SELECT count(*) FROM events").fetchone()
os._exit(0)
"""


def interrupted_store(path: Path) -> Path:
    """A store whose writer died in a transaction that had reached the file: a hot rollback journal is beside it."""
    make_store(path, aggregates=20, each=20)
    subprocess.run([sys.executable, "-c", _INTERRUPTED, path], check=True)
    assert path.with_name(path.name + "-journal").stat().st_size > 0
    assert b"NeverCommitted" in path.read_bytes()
    return path


_LOCKED = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("BEGIN EXCLUSIVE")
print("locked", flush=True)
sys.stdin.read()
"""


@contextmanager
def locked_by_another(path: Path) -> Iterator[None]:
    """Within the block another process holds the file's exclusive lock."""
    child = subprocess.Popen(
        [sys.executable, "-c", _LOCKED, path], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert child.stdin is not None
    assert child.stdout is not None
    try:
        assert child.stdout.readline() == b"locked\n"
        yield
    finally:
        child.stdin.close()
        child.wait(10)
        child.stdout.close()


def reserved_bytes_store(path: Path, reserved: int = 32) -> Path:
    """A store that keeps bytes at the end of each page free, as encrypting builds of SQLite do."""
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA user_version = 1")
    connection.close()
    page = bytearray(path.read_bytes())
    page[20] = reserved
    page[105:107] = (len(page) - reserved).to_bytes(2, "big")  # where cells of the first page's tree begin
    path.write_bytes(page)
    connection = sqlite3.connect(path)
    with connection:
        create_tables(connection)
        insert(connection, event_rows(10, 5))
    assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    connection.close()
    assert path.read_bytes()[20] == reserved
    return path


def table_pages(path: Path, table: str) -> list[int]:
    """The numbers of a table's leaf pages in key order; the first page of the file is 1."""
    content = path.read_bytes()
    connection = sqlite3.connect(path)
    size = connection.execute("PRAGMA page_size").fetchone()[0]
    root = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = ?", (table,)).fetchone()[0]
    connection.close()

    def leaves(number: int) -> Iterator[int]:
        start = (number - 1) * size
        if content[start] == 13:
            yield number
            return
        cells = int.from_bytes(content[start + 3 : start + 5], "big")
        for cell in range(cells):
            at = start + int.from_bytes(content[start + 12 + 2 * cell : start + 14 + 2 * cell], "big")
            yield from leaves(int.from_bytes(content[at : at + 4], "big"))
        yield from leaves(int.from_bytes(content[start + 8 : start + 12], "big"))

    return list(leaves(root))
