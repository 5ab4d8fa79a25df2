from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest

from auditor.core.aggregate import AggregateRoot, Stamp
from auditor.core.errors import ModelError, UpcastError
from auditor.core.events import DomainEvent, Envelope, EventMetadata, recorded
from auditor.core.handlers import NoHandler
from auditor.core.payload import PayloadMismatch
from auditor.core.upcasting import Retired, Split, Upcaster, UpcasterChain


@dataclass(frozen=True)
class Opened:
    owner: str
    tags: list[str]
    schema_version = 2


@dataclass(frozen=True)
class Relabelled:
    owner: str
    schema_version = 2


@dataclass(frozen=True)
class Tagged:
    tag: str


@dataclass(frozen=True)
class Refused:
    why: str


@dataclass(frozen=True)
class Printed:
    pages: int


@dataclass(frozen=True)
class Unknown:
    pass


def tags_one_by_one(data: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    return [*(("Tagged", {"tag": tag}) for tag in data["tags"]), (data.get("last", "Printed"), {})]


class Account(AggregateRoot):
    ignores = frozenset({"Printed"})
    upcasters = UpcasterChain(
        [
            Upcaster("Opened", 1, lambda data: {"owner": data["name"], "tags": []}),
            Split(
                "ManyTagged", 1, tags_one_by_one, into={"Tagged": 1, "Printed": 1, "Unheard": 1, "Opened": 2}
            ),
            Retired("Faxed"),
        ]
    )

    def __init__(self, aggregate_id: str) -> None:
        super().__init__(aggregate_id)
        self.owner = ""
        self.tags: list[str] = []
        self.seen: list[int] = []

    def on_opened(self, event: Opened, envelope: Envelope) -> None:
        self.owner, self.tags = event.owner, event.tags
        self.seen.append(envelope.version)

    def on_relabelled(self, event: Relabelled) -> None:
        self.owner = event.owner

    def on_tagged(self, event: Tagged) -> None:
        self.tags.append(event.tag)

    def on_refused(self, event: Refused) -> None:
        raise RuntimeError(event.why)


def opened() -> Account:
    account = Account("a-1")
    account.apply(Opened("ada", ["x"]))
    return account


def test_a_new_aggregate_is_empty() -> None:
    account = Account("a-1")
    assert (account.id, account.version, account.uncommitted_events) == ("a-1", 0, ())


def test_applying_changes_the_state_and_keeps_the_event() -> None:
    account = opened()
    account.apply(Tagged("y"))
    account.apply(Printed(3))
    assert (account.owner, account.tags, account.seen, account.version) == ("ada", ["x", "y"], [1], 3)
    events = account.uncommitted_events
    assert [event.event_type for event in events] == ["Opened", "Tagged", "Printed"]
    assert [event.version for event in events] == [1, 2, 3]
    assert [event.metadata.schema_version for event in events] == [2, 1, 1]
    assert {(event.aggregate_id, event.aggregate_type) for event in events} == {("a-1", "Account")}
    account.clear_uncommitted_events()
    assert (account.uncommitted_events, account.version) == ((), 3)


def test_no_later_change_of_the_state_reaches_an_event() -> None:
    account = opened()
    account.apply(Tagged("y"))
    assert account.uncommitted_events[0].data == {"owner": "ada", "tags": ["x"]}
    again = Account("a-1")
    again.load_from_history(account.uncommitted_events)
    again.tags.append("z")
    assert account.uncommitted_events[0].data == {"owner": "ada", "tags": ["x"]}
    assert account.tags == ["x", "y"]


def test_replaying_gives_the_state_that_applying_gave() -> None:
    account = opened()
    account.apply(Tagged("y"))
    for history in (
        account.uncommitted_events,
        [recorded(event, n) for n, event in enumerate(account.uncommitted_events)],
    ):
        replayed = Account("a-1")
        replayed.load_from_history(history)
        assert (replayed.owner, replayed.tags, replayed.version) == ("ada", ["x", "y"], 2)
        assert replayed.uncommitted_events == ()


def test_old_events_are_upcast_and_stay_as_they_are() -> None:
    [event] = opened().uncommitted_events
    old = replace(event, data={"name": "bob"}, metadata=EventMetadata(correlation_id="c", schema_version=1))
    account = Account("a-1")
    account.load_from_history([old])
    assert (account.owner, old.data) == ("bob", {"name": "bob"})


def stored_as(
    event_type: str, data: dict[str, Any], *, schema_version: int = 1, version: int = 2
) -> DomainEvent:
    [event] = opened().uncommitted_events
    metadata = EventMetadata(correlation_id="c", schema_version=schema_version)
    return replace(event, event_type=event_type, data=data, version=version, metadata=metadata)


def test_a_split_event_is_applied_in_all_its_parts_and_counts_once() -> None:
    account = opened()
    account.load_from_history([stored_as("ManyTagged", {"tags": ["y", "z"]})])
    assert (account.tags, account.version) == (["x", "y", "z"], 2)


def test_a_split_event_with_a_part_that_nobody_handles_changes_nothing() -> None:
    account = opened()
    with pytest.raises(NoHandler, match="Unheard"):
        account.load_from_history([stored_as("ManyTagged", {"tags": ["y"], "last": "Unheard"})])
    assert account.tags == ["x"]


def test_a_split_event_with_a_part_that_does_not_fit_changes_nothing() -> None:
    account = opened()
    with pytest.raises(PayloadMismatch, match="Opened"):
        account.load_from_history([stored_as("ManyTagged", {"tags": ["y"], "last": "Opened"})])
    assert account.tags == ["x"]


def test_a_part_of_a_later_version_than_its_payload_class_states_is_unknown() -> None:
    """The chain leads further than the code that takes it."""

    class Later(Account):
        upcasters = UpcasterChain([Upcaster("Named", 1, dict, to_type="Relabelled", to_version=3)])

    account = Later("a-1")
    with pytest.raises(
        UpcastError, match=r"Named .*: Relabelled version 3 is unknown to this code, whose newest is"
    ):
        account.load_from_history([stored_as("Named", {"owner": "eve"})])
    assert account.owner == ""


def test_a_retired_event_changes_nothing_and_counts() -> None:
    account = opened()
    account.load_from_history([stored_as("Faxed", {"to": "nobody"}, schema_version=9)])
    assert (account.tags, account.version) == (["x"], 2)


def test_an_event_that_the_upcasters_cannot_read_is_named() -> None:
    account = opened()
    event = stored_as("Opened", {}, schema_version=3)
    with pytest.raises(UpcastError, match=f"Opened {event.event_id}, version 2 of 'a-1', schema version 3"):
        account.load_from_history([event])
    with pytest.raises(UpcastError, match="KeyError: 'name'"):
        account.load_from_history([recorded(stored_as("Opened", {}), 2)])
    assert (account.owner, account.version) == ("ada", 2)


def test_a_new_event_whose_class_forgot_its_version_is_not_taken_for_an_old_one() -> None:
    @dataclass(frozen=True)
    class Opened:
        owner: str
        tags: list[str]

    @dataclass(frozen=True)
    class Faxed:
        to: str

    @dataclass(frozen=True)
    class OpenedAtFirst:
        name: str
        event_type = "Opened"
        schema_version = 1

    account = Account("a-1")
    payload: Any
    for payload in (Opened("ada", []), Faxed("nobody")):
        with pytest.raises(ModelError, match="states none") as caught:
            account.apply(payload)
        assert "schema_version" in caught.value.hint
    assert account.uncommitted_events == ()
    account.apply(OpenedAtFirst("bob"))  # who says so may write as the code of the time did
    assert account.owner == "bob"


def test_a_new_event_whose_class_was_left_behind_by_its_upcasters_is_not_taken_for_an_old_one() -> None:
    @dataclass(frozen=True)
    class Priced:
        cents: int
        schema_version = 1

    class Shelf(AggregateRoot):
        upcasters = UpcasterChain([Upcaster("Priced", 1, lambda data: {"cents": data["cents"] * 100})])
        cents = 0

        def on_priced(self, event: Priced) -> None:
            self.cents = event.cents

    Shelf.on_priced.__annotations__["event"] = Priced  # else a name that only stands in this function
    shelf = Shelf("s-1")
    with pytest.raises(
        ModelError, match="Priced states schema version 1, and the upcasters of Shelf lead on"
    ):
        shelf.apply(Priced(5))
    assert (shelf.cents, shelf.uncommitted_events) == (0, ())


def test_a_version_beyond_the_one_that_the_payload_class_states_is_unknown() -> None:
    account = opened()
    account.load_from_history(
        [stored_as("Relabelled", {"owner": "bob"}, schema_version=number) for number in (1, 2)]
    )
    with pytest.raises(
        UpcastError, match="Relabelled version 3 is unknown to this code, whose newest is version 2"
    ):
        account.load_from_history([stored_as("Relabelled", {"owner": "eve"}, schema_version=3)])
    assert account.owner == "bob"
    # where a class states none, nothing is known of versions
    account.load_from_history([stored_as("Tagged", {"tag": "z"}, schema_version=9)])


@pytest.mark.parametrize(("event", "error"), [(Unknown(), NoHandler), (Refused("no"), RuntimeError)])
def test_an_event_that_cannot_be_applied_is_not_kept(event: Any, error: type[Exception]) -> None:
    account = opened()
    with pytest.raises(error):
        account.apply(event)
    assert (account.version, len(account.uncommitted_events)) == (1, 1)
    account.apply(Tagged("y"))
    assert account.uncommitted_events[-1].version == 2


def test_replay_goes_on_after_an_event_whose_handler_raised() -> None:
    account = opened()
    [event] = account.uncommitted_events
    account.clear_uncommitted_events()
    bad = replace(event, version=2, event_type="Refused", data={"why": "no"})
    with pytest.raises(RuntimeError):
        account.load_from_history([bad])
    assert account.version == 2


@pytest.mark.parametrize("event", [{"owner": "ada"}, "Opened", Opened, None, 7])
def test_only_dataclasses_are_typed_events(event: Any) -> None:
    with pytest.raises(TypeError, match="no event"):
        Account("a-1").apply(event)


def test_a_whole_event_must_be_the_next_one_of_this_aggregate() -> None:
    [event] = opened().uncommitted_events
    account = Account("a-1")
    for wrong in (replace(event, version=2), replace(event, aggregate_id="a-2")):
        with pytest.raises(ValueError, match="cannot follow"):
            account.apply(wrong)
    account.apply(event)
    assert account.uncommitted_events == (event,)


def test_the_stamp_is_on_every_event() -> None:
    moment, ids = datetime(2026, 3, 1, tzinfo=UTC), iter([UUID(int=1), UUID(int=2)])
    stamp = Stamp(
        now=lambda: moment, new_id=lambda: next(ids), correlation_id="c", causation_id="b", user_id="ada"
    )
    account = Account("a-1")
    account.stamp_with(stamp)
    account.apply(Opened("ada", []))
    account.apply(Tagged("y"))
    assert [event.event_id for event in account.uncommitted_events] == [UUID(int=1), UUID(int=2)]
    for event in account.uncommitted_events:
        assert event.timestamp == moment
        assert (event.metadata.correlation_id, event.metadata.causation_id) == ("c", "b")
        assert event.metadata.user_id == "ada"


def test_without_a_stamp_events_saved_together_are_one_chain_and_ids_rise() -> None:
    account = opened()
    for number in range(200):
        account.apply(Tagged(str(number)))
    events = account.uncommitted_events
    assert {event.metadata.correlation_id for event in events} == {str(events[0].event_id)}
    ids = [event.event_id for event in events]
    assert ids == sorted(set(ids))
    assert all(event.timestamp.utcoffset() is not None for event in events)

    account.clear_uncommitted_events()
    account.apply(Tagged("later"))
    [later] = account.uncommitted_events
    assert later.metadata.correlation_id == str(later.event_id)


def test_the_type_is_the_class_unless_it_says_otherwise() -> None:
    class Renamed(Account):
        aggregate_type = "Account"

    class Derived(Account):
        def on_unknown(self, event: Unknown) -> None:
            self.owner = "derived"

    assert (Account.type_name(), Renamed.type_name(), Derived.type_name()) == (
        "Account",
        "Account",
        "Derived",
    )
    derived = Derived("a-1")
    derived.apply(Unknown())
    derived.apply(Tagged("x"))
    assert (derived.owner, derived.tags) == ("derived", ["x"])
    assert isinstance(derived.uncommitted_events[0], DomainEvent)
