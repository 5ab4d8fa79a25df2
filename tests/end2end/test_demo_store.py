"""The demo store as a whole: the same for the same number and seed, true to the library, never half made."""

import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from auditor.core.errors import Cancelled, StoreBusy, WrongRequest
from auditor.demo.order import Order
from auditor.demo.story import find_story
from auditor.demo.working_time import DAY, calendar_time
from auditor.jobs import make_demo
from auditor.jobs.make_demo import MakeDemoRequest, MakeDemoResult
from auditor.jobs.origin import Origin
from auditor.stores.file_lock import LockFile
from auditor.stores.native_store import EventStore
from auditor.stores.reader import open_reader
from auditor.tasks.cancel import CancelToken
from auditor.tasks.context import Progress, TaskContext
from tests.helpers import budget
from tests.helpers.broken_files import told_when_leaving_write_ahead_mode
from tests.helpers.new_events import new_events

ORIGIN = Origin(user="test", via="library")
TABLES = ("store_info", "streams", "events")


def make(
    events: int, seed: int = 1, to: Path | None = None, context: TaskContext | None = None
) -> MakeDemoResult:
    request = MakeDemoRequest(origin=ORIGIN, events=events, seed=seed, to=to)
    return make_demo.run(request, context or TaskContext())


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def contents(path: Path) -> dict[str, list[tuple[object, ...]]]:
    with closing(sqlite3.connect(path)) as connection:
        return {table: connection.execute(f"SELECT * FROM {table} ORDER BY 1").fetchall() for table in TABLES}  # noqa: S608 - three names


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make(20_000, to=tmp_path_factory.mktemp("demo") / "orders.db").path


@pytest.fixture
def rows(demo: Path) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(demo)) as connection:
        yield connection


def numbers(rows: sqlite3.Connection, statement: str) -> list[int]:
    return [number for (number,) in rows.execute(statement)]


# -- the same again ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("events", [1, 7, 2_500])
def test_the_same_number_and_seed_give_the_same_store_in_every_column(tmp_path: Path, events: int) -> None:
    first, second = make(events, 5, tmp_path / "a.db"), make(events, 5, tmp_path / "b.db")
    assert contents(first.path) == contents(second.path)
    assert first.store_id == second.store_id
    other = make(events, 6, tmp_path / "c.db")
    assert contents(other.path)["events"] != contents(first.path)["events"]
    assert other.store_id != first.store_id


def test_another_process_makes_the_same_store(demo: Path, tmp_path: Path) -> None:
    """Also under other hash seeds: nothing depends on the order of a set."""
    path = tmp_path / "other.db"
    code = f"""
from pathlib import Path
from auditor.jobs.make_demo import MakeDemoRequest, run
from auditor.jobs.origin import Origin
from auditor.tasks.context import TaskContext
run(MakeDemoRequest(origin=Origin(user="t", via="library"), to=Path({str(path)!r})), TaskContext())
"""
    subprocess.run([sys.executable, "-c", code], check=True, env={**os.environ, "PYTHONHASHSEED": "77"})
    assert contents(path) == contents(demo)


@pytest.mark.parametrize("events", [1, 2, 3, 4, 10, 99, 100, 4_999, 5_000, 19_999])
def test_exactly_that_many_events_and_a_quarter_in_one_order(tmp_path: Path, events: int) -> None:
    path = make(events, to=tmp_path / "orders.db").path
    with closing(sqlite3.connect(path)) as connection:
        assert numbers(connection, "SELECT count(*) FROM events") == [events]
        assert numbers(connection, "SELECT max(position) FROM events") == [events]
        if events >= 40:
            assert numbers(connection, "SELECT max(version) FROM streams") == [events // 4]
    assert names(tmp_path) == ["orders.db"]


# -- what it holds -----------------------------------------------------------------------------------------


def test_one_order_has_five_thousand_versions(rows: sqlite3.Connection) -> None:
    assert numbers(rows, "SELECT version FROM streams ORDER BY version DESC LIMIT 2")[0] == 5_000
    assert numbers(rows, "SELECT version FROM streams ORDER BY version DESC LIMIT 2")[1] < 20


def test_versions_have_no_holes_and_streams_agree(rows: sqlite3.Connection) -> None:
    statement = """
        SELECT count(*) FROM streams JOIN
          (SELECT aggregate_id, count(*) AS n, max(version) AS last, min(version) AS first FROM events GROUP BY 1)
        USING (aggregate_id) WHERE n = last AND first = 1 AND n = streams.version"""
    assert numbers(rows, statement) == numbers(rows, "SELECT count(DISTINCT aggregate_id) FROM events")


def test_time_and_ids_rise_with_the_position(rows: sqlite3.Connection) -> None:
    stored = rows.execute("SELECT timestamp, event_id FROM events ORDER BY position").fetchall()
    assert stored == sorted(stored)
    assert len({event_id for _, event_id in stored}) == len(stored)
    assert {event_id[14] for _, event_id in stored} == {"7"}


def test_people_work_on_weekdays_and_only_one_event_is_after_hours(rows: sqlite3.Connection) -> None:
    hours = "SELECT count(*) FROM events WHERE CAST(substr(timestamp, 12, 2) AS INTEGER) NOT BETWEEN 7 AND 16"
    assert numbers(rows, hours) == [1]
    assert numbers(rows, "SELECT count(*) FROM events WHERE strftime('%w', timestamp) IN ('0', '6')") == [0]
    first, last = rows.execute("SELECT min(timestamp), max(timestamp) FROM events").fetchone()
    assert first.startswith("2026-01-05")
    assert f"{calendar_time(110 * DAY):%Y-%m}" <= last <= f"{calendar_time(150 * DAY):%Y-%m-%d}"


def test_causes_exist_come_before_and_share_the_chain(rows: sqlite3.Connection) -> None:
    caused = numbers(rows, "SELECT count(*) FROM events WHERE causation_id IS NOT NULL")
    assert caused[0] > 2_000
    found = """
        SELECT count(*) FROM events AS effect JOIN events AS cause ON cause.event_id = effect.causation_id
        WHERE cause.position < effect.position AND cause.correlation_id = effect.correlation_id"""
    assert numbers(rows, found) == caused
    chains = "SELECT count(*) FROM events WHERE correlation_id NOT IN (SELECT event_id FROM events)"
    assert numbers(rows, chains) == [0]
    across = """
        SELECT count(*) FROM events AS effect JOIN events AS cause ON cause.event_id = effect.causation_id
        WHERE cause.aggregate_type = 'Customer' AND effect.aggregate_type = 'Order'"""
    assert numbers(rows, across)[0] > 50


def test_users_do_what_their_work_is(rows: sqlite3.Connection) -> None:
    statement = "SELECT DISTINCT event_type, json_extract(metadata, '$.user_id') FROM events"
    work: dict[str, set[str]] = {}
    for event_type, user in rows.execute(statement):
        work.setdefault(event_type, set()).add("buyer" if "@" in user else user.partition("/")[0])
    assert work["ItemAdded"] == work["OrderConfirmed"] == work["CustomerRegistered"] == {"buyer"}
    assert work["OrderShipped"] == {"warehouse"}
    assert work["PriceCorrected"] == {"prices", "warehouse"}
    assert work["OrderCancelled"] == {"service", "policy"}
    assert work["DeliveryAddressChanged"] == {"policy", "buyer"}


def test_older_shipments_are_stored_at_schema_version_1(rows: sqlite3.Connection) -> None:
    found = rows.execute("""
        SELECT json_extract(metadata, '$.schema_version'), count(*), max(position), min(position)
        FROM events WHERE event_type = 'OrderShipped' GROUP BY 1 ORDER BY 1""").fetchall()
    (first, old, last_old, _), (second, new, _, first_new) = found
    assert (first, second) == (1, 2)
    assert old > 100
    assert new > 1_000
    assert last_old < first_new


def test_every_order_can_be_replayed(demo: Path) -> None:
    orders: dict[str, Order] = {}
    with EventStore(str(demo), create=False) as store:
        for event in store.read_all():
            if event.aggregate_type == "Order":
                orders.setdefault(event.aggregate_id, Order(event.aggregate_id)).load_from_history([event])
    assert {order.status for order in orders.values()} == {"draft", "confirmed", "shipped", "cancelled"}
    assert all(order.total > 0 for order in orders.values())


def test_the_story_is_found_by_reading(demo: Path) -> None:
    with open_reader(demo) as reader:
        story = find_story(reader)
        assert story is not None
        assert (story.order_id, story.user_id) == ("order-1042", "warehouse/t.claes")
        assert story.before + 1 == story.correction < story.after
        assert story.timestamp.startswith("2026-03-03T18:46")
        assert story.price_after == story.price_before // 2
        (events,) = reader.aggregate_events(story.order_id, up_to=story.after)
        types = [event.event_type for event in events]
        assert types.index("OrderConfirmed") + 1 < story.correction
        assert types[story.correction - 1] == "PriceCorrected"
        assert types[-1] == "OrderShipped"
        assert events[story.correction - 1].data["reason"] == story.reason
        assert reader.domain == "auditor-demo-orders"


@pytest.mark.parametrize("events", [100, 250, 4_999])
def test_the_story_is_there_from_a_hundred_events_on(tmp_path: Path, events: int) -> None:
    for seed in range(budget.count(4)):
        path = make(events, seed, tmp_path / f"{seed}.db").path
        with open_reader(path) as reader:
            story = find_story(reader)
        assert story is not None, f"seed {seed}"
        assert story.correction < story.after
        path.unlink()


def test_a_store_too_short_for_the_story_says_so(tmp_path: Path) -> None:
    with open_reader(make(10, to=tmp_path / "orders.db").path) as reader:
        assert find_story(reader) is None


# -- where it lies -----------------------------------------------------------------------------------------


def test_without_a_path_it_lies_in_the_users_folder_and_is_used_again(auditor_home: Path) -> None:
    first = make(300)
    assert auditor_home in first.path.parents
    modified = first.path.stat().st_mtime_ns
    again = make(300)
    assert (first.reused, again.reused) == (False, True)
    assert (again.path, again.store_id, again.path.stat().st_mtime_ns) == (
        first.path,
        first.store_id,
        modified,
    )
    assert make(300, seed=2).path != first.path
    assert make(301).path != first.path


def test_a_store_of_the_users_folder_that_is_damaged_or_was_changed_is_made_anew() -> None:
    first = make(300)
    whole = contents(first.path)
    with first.path.open("r+b") as file:
        file.truncate(9_000)
    assert not make(300).reused
    assert contents(first.path) == whole
    with closing(sqlite3.connect(first.path)) as connection, connection:
        connection.execute("DELETE FROM events WHERE position = 300")
    assert not make(300).reused
    assert contents(first.path) == whole


def test_an_existing_path_is_refused_and_left_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "mine.txt"
    path.write_text("mine")
    with pytest.raises(WrongRequest, match="exists already"):
        make(10, to=path)
    assert path.read_text() == "mine"
    dangling = tmp_path / "link"
    dangling.symlink_to(tmp_path / "nowhere")
    with pytest.raises(WrongRequest, match="exists already"):
        make(10, to=dangling)
    with pytest.raises(WrongRequest, match="does not exist"):
        make(10, to=tmp_path / "absent" / "orders.db")
    assert names(tmp_path) == ["link", "mine.txt"]


@pytest.mark.parametrize(("events", "seed"), [(0, 1), (-5, 1), (10, -1)])
def test_numbers_that_make_no_sense_are_refused(tmp_path: Path, events: int, seed: int) -> None:
    with pytest.raises(WrongRequest):
        make(events, seed, tmp_path / "orders.db")
    assert names(tmp_path) == []


# -- stopped on the way ------------------------------------------------------------------------------------


def test_a_cancelled_run_leaves_nothing(tmp_path: Path) -> None:
    token, seen = CancelToken(), list[Progress]()

    def listen(progress: Progress) -> None:
        seen.append(progress)
        if progress.done:
            token.cancel()

    with pytest.raises(Cancelled):
        make(20_000, to=tmp_path / "orders.db", context=TaskContext(token=token, on_progress=listen))
    assert names(tmp_path) == []
    assert [progress.total for progress in seen] == [20_000] * len(seen)
    assert 0 < seen[-1].done < 20_000


def test_a_file_that_came_meanwhile_is_not_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "orders.db"

    def listen(progress: Progress) -> None:
        path.write_text("mine")

    with pytest.raises(WrongRequest, match="exists already"):
        make(300, to=path, context=TaskContext(on_progress=listen))
    assert path.read_text() == "mine"
    assert names(tmp_path) == ["orders.db"]


def test_two_runs_do_not_write_into_one_file(tmp_path: Path) -> None:
    lock = LockFile(tmp_path / "orders.db.making")
    try:
        with pytest.raises(StoreBusy):
            make(300, to=tmp_path / "orders.db")
    finally:
        lock.close()
    assert make(300, to=tmp_path / "orders.db").events == 300


def test_a_second_run_in_this_process_takes_no_lock_of_the_first_away(tmp_path: Path) -> None:
    """On POSIX, whoever closes a database's file drops the locks that its writer has."""
    path = tmp_path / "orders.db"
    said: list[str] = []

    def listen(progress: Progress) -> None:
        if not said and progress.done:
            with pytest.raises(StoreBusy):
                make(300, to=path)
            said.append(told_when_leaving_write_ahead_mode(tmp_path / "orders.db.unfinished"))

    assert make(300, to=path, context=TaskContext(on_progress=listen)).events == 300
    assert said == ["database is locked"]


def test_what_an_earlier_run_left_is_not_built_upon(demo: Path, tmp_path: Path) -> None:
    left = tmp_path / "orders.db.unfinished"
    left.write_bytes(demo.read_bytes())
    (tmp_path / "orders.db.unfinished-wal").write_bytes(b"left over")
    path = make(300, to=tmp_path / "orders.db").path
    assert names(tmp_path) == ["orders.db"]
    assert contents(path) == contents(make(300, to=tmp_path / "again.db").path)


def test_a_killed_run_leaves_no_half_store_and_the_next_one_is_whole(auditor_home: Path) -> None:
    code = """
import sys
from auditor.jobs.make_demo import MakeDemoRequest, run
from auditor.jobs.origin import Origin
from auditor.tasks.context import TaskContext
run(MakeDemoRequest(origin=Origin(user="t", via="library"), events=40_000),
    TaskContext(on_progress=lambda p: print(p.done, flush=True)))
"""
    folder = auditor_home / "data" / "demo"
    for batches in range(1, 1 + budget.count(3)):
        killed_after = batches % 9
        with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout is not None
            for _ in range(killed_after + 1):
                process.stdout.readline()
            process.send_signal(signal.SIGKILL)
        assert [name for name in names(folder) if name.endswith(".db")] == []
    result = make(40_000)
    assert not result.reused
    assert names(folder) == [result.path.name]
    with open_reader(result.path) as reader:
        assert reader.info().events == 40_000


def test_a_locked_demo_store_is_not_made_anew(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("AUDITOR_HOME", str(tmp_path))
    first = make(30)
    before = first.path.stat().st_ino
    with closing(sqlite3.connect(first.path, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(StoreBusy):
            make(30)
    assert first.path.stat().st_ino == before


def test_a_demo_store_with_appended_events_is_refused_and_kept(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("AUDITOR_HOME", str(tmp_path))
    first = make(30)
    with EventStore(str(first.path)) as store:
        store.append("mine-1", new_events("mine-1", 1, 1), 0)
    before = first.path.read_bytes()
    with pytest.raises(WrongRequest, match="did not make"):
        make(30)
    assert first.path.read_bytes() == before
