"""Upcaster chains: what they make of events, and what they refuse."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from auditor.core import upcasting
from auditor.core.errors import ModelError, UpcastError
from auditor.core.events import DomainEvent, EventMetadata, RecordedEvent
from auditor.core.upcasting import Retired, Split, Upcast, Upcaster, UpcasterChain
from tests.helpers.guest_code import stored

Data = dict[str, Any]


def adding(**more: Any) -> Callable[[Data], Data]:
    return lambda data: {**data, **more}


def event(event_type: str, metadata_text: str, data: Any = None) -> RecordedEvent:
    return stored(7, event_type, data)._replace(metadata_text=metadata_text)


def at_version(event_type: str, schema_version: int, data: Any = None) -> RecordedEvent:
    return event(event_type, f'{{"schema_version":{schema_version}}}', data)


# -- what events become ------------------------------------------------------------------------------------


def test_steps_follow_each_other_from_the_version_an_event_has() -> None:
    chain = UpcasterChain([Upcaster("A", 2, adding(two=True)), Upcaster("A", 1, adding(one=True))])
    assert chain.upcast("A", 1, {}) == (Upcast("A", 3, {"one": True, "two": True}),)
    assert chain.upcast("A", 2, {}) == (Upcast("A", 3, {"two": True}),)
    assert chain.upcast("A", 3, {"x": 1}) == (Upcast("A", 3, {"x": 1}),)
    assert chain.upcast("B", 1, {"x": 1}) == (Upcast("B", 1, {"x": 1}),)


def test_a_step_may_rename_and_the_new_name_goes_on() -> None:
    chain = UpcasterChain([Upcaster("Old", 1, adding(a=1), to_type="New"), Upcaster("New", 2, adding(b=2))])
    assert chain.upcast("Old", 1, {}) == (Upcast("New", 3, {"a": 1, "b": 2}),)
    assert chain.upcast("New", 2, {}) == (Upcast("New", 3, {"b": 2}),)


def test_a_rename_says_which_version_of_the_new_type_it_makes() -> None:
    rename = Upcaster("Old", 4, adding(), to_type="New", to_version=1)
    chain = UpcasterChain([rename, Upcaster("New", 1, adding(n=1))])
    assert chain.upcast("Old", 4, {}) == (Upcast("New", 2, {"n": 1}),)


def place(data: Data) -> list[tuple[str, Data]]:
    return [
        ("Placed", {"by": data["by"]}),
        *(("ItemAdded", {"sku": sku}) for sku in data["skus"]),
        ("Noted", {}),
    ]


SPLIT = Split("Placed", 1, place, into={"Placed": 2, "ItemAdded": 1, "Noted": 3})


def test_a_split_gives_its_parts_in_order_and_each_goes_on_by_itself() -> None:
    chain = UpcasterChain([SPLIT, Upcaster("ItemAdded", 1, adding(count=1)), Retired("Noted")])
    assert chain.upcast("Placed", 1, {"by": "ada", "skus": ["x", "y"]}) == (
        Upcast("Placed", 2, {"by": "ada"}),
        Upcast("ItemAdded", 2, {"sku": "x", "count": 1}),
        Upcast("ItemAdded", 2, {"sku": "y", "count": 1}),
    )
    assert chain.upcast("Placed", 2, {"by": "bob"}) == (Upcast("Placed", 2, {"by": "bob"}),)


def test_a_split_may_give_no_part_at_all() -> None:
    chain = UpcasterChain([Split("Many", 1, lambda _: [], into={"One": 1})])
    assert chain.upcast("Many", 1, {}) == ()


@pytest.mark.parametrize("metadata_text", ["{}", '{"schema_version":9}', '{"schema_version":"x"}', "no JSON"])
def test_a_retired_type_becomes_nothing_whatever_its_version(metadata_text: str) -> None:
    reading = UpcasterChain([Retired("Noted")]).read(event("Noted", metadata_text))
    assert reading == ((), ("Noted is retired",))


def test_only_types_with_steps_and_retired_ones_are_handled() -> None:
    chain = UpcasterChain([Upcaster("Old", 1, adding(), to_type="New"), Retired("Noted")])
    assert chain.types == {"Old", "Noted"}
    assert [chain.handles(name) for name in ("Old", "Noted", "New")] == [True, True, False]
    assert not UpcasterChain().types


def test_the_newest_forms_are_known() -> None:
    chain = UpcasterChain([step("A", 1), step("Old", 1, "A", 2), Retired("Noted")])
    newest = {
        (name, at) for name in ("A", "Old", "Noted", "B") for at in (1, 2, 3) if chain.is_newest(name, at)
    }
    assert newest == {("A", 2), ("B", 1), ("B", 2), ("B", 3)}


def test_the_steps_that_were_taken_are_told() -> None:
    chain = UpcasterChain([SPLIT, Upcaster("ItemAdded", 1, adding()), Retired("Noted")])
    reading = chain.read(at_version("Placed", 1, {"by": "ada", "skus": ["x"]}))
    assert reading.events == chain.newest(at_version("Placed", 1, {"by": "ada", "skus": ["x"]}))
    assert reading.steps == (
        "Placed 1 → Placed 2 + ItemAdded 1 + Noted 3 (place)",
        "ItemAdded 1 → ItemAdded 2 (adding.lambda)",
        "Noted is retired",
    )


def test_a_step_changes_neither_the_stored_event_nor_that_of_another() -> None:
    def spoil(data: Data) -> Data:
        data["tags"].append("spoilt")
        return {"tags": data.pop("tags")}

    chain = UpcasterChain([Upcaster("A", 1, spoil)])
    made = DomainEvent(
        event_id=stored(1, "A").event_id,
        aggregate_id="a-1",
        aggregate_type="Thing",
        event_type="A",
        version=1,
        timestamp=stored(1, "A").timestamp,
        data={"tags": []},
        metadata=EventMetadata(correlation_id="c"),
    )
    for one in (made, stored(1, "A", {"tags": []})):
        assert chain.newest(one) == (Upcast("A", 2, {"tags": ["spoilt"]}),)
        assert chain.newest(one) == (Upcast("A", 2, {"tags": ["spoilt"]}),)
        assert one.data == {"tags": []}


# -- what is refused when the chain is made ----------------------------------------------------------------


def step(event_type: str, version: Any, to_type: str | None = None, to_version: Any = None) -> Upcaster:
    return Upcaster(event_type, version, adding(), to_type, to_version)


def split(event_type: str, version: Any, **into: Any) -> Split:
    return Split(event_type, version, lambda data: [(event_type, data)], into)


WRONG: dict[str, tuple[list[Any], str]] = {
    "two steps from one version": ([step("A", 1), step("A", 1, "B")], "Two upcasters"),
    "a step and a split from one version": ([step("A", 1), split("A", 1, A=2)], "Two upcasters"),
    "hole": ([step("A", 1), step("A", 3)], "A version 2"),
    "hole between steps that leave the type": ([step("A", 1, "B"), step("A", 3, "B")], "A version 2"),
    "hole after a rename": ([step("A", 1, "B"), step("B", 3)], "B version 2"),
    "hole after a split": ([split("A", 1, B=1), step("B", 2)], "B version 1"),
    "beyond the newest": ([step("A", 5, "B"), step("B", 1)], "B version 6, and the upcasters of B end at 2"),
    "beyond what is left": ([step("A", 5, "B"), step("B", 1, "C")], "end at 1"),
    "renamed into itself": ([step("A", 1, "A")], "circle"),
    "circle of two": ([step("A", 1, "B"), step("B", 2, "A")], "circle"),
    "circle by a later step": ([step("A", 1, "B"), step("B", 2), step("B", 3, "A")], "circle"),
    "circle of three": ([step("A", 1, "B"), step("B", 2, "C"), step("C", 3, "A")], "circle"),
    "circle through a split": ([split("A", 1, A=2, B=1), step("B", 1, "A", 2)], "circle"),
    "circle of splits": ([split("A", 1, B=1, C=1), split("C", 1, D=1), split("D", 1, A=1)], "circle"),
    "a part of its own version": ([split("A", 1, A=1)], "its version 1"),
    "a part of a far version": ([split("A", 1, A=3)], "its version 3"),
    "a far version under the same name": ([step("A", 1, None, 3)], "its version 3"),
    "back to an earlier version": ([step("A", 2, None, 1)], "its version 1"),
    "never reached: version 0": ([step("A", 0)], "No event reaches"),
    "never reached: version -1": ([step("A", -1)], "No event reaches"),
    "never reached: version true": ([step("A", True)], "No event reaches"),
    "never reached: version as text": ([split("A", "1", A=2)], "No event reaches"),
    "never reached: retired": ([step("A", 1), Retired("A")], "retired, so that no event reaches"),
    "retired twice": ([Retired("A"), Retired("A")], "retired twice"),
    "leads to version 0": ([step("A", 1, "B", 0)], "leads to B version 0"),
    "leads to a version as text": ([split("A", 1, B="2")], "leads to B version '2'"),
    "a split into nothing": ([split("A", 1)], "into which types"),
    "no step at all": ([("A", 1)], "not of tuple"),
}


@pytest.mark.parametrize("what", WRONG)
def test_a_wrong_chain_is_refused_when_it_is_made(what: str) -> None:
    steps, sentence = WRONG[what]
    for order in (steps, steps[::-1]):
        with pytest.raises(ModelError, match=sentence):
            UpcasterChain(order)


# -- what is refused of an event ---------------------------------------------------------------------------


def raising(_: Data) -> Any:
    raise KeyError("tracking")


def giving(value: Any) -> Callable[[Data], Any]:
    return lambda _: value


CHAIN = UpcasterChain(
    [Upcaster("A", 2, adding()), Upcaster("A", 3, raising), Upcaster("Gone", 1, adding(), "New")]
)
FINDINGS: dict[str, tuple[UpcasterChain, RecordedEvent, str]] = {
    "before the first step": (CHAIN, at_version("A", 1), "no upcaster leads on from A version 1"),
    "newer than known": (
        CHAIN,
        at_version("A", 5),
        "A version 5 is unknown to this code, whose newest is version 4",
    ),
    "newer than the last under its name": (CHAIN, at_version("Gone", 2), "unknown to this code"),
    "a step raises": (CHAIN, at_version("A", 2), "raising from A version 3 raised KeyError: 'tracking'"),
    "metadata that is no JSON": (CHAIN, event("A", "{"), "its metadata is no JSON"),
    "data that is no object": (CHAIN, at_version("A", 2, "[1]"), "the data is a list"),
    **{
        f"version {odd}": (CHAIN, event("A", f'{{"schemaVersion":{odd}}}'), "no whole number from 1 on")
        for odd in ("0", "-1", '"2"', "true", "2.0", "[]")
    },
    **{
        f"a step gives {value!r}": (
            UpcasterChain([Upcaster("A", 1, giving(value))]),
            at_version("A", 1),
            f"gave {said}",
        )
        for value, said in ((None, "nothing"), ([], "a list"), ("x", "a str"))
    },
    **{
        f"a split gives {value!r}".partition(" object at ")[0]: (
            UpcasterChain([Split("A", 1, giving(value), {"B": 1})]),
            at_version("A", 1),
            said,
        )
        for value, said in (
            (None, "gave nothing"),
            ({"B": {}}, "gave a dict"),
            (iter(()), "gave a tuple_iterator"),
            (["B"], "gave a str as a part"),
            ([("B", None)], "gave a tuple as a part"),
            ([("B", {}, 1)], "gave a tuple as a part"),
            ([("C", {})], "of type C, which its `into` does not name"),
        )
    },
}


@pytest.mark.parametrize("what", FINDINGS)
def test_an_event_that_cannot_be_read_is_named_with_the_reason(what: str) -> None:
    chain, one, finding = FINDINGS[what]
    with pytest.raises(UpcastError) as caught:
        chain.newest(one)
    error = caught.value
    assert finding in error.finding
    assert error.finding in error.message
    for named in (one.event_type, one.event_id_text, "'a-1'", "version 7"):
        assert named in error.message


def test_a_finding_knows_the_schema_version_the_steps_before_and_the_cause() -> None:
    with pytest.raises(UpcastError, match="schema version 2, cannot be upcast") as caught:
        CHAIN.newest(at_version("A", 2))
    assert (caught.value.schema_version, caught.value.steps) == (2, ("A 2 → A 3 (adding.lambda)",))
    assert isinstance(caught.value.__cause__, KeyError)
    with pytest.raises(UpcastError, match="schema version unknown"):
        CHAIN.newest(event("A", '{"schema_version":"2"}'))


def test_an_event_without_schema_version_has_the_first() -> None:
    chain = UpcasterChain([Upcaster("A", 1, adding(one=True))])
    for metadata_text in ("{}", "null", "[]", '{"schema_version":null}'):
        assert chain.newest(event("A", metadata_text)) == (Upcast("A", 2, {"one": True}),)


def test_versions_given_in_code_are_looked_at_too() -> None:
    odd: Any
    for odd in (True, 0, "2"):
        with pytest.raises(UpcastError, match="no whole number"):
            UpcasterChain([Upcaster("A", 1, adding())]).upcast("A", odd, {})


def test_running_out_of_memory_is_no_finding() -> None:
    def hungry(_: Data) -> Data:
        raise MemoryError

    with pytest.raises(MemoryError):
        UpcasterChain([Upcaster("A", 1, hungry)]).newest(at_version("A", 1))


def test_splits_of_splits_end_at_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(upcasting, "MOST_STEPS", 50)
    doubling = [
        Split("A", version, lambda data: [("A", data)] * 2, {"A": version + 1}) for version in range(1, 21)
    ]
    with pytest.raises(UpcastError, match="more than 50 upcasting steps"):
        UpcasterChain(doubling).newest(at_version("A", 1))
    assert len(UpcasterChain(doubling).newest(at_version("A", 17))) == 2**4


def test_a_domain_event_is_named_too() -> None:
    made = DomainEvent(
        event_id=stored(3, "A").event_id,
        aggregate_id="a-9",
        aggregate_type="Thing",
        event_type="A",
        version=3,
        timestamp=stored(3, "A").timestamp,
        data={},
        metadata=EventMetadata(correlation_id="c", schema_version=9),
    )
    with pytest.raises(UpcastError, match=f"A {made.event_id}, version 3 of 'a-9', schema version 9"):
        CHAIN.newest(made)
    with pytest.raises(UpcastError, match="no whole number"):
        CHAIN.newest(replace(made, metadata=EventMetadata(correlation_id="c", schema_version=0)))
