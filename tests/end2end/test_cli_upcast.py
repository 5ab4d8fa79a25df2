"""`event … --upcast` as a child process: what is stored, and what the model reads it as."""

import re
from pathlib import Path

from tests.helpers.command_line import answer, auditor
from tests.helpers.old_events import FAILING, OLD, PLAIN, RETIRED, write_old_events
from tests.helpers.small_stores import write_store


def test_both_forms_of_an_event_are_shown_by_trusted_code(tmp_path: Path) -> None:
    store = write_old_events(tmp_path)
    refused = auditor("event", store, "t-1", str(OLD), "--upcast")
    (sha256,) = re.findall(r"(?m)^[0-9a-f]{64}$", refused.err)
    assert (refused.code, refused.out) == (4, "")
    event = answer("event", store, "t-1", str(OLD), "--upcast", "--trust-code", sha256)
    assert event["data"] == {"name": "ada"}
    assert event["upcast"]["events"] == [
        {"event_type": "Opened", "schema_version": 2, "data": {"owner": "ada"}}
    ]

    shown = auditor("event", store, "t-1", str(OLD), "--upcast").out
    for part in (
        '"name": "ada"',
        "schema       1, since none is stored",
        "steps    Opened 1 → Opened 2 (take_the_name_as_owner)",
        "Opened, schema version 2",
        '"owner": "ada"',
    ):
        assert part in shown
    retired = auditor("event", store, "t-1", str(RETIRED), "--upcast").out
    assert "becomes  nothing: the model takes no change from it" in retired
    plain = auditor("event", store, "t-1", str(PLAIN), "--upcast").out
    assert "becomes  what is stored: the model has no upcasters for this type" in plain
    failing = auditor("event", store, "t-1", str(FAILING), "--upcast")
    assert failing.code == 0
    assert "Thing cannot read this event: the upcaster take_the_name_as_owner" in failing.err
    assert '"nick": "eve"' in failing.out
    assert "raised KeyError: 'name'" in failing.out


def test_what_is_asked_wrongly_is_exit_2(tmp_path: Path) -> None:
    store = write_store(tmp_path / "s.db", {"one": [("Began", {"n": 1})]})
    for wrong in (["--model", "merge"], ["--upcast", "--model", "Nobody"]):
        ended = auditor("event", store, "one", "1", *wrong, "--json")
        assert (ended.code, ended.out) == (2, "")
        assert ended.error["hint"]
