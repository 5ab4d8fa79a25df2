"""What a viewing connection refuses, whoever asks it, and how it is stopped; rows 18 to 21."""

import os
import shutil
import sqlite3
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from auditor.core.errors import Cancelled, StoreBusy, StoreDamaged, StoreReplaced
from auditor.stores.location import file_location
from auditor.stores.reader import open_reader
from auditor.stores.readonly import ReadOnlyFile
from auditor.stores.sqlite_errors import TooLong
from auditor.tasks.cancel import CancelToken
from tests.helpers.broken_files import locked_by_another, write_ahead_store
from tests.helpers.native_files import event_rows, insert, make_store
from tests.helpers.statement_recorder import not_reading
from tests.helpers.viewing import aggregate_ids, look, unchanged

LOOP = "WITH RECURSIVE loop(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM loop) SELECT n FROM loop"
ENDLESS = f"SELECT count(*) FROM ({LOOP})"  # noqa: S608 - a text of this file


@pytest.fixture
def file(tmp_path: Path) -> Iterator[ReadOnlyFile]:
    opened = ReadOnlyFile(file_location(make_store(tmp_path / "store.db")))
    yield opened
    opened.close()


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO events SELECT * FROM events",
        "UPDATE events SET data = ''",
        "DELETE FROM events",
        "WITH x AS (SELECT 1) DELETE FROM events",
        "REPLACE INTO store_info VALUES ('a', 'b')",
        "DROP TABLE events",
        "ALTER TABLE events RENAME TO gone",
        "CREATE TABLE t (x)",
        "CREATE TEMP TABLE t (x)",
        "CREATE TEMP VIEW v AS SELECT 1",
        "CREATE INDEX i ON events(data)",
        "CREATE VIRTUAL TABLE t USING fts4(x)",
        "ATTACH 'new.db' AS other",
        "ATTACH ':memory:' AS other",
        "DETACH main",
        "VACUUM",
        "VACUUM INTO 'new.db'",
        "REINDEX",
        "ANALYZE",
        "PRAGMA query_only = OFF",
        "PRAGMA query_only(0)",
        "PRAGMA writable_schema = ON",
        "PRAGMA writable_schema",
        "PRAGMA trusted_schema = ON",
        "PRAGMA journal_mode = WAL",
        "PRAGMA journal_mode",
        "PRAGMA user_version = 7",
        "PRAGMA application_id = 7",
        "PRAGMA wal_checkpoint",
        "PRAGMA mmap_size = 1000000",
        "PRAGMA temp_store_directory = '.'",
        "PRAGMA page_size = 512",
        "PRAGMA optimize",
        "SELECT load_extension('x')",
        "SELECT fts3_tokenizer('simple')",
        "SELECT * FROM pragma_journal_mode('wal')",
    ],
)
@pytest.mark.parametrize("transaction", ["inside", "outside"])
def test_the_viewers_connection_refuses_everything_but_reading(
    file: ReadOnlyFile,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    recorded_statements: list[str],
    statement: str,
    transaction: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    with unchanged(tmp_path):
        with file.reading() as cursor:
            if transaction == "outside":
                cursor.execute("ROLLBACK")
            with pytest.raises(sqlite3.Error):
                cursor.execute(statement).fetchall()
        recorded_statements.clear()  # VACUUM begins before it is refused
        with file.reading() as cursor:
            assert cursor.execute("PRAGMA query_only").fetchone() == (1,)
            assert cursor.execute("SELECT count(*) FROM events").fetchone() == (50,)


def test_a_savepoint_does_not_open_a_way(file: ReadOnlyFile, tmp_path: Path) -> None:
    with unchanged(tmp_path), file.reading() as cursor, pytest.raises(sqlite3.Error):
        cursor.execute("SAVEPOINT one")


def test_every_viewing_connection_is_opened_with_all_locks(
    file: ReadOnlyFile, recorded_statements: list[str]
) -> None:
    with file.reading() as one, file.reading() as other:
        assert one.connection is not other.connection
        for cursor in (one, other):
            assert cursor.execute("PRAGMA query_only").fetchone() == (1,)
            assert cursor.connection.getlimit(sqlite3.SQLITE_LIMIT_ATTACHED) == 0
            cursor.connection.set_authorizer(None)
            for pragma, value in (
                ("mmap_size", 0),
                ("trusted_schema", 0),
                ("cell_size_check", 1),
                ("temp_store", 2),
            ):
                assert cursor.execute(f"PRAGMA {pragma}").fetchone() == (value,)
            with pytest.raises(sqlite3.OperationalError, match="readonly"):
                cursor.execute("PRAGMA query_only = OFF").fetchall() or cursor.execute("DELETE FROM events")
    recorded_statements.clear()  # without the authorizer, on purpose


def test_the_recorder_knows_reading_from_writing(recorded_statements: list[str], tmp_path: Path) -> None:
    assert look(make_store(tmp_path / "store.db")).scanned == 50
    assert any(one.startswith("SELECT") for one in recorded_statements)
    assert "BEGIN" in recorded_statements
    assert not_reading(
        ["SELECT 1", "INSERT INTO t VALUES (1)", "PRAGMA user_version=1", "BEGIN IMMEDIATE"]
    ) == [
        "INSERT INTO t VALUES (1)",
        "PRAGMA user_version=1",
        "BEGIN IMMEDIATE",
    ]


def test_b016_work_without_an_end_is_stopped_when_its_time_is_up(file: ReadOnlyFile) -> None:
    with (
        pytest.raises(TooLong) as caught,
        file.gate.within(0.05),
        file.translated(),
        file.reading() as cursor,
    ):
        cursor.execute(ENDLESS).fetchone()
    assert caught.value.hint


def test_work_without_an_end_is_stopped_by_its_asker(tmp_path: Path) -> None:
    token = CancelToken()
    opened = ReadOnlyFile(file_location(make_store(tmp_path / "store.db")), token)
    timer = threading.Timer(0.05, token.cancel)
    timer.start()
    with pytest.raises(Cancelled), opened.translated(), opened.reading() as cursor:
        cursor.execute(ENDLESS).fetchone()
    timer.join()
    opened.close()


def test_a_cancelled_reader_answers_nothing_until_it_gets_another_token(tmp_path: Path) -> None:
    token = CancelToken()
    with open_reader(make_store(tmp_path / "store.db"), token=token) as reader:
        batches = reader.scan(up_to=50, batch=10)
        assert len(next(batches)) == 10
        token.cancel()
        with pytest.raises(Cancelled):
            next(batches)
        with pytest.raises(Cancelled):
            reader.info()
        reader.set_token(CancelToken())
        assert reader.info().events == 50


def test_opening_may_be_cancelled(tmp_path: Path) -> None:
    token = CancelToken()
    token.cancel()
    with pytest.raises(Cancelled):
        open_reader(make_store(tmp_path / "store.db", aggregates=2), token=token).info()


def test_b018_a_lock_of_another_program_is_told_and_ends_with_it(tmp_path: Path) -> None:
    store = make_store(tmp_path / "store.db")
    with unchanged(tmp_path):
        with locked_by_another(store):
            started = time.monotonic()
            seen = look(store)
            waited = time.monotonic() - started
        assert seen.error == "StoreBusy"
        assert "locked by another program" in seen.message
        assert "Try again" in seen.hint
        assert waited > 0.9  # it waited for the other to finish
        assert look(store).scanned == 50


def test_b018_a_lock_that_comes_while_a_store_is_open_is_told_too(tmp_path: Path) -> None:
    store = make_store(tmp_path / "store.db")
    with open_reader(store) as reader:
        with locked_by_another(store), pytest.raises(StoreBusy):
            reader.events(limit=5)
        assert len(reader.events(limit=5).events) == 5


def test_b019_a_scan_holds_no_writer_up_and_ends_where_it_was_told(tmp_path: Path) -> None:
    store = write_ahead_store(tmp_path / "store.db")
    writer = sqlite3.connect(store, isolation_level=None, timeout=0)
    with open_reader(store) as reader:
        head = reader.head()
        assert head == 50
        positions: list[int] = []
        more = event_rows(1, 200)
        for number, batch in enumerate(reader.scan(up_to=head, batch=5)):
            positions += [event.position for event in batch]
            position = 1000 + number
            row = (position, f"new-{number}", f"new-{number}", *more[0][3:])
            insert(writer, [row])
            busy, _, _ = writer.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            assert busy == 0  # the log can be emptied in the midst of the scan
        assert positions == list(range(1, 51))
        assert reader.head() == 1009
    writer.close()


def test_b020_a_file_renamed_over_the_open_one_is_noticed(tmp_path: Path) -> None:
    store = make_store(tmp_path / "store.db")
    other = make_store(tmp_path / "other.db", aggregates=3)
    with open_reader(store) as reader:
        batches = reader.scan(up_to=50, batch=10)
        next(batches)
        other.replace(store)
        for ask in (
            lambda: next(batches),
            reader.info,
            lambda: reader.events(limit=1),
        ):
            with pytest.raises(StoreReplaced, match="replaced by another file") as caught:
                ask()
            assert caught.value.hint
    assert look(store).scanned == 15


def test_b021_a_file_deleted_while_open_is_noticed(tmp_path: Path) -> None:
    store = make_store(tmp_path / "store.db")
    with open_reader(store) as reader:
        batches = reader.scan(up_to=50, batch=10)
        shown = next(batches)
        store.unlink()
        with pytest.raises(StoreReplaced) as caught:
            next(batches)
        assert "is gone" in caught.value.message
        assert caught.value.hint
        assert [event.position for event in shown] == list(range(1, 11))
    assert list(tmp_path.iterdir()) == []


def test_b021_a_folder_that_went_away_is_noticed(tmp_path: Path) -> None:
    (tmp_path / "stick").mkdir()
    store = make_store(tmp_path / "stick" / "store.db")
    with open_reader(store) as reader:
        shutil.rmtree(store.parent)
        with pytest.raises(StoreReplaced):
            list(aggregate_ids(reader))


def test_b021_a_file_cut_while_open_ends_in_a_sentence(tmp_path: Path) -> None:
    store = make_store(tmp_path / "store.db", aggregates=100, each=20)
    seen: list[int] = []
    with open_reader(store) as reader:
        batches = reader.scan(up_to=2000, batch=50)
        seen += [event.position for event in next(batches)]
        os.truncate(store, store.stat().st_size // 3)
        with pytest.raises(StoreDamaged, match=r"reading stopped after position \d+") as caught:
            seen.extend(event.position for batch in batches for event in batch)
        assert caught.value.hint
    assert seen == list(range(1, len(seen) + 1))
