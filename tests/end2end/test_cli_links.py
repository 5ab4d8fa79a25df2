"""`event … --links` as a child process."""

from pathlib import Path

from auditor.core.events import EventMetadata
from auditor.stores.native_store import EventStore
from tests.helpers.command_line import answer, auditor
from tests.helpers.new_events import new_event


def write_linked(path: Path) -> list[str]:
    """Order `o-1`, a payment that it caused, and 120 parcels that the payment caused; the order names a cause that is
    not there. The ids of the first two."""
    first = new_event("o-1", 1, metadata=EventMetadata(correlation_id="c-1", causation_id="gone"))
    second = new_event(
        "p-1",
        1,
        event_type="Captured",
        metadata=EventMetadata(correlation_id="c-1", causation_id=str(first.event_id)),
    )
    caused = EventMetadata(correlation_id="c-2", causation_id=str(second.event_id))
    with EventStore(f"sqlite:///{path}") as store:
        store.append("o-1", [first], 0)
        store.append("p-1", [second], 0)
        store.append("s-1", [new_event("s-1", n, metadata=caused) for n in range(1, 121)], 0)
    return [str(first.event_id), str(second.event_id)]


def test_the_tree_is_shown_and_what_is_left_out_can_be_asked_for(tmp_path: Path) -> None:
    store = tmp_path / "s.db"
    first, second = write_linked(store)
    shown = auditor("event", store, "p-1", "1", "--links")
    assert shown.code == 0
    assert "The causing event gone is not in this store." in shown.err
    assert "effects, 120" in shown.out
    assert f"… 20 more  --id {second} --links --after 102" in shown.out
    assert "correlation c-1, events: 2" in shown.out

    found = answer("event", store, "--id", first, "--links")
    assert found["causes"] == []
    assert found["causes_end"] == {"kind": "missing", "event_id": "gone"}
    (effect,) = found["effects"]
    assert (effect["event_id"], len(effect["effects"]), effect["more"]) == (second, 100, 20)
    further = answer("event", store, "--id", second, "--links", "--after", str(effect["after"]))
    assert [one["version"] for one in further["effects"]] == list(range(101, 121))
    assert [further["more"], further["after"]] == [0, None]
    shallow = answer("event", store, "--id", first, "--links", "--depth", "1", "--limit", "5")
    assert [one["more"] for one in shallow["effects"]] == [120]


def test_all_events_of_a_correlation_can_be_asked_for(tmp_path: Path) -> None:
    store = tmp_path / "s.db"
    write_linked(store)
    shown = auditor("event", store, "s-1", "1", "--links")
    assert "correlation c-2, events: 120" in shown.out
    [way] = [line for line in shown.out.splitlines() if "--correlated-after" in line]
    assert way.strip().startswith("… 20 more  --id ")
    options = way.split("more  ")[1].split()
    further = answer("event", store, *options)
    assert [one["version"] for one in further["correlated"]] == list(range(101, 121))
    assert further["more_correlated"] == 0


def test_options_that_would_be_left_unheard_are_exit_2(tmp_path: Path) -> None:
    store = tmp_path / "s.db"
    write_linked(store)
    for wrong in (
        ["--depth", "2"],
        ["--after", "0"],
        ["--correlated-after", "0"],
        ["--links", "--model", "merge"],
        ["--links", "--upcast"],
    ):
        ended = auditor("event", store, "o-1", "1", *wrong)
        assert (ended.code, ended.out) == (2, ""), wrong
