"""Payloads in JSON: exact, and nothing of them left out."""

import pytest

from auditor.core import exact_json
from auditor.core.events import RecordedEvent
from auditor.jobs.list_events import ListEventsResult, exact_member, user_of


def event(metadata: str = "{}", timestamp_text: str | None = None) -> RecordedEvent:
    time = "2026-03-01T12:00:00.000000Z"
    return RecordedEvent(7, "id", "a", "T", "Began", 3, time, timestamp_text, "[1.50]", metadata)


def test_what_a_value_cannot_say_is_there_as_text() -> None:
    assert exact_member("data", '{"n": 1}') == {"data": {"n": 1}}
    twice = exact_member("data", '{"n": 1, "n": 2}')
    assert (twice["data"], twice["data_text"]) == ({"n": 2}, '{"n": 1, "n": 2}')
    assert "n" in twice["data_problem"]
    broken = exact_member("metadata", "{")
    assert (broken["metadata"], broken["metadata_text"]) == (None, "{")
    assert broken["metadata_problem"]


@pytest.mark.parametrize(
    ("metadata", "user"),
    [
        ('{"user_id": "ada"}', "ada"),
        ('{"userId": "bob"}', "bob"),
        ('{"user_id": 7}', "7"),
        ("{}", None),
        ("[]", None),
        ("{", None),
        ("[" * 100_000, None),
    ],
)
def test_the_user_is_who_the_metadata_names(metadata: str, user: str | None) -> None:
    assert user_of(event(metadata)) == user


@pytest.mark.parametrize("known", [True, False])
def test_an_ordinal_is_told_where_it_is_known(known: bool) -> None:
    result = ListEventsResult(
        events=(event(timestamp_text="2026-03-01T13:00:00+01:00"),),
        more=False,
        after=None,
        ordinals_are_versions=known,
        notes=(),
        store_id="s",
        head=7,
    )
    (told,) = result.document()["events"]
    assert ("ordinal" in told) is known
    assert (told["version"], told["position"]) == (3, 7)
    assert told["timestamp_original"] == "2026-03-01T13:00:00+01:00"
    assert exact_json.dump(told["data"]) == "[1.50]"
