"""Everything that is measured, each on stores of its own in a scratch folder."""

import statistics
import time
from collections.abc import Iterator
from itertools import count
from pathlib import Path

from auditor.eventsourcing import EventStore
from auditor.jobs import import_events
from auditor.jobs.origin import Origin
from auditor.stores.reader import open_reader
from auditor.tasks.context import TaskContext
from tests.benchmarks import peer, plain_sqlite
from tests.benchmarks.data import History, log_of, many_orders
from tests.benchmarks.measure import Against, Line, rates_in_turn

ORIGIN = Origin(user="bench", via="cli", reason=None)


class Scratch:
    """Fresh paths in one folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._numbers = count()

    def new(self, ending: str = ".db") -> Path:
        return self.folder / f"{next(self._numbers)}{ending}"


def append_in_hundreds(scratch: Scratch, events: int) -> Line:
    orders = events // 100
    source = scratch.new()
    many_orders(source, orders, 100)
    rows = plain_sqlite.all_columns(source)
    history = History()
    made = [history.order(f"order-{number}", 100) for number in range(orders)]
    peers = [peer.orders(orders, 100) for _ in range(3)]

    def ours() -> None:
        with EventStore(str(scratch.new())) as store:
            for batch in made:
                store.append(batch[0].aggregate_id, batch, 0)

    def theirs() -> None:
        application = peer.application(scratch.new())
        for order in peers.pop():
            application.save(order)

    rates = rates_in_turn(
        orders * 100,
        {"ours": ours, "raw": lambda: plain_sqlite.insert(scratch.new(), rows, 100), "peer": theirs},
    )
    return Line(work="append, 100 a transaction", ours=rates["ours"], against=_raw_and_peer(rates))


def append_single(scratch: Scratch, events: int) -> Line:
    source = scratch.new()
    many_orders(source, 1, events)
    rows = plain_sqlite.all_columns(source)
    peers = [peer.orders(1, 1)[0] for _ in range(3)]

    def ours() -> None:
        made = History().order("order-1", events)
        with EventStore(str(scratch.new())) as store:
            for version, event in enumerate(made):
                store.append("order-1", [event], version)

    def theirs() -> None:
        application, order = peer.application(scratch.new()), peers.pop()
        for number in range(events):
            order.add_item(f"sku-{number % 50}", 1, 100 + number)
            application.save(order)

    rates = rates_in_turn(
        events, {"ours": ours, "raw": lambda: plain_sqlite.insert(scratch.new(), rows, 1), "peer": theirs}
    )
    return Line(work="append, one a transaction", ours=rates["ours"], against=_raw_and_peer(rates))


def _raw_and_peer(rates: dict[str, float]) -> tuple[Against, ...]:
    return (
        Against(name="raw insert, same durability", rate=rates["raw"], wanted=0.5),
        Against(name="eventsourcing", rate=rates["peer"], wanted=3),
    )


def import_log(scratch: Scratch, events: int) -> Line:
    source, log = scratch.new(), scratch.new(".ndjson")
    many_orders(source, events // 100, 100)
    log_of(source, log)
    rows = plain_sqlite.all_columns(source)

    def ours() -> None:
        request = import_events.ImportRequest(store=str(scratch.new()), file=log, create=True, origin=ORIGIN)
        import_events.run(request, TaskContext())

    rates = rates_in_turn(
        len(rows),
        {"ours": ours, "raw": lambda: plain_sqlite.decode_and_insert(log, scratch.new(), rows, 5000)},
    )
    limit = Against(name="json.loads of each line + raw insert", rate=rates["raw"], wanted=None)
    return Line(work="import", ours=rates["ours"], against=(limit,))


def read_in_order(scratch: Scratch, events: int) -> Line:
    path = scratch.new()
    many_orders(path, events // 100, 100)

    def ours() -> int:
        with open_reader(path) as reader:
            return sum(map(len, reader.scan(up_to=reader.head() or 0)))

    rates = rates_in_turn(events, {"ours": ours, "plain": lambda: plain_sqlite.read_and_decode(path)})
    limit = Against(name="driver's rows + JSON decoding", rate=rates["plain"], wanted=0.6)
    return Line(work="read in order, as RecordedEvent", ours=rates["ours"], against=(limit,))


def list_aggregates(scratch: Scratch, aggregates: int) -> Iterator[Line]:
    path = scratch.new()
    many_orders(path, aggregates, 2)
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
