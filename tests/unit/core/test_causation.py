"""What follows from an event says so: its chain, its cause, its user."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import ClassVar
from uuid import UUID

import pytest

from auditor.core.aggregate import Stamp, answering
from auditor.core.events import EventMetadata, recorded
from tests.helpers.new_events import new_event


@dataclass(frozen=True)
class Reminded:
    schema_version: ClassVar[int] = 2

    by: str


CAUSE = new_event("order-1", 1, metadata=EventMetadata(correlation_id="chain", user_id="ada"))


def links(stamp: Stamp) -> tuple[str | None, str | None, str | None]:
    return stamp.correlation_id, stamp.causation_id, stamp.user_id


def test_an_answer_is_in_the_chain_of_its_cause_and_keeps_its_user() -> None:
    assert links(answering(CAUSE)) == ("chain", str(CAUSE.event_id), "ada")
    assert links(answering(recorded(CAUSE, 7))) == ("chain", str(CAUSE.event_id), "ada")


def test_a_cause_without_a_correlation_id_begins_the_chain() -> None:
    cause = replace(CAUSE, metadata=EventMetadata(correlation_id=""))
    assert links(answering(cause)) == (str(cause.event_id), str(cause.event_id), None)


def test_the_user_may_be_another_or_nobody() -> None:
    assert answering(CAUSE, user_id="billing").user_id == "billing"
    assert answering(CAUSE, user_id=None).user_id is None
    assert Stamp(user_id="billing").caused_by(CAUSE).user_id == "billing"


def test_clock_and_ids_stay_those_of_the_stamp() -> None:
    moment = datetime(2026, 3, 1, tzinfo=UTC)
    stamp = Stamp(now=lambda: moment, new_id=lambda: UUID(int=9), correlation_id="other").caused_by(CAUSE)
    assert (stamp.now(), stamp.new_id(), stamp.correlation_id) == (moment, UUID(int=9), "chain")


def test_a_cause_of_another_store_need_not_have_a_uuid() -> None:
    cause = recorded(CAUSE, 1)._replace(event_id_text="evt-1", metadata_text="{}")
    assert links(answering(cause)) == ("evt-1", "evt-1", None)


def test_an_answer_is_a_whole_event() -> None:
    event = answering(CAUSE).make_event(Reminded("ada"), aggregate_id="r-1", aggregate_type="R", version=3)
    assert (event.aggregate_id, event.aggregate_type, event.version) == ("r-1", "R", 3)
    assert (event.event_type, event.data, event.metadata.schema_version) == ("Reminded", {"by": "ada"}, 2)
    assert (event.metadata.correlation_id, event.metadata.causation_id) == ("chain", str(CAUSE.event_id))
    [begun] = [Stamp().make_event(Reminded("x"), aggregate_id="r-1", aggregate_type="R", version=1)]
    assert begun.metadata.correlation_id == str(begun.event_id)


def test_what_is_no_payload_makes_no_event() -> None:
    with pytest.raises(TypeError, match="a dict is no event"):
        Stamp().make_event({}, aggregate_id="r-1", aggregate_type="R", version=1)
