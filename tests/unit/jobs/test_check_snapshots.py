"""The application's snapshots are held against their events, by the model that states come from."""

from collections.abc import Callable
from pathlib import Path

import pytest

from auditor.core.snapshot import Snapshot
from auditor.jobs import check_snapshots
from auditor.jobs.check_snapshots import SnapshotCheck, SnapshotsResult, Verdict, verdict_text
from auditor.tasks.context import TaskContext
from tests.helpers.guest_code import write_module
from tests.helpers.sessions import ORIGIN, open_session
from tests.helpers.small_stores import write_store
from tests.helpers.snapshotted import ADDED, source_with, with_total, write_snapshotted
from tests.helpers.viewed_stores import trust
from tests.helpers.viewing import unchanged


def checked(path: Path, aggregate_id: str | None = "t-1", model: str | None = None) -> SnapshotsResult:
    request = check_snapshots.CheckSnapshotsRequest(origin=ORIGIN, aggregate_id=aggregate_id, model=model)
    with open_session(path) as session:
        return check_snapshots.run(session, request, TaskContext())


def one(path: Path, model: str | None = None) -> SnapshotCheck:
    (check,) = checked(path, model=model).checks
    return check


def test_a_snapshot_that_says_what_its_events_say_agrees(tmp_path: Path) -> None:
    path = write_snapshotted(tmp_path)
    with unchanged(tmp_path):
        check = one(path)
    assert (check.verdict, check.version, check.ordinal, check.changes) == (Verdict.AGREES, 3, 3, ())
    assert verdict_text(check) == "The snapshot at version 3 agrees with its events."


def test_one_that_disagrees_is_told_field_by_field(tmp_path: Path) -> None:
    result = checked(write_snapshotted(tmp_path, with_total(7)))
    (check,) = result.findings
    assert check.verdict is Verdict.DIFFERS
    assert check.changes == (("/total", "changed", "7", "6"),)
    assert verdict_text(check) == (
        "The snapshot at version 3 disagrees with its events: /total is 7, and 6 by the events."
    )
    assert result.document()["snapshots"][0]["changes"] == [
        {"path": "/total", "kind": "changed", "snapshot": 7, "events": 6}
    ]


def test_what_is_private_is_compared_too(tmp_path: Path) -> None:
    def altered(kept: Snapshot) -> Snapshot:
        return kept._replace(state=kept.state.replace('"_hidden":3', '"_hidden":4')).sealed()

    assert one(write_snapshotted(tmp_path, altered)).changes == (("/_hidden", "changed", "4", "3"),)


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        (lambda kept: kept._replace(state="{}"), "its checksum does not fit"),
        (lambda kept: kept._replace(event_id="x").sealed(), "the store has another event at that version"),
        (lambda kept: kept._replace(version=9).sealed(), "the store has no event of that version"),
        (lambda kept: kept._replace(version=0).sealed(), "there is no such version"),
        (lambda kept: kept._replace(aggregate_type="Other").sealed(), "it is of the aggregate type Other"),
    ],
)
def test_one_that_is_not_of_this_history_or_not_as_it_was_written_is_damaged(
    tmp_path: Path, changed: Callable[[Snapshot], Snapshot], why: str
) -> None:
    for model in (None, "merge"):
        check = one(write_snapshotted(tmp_path / str(model), changed), model)
        assert (check.verdict, check.why, check.is_finding) == (Verdict.DAMAGED, why, True)


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        (lambda kept: kept._replace(schema_version=2).sealed(), "schema version 2, and the code has 1"),
        (lambda kept: kept._replace(model="0" * 64).sealed(), "other code made it"),
    ],
)
def test_one_of_another_shape_or_of_other_code_is_not_compared_and_it_is_said_why(
    tmp_path: Path, changed: Callable[[Snapshot], Snapshot], why: str
) -> None:
    check = one(write_snapshotted(tmp_path, changed))
    assert (check.verdict, check.is_finding) == (Verdict.IGNORED, False)
    assert why in check.why


def test_newer_code_does_not_use_it(tmp_path: Path) -> None:
    path = write_snapshotted(tmp_path)
    write_module(tmp_path, source_with('self.total += 2 * event["by"]'), "things")
    trust(path)
    check = one(path)
    assert (check.verdict, check.why) == (Verdict.IGNORED, "other code made it")


def test_other_models_cannot_say(tmp_path: Path) -> None:
    path = write_snapshotted(tmp_path)
    check = one(path, model="merge")
    assert (check.verdict, check.is_finding) == (Verdict.NOT_COMPARED, False)
    assert "generic merge" in check.why
    write_module(tmp_path, "class Thing:\n    def on_added(self, event):\n        pass\n", "things")
    trust(path)
    assert one(path).verdict is Verdict.NOT_COMPARED


def test_an_event_that_ends_the_model_s_process_is_no_finding_about_the_snapshot(tmp_path: Path) -> None:
    path = write_snapshotted(tmp_path)
    write_module(tmp_path, "import os\n" + source_with('os._exit(1) if event["by"] == 2 else 0'), "things")
    trust(path)
    check = one(path)
    assert check.verdict is Verdict.NOT_COMPARED
    assert check.why == "an event before it ended the model's process"


def test_all_of_a_store_are_gone_through(tmp_path: Path) -> None:
    path = write_snapshotted(tmp_path, with_total(7))
    result = checked(path, aggregate_id=None)
    assert [(one.aggregate_id, one.verdict) for one in result.checks] == [("t-1", Verdict.DIFFERS)]
    assert result.after is None
    bare = write_store(tmp_path / "bare.db", {"t-1": ADDED})
    assert checked(bare, aggregate_id=None, model="merge").checks == ()


def test_one_with_too_many_events_before_it_is_left_to_the_terminal(tmp_path: Path) -> None:
    path = write_snapshotted(tmp_path, with_total(7))
    with open_session(path) as session:
        verdicts = []
        for most in (2, 3):
            request = check_snapshots.CheckSnapshotsRequest(origin=ORIGIN, aggregate_id="t-1", most=most)
            (check,) = check_snapshots.run(session, request, TaskContext()).checks
            verdicts.append(check.verdict)
    assert verdicts == [Verdict.NOT_COMPARED, Verdict.DIFFERS]
