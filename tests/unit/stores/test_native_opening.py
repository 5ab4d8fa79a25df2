"""What `EventStore` makes, opens and refuses; what is refused is left as it was."""

import os
import resource
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from auditor.core.errors import StoreBusy, StoreDamaged, StoreError, StoreFull
from auditor.core.events import EventMetadata, recorded
from auditor.eventsourcing import EventStore
from auditor.stores.dialects import UniqueKey
from auditor.stores.dialects.sqlite import Sqlite
from auditor.stores.native_schema import APPLICATION_ID, RECORDED_COLUMNS, SCHEMA_VERSION, events
from tests.helpers.new_events import new_event, new_events


def execute(path: Path, *statements: str) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        for statement in statements:
            connection.execute(statement)


def native(path: Path) -> Path:
    with EventStore(str(path)) as store:
        store.append("order-1", [new_event("order-1", 1)], 0)
    return path


def contents(folder: Path) -> dict[str, bytes]:
    return {one.name: one.read_bytes() for one in folder.iterdir() if one.is_file()}


# -- made and left ---------------------------------------------------------------------------------------------


def test_the_columns_of_an_event_stand_in_the_order_of_recorded_event() -> None:
    names = [column.name for column in RECORDED_COLUMNS]
    assert names == [*events.c.keys()][: len(names)]
    assert [*events.c.keys()][len(names) :] == ["correlation_id", "causation_id"]


def test_a_store_is_marked_in_the_header(tmp_path: Path) -> None:
    path = native(tmp_path / "a.db")
    header = path.read_bytes()[:100]
    assert int.from_bytes(header[68:72], "big") == APPLICATION_ID
    assert int.from_bytes(header[60:64], "big") == SCHEMA_VERSION
    with closing(sqlite3.connect(path)) as connection:
        about = dict(connection.execute("SELECT name, value FROM store_info"))
    assert about.keys() == {"store_id", "schema_version", "created_by"}


def test_correlation_and_causation_are_columns(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    snake = new_event("x", 1, metadata=EventMetadata(correlation_id="c", causation_id="b"))
    camel = recorded(new_event("x", 2), 1)._replace(metadata_text='{"correlationId":"c2","causationId":7}')
    with EventStore(str(path)) as store:
        store.append_many({"x": ([snake, camel], 0)})
    with closing(sqlite3.connect(path)) as connection:
        rows = connection.execute(
            "SELECT correlation_id, causation_id FROM events ORDER BY position"
        ).fetchall()
    assert rows == [("c", "b"), ("c2", "7")]


@pytest.mark.parametrize("form", ["{path}", "sqlite:///{path}", "sqlite+pysqlite:///{path}"])
def test_a_path_and_a_url_name_the_same_store(tmp_path: Path, form: str) -> None:
    path = native(tmp_path / "a b?#%41.db") if form == "{path}" else native(tmp_path / "a b.db")
    with EventStore(form.format(path=path), create=False) as store:
        assert [event.version for event in store.read_all()] == [1]
    assert [one.name for one in tmp_path.iterdir()] == [path.name]


def test_an_open_store_has_a_log_beside_it_and_a_closed_one_nothing(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    with EventStore(str(path)) as store:
        store.append("x", [new_event("x", 1)], 0)
        with EventStore(str(path)) as second:
            second.append("x", [new_event("x", 2)], 1)
        assert set(contents(tmp_path)) == {"a.db", "a.db-wal", "a.db-shm"}
        store.append("x", [new_event("x", 3)], 2)
    assert set(contents(tmp_path)) == {"a.db"}
    assert path.read_bytes()[18:20] == b"\x01\x01"


def test_commits_are_synced(tmp_path: Path) -> None:
    with EventStore(str(tmp_path / "a.db")) as store:
        connection = store._connection()
        assert connection.execute("PRAGMA synchronous").fetchone() == (2,)
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)


def test_an_empty_file_becomes_a_store_only_if_that_is_wanted(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    path.touch()
    with pytest.raises(StoreError, match="empty"):
        EventStore(str(path), create=False)
    assert path.stat().st_size == 0
    native(path)


def test_an_absent_store_is_not_made_unless_wanted(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="no file"):
        EventStore(str(tmp_path / "a.db"), create=False)
    with pytest.raises(StoreError, match="no folder"):
        EventStore(str(tmp_path / "absent" / "a.db"))
    assert list(tmp_path.iterdir()) == []


# -- refused ---------------------------------------------------------------------------------------------------


def foreign_database(path: Path) -> None:
    execute(path, "CREATE TABLE bookmarks (url TEXT)", "INSERT INTO bookmarks VALUES ('x')")


def foreign_with_log(path: Path) -> None:
    execute(path, "PRAGMA journal_mode = WAL", "CREATE TABLE bookmarks (url TEXT)")


def events_of_another(path: Path) -> None:
    execute(
        path, "CREATE TABLE events (id TEXT)", "CREATE TABLE streams (id TEXT)", "PRAGMA user_version = 1"
    )


def another_application(path: Path) -> None:
    execute(path, "PRAGMA application_id = 7")


def newer(path: Path) -> None:
    native(path)
    execute(path, f"PRAGMA user_version = {SCHEMA_VERSION + 1}")


def text(path: Path) -> None:
    path.write_text("2026-03-01 not a database\n" * 100)


def short_text(path: Path) -> None:
    path.write_text("x")


REFUSED: dict[str, tuple[Callable[[Path], None], str]] = {
    "foreign database": (foreign_database, "another program's database"),
    "foreign database in WAL mode": (foreign_with_log, "another program's database"),
    "foreign store": (events_of_another, "another program's database"),
    "another application": (another_application, "another program's database"),
    "newer": (newer, "newer version"),
    "text": (text, "not an SQLite database"),
    "short text": (short_text, "not an SQLite database"),
    "folder": (lambda path: path.mkdir(), "folder"),
    "fifo": (lambda path: os.mkfifo(path), "pipe"),
}


@pytest.mark.parametrize("what", REFUSED)
def test_what_is_no_store_of_ours_is_refused_and_left_alone(tmp_path: Path, what: str) -> None:
    make, sentence = REFUSED[what]
    path = tmp_path / "a.db"
    make(path)
    before = contents(tmp_path) if path.is_file() else {}
    with pytest.raises(StoreError, match=sentence):
        EventStore(str(path))
    assert (contents(tmp_path) if path.is_file() else {}) == before


def test_a_foreign_database_with_a_hot_journal_is_not_rolled_back(tmp_path: Path) -> None:
    path, copy = tmp_path / "a.db", tmp_path / "copy" / "a.db"
    copy.parent.mkdir()
    foreign_database(path)
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA cache_size = 1")
        connection.execute("BEGIN")
        connection.executemany("INSERT INTO bookmarks VALUES (?)", [("x" * 1000,) for _ in range(100)])
        for suffix in ("", "-journal"):
            copy.with_name(f"a.db{suffix}").write_bytes(path.with_name(f"a.db{suffix}").read_bytes())
    before = contents(copy.parent)
    assert before.keys() == {"a.db", "a.db-journal"}
    with pytest.raises(StoreError, match="another program's"):
        EventStore(str(copy))
    assert contents(copy.parent) == before


@pytest.mark.parametrize("loss", ["DROP TABLE streams", "DELETE FROM store_info", "PRAGMA user_version = 0"])
def test_a_store_that_lost_a_part_is_damaged(tmp_path: Path, loss: str) -> None:
    path = native(tmp_path / "a.db")
    execute(path, loss)
    with pytest.raises(StoreDamaged):
        EventStore(str(path))


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("postgresql://anna:hunter2@db.example/orders", "postgresql"),
        ("postgresql+psycopg://anna:hunter2@db.example/orders?password=hunter2", "postgresql"),
        ("mysql://anna:hunter2@db.example/orders", "mysql"),
        ("sqlite://", "memory"),
        ("sqlite:///:memory:", "memory"),
        ("postgresql://anna:hunter2@db.example:port/orders", "The port is a number"),
        ("", "empty"),
    ],
)
def test_other_addresses_are_refused_without_repeating_secrets(url: str, sentence: str) -> None:
    with pytest.raises(StoreError, match=sentence) as refused:
        EventStore(url)
    assert "hunter2" not in f"{refused.value.message} {refused.value.hint} {refused.value.__cause__!r}"


def test_messages_never_hold_what_was_stored(tmp_path: Path) -> None:
    path = native(tmp_path / "a.db")
    with EventStore(str(path), busy_seconds=0.01) as store, closing(sqlite3.connect(path)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreBusy) as busy:
            store.append("order-1", [new_event("order-1", 2, data={"card": "4111"})], 1)
    assert "4111" not in f"{busy.value} {busy.value.__cause__!r}"


# -- trouble while writing -------------------------------------------------------------------------------------


def test_a_lock_held_too_long_is_busy_and_never_a_conflict(tmp_path: Path) -> None:
    path = native(tmp_path / "a.db")
    with EventStore(str(path), busy_seconds=0.05) as store:
        with closing(sqlite3.connect(path, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            with pytest.raises(StoreBusy, match="locked"):
                store.append("order-1", [new_event("order-1", 2)], 1)
            assert [event.version for event in store.read_all()] == [1]
            other.execute("ROLLBACK")
        store.append("order-1", [new_event("order-1", 2)], 1)


def test_opening_waits_for_a_lock_only_so_long(tmp_path: Path) -> None:
    path = native(tmp_path / "a.db")
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(StoreBusy):
            EventStore(str(path), busy_seconds=0.05)


def test_a_full_disk_stores_nothing_of_the_call(tmp_path: Path) -> None:
    path = native(tmp_path / "a.db")
    with EventStore(str(path)) as store:
        connection = store._connection()
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count = {pages + 3}")
        with pytest.raises(StoreFull):
            store.append("order-2", new_events("order-2", 1, 2000), 0)
        assert [event.aggregate_id for event in store.read_all()] == ["order-1"]
        store.append("order-3", [new_event("order-3", 1)], 0)


def test_a_limit_on_file_sizes_stores_nothing_of_the_call(tmp_path: Path) -> None:
    path = native(tmp_path / "a.db")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    with EventStore(str(path)) as store:
        resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, before[1]))
        try:
            with pytest.raises(StoreFull):
                store.append("order-2", new_events("order-2", 1, 3000), 0)
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, before)
        store.append("order-3", [new_event("order-3", 1)], 0)
        assert [event.aggregate_id for event in store.read_all()] == ["order-1", "order-3"]


def test_a_damaged_page_is_told_as_damage(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    with EventStore(str(path)) as store:
        store.append("order-1", new_events("order-1", 1, 3000), 0)
    with path.open("r+b") as file:
        for page in range(16, path.stat().st_size // 4096):
            file.seek(page * 4096)
            file.write(os.urandom(4096))
    with EventStore(str(path)) as store, pytest.raises(StoreDamaged):
        list(store.read_all())


def test_events_that_disagree_with_their_stream_are_damage(tmp_path: Path) -> None:
    path = native(tmp_path / "a.db")
    execute(path, "DELETE FROM streams")
    with EventStore(str(path)) as store, pytest.raises(StoreDamaged, match="do not agree"):
        store.append("order-1", [new_event("order-1", 1)], 0)


def test_looking_at_a_file_leaves_this_process_its_locks(tmp_path: Path) -> None:
    path = native(tmp_path / "a.db")
    with EventStore(str(path)) as store, store._dialect.writing(store._connection()):
        for _ in range(2):
            with pytest.raises(StoreError, match="domain"):
                EventStore(str(path), domain="another")
        child = os.fork()
        if child == 0:
            try:
                other = sqlite3.connect(path, timeout=0, isolation_level=None)
                other.execute("BEGIN IMMEDIATE")
                os._exit(1)
            except sqlite3.OperationalError:
                os._exit(0)
        assert os.waitpid(child, 0)[1] == 0


# -- the dialect -----------------------------------------------------------------------------------------------


def test_the_violated_key_is_named(tmp_path: Path) -> None:
    path = native(tmp_path / "a.db")
    dialect = Sqlite(path, 1)
    with closing(dialect.connect()) as connection:
        copy = (
            "INSERT INTO events SELECT NULL, {id}, {aggregate}, 'T', 'E', 1, '', NULL, '', '', NULL, NULL "
            "FROM events"
        )
        cases = {
            copy.format(id="event_id", aggregate="'new'"): UniqueKey.EVENT_ID,
            copy.format(id="'new'", aggregate="aggregate_id"): UniqueKey.AGGREGATE_VERSION,
            "INSERT INTO streams SELECT * FROM streams": UniqueKey.STREAM,
            "INSERT INTO store_info VALUES ('x', NULL)": None,
        }
        for statement, key in cases.items():
            with pytest.raises(sqlite3.IntegrityError) as refused:
                connection.execute(statement)
            assert dialect.violated_key(refused.value) is key, statement


def test_a_statement_with_other_parameters_than_named_is_refused(tmp_path: Path) -> None:
    dialect = Sqlite(tmp_path / "a.db", 1)
    with pytest.raises(ValueError, match="takes"):
        dialect.compiled(events.insert(), "position")
