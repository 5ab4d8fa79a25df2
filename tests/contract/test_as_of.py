"""As of a time, a position and an event: what SQL says, on histories whose clocks stood still or stepped back."""

import random
import uuid
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import create_engine, make_url, text

from auditor.core.errors import AggregateNotFound, WrongRequest
from auditor.core.events import DomainEvent, EventMetadata
from auditor.core.timestamps import format_timestamp
from auditor.eventsourcing import EventStore
from auditor.stores.reader import StoreReader, open_reader

BEGIN = datetime(2026, 3, 29, 0, 30, tzinfo=UTC)
AGGREGATES = [f"a-{number}" for number in range(24)]
EFFECTIVE = ("effective", "at")
DRIVERS = {"sqlite": "sqlite", "postgresql": "postgresql+psycopg"}


def event(aggregate_id: str, version: int, chance: random.Random, last: datetime) -> DomainEvent:
    """Most go on by seconds, some stand still, some step back by an hour or by years."""
    step = chance.choice([0, 0, 1, 1, 60, 3600, 86_400, -1, -3600, -20 * 365 * 86_400])
    effective = chance.choice(
        [None, {}, {"at": 5}, {"at": "soon"}, {"at": "2026-03-29T12:00:00"}]  # of no use
        + [
            {"at": format_timestamp(last + timedelta(seconds=chance.randint(-99_999, 99_999)))}
            for _ in range(5)
        ]
        + [{"at": (last + timedelta(hours=chance.randint(-9, 9))).isoformat()}, {"at": "2026-03-29"}]
    )
    return DomainEvent(
        event_id=uuid.uuid5(uuid.NAMESPACE_OID, f"{aggregate_id}/{version}"),
        aggregate_id=aggregate_id,
        aggregate_type="Thing",
        event_type="Happened",
        version=version,
        timestamp=last + timedelta(seconds=step),
        data={"n": version},
        metadata=EventMetadata(
            correlation_id="c", extra={} if effective is None else {"effective": effective}
        ),
    )


def history(aggregate_id: str) -> list[DomainEvent]:
    chance, made, last = random.Random(aggregate_id), list[DomainEvent](), BEGIN
    for version in range(1, chance.randint(1, 14) + 1):
        made.append(event(aggregate_id, version, chance, last))
        last = made[-1].timestamp
    return made


@pytest.fixture
def reader(store_url: str) -> Iterator[StoreReader]:
    left = {name: history(name) for name in AGGREGATES}
    chance = random.Random(1)
    with EventStore(store_url) as store:
        while left:  # the aggregates' events stand among each other
            name = chance.choice(sorted(left))
            store.append(name, [left[name][0]], left[name][0].version - 1)
            left = {key: events[key == name :] for key, events in left.items() if events[key == name :]}
    with open_reader(store_url) as opened:
        yield opened


Sql = Callable[..., list[Any]]


@pytest.fixture
def sql(reader: StoreReader, store_url: str) -> Iterator[Sql]:
    """Asks the database itself, `:name` standing for what is given."""
    engine = create_engine(
        make_url(store_url).set(drivername=DRIVERS[make_url(store_url).get_backend_name()])
    )
    with engine.connect() as connection:
        yield lambda asked, **values: [tuple(row) for row in connection.execute(text(asked), values)]
    engine.dispose()


def moments_of(times: list[str]) -> list[str]:
    """Each time, a microsecond beside it, and ends."""
    parsed = [datetime.fromisoformat(time) for time in sorted(set(times))]
    near = [one + timedelta(microseconds=step) for one in parsed for step in (-1, 0, 1)]
    return [
        format_timestamp(one)
        for one in (datetime(1, 1, 1, tzinfo=UTC), *near, datetime(9999, 1, 1, tzinfo=UTC))
    ]


def test_b075_by_the_time_of_recording_it_is_the_last_version_that_sql_finds(
    reader: StoreReader, sql: Sql
) -> None:
    steps = ties = 0
    for name in AGGREGATES:
        rows = sql("SELECT version, timestamp FROM events WHERE aggregate_id = :id ORDER BY version", id=name)
        for moment in moments_of([time for _, time in rows]):
            found = reader.moments.recorded(name, moment)
            last = "SELECT max(version) FROM events WHERE aggregate_id = :id AND timestamp <= :moment"
            [(version,)] = sql(last, id=name, moment=moment)
            assert found.mark.version == version
            assert found.mark.ordinal == (version or 0)
            assert found.time == found.mark.timestamp == (dict(rows)[version] if version else None)
            assert found.following == dict(rows).get((version or 0) + 1)
            before = "SELECT count(*) FROM events WHERE aggregate_id = :id AND version <= :last AND timestamp > :moment"
            [(later,)] = sql(before, id=name, last=version or 0, moment=moment)
            assert found.later == later
            assert found.same_time == [time for _, time in rows].count(found.time or "")
            steps, ties = steps + (later > 0), ties + (found.same_time > 1)
    assert min(steps, ties) > 20  # else the histories above say nothing


def test_b075_by_effective_time_it_is_the_last_version_of_those_times(reader: StoreReader) -> None:
    seen_without = 0
    for name in AGGREGATES:
        events = history(name)
        times, without = [], 0
        for one in events:
            written = one.metadata.extra.get("effective", {}).get("at")
            try:
                moment = datetime.fromisoformat(written)
                if len(written) == 10:
                    moment = moment.replace(tzinfo=UTC)
                times.append(format_timestamp(moment))
            except (TypeError, ValueError):
                times.append(format_timestamp(one.timestamp))
                without += 1
        seen_without += without
        for moment_text in moments_of(times):
            found = reader.moments.effective(name, moment_text, EFFECTIVE)
            ordinal = max((at for at, time in enumerate(times, 1) if time <= moment_text), default=0)
            assert found.mark.ordinal == ordinal
            assert found.mark.version == (ordinal or None)
            assert found.mark.timestamp == (
                format_timestamp(events[ordinal - 1].timestamp) if ordinal else None
            )
            assert found.time == (times[ordinal - 1] if ordinal else None)
            assert found.following == (times[ordinal] if ordinal < len(times) else None)
            assert found.later == sum(time > moment_text for time in times[:ordinal])
            assert found.same_time == (times.count(times[ordinal - 1]) if ordinal else 0)
            assert found.without == without
    assert seen_without > 20


def test_as_of_a_position_and_of_an_event_of_any_aggregate(reader: StoreReader, sql: Sql) -> None:
    for position, event_id, owner in sql("SELECT position, event_id, aggregate_id FROM events"):
        place = reader.moments.of_event(event_id)
        assert (place.aggregate_id, place.mark.position) == (owner, position)
        assert place.mark == reader.locate(owner, position=position)
        for name in AGGREGATES[:3]:
            last = "SELECT max(version) FROM events WHERE aggregate_id = :id AND position <= :position"
            [(version,)] = sql(last, id=name, position=position)
            assert reader.locate(name, position=position).version == version
    with pytest.raises(WrongRequest, match="No event of this store has the id nothing"):
        reader.moments.of_event("nothing")


def test_an_unknown_aggregate_is_told(reader: StoreReader) -> None:
    with pytest.raises(AggregateNotFound):
        reader.moments.recorded("nobody", format_timestamp(BEGIN))
