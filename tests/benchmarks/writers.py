"""Several processes that append to one store at once, each to aggregates of its own."""

import multiprocessing
import time
from collections.abc import Callable, Iterator
from multiprocessing.synchronize import Barrier

import psycopg

from auditor.core.events import DomainEvent, columns_of
from auditor.eventsourcing import EventStore
from tests.benchmarks.data import History
from tests.benchmarks.measure import Against, Line
from tests.benchmarks.places import Databases, Place
from tests.benchmarks.plain_postgres import INSERT

Work = Callable[[str, int, int], None]


def appends_at_once(place: Place, events: int) -> Iterator[Line]:
    """Single appends by 1 and by 8 writers, and what the same inserts come to where no writer waits for another."""
    for writers in (1, 8):
        ours = _rate(_append, place.new(), writers, events)
        against: tuple[Against, ...] = ()
        if isinstance(place, Databases):
            without_turns = _rate(_insert, place.new(), writers, events)
            against = (Against(name="raw inserts that take no turns", rate=without_turns, wanted=None),)
        yield Line(work=f"append on {place.name}, {writers} at once", ours=ours, against=against)


def _rate(work: Work, url: str, writers: int, events: int) -> float:
    """Events a second, from the moment at which all writers are connected."""
    EventStore(url).close()
    spawn = multiprocessing.get_context("spawn")
    ready = spawn.Barrier(writers + 1)
    share = events // writers
    processes = [
        spawn.Process(target=_start, args=(work, ready, url, number, share)) for number in range(writers)
    ]
    for process in processes:
        process.start()
    ready.wait()
    began = time.perf_counter()
    for process in processes:
        process.join()
    if any(process.exitcode for process in processes):
        raise RuntimeError("a writer failed")
    return share * writers / (time.perf_counter() - began)


def _start(work: Work, ready: Barrier, url: str, number: int, share: int) -> None:
    ready.wait()
    work(url, number, share)


def _append(url: str, number: int, share: int) -> None:
    with EventStore(url, busy_seconds=60) as store:
        for version, event in enumerate(History(number).order(f"order-{number}", share)):
            store.append(event.aggregate_id, [event], version)


def _insert(url: str, number: int, share: int) -> None:
    """Positions as a sequence gives them: the rows may become visible in another order."""
    made = History(number).order(f"order-{number}", share)
    with psycopg.connect(url, autocommit=True) as connection, connection.cursor() as cursor:
        for event in made:
            cursor.execute("BEGIN")
            row = cursor.execute("SELECT nextval(pg_get_serial_sequence('events', 'position'))").fetchone()
            position = row[0] if row else 0
            cursor.execute(INSERT, (position, *_columns(event)))
            cursor.execute("COMMIT")


def _columns(event: DomainEvent) -> tuple[object, ...]:
    return (*columns_of(event), event.metadata.correlation_id, event.metadata.causation_id)
