"""auditor check, snapshots and compare-models: what is wrong, in words, in JSON, and as an exit code."""

from pathlib import Path

from tests.helpers.command_line import auditor
from tests.helpers.faulty_versions import write_faulty_store
from tests.helpers.modelled import COUNTING, write_things, write_workspace
from tests.helpers.snapshotted import with_total, write_snapshotted

RANDOM = f"    import random\n{COUNTING}".replace('event["name"]', "random.random()")


def test_a_sound_history_has_no_findings(tmp_path: Path) -> None:
    path = write_things(tmp_path, facts=[("Added", {"by": 1}), ("Seen", {})])
    ended = auditor("check", path, "t-1")
    assert ended.code == 0, ended
    for said in ("2 events, none missing", "all applied", "two more runs gave the same states"):
        assert said in ended.out
    assert "declared as ignored" in ended.out
    document = auditor("check", path, "t-1", "--json").json
    assert (document["findings"], document["unapplied"], document["snapshot"]) == (False, [], None)
    assert document["types"] == [
        {"event_type": "Added", "events": 1, "standing": "handled"},
        {"event_type": "Seen", "events": 1, "standing": "ignored"},
    ]
    assert document["repeatable"]["repeatable"] is True


def test_events_without_a_handler_differ_from_ignored_ones_and_from_those_that_raised(tmp_path: Path) -> None:
    path = write_things(tmp_path)
    ended = auditor("check", path, "t-1", "--quick")
    assert ended.code == 1, ended
    assert "2 not applied" in ended.out
    assert "1 event of 1 type has no handler: Unheard." in ended.out
    assert "1 event of 1 type is declared as ignored, and changes nothing: Seen." in ended.out
    assert "not checked" in ended.out
    document = auditor("check", path, "t-1", "--quick", "--json").json
    assert [(one["version"], one["kind"]) for one in document["unapplied"]] == [
        (4, "raised"),
        (5, "no_handler"),
    ]
    assert {one["event_type"]: one["standing"] for one in document["types"]} == {
        "Added": "handled",
        "Named": "handled",
        "Seen": "ignored",
        "Unheard": "unknown",
    }
    assert document["repeatable"] is None


def test_a_model_that_is_not_deterministic_is_a_finding(tmp_path: Path) -> None:
    path = write_things(tmp_path, RANDOM, [("Added", {"by": 1}), ("Named", {"name": "ada"})])
    ended = auditor("check", path, "t-1")
    assert ended.code == 1, ended
    assert "not deterministic. Two runs differ from event 2 (Named) on: /names/0." in ended.out
    assert auditor("check", path, "t-1", "--quick").code == 0


def test_versions_that_a_store_lacks_are_findings_and_said_with_every_state(tmp_path: Path) -> None:
    path = write_faulty_store(tmp_path / "s.db", versions=[1, 2, 5, 5])
    ended = auditor("check", path, "t-1")
    assert ended.code == 1, ended
    assert "Versions 3 to 4 are not in the store." in ended.out
    assert "Version 5 stands twice: event 4 has it too." in ended.out
    document = auditor("check", path, "t-1", "--json").json
    assert document["missing_versions"] == [[3, 4]]
    state = auditor("state", path, "t-1")
    assert "incomplete from version 3" in state.err
    assert "Versions 3 to 4 are not in the store." in state.err
    assert "no: incomplete from version 3" in state.out
    assert auditor("timeline", path, "t-1", "--json").json["holes"] == [{"after": 2, "first": 3, "last": 4}]


def test_snapshots_are_held_against_their_events(tmp_path: Path) -> None:
    sound = write_snapshotted(tmp_path / "sound")
    ended = auditor("snapshots", sound)
    assert ended.code == 0, ended
    assert "the same" in ended.out
    wrong = write_snapshotted(tmp_path / "wrong", with_total(7))
    for arguments in ((wrong,), (wrong, "t-1")):
        ended = auditor("snapshots", *arguments)
        assert ended.code == 1, ended
        assert "disagrees with its events: /total is 7, and 6 by the events." in ended.out
    (check,) = auditor("snapshots", wrong, "--json").json["snapshots"]
    assert (check["verdict"], check["version"]) == ("differs", 3)
    assert auditor("check", wrong, "t-1", "--quick").code == 1
    assert auditor("snapshots", wrong, "t-2").code == 2


def test_two_models_are_compared(tmp_path: Path) -> None:
    path = write_things(tmp_path / "old")
    same = auditor("compare-models", path, "t-1", "--with", "Thing")
    assert same.code == 0, same
    assert "The same at all 6 versions." in same.out
    other = write_workspace(tmp_path / "new", COUNTING.replace('event["by"]', 'event.get("by", 10)'))
    refused = auditor("compare-models", path, "t-1", "--with-workspace", other)
    assert refused.code == 4, refused
    sha256 = next(line for line in refused.err.splitlines() if len(line) == 64)
    arguments = ("compare-models", path, "t-1", "--with-workspace", other)
    ended = auditor(*arguments, "--trust-other-code", sha256)
    assert ended.code == 1, ended
    assert "3 of 6 versions differ, the first is 4." in ended.out
    assert "KeyError: 'by'" in ended.out
    document = auditor(*arguments, "--json").json
    assert document["first_differing_version"] == 4
    assert document["changes"] == [{"path": "/count", "kind": "changed", "a": 1, "b": 11}]
    assert [(one["version"], one["a"], one["b"]) for one in document["unapplied"]] == [
        (4, "KeyError: 'by'", None)
    ]
    assert auditor("compare-models", path, "t-1").code == 2
