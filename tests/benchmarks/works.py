"""Everything that is measured, each on stores of its own in a scratch folder."""

import statistics
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from auditor.eventsourcing import EventStore
from auditor.jobs import import_events
from auditor.jobs.origin import Origin
from auditor.stores.reader import open_reader
from auditor.tasks.context import TaskContext
from tests.benchmarks import peer, plain_sqlite
from tests.benchmarks.data import History, log_of, many_orders
from tests.benchmarks.measure import Against, Line, rates_in_turn
from tests.benchmarks.places import Files, Place

ORIGIN = Origin(user="bench", via="cli", reason=None)


def append_in_hundreds(place: Place, events: int) -> Line:
    orders = events // 100
    rows = _rows_of(orders, 100)
    history = History()
    made = [history.order(f"order-{number}", 100) for number in range(orders)]
    peers = [peer.orders(orders, 100) for _ in range(3)]

    def ours() -> None:
        with EventStore(place.new()) as store:
            for batch in made:
                store.append(batch[0].aggregate_id, batch, 0)

    def theirs() -> None:
        with place.peer() as application:
            for order in peers.pop():
                application.save(order)

    rates = rates_in_turn(
        orders * 100, {"ours": ours, "raw": lambda: place.insert(rows, 100), "peer": theirs}
    )
    work = f"append on {place.name}, 100 a transaction"
    return Line(work=work, ours=rates["ours"], against=_raw_and_peer(rates))


def append_single(place: Place, events: int) -> Line:
    rows = _rows_of(1, events)
    peers = [peer.orders(1, 1)[0] for _ in range(3)]

    def ours() -> None:
        made = History().order("order-1", events)
        with EventStore(place.new()) as store:
            for version, event in enumerate(made):
                store.append("order-1", [event], version)

    def theirs() -> None:
        order = peers.pop()
        with place.peer() as application:
            for number in range(events):
                order.add_item(f"sku-{number % 50}", 1, 100 + number)
                application.save(order)

    rates = rates_in_turn(events, {"ours": ours, "raw": lambda: place.insert(rows, 1), "peer": theirs})
    work = f"append on {place.name}, one a transaction"
    return Line(work=work, ours=rates["ours"], against=_raw_and_peer(rates))


def _rows_of(orders: int, length: int) -> list[tuple[Any, ...]]:
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "source.db"
        many_orders(str(source), orders, length)
        return plain_sqlite.all_columns(source)


def _raw_and_peer(rates: dict[str, float]) -> tuple[Against, ...]:
    return (
        Against(name="raw insert, same durability", rate=rates["raw"], wanted=0.5),
        Against(name="eventsourcing", rate=rates["peer"], wanted=3),
    )


def import_log(scratch: Files, events: int) -> Line:
    source, log = scratch.path(), scratch.path(".ndjson")
    many_orders(str(source), events // 100, 100)
    log_of(source, log)
    rows = plain_sqlite.all_columns(source)

    def ours() -> None:
        request = import_events.ImportRequest(store=str(scratch.path()), file=log, create=True, origin=ORIGIN)
        import_events.run(request, TaskContext())

    rates = rates_in_turn(
        len(rows),
        {"ours": ours, "raw": lambda: plain_sqlite.decode_and_insert(log, scratch.path(), rows, 5000)},
    )
    limit = Against(name="json.loads of each line + raw insert", rate=rates["raw"], wanted=None)
    return Line(work="import", ours=rates["ours"], against=(limit,))


def read_in_order(place: Place, events: int) -> Line:
    store = place.new()
    many_orders(store, events // 100, 100)

    def ours() -> int:
        with open_reader(store) as reader:
            return sum(map(len, reader.scan(up_to=reader.head() or 0)))

    with place.peer() as application:
        peer.filled(application, events // 100, 100)
        rates = rates_in_turn(
            events,
            {
                "ours": ours,
                "plain": lambda: place.read_and_decode(store),
                "peer": lambda: peer.read_all(application),
            },
        )
    limit = Against(name="driver's rows + JSON decoding", rate=rates["plain"], wanted=0.6)
    theirs = Against(name="eventsourcing, its notifications", rate=rates["peer"], wanted=None)
    work = f"read on {place.name} in order, as RecordedEvent"
    return Line(work=work, ours=rates["ours"], against=(limit, theirs))


def list_aggregates(scratch: Files, aggregates: int) -> Iterator[Line]:
    path = scratch.path()
    many_orders(str(path), aggregates, 2)
    with open_reader(path) as reader:
        yield _milliseconds("first page of aggregates", lambda: reader.aggregates(limit=200), 50, aggregates)
        middle = f"order-{aggregates // 2:04}"
        yield _milliseconds(
            "… beginning with a prefix", lambda: reader.aggregates(prefix=middle, limit=200), 50, aggregates
        )


def _milliseconds(work: str, call: object, at_most: float, aggregates: int) -> Line:
    assert callable(call)
    taken = []
    for _ in range(20):
        start = time.perf_counter()
        call()
        taken.append((time.perf_counter() - start) * 1000)
    return Line(
        work=work,
        ours=statistics.median(taken),
        unit="ms",
        at_most=at_most,
        note=f"of {aggregates:,} aggregates",
    )
