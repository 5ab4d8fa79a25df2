"""Rows 9 to 12 and 14 to 17: side files, damage, odd formats and hostile schemas."""

import random
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from auditor.core.errors import StoreDamaged, StoreError
from auditor.core.events import RecordedEvent
from auditor.eventsourcing import EventStore
from auditor.stores.copying import copy_store
from auditor.stores.reader import open_reader
from tests.helpers.broken_files import interrupted_store, reserved_bytes_store, table_pages, write_ahead_store
from tests.helpers.native_files import event_rows, make_store
from tests.helpers.viewing import Seen, look, look_in_child, unchanged

OTHER_ID = "0190a000-0000-7000-8000-000000000002"


def assert_whole(seen: Seen, events: int = 50) -> None:
    assert (seen.error, seen.paged, seen.scanned, seen.counted) == ("", events, events, events), seen


# -- 9: the log of another ---------------------------------------------------------------------------------


def test_b009_a_log_whose_salts_differ_is_ignored_and_said(tmp_path: Path) -> None:
    store = write_ahead_store(tmp_path / "store.db")
    write_ahead_store(tmp_path / "other.db", closed=False, store_id=OTHER_ID)
    log = bytearray((tmp_path / "other.db-wal").read_bytes())
    log[32 + 8 : 32 + 16] = bytes(8)  # the salts of the first frame: as after a restart of the log
    (tmp_path / "store.db-wal").write_bytes(log)
    content = store.read_bytes()
    with open_reader(store) as reader:
        assert reader.info().events == 50
        assert any("store.db-wal" in said and "ignores it" in said for said in reader.warnings)
    assert store.read_bytes() == content


@pytest.mark.parametrize("other_size", [3, 10, 20, 300])
@pytest.mark.parametrize("make", [make_store, write_ahead_store])
def test_b009_a_whole_log_of_another_store_is_never_shown_as_this_one(
    tmp_path: Path, make: Callable[[Path], Path], other_size: int
) -> None:
    store = make(tmp_path / "store.db")
    other = write_ahead_store(
        tmp_path / "other.db", closed=False, store_id=OTHER_ID, aggregates=other_size, first_position=1001
    )
    assert look(other).scanned == 5 * other_size
    shutil.copy(tmp_path / "other.db-wal", tmp_path / "store.db-wal")
    content = store.read_bytes()
    seen = look(store)
    if other_size >= 10:
        assert seen.error == "StoreError"
        assert "does not belong to it" in seen.message
    else:  # the pages of the two do not even fit together
        assert seen.error == "StoreDamaged"
    assert seen.hint
    assert store.read_bytes() == content


def test_b009_a_log_beside_a_store_that_was_closed_without_one_is_of_another_time(tmp_path: Path) -> None:
    store = make_store(tmp_path / "store.db")
    older = write_ahead_store(tmp_path / "older.db", closed=False)
    shutil.copy(f"{older}-wal", f"{store}-wal")
    seen = look(store)
    assert seen.error == "StoreError"
    assert "does not belong to it" in seen.message


@pytest.mark.parametrize("at", [8, 24 + 100])
def test_a_log_that_breaks_off_is_said(tmp_path: Path, at: int) -> None:
    store = write_ahead_store(tmp_path / "store.db", closed=False)
    log = bytearray(store.with_name("store.db-wal").read_bytes())
    frame = 24 + 4096
    frames = (len(log) - 32) // frame
    log[32 + (frames // 2) * frame + at] ^= 1  # a salt, a byte of the page
    store.with_name("store.db-wal").write_bytes(log)
    seen = look(store)
    assert 25 < seen.scanned < 50
    assert any("store.db-wal breaks off" in said for said in seen.warnings)


def test_the_librarys_store_is_viewed_while_open_after_a_kill_and_closed(tmp_path: Path) -> None:
    rows = [RecordedEvent(*row[:10]) for row in event_rows(10, 5)]
    with EventStore(f"sqlite:///{tmp_path / 'store.db'}") as writer:
        for number in range(10):
            writer.append_many({f"order-{number:04}": (rows[number::10], 0)})
        assert_whole(look(tmp_path / "store.db"))
        (tmp_path / "killed").mkdir()
        for suffix in ("", "-wal"):
            shutil.copy(f"{tmp_path / 'store.db'}{suffix}", tmp_path / "killed" / f"store.db{suffix}")
    assert_whole(look(tmp_path / "killed" / "store.db"))
    with unchanged(tmp_path):
        seen = look(tmp_path / "store.db")
    assert_whole(seen)
    assert seen.warnings == []


def test_b009_the_stores_own_log_is_read_and_nothing_is_said_against_it(tmp_path: Path) -> None:
    store = write_ahead_store(tmp_path / "store.db", closed=False)
    before = {name: store.with_name(name).read_bytes() for name in ("store.db", "store.db-wal")}
    seen = look(store)
    assert {name: store.with_name(name).read_bytes() for name in before} == before
    assert {path.name for path in tmp_path.iterdir()} == {*before, "store.db-shm"}
    assert_whole(seen)
    assert seen.warnings == []


# -- 10: a hot journal -------------------------------------------------------------------------------------


def test_b010_an_interrupted_transaction_is_named_and_its_copy_is_recovered(tmp_path: Path) -> None:
    store = interrupted_store(tmp_path / "store.db")
    copy = tmp_path / "elsewhere" / "copy.db"
    copy.parent.mkdir()
    before = {path: path.read_bytes() for path in tmp_path.glob("store.db*")}
    seen = look(store)
    assert seen.error == "StoreError"
    assert "interrupted transaction" in seen.message
    assert "auditor copy" in seen.hint
    report = copy_store(store, copy)
    assert report.recovered
    assert not report.written_meanwhile
    assert {path: path.read_bytes() for path in tmp_path.glob("store.db*")} == before
    assert [path.name for path in copy.parent.iterdir()] == ["copy.db"]
    assert_whole(look(copy), 400)
    with open_reader(copy) as reader:
        assert not reader.events(event_type="NeverCommitted", limit=1).events


# -- 11: truncated -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("missing", [1, 100, 4096, 5000, 0.5, 0.9])
def test_b011_a_truncated_file_is_told_by_its_size(tmp_path: Path, missing: float) -> None:
    store = make_store(tmp_path / "store.db", aggregates=40)
    whole = store.read_bytes()
    kept = len(whole) - int(missing if missing >= 1 else len(whole) * missing)
    store.write_bytes(whole[:kept])
    with unchanged(tmp_path):
        seen = look(store)
    assert seen.error == "StoreDamaged"
    assert "truncated" in seen.message
    assert f"{kept:,}" in seen.message
    assert f"{len(whole):,}" in seen.message
    assert seen.hint


def test_b011_pages_that_are_only_in_the_log_are_not_missing(tmp_path: Path) -> None:
    store = write_ahead_store(tmp_path / "store.db", closed=False, aggregates=200)
    assert_whole(look(store), 1000)
    shutil.copy(store, tmp_path / "alone.db")
    assert look(tmp_path / "alone.db").counted == 500


# -- 12: damage inside -------------------------------------------------------------------------------------


def read_on(batches: Iterator[list[RecordedEvent]], each: Callable[[RecordedEvent], object]) -> StoreDamaged:
    """Hands over every event up to the damage that the batches must end with."""
    try:
        for batch in batches:
            for event in batch:
                each(event)
    except StoreDamaged as error:
        return error
    pytest.fail("the damage was not met")


def damaged_leaf(path: Path, table: str = "events", which: int = 2) -> None:
    """A store with random bytes over the beginning of a leaf page of `table`."""
    make_store(path, aggregates=30, each=20)
    page = table_pages(path, table)[which]
    content = bytearray(path.read_bytes())
    start = (page - 1) * 4096
    content[start : start + 300] = random.Random(7).randbytes(300)
    path.write_bytes(content)


def test_b012_damage_ends_a_scan_after_the_last_good_event(tmp_path: Path) -> None:
    store = tmp_path / "store.db"
    damaged_leaf(store)
    truth = [row[0] for row in event_rows(30, 20)]
    seen: list[int] = []
    with unchanged(tmp_path), open_reader(store) as reader:
        error = read_on(reader.scan(up_to=600, batch=1000), lambda event: seen.append(event.position))
        assert 0 < len(seen) < 600
        assert seen == truth[: len(seen)]
        assert f"after position {seen[-1]} (version" in error.message
        assert error.hint


@pytest.mark.parametrize("batch", [1, 7])
def test_b012_the_last_good_event_is_named_across_batches(tmp_path: Path, batch: int) -> None:
    store = tmp_path / "store.db"
    damaged_leaf(store)
    seen: list[int] = []
    with open_reader(store) as reader:
        error = read_on(reader.scan(up_to=600, batch=batch), lambda event: seen.append(event.position))
        again = read_on(reader.scan(after=seen[-1], up_to=600), print)
    for told in (error, again):
        assert f"after position {seen[-1]} (" in told.message


def test_b012_a_page_of_events_is_never_a_short_list(tmp_path: Path) -> None:
    store = tmp_path / "store.db"
    damaged_leaf(store)
    with open_reader(store) as reader:
        good = reader.events(limit=5)
        assert [event.position for event in good.events] == [1, 2, 3, 4, 5]
        with pytest.raises(StoreDamaged, match=r"reading stopped after position \d+"):
            reader.events(limit=600)


def test_b012_a_page_of_aggregates_is_never_a_short_list(tmp_path: Path) -> None:
    store = make_store(tmp_path / "store.db", aggregates=2000, each=1)
    content = bytearray(store.read_bytes())
    connection = sqlite3.connect(store)
    root = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = 'streams'").fetchone()[0]
    connection.close()
    start = (root - 1) * 4096
    assert content[start] == 2  # an inner page of a tree without row numbers
    at = start + int.from_bytes(content[start + 12 + 8 : start + 12 + 10], "big")
    child = int.from_bytes(content[at : at + 4], "big")
    content[(child - 1) * 4096 : (child - 1) * 4096 + 8] = b"\xee" * 8
    store.write_bytes(content)
    with unchanged(tmp_path), open_reader(store) as reader:
        with pytest.raises(StoreDamaged, match=r"reading stopped after aggregate order-\d+"):
            reader.aggregates(limit=2000)
        with pytest.raises(StoreDamaged):
            reader.info()


def test_b012_one_aggregates_events_stop_after_the_last_good_one(tmp_path: Path) -> None:
    store = tmp_path / "store.db"
    damaged_leaf(store)
    seen: list[int] = []
    with open_reader(store) as reader:
        batches = reader.aggregate_events("order-0003", up_to=20, batch=2)
        error = read_on(batches, lambda event: seen.append(event.version))
    assert seen == list(range(1, len(seen) + 1))
    assert f"version {seen[-1]} of order-0003" in error.message


# -- 14: formats -------------------------------------------------------------------------------------------

FORMATS = {
    "smallest pages": ("page_size = 512",),
    "largest pages": ("page_size = 65536",),
    "UTF-16": ("encoding = 'UTF-16le'",),
    "UTF-16 big endian": ("encoding = 'UTF-16be'",),
    "auto-vacuum": ("auto_vacuum = FULL",),
    "incremental vacuum": ("auto_vacuum = INCREMENTAL", "page_size = 1024"),
}


@pytest.mark.parametrize("pragmas", FORMATS.values(), ids=FORMATS)
def test_b014_every_format_opens_and_counts_the_same(tmp_path: Path, pragmas: tuple[str, ...]) -> None:
    store = make_store(tmp_path / "store.db", pragmas=pragmas)
    plain = make_store(tmp_path / "plain.db")
    for path in (store, plain):
        for number, first in enumerate("\xff\u0100\U0001f4e6"):
            renaming = f"SET aggregate_id = '{first}x' WHERE aggregate_id = 'order-000{number}'"
            altered(path, f"UPDATE streams {renaming}")
    with unchanged(tmp_path):
        assert_whole(look(store))
        assert look(store) == look(plain)
        with open_reader(store) as one, open_reader(plain) as other:
            assert one.events(limit=50).events == other.events(limit=50).events
            for prefix in ("order-000", "order-0003", "", "Order", "\xff", "\u0100", "\U0001f4e6"):
                found, wanted = (
                    {row.aggregate_id for row in reader.aggregates(prefix=prefix, limit=20).aggregates}
                    for reader in (one, other)
                )
                assert found == wanted
                assert prefix == "Order" or found


def test_b014_reserved_bytes_open_and_count_the_same(tmp_path: Path) -> None:
    store = reserved_bytes_store(tmp_path / "store.db")
    with unchanged(tmp_path):
        assert_whole(look(store))


# -- 15: a newer program -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "change", ["PRAGMA user_version = 9", "UPDATE store_info SET value = '9' WHERE name = 'schema_version'"]
)
def test_b015_a_newer_programs_store_is_told_and_not_migrated(tmp_path: Path, change: str) -> None:
    store = make_store(tmp_path / "store.db")
    altered(store, change)
    with unchanged(tmp_path):
        seen = look(store)
    assert seen.error == "StoreError"
    assert "made by a newer version" in seen.message
    assert "Update the program" in seen.hint


def test_b015_another_programs_version_number_means_nothing(tmp_path: Path) -> None:
    store = make_store(tmp_path / "store.db")
    altered(store, "PRAGMA application_id = 7", "PRAGMA user_version = 99")
    assert_whole(look(store))


def altered(store: Path, *statements: str) -> None:
    connection = sqlite3.connect(store, isolation_level=None)
    for statement in statements:
        connection.execute(statement)
    connection.close()


# -- 16, 17: hostile schemas and things that are no tables -------------------------------------------------

LOOP = "WITH RECURSIVE loop(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM loop)"
COLUMNS = (
    "position, event_id, aggregate_id, aggregate_type, event_type, version, timestamp, timestamp_text, "
    "data, metadata, correlation_id, causation_id"
)


@pytest.mark.parametrize(
    ("statements", "said"),
    [
        pytest.param(
            (
                "ALTER TABLE events RENAME TO hidden",
                f"CREATE VIEW events({COLUMNS}) AS {LOOP} SELECT n, n, n, n, n, n, n, n, n, n, n, n FROM loop",  # noqa: S608 - texts of this file
            ),
            "its events is a view",
            id="a looping view instead of the table",
        ),
        pytest.param(
            ("ALTER TABLE events RENAME TO hidden", f"CREATE VIEW events AS SELECT {COLUMNS} FROM hidden"),  # noqa: S608 - texts of this file
            "its events is a view",
            id="a harmless view",
        ),
        pytest.param(
            ("DROP TABLE events", f"CREATE VIRTUAL TABLE events USING fts4({COLUMNS})"),
            "its events is a virtual table",
            id="a virtual table",
        ),
        pytest.param(
            (
                "ALTER TABLE streams RENAME TO old",
                "CREATE TABLE streams (aggregate_id TEXT PRIMARY KEY, aggregate_type TEXT NOT NULL, "
                "version INTEGER NOT NULL AS (length(hex(zeroblob(100000000)))), first_timestamp TEXT NOT NULL, "
                "last_timestamp TEXT NOT NULL, last_position INTEGER NOT NULL)",
            ),
            "streams.version",
            id="a computed column",
        ),
        pytest.param(
            ("ALTER TABLE events RENAME COLUMN data TO payload",), "events.data", id="a missing column"
        ),
        pytest.param(
            (
                "ALTER TABLE events RENAME TO old",
                "CREATE TABLE events AS SELECT * FROM old",
                "DROP TABLE old",
            ),
            "events.event_id",
            id="a table that may be empty anywhere",
        ),
    ],
)
def test_b016_b017_what_is_no_real_table_is_refused_by_name(
    tmp_path: Path, statements: tuple[str, ...], said: str
) -> None:
    store = make_store(tmp_path / "store.db")
    altered(store, *statements)
    with unchanged(tmp_path):
        seen = look_in_child(store)
    assert seen.error == "StoreError"
    assert said in seen.message
    assert seen.hint


def test_b016_hostile_things_beside_the_tables_are_never_run(tmp_path: Path) -> None:
    store = make_store(tmp_path / "store.db")
    altered(
        store,
        f"CREATE VIEW endless AS {LOOP} SELECT count(*) FROM loop",  # noqa: S608 - texts of this file
        "CREATE TRIGGER spy AFTER INSERT ON events BEGIN SELECT load_extension('x'); END",
        "CREATE VIRTUAL TABLE words USING fts4(word)",
        "INSERT INTO words VALUES ('shadow tables')",
        'CREATE TABLE "weird ""name"" \u2603" (x)',
        "ANALYZE",
    )
    with unchanged(tmp_path):
        assert_whole(look_in_child(store))


def test_b016_a_schema_that_makes_no_sense_is_damage(tmp_path: Path) -> None:
    store = make_store(tmp_path / "store.db")
    altered(
        store,
        "PRAGMA writable_schema = ON",
        "UPDATE sqlite_master SET sql = 'CREATE TABLE events (' WHERE name = 'events'",
    )
    with unchanged(tmp_path):
        seen = look(store)
    assert (seen.error, bool(seen.hint)) == ("StoreDamaged", True)
    assert "malformed" in seen.message


def test_b017_a_table_without_row_numbers_works(tmp_path: Path) -> None:
    store = make_store(tmp_path / "store.db")
    altered(
        store,
        "ALTER TABLE events RENAME TO old",
        "CREATE TABLE events (position INTEGER PRIMARY KEY, event_id TEXT NOT NULL, aggregate_id TEXT NOT NULL, "
        "aggregate_type TEXT NOT NULL, event_type TEXT NOT NULL, version INTEGER NOT NULL, timestamp TEXT NOT NULL, "
        "timestamp_text TEXT, data TEXT NOT NULL, metadata TEXT NOT NULL, correlation_id TEXT, causation_id TEXT, "
        "UNIQUE (aggregate_id, version)) WITHOUT ROWID",
        "INSERT INTO events SELECT * FROM old",
        "DROP TABLE old",
    )
    with unchanged(tmp_path):
        assert_whole(look(store))


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda connection: connection.execute("PRAGMA user_version = 1"), "it has no tables"),
        (lambda connection: connection.execute("CREATE TABLE people (name)"), "its tables are people"),
        (
            lambda connection: [connection.execute(f"CREATE TABLE t{at:02} (x)") for at in range(20)],
            "t00, t01, t02, t03, t04, t05, t06, t07, t08, t09, t10, t11 and 8 more",
        ),
    ],
)
def test_a_database_that_is_no_store_lists_its_tables(
    tmp_path: Path, make: Callable[[sqlite3.Connection], object], said: str
) -> None:
    connection = sqlite3.connect(tmp_path / "other.db", isolation_level=None)
    make(connection)
    connection.close()
    with unchanged(tmp_path), pytest.raises(StoreError) as caught:
        open_reader(tmp_path / "other.db")
    assert "no event store" in caught.value.message
    assert said in caught.value.message
    assert caught.value.hint
