"""What is stored, and what the model reads it as."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from auditor.core.errors import NotTrusted, WrongRequest
from auditor.jobs import fold_history, show_event, show_state, show_upcast
from auditor.jobs.session import Session
from auditor.tasks.context import TaskContext
from tests.helpers.old_events import FAILING, NEWER, ODD, OLD, PLAIN, RETIRED, SPLIT, write_old_events
from tests.helpers.sessions import ORIGIN, open_session
from tests.helpers.viewed_stores import trust

CONTEXT = TaskContext()


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    store = write_old_events(tmp_path)
    trust(store)
    with open_session(store) as opened:
        yield opened


def upcast(session: Session, version: int, model: str | None = None) -> show_upcast.UpcastResult:
    request = show_upcast.ShowUpcastRequest(origin=ORIGIN, aggregate_id="t-1", version=version, model=model)
    return show_upcast.run(session, request, CONTEXT)


def as_part(event_type: str, schema_version: int, **data: Any) -> dict[str, Any]:
    return {"event_type": event_type, "schema_version": schema_version, "data": data}


STEPS = {
    OLD: ([as_part("Opened", 2, owner="ada")], ["Opened 1 → Opened 2 (take_the_name_as_owner)"]),
    SPLIT: (
        [
            as_part("Opened", 2, owner="bob"),
            as_part("Tagged", 1, tag="red"),
            as_part("Tagged", 1, tag="blue"),
        ],
        ["Begun 1 → Opened 2 + Tagged 1 (one_by_one)"],
    ),
    RETIRED: ([], ["Faxed is retired"]),
}


@pytest.mark.parametrize("version", STEPS)
def test_both_forms_are_there_and_the_steps_between_them(session: Session, version: int) -> None:
    result = upcast(session, version)
    events, steps = STEPS[version]
    assert result.upcast_document() == {
        "model": result.model._asdict(),
        "is_upcast": True,
        "events": events,
        "steps": steps,
        "finding": None,
    }
    assert result.model.name == "Thing"
    request = show_event.ShowEventRequest(origin=ORIGIN, aggregate_id="t-1", version=version)
    stored = show_event.run(session, request, CONTEXT)
    assert result.stored == stored
    assert result.document() == {**stored.document(), "upcast": result.upcast_document()}


FINDINGS = {
    FAILING: "the upcaster take_the_name_as_owner from Opened version 1 raised KeyError: 'name'",
    NEWER: "Opened version 9 is unknown to this code, whose newest is version 2",
    ODD: "its schema version is no whole number from 1 on",
}


@pytest.mark.parametrize("version", FINDINGS)
def test_an_event_that_cannot_be_read_is_told_and_is_missing_in_the_state(
    session: Session, version: int
) -> None:
    result = upcast(session, version)
    assert (result.events, result.finding) == ((), FINDINGS[version])
    request = show_state.ShowStateRequest(origin=ORIGIN, aggregate_id="t-1", version=version)
    state = show_state.run(session, request, CONTEXT)
    assert (state.unapplied[-1].version, state.unapplied[-1].reason) == (version, FINDINGS[version])
    assert state.state_text == '{"owner":"bob","tags":["red","blue"],"plain":0}'


def test_what_is_odd_about_a_schema_version_is_said(session: Session) -> None:
    said = {version: upcast(session, version).stored.schema_said for version in (OLD, SPLIT, ODD)}
    assert said == {
        OLD: "1, since none is stored",
        SPLIT: "1",
        ODD: '"2", which is no whole number from 1 on',
    }
    assert upcast(session, ODD).stored.schema_version is None


def test_a_type_without_upcasters_and_the_merge_are_read_as_stored(session: Session) -> None:
    plain = upcast(session, PLAIN)
    assert (plain.is_upcast, plain.steps, plain.upcast_document()["events"]) == (
        False,
        (),
        [as_part("Plain", 3, x=15)],
    )
    merged = upcast(session, OLD, "merge")
    assert (merged.model.kind, merged.is_upcast) == ("merge", False)
    assert merged.upcast_document()["events"] == [as_part("Opened", 1, name="ada")]
    with pytest.raises(WrongRequest, match="no model 'Nobody'"):
        upcast(session, OLD, "Nobody")


def test_a_fold_knows_which_types_its_model_reads_otherwise(session: Session) -> None:
    for model, types in ((None, {"Opened", "Begun", "Faxed"}), ("merge", set())):
        request = fold_history.FoldHistoryRequest(origin=ORIGIN, aggregate_id="t-1", model=model)
        assert fold_history.run(session, request, CONTEXT).upcast_types == types


def test_code_that_is_not_trusted_is_not_run(tmp_path: Path) -> None:
    with open_session(write_old_events(tmp_path)) as session:
        with pytest.raises(NotTrusted):
            upcast(session, OLD)
        assert not upcast(session, OLD, "merge").is_upcast
