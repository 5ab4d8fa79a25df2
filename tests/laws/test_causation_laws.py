"""Causes and effects as they are found level by level are those that a walk over all events finds."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from hypothesis import given
from hypothesis import strategies as st

from auditor.core.causation import Bounds, Effect, NamedCause, causes_of, effects_of


@dataclass(frozen=True)
class Event:
    event_id: str


class Source:
    """Events by their number, each with the one that it names: another, itself, or one that is not there."""

    def __init__(self, causes: Sequence[int | None]) -> None:
        self.causes = {str(at): None if cause is None else str(cause) for at, cause in enumerate(causes)}
        self.questions = 0

    def named(self, event_id: str) -> NamedCause[Event]:
        return NamedCause(Event(event_id), self.causes[event_id])

    def by_id(self, event_id: str) -> NamedCause[Event] | None:
        return self.named(event_id) if event_id in self.causes else None

    def caused_by(self, event_id: str, after: int | None = None) -> list[Event]:
        found = [one for one, cause in self.causes.items() if cause == event_id]
        return [Event(one) for one in found if after is None or int(one) > after]

    def count_effects(self, event_ids: Sequence[str], after: int | None) -> Mapping[str, int]:
        self.questions += 1
        counts = {one: len(self.caused_by(one, after)) for one in event_ids}
        return {one: count for one, count in counts.items() if count}

    def effects(
        self, wanted: Mapping[str, int], counts: Mapping[str, int], after: int | None
    ) -> Mapping[str, Sequence[Event]]:
        self.questions += 1
        return {one: self.caused_by(one, after)[:most] for one, most in wanted.items()}


sources = st.lists(st.none() | st.integers(0, 24), min_size=1, max_size=22).map(Source)
bounds = st.builds(
    Bounds,
    causes=st.integers(0, 6),
    depth=st.integers(0, 6),
    breadth=st.integers(1, 5),
    total=st.integers(0, 25),
)


def walk(effect: Effect[Event]) -> Iterator[Effect[Event]]:
    yield effect
    for one in effect.effects:
        yield from walk(one)


@given(sources, bounds, st.data())
def test_every_effect_is_there_or_counted(source: Source, within: Bounds, data: st.DataObject) -> None:
    start = data.draw(st.sampled_from(sorted(source.causes)))
    event = source.named(start)
    causes = causes_of(source, event, 100)
    after = data.draw(st.none() | st.integers(0, 22))
    tree = effects_of(source, event.link, causes.chain, within, after)
    seen = {start, *(link.event_id for link in causes.chain)}
    below = list(walk(tree))[1:]
    assert len(below) <= within.total
    for effect in walk(tree):
        here = after if effect is tree else None
        all_of_it = source.caused_by(effect.link.event_id, here)
        assert [one.link for one in effect.effects] == all_of_it[: len(effect.effects)]
        if effect.repeats:
            assert effect.effects == ()
        else:
            assert len(effect.effects) + effect.more == len(all_of_it)
        assert len(effect.effects) <= within.breadth
    for effect in below:
        assert effect.repeats == (effect.link.event_id in seen)
        seen.add(effect.link.event_id)
    if within.depth > 22 and within.total > 22 and within.breadth > 22:
        assert not any(effect.more for effect in walk(tree))


@given(sources, st.data())
def test_without_bounds_all_that_follows_is_found(source: Source, data: st.DataObject) -> None:
    start = data.draw(st.sampled_from(sorted(source.causes)))
    tree = effects_of(source, Event(start), (), Bounds(depth=30, breadth=30, total=100))
    reached, pending = set(), [start]
    while pending:
        for one in source.caused_by(pending.pop()):
            if one.event_id not in reached:
                reached.add(one.event_id)
                pending.append(one.event_id)
    assert {effect.link.event_id for effect in list(walk(tree))[1:]} == reached
    assert not any(effect.more for effect in walk(tree))


@given(sources, st.integers(0, 30), st.data())
def test_the_chain_of_causes_ends_where_it_must(source: Source, most: int, data: st.DataObject) -> None:
    start = data.draw(st.sampled_from(sorted(source.causes)))
    found = causes_of(source, source.named(start), most)
    at, walked = source.causes[start], []
    while at is not None and at in source.causes and at != start and at not in walked:
        walked.append(at)
        at = source.causes[at]
    assert [link.event_id for link in found.chain] == walked[:most]
    if len(walked) > most:
        assert (found.end, found.end_id) == ("cut", walked[most])
    elif at is None:
        assert (found.end, found.end_id) == ("first", None)
    else:
        assert (found.end, found.end_id) == ("circle" if at in source.causes else "missing", at)


def test_a_wide_tree_costs_two_questions_a_level() -> None:
    source = Source([None, *(0 for _ in range(60)), *(1 + at for at in range(60))])
    tree = effects_of(source, Event("0"), (), Bounds(total=1000))
    assert len(list(walk(tree))) == 121
    assert source.questions == 5
