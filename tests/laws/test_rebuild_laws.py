"""A rebuild gives the same rows however its events come: in batches of any size, from any cache, and twice."""

from collections.abc import Iterable, Sequence
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from auditor.core.events import Envelope, RecordedEvent
from auditor.core.projection import Projection, Projector
from auditor.core.rows import Key, Rows, Table
from tests.helpers.guest_code import stored

Tables = dict[str, dict[Key, list[Any]]]


class Stock(Projection):
    """Reads, puts, updates and deletes in two tables; states what is, as handlers must."""

    name = "stock"
    tables = (
        Table(name="articles", columns={"id": "text", "amount": "integer", "last": "integer"}),
        Table(
            name="places",
            columns={"article": "text", "place": "integer", "amount": "integer"},
            key=("article", "place"),
        ),
    )

    def on_counted(self, event: Any, envelope: Envelope) -> None:
        article = envelope.aggregate_id
        before = self.rows.get("places", article, event.place)
        whole = self.rows.get("articles", article) or {"id": article, "amount": 0}
        whole["amount"] += event.amount - (before["amount"] if before else 0)
        whole["last"] = envelope.version
        self.rows.put("articles", whole)
        self.rows.put("places", {"article": article, "place": event.place, "amount": event.amount})

    def on_emptied(self, event: Any, envelope: Envelope) -> None:
        article = envelope.aggregate_id
        before = self.rows.get("places", article, event.place)
        if before is not None:
            whole = self.rows.get("articles", article)
            assert whole is not None
            self.rows.update("articles", {"id": article, "amount": whole["amount"] - before["amount"]})
        self.rows.delete("places", article, event.place)

    def on_closed(self, _: Any, envelope: Envelope) -> None:
        for place in range(3):
            self.rows.delete("places", envelope.aggregate_id, place)
        self.rows.delete("articles", envelope.aggregate_id)


def projected(batches: Iterable[Sequence[RecordedEvent]], *, empty: bool, most: int) -> Tables:
    tables: Tables = {table.name: {} for table in Stock.tables}
    rows = Rows(Stock.tables, lambda table, key: tables[table].get(key), empty=empty, most=most)
    projector = Projector(Stock(), rows)
    for batch in batches:
        for event in batch:
            projector.apply(event)
        for name, (put, gone) in rows.take_changes().items():
            keys = len(next(table.key for table in Stock.tables if table.name == name))
            assert not {tuple(row[:keys]) for row in put} & {tuple(key) for key in gone}
            for key in gone:
                tables[name].pop(tuple(key), None)
            tables[name].update({tuple(row[:keys]): row for row in put})
    return tables


@st.composite
def histories(draw: st.DrawFn) -> list[RecordedEvent]:
    facts = st.tuples(
        st.sampled_from(["Counted", "Counted", "Emptied", "Closed"]),
        st.sampled_from("abcd"),
        st.integers(0, 2),
        st.integers(-5, 5),
    )
    return [
        stored(at, name, {"place": place, "amount": amount}, aggregate_id=article)
        for at, (name, article, place, amount) in enumerate(draw(st.lists(facts, max_size=60)), 1)
    ]


def in_batches(events: list[RecordedEvent], size: int) -> list[list[RecordedEvent]]:
    return [events[at : at + size] for at in range(0, len(events), size)]


@given(events=histories(), size=st.integers(1, 70), most=st.integers(0, 12), empty=st.booleans())
def test_rows_are_the_same_in_batches_of_any_size_and_with_any_cache(
    events: list[RecordedEvent], size: int, most: int, empty: bool
) -> None:
    assert projected(in_batches(events, size), empty=empty, most=most) == projected(
        [events], empty=True, most=10**6
    )


@given(events=histories(), size=st.integers(1, 70), most=st.integers(0, 12))
def test_rows_are_the_same_when_every_event_is_seen_twice_in_one_batch(
    events: list[RecordedEvent], size: int, most: int
) -> None:
    twice = [[event for event in batch for _ in range(2)] for batch in in_batches(events, size)]
    assert projected(twice, empty=True, most=most) == projected([events], empty=True, most=10**6)
