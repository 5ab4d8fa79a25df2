"""Causes and effects across aggregates, on every database."""

from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import create_engine, delete

from auditor.core.causation import Effect
from auditor.core.errors import Cancelled, WrongRequest
from auditor.core.events import DomainEvent, EventMetadata
from auditor.eventsourcing import EventStore
from auditor.jobs import show_links
from auditor.jobs.session import Session
from auditor.jobs.show_links import LinksResult
from auditor.stores.native_schema import events
from auditor.tasks.cancel import CancelToken
from auditor.tasks.context import TaskContext
from tests.helpers.new_events import new_event
from tests.helpers.sessions import ORIGIN, open_session

Ask = Callable[..., LinksResult]


def event_id(number: int) -> UUID:
    return UUID(f"00000000-0000-7000-8000-{number:012d}")


def caused(number: int, aggregate_id: str, version: int, cause: int | str | None) -> DomainEvent:
    named = str(event_id(cause)) if isinstance(cause, int) else cause
    metadata = EventMetadata(correlation_id="c-1", causation_id=named)
    return new_event(aggregate_id, version, event_id=event_id(number), metadata=metadata)


@pytest.fixture
def write(store_url: str) -> Callable[..., None]:
    """Events of some aggregates, in the order of their numbers."""

    def written(*events: DomainEvent) -> None:
        with EventStore(store_url) as store:
            for event in events:
                store.append(event.aggregate_id, [event], event.version - 1)

    return written


@pytest.fixture
def ask(store_url: str) -> Iterator[Ask]:
    opened: list[Session] = []

    def asked(number: int, **more: Any) -> LinksResult:
        opened[:] = opened or [open_session(store_url)]
        request = show_links.ShowLinksRequest(origin=ORIGIN, event_id=str(event_id(number)), **more)
        return show_links.run(opened[0], request, TaskContext())

    yield asked
    for session in opened:
        session.close()


def number_of(link: Any) -> int:
    return int(link.event_id[-12:])


def tree(effect: Effect[Any]) -> dict[int, Any]:
    return {number_of(one.link): tree(one) for one in effect.effects}


def test_a_tree_leads_across_aggregates_from_the_first_cause_to_the_last_effect(
    write: Callable[..., None], ask: Ask
) -> None:
    write(
        caused(1, "o-1", 1, None),
        caused(2, "p-1", 1, 1),
        caused(3, "o-1", 2, 2),
        caused(4, "s-1", 1, 3),
        caused(5, "s-2", 1, 3),
        caused(6, "o-1", 3, 5),
    )
    found = ask(3)
    assert [number_of(link) for link in found.causes.chain] == [2, 1]
    assert found.causes.end == "first"
    assert tree(found.tree) == {4: {}, 5: {6: {}}}
    assert [(link.aggregate_id, link.version, link.ordinal) for link in found.causes.chain] == [
        ("p-1", 1, 1),
        ("o-1", 1, 1),
    ]
    assert [number_of(link) for link in found.correlated] == [1, 2, 3, 4, 5, 6]
    assert (found.correlation_id, found.more_correlated) == ("c-1", 0)
    assert tree(ask(1, depth=2).tree) == {2: {3: {}}}
    assert ask(1, depth=2).tree.effects[0].effects[0].more == 2


def test_a_cause_that_is_not_there_is_named(write: Callable[..., None], ask: Ask) -> None:
    write(caused(1, "o-1", 1, "gone"), caused(2, "o-1", 2, 1))
    found = ask(2)
    assert [number_of(link) for link in found.causes.chain] == [1]
    assert (found.causes.end, found.causes.end_id) == ("missing", "gone")
    assert found.end_said() == "The causing event gone is not in this store."
    assert found.document()["causes_end"] == {"kind": "missing", "event_id": "gone"}


def test_what_goes_round_in_a_circle_is_said_and_not_followed(write: Callable[..., None], ask: Ask) -> None:
    write(caused(1, "o-1", 1, 3), caused(2, "o-2", 1, 1), caused(3, "o-3", 1, 2), caused(4, "o-4", 1, 4))
    found = ask(2)
    assert [number_of(link) for link in found.causes.chain] == [1, 3]
    assert found.causes.end == "circle"
    assert "go round in a circle" in found.end_said()
    assert tree(found.tree) == {3: {}}
    assert found.tree.effects[0].repeats
    itself = ask(4)
    assert itself.end_said() == "This event names itself as its cause."
    assert [one.repeats for one in itself.tree.effects] == [True]


def test_of_five_thousand_effects_the_first_come_and_the_rest_by_hundreds(store_url: str, ask: Ask) -> None:
    with EventStore(store_url) as store:
        store.append("o-1", [caused(1, "o-1", 1, None)], 0)
        effects = [caused(1 + n, "o-2", n, 1) for n in range(1, 5001)]
        store.append("o-2", effects, 0)
    found = ask(1)
    assert (len(found.tree.effects), found.tree.more) == (100, 4900)
    assert (len(found.correlated), found.more_correlated) == (100, 4901)
    last = found.tree.effects[-1].link
    further = ask(1, after=last.position)
    assert further.tree.effects[0].link.ordinal == last.ordinal + 1
    assert (len(further.tree.effects), further.tree.more) == (100, 4800)
    assert found.document()["after"] == last.position
    others = ask(1, correlated_after=found.correlated[-1].position)
    assert (others.correlated[0].ordinal, others.more_correlated) == (100, 4801)


def test_a_budget_bounds_the_tree_and_what_is_left_out_is_counted(
    write: Callable[..., None], ask: Ask
) -> None:
    write(
        caused(1, "o-1", 1, None),
        *(caused(number, "o-2", number - 1, 1) for number in range(2, 6)),
        *(caused(number, "o-3", number - 5, 2) for number in range(6, 10)),
    )
    found = ask(1, most=6)
    assert tree(found.tree) == {2: {6: {}, 7: {}}, 3: {}, 4: {}, 5: {}}
    assert found.tree.effects[0].more == 2


def test_where_versions_have_holes_ordinals_are_counted(
    store_url: str, write: Callable[..., None], ask: Ask
) -> None:
    write(
        caused(1, "o-1", 1, None), caused(2, "o-2", 1, None), caused(3, "o-2", 2, 1), caused(4, "o-2", 3, 1)
    )
    engine = create_engine(store_url)
    with engine.begin() as connection:
        connection.execute(delete(events).where(events.c.aggregate_id == "o-2", events.c.version == 2))
    engine.dispose()
    assert [(one.link.version, one.link.ordinal) for one in ask(1).tree.effects] == [(3, 2)]


def test_what_is_asked_wrongly_and_what_is_cancelled_raise(
    store_url: str, write: Callable[..., None]
) -> None:
    write(caused(1, "o-1", 1, None))
    with open_session(store_url) as session:
        with pytest.raises(WrongRequest, match="No event of this store has the id"):
            show_links.run(
                session, show_links.ShowLinksRequest(origin=ORIGIN, event_id="nobody"), TaskContext()
            )
        with pytest.raises(WrongRequest, match="No single event is named"):
            show_links.run(session, show_links.ShowLinksRequest(origin=ORIGIN), TaskContext())
        token = CancelToken()
        token.cancel()
        with pytest.raises(Cancelled):
            show_links.run(
                session,
                show_links.ShowLinksRequest(origin=ORIGIN, aggregate_id="o-1", version=1),
                TaskContext(token=token),
            )
