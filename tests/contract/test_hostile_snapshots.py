"""Snapshots that must not be used, or that say something else than their events."""

from collections.abc import Callable
from typing import Any

import pytest

from auditor.core.errors import AggregateNotFound
from auditor.core.snapshot import Snapshot
from auditor.demo import (
    Order,
)
from auditor.eventsourcing import (
    EventStore,
    SnapshotRepository,
    SnapshotWarning,
    verify_snapshots,
)
from tests.helpers.counters import Counter, counted, kept, plant, replay, verified
from tests.helpers.snapshots import everything

# -- what must not be used -------------------------------------------------------------------------------------


def broken_state(snapshot: Snapshot) -> Snapshot:
    return snapshot._replace(state=snapshot.state[:-1])


HOSTILE: dict[str, tuple[Callable[[Snapshot], Snapshot], str]] = {
    "schema version": (lambda s: s._replace(schema_version=2), "schema version 2, and the code has 1"),
    "model": (lambda s: s._replace(model="0" * 64), "other code made it"),
    "type": (lambda s: s._replace(aggregate_type="Order"), "of the aggregate type Order"),
    "newer than the last event": (lambda s: s._replace(version=9), "no event of that version"),
    "version 0": (lambda s: s._replace(version=0), "no such version"),
    "negative version": (lambda s: s._replace(version=-1), "no such version"),
    "another history": (lambda s: s._replace(event_id="x"), "another event at that version"),
    "cut off": (broken_state, "cannot be read"),
    "no JSON": (lambda s: s._replace(state="\x01"), "cannot be read"),
    "deep": (lambda s: s._replace(state="[" * 100_000), "cannot be read"),
    "no attributes": (lambda s: s._replace(state="[]"), "has no attributes"),
    "bookkeeping": (lambda s: s._replace(state='{"_version":5}'), "has no attributes"),
    "NaN": (lambda s: s._replace(state='{"total":NaN}'), "NaN is not a JSON number"),
    "unknown mark": (lambda s: s._replace(state='{"total":{"$pickle":"x"}}'), "no mark of a kept value"),
    "unknown class": (
        lambda s: s._replace(state='{"total":{"$object":["os:system",{}]}}'),
        "no class os:system",
    ),
    "wrong parts": (lambda s: s._replace(state='{"total":{"$object":["x"]}}'), "cannot be read"),
}


@pytest.mark.parametrize("what", HOSTILE)
def test_b066_a_snapshot_that_could_be_misread_is_ignored_and_told(
    store: EventStore, snapshots: SnapshotRepository, said: list[str], what: str
) -> None:
    change, reason = HOSTILE[what]
    snapshots.save(counted(store, 1, 2))
    counted(store, 4)
    planted = change(kept(store)).sealed()
    plant(store, planted)

    assert everything(snapshots.load("c-1", Counter)) == everything(replay(store))

    [sentence] = said
    assert sentence.startswith(f"The snapshot of 'c-1' at version {planted.version} was ignored: ")
    assert reason in sentence
    factories = {"Counter": Counter, "Order": Counter}
    [finding] = verify_snapshots(store, factories)
    assert (finding.aggregate_id, finding.version, finding.changes) == ("c-1", planted.version, ())
    assert reason in str(finding)


@pytest.mark.parametrize(
    "column", [name for name in Snapshot._fields if name not in ("checksum", "aggregate_id")]
)
def test_b066_a_damaged_column_is_noticed(
    store: EventStore, snapshots: SnapshotRepository, said: list[str], column: str
) -> None:
    snapshots.save(counted(store, 1, 2))
    found = getattr(kept(store), column)
    changed: Any = found + 1 if isinstance(found, int) else found.replace("3", "8") + "0"
    plant(store, kept(store)._replace(**{column: changed}))
    assert snapshots.load("c-1", Counter).total == 3
    assert len(said) == 1


def test_b066_damage_that_is_still_json_is_told_and_compared(
    store: EventStore, snapshots: SnapshotRepository, said: list[str]
) -> None:
    snapshots.save(counted(store, 1, 2))
    plant(store, kept(store)._replace(state=kept(store).state.replace(":3", ":8")))
    assert snapshots.load("c-1", Counter).total == 3
    assert "checksum" in said[0]
    [finding] = verified(store)
    assert "checksum" in str(finding)
    assert [(change.path, change.before, change.after) for change in finding.changes] == [("/total", 8, 3)]


def test_b066_a_snapshot_of_no_aggregate_is_told_and_hides_nothing(
    store: EventStore, snapshots: SnapshotRepository, said: list[str]
) -> None:
    snapshots.save(counted(store, 1))
    plant(store, kept(store)._replace(aggregate_id="ghost").sealed())
    with pytest.raises(AggregateNotFound):
        snapshots.load("ghost", Counter)
    assert len(said) == 1
    [finding] = verified(store)
    assert (finding.aggregate_id, finding.ignored) == ("ghost", "the store has no event of that version")


def test_b066_one_beyond_the_last_event_does_not_bar_the_way(
    store: EventStore, snapshots: SnapshotRepository
) -> None:
    snapshots.save(counted(store, 1, 2))
    plant(store, kept(store)._replace(version=1_000_000).sealed())
    assert snapshots.save(replay(store))
    assert kept(store).version == 2


def test_a_snapshot_of_a_history_that_was_taken_back_is_not_used_for_the_next_one(
    store: EventStore, snapshots: SnapshotRepository, said: list[str]
) -> None:
    snapshots.save(counted(store, 1, 2, 3))
    store._rows("DELETE FROM events WHERE version > 1 RETURNING version", ())
    store._rows("UPDATE streams SET version = 1 RETURNING version", ())
    counted(store, 10, 20)
    assert snapshots.load("c-1", Counter).total == 31
    assert "another event at that version" in said[0]


def test_a_warning_is_pythons_own_where_nobody_takes_it(store: EventStore) -> None:
    snapshots = SnapshotRepository(store)
    snapshots.save(counted(store, 1))
    plant(store, kept(store)._replace(model="x").sealed())
    with pytest.warns(SnapshotWarning, match="was ignored: other code made it"):
        snapshots.load("c-1", Counter)


# -- comparing -------------------------------------------------------------------------------------------------


def test_b065_a_snapshot_that_disagrees_is_named_with_its_fields(
    store: EventStore, snapshots: SnapshotRepository, said: list[str]
) -> None:
    snapshots.save(counted(store, 1, aggregate_id="a"))
    snapshots.save(counted(store, 1, 2, aggregate_id="b"))
    wrong = (
        kept(store, "b")
        ._replace(state='{"total":4,"last":{"$tuple":[2,"lost"]},"more":{"$tuple":[1]}}')
        .sealed()
    )
    assert store.snapshots.write(wrong)
    counted(store, 4, aggregate_id="b")
    [finding] = verified(store)
    assert (finding.aggregate_id, finding.aggregate_type, finding.version) == ("b", "Counter", 2)
    assert finding.ignored is None
    assert [(change.path, change.kind, change.before, change.after) for change in finding.changes] == [
        ("/total", "changed", 4, 3),
        ("/last/1", "changed", "lost", "counted"),
        ("/more", "removed", [1], None),
    ]
    assert "'b' at version 2 disagrees with its events: /total is 4, and 3 by the events" in str(finding)
    assert said == []


def test_b065_a_value_of_another_type_is_a_difference(
    store: EventStore, snapshots: SnapshotRepository
) -> None:
    snapshots.save(counted(store, 1))
    plant(store, kept(store)._replace(state='{"total":1,"last":[1,"counted"]}').sealed())
    [finding] = verified(store)
    assert finding.changes[0].path == "/last"


def test_a_type_without_a_model_is_told(store: EventStore, snapshots: SnapshotRepository) -> None:
    snapshots.save(counted(store, 1))
    [finding] = verify_snapshots(store, {"Order": Order})
    assert finding.ignored == "no model was given for its type"


def test_events_that_cannot_be_replayed_are_told(store: EventStore, snapshots: SnapshotRepository) -> None:
    snapshots.save(counted(store, 1))
    store._rows("UPDATE events SET data = '{}' RETURNING version", ())
    [finding] = verified(store)
    assert str(finding.ignored).startswith("its events cannot be replayed: PayloadMismatch")
