"""A timeline says which versions a store lacks, has twice, or took out of order."""

from pathlib import Path

from auditor.core.version_faults import Hole, RepeatedVersion, VersionFaults
from auditor.jobs import fold_history, show_state, show_timeline
from auditor.tasks.context import TaskContext
from tests.helpers.faulty_versions import write_faulty_store
from tests.helpers.sessions import ORIGIN, open_session


def timeline(path: Path, after: int = 0) -> show_timeline.TimelineResult:
    request = show_timeline.ShowTimelineRequest(origin=ORIGIN, aggregate_id="t-1", after=after)
    with open_session(path) as session:
        return show_timeline.run(session, request, TaskContext())


def test_holes_repeated_versions_and_disorder_are_shown(tmp_path: Path) -> None:
    path = write_faulty_store(tmp_path / "s.db", versions=[1, 2, 5, 5, 6], positions=[1, 4, 2, 3, 5])
    result = timeline(path)
    assert result.faults == VersionFaults(
        holes=(Hole(2, 3, 4),), repeated=(RepeatedVersion(4, 5),), strays=(3, 4)
    )
    assert "Versions 3 to 4 are not in the store." in result.notes
    document = result.document()
    assert document["holes"] == [{"after": 2, "first": 3, "last": 4}]
    assert document["repeated_versions"] == [{"ordinal": 4, "version": 5}]
    assert document["out_of_order"] == [3, 4]


def test_the_events_that_came_later_are_compared_with_the_one_before(tmp_path: Path) -> None:
    path = write_faulty_store(tmp_path / "s.db", versions=[1, 2, 5, 5, 6])
    assert timeline(path, after=2).faults.holes == (Hole(2, 3, 4),)
    assert timeline(path, after=3).faults == VersionFaults(repeated=(RepeatedVersion(4, 5),))
    assert timeline(path, after=4).faults == VersionFaults()


def test_a_sound_history_has_no_faults(tmp_path: Path) -> None:
    result = timeline(write_faulty_store(tmp_path / "s.db", versions=[1, 2, 3]))
    assert not any(result.faults)
    assert result.notes == ()


def test_a_state_behind_a_hole_is_incomplete_from_the_missing_version(tmp_path: Path) -> None:
    path = write_faulty_store(tmp_path / "s.db", versions=[1, 2, 5, 6])
    with open_session(path) as session:
        before, behind = (
            show_state.run(
                session,
                show_state.ShowStateRequest(origin=ORIGIN, aggregate_id="t-1", version=version),
                TaskContext(),
            )
            for version in (2, 5)
        )
        folded = fold_history.run(
            session, fold_history.FoldHistoryRequest(origin=ORIGIN, aggregate_id="t-1"), TaskContext()
        )
    assert (before.complete, before.incomplete_from, before.holes) == (True, None, ())
    assert (behind.complete, behind.incomplete_from) == (False, 3)
    document = behind.document()
    assert document["missing_versions"] == [[3, 4]]
    assert document["notes"] == ["Versions 3 to 4 are not in the store."]
    assert (folded.complete, folded.incomplete_from, folded.holes) == (False, 3, (Hole(2, 3, 4),))


def test_what_is_read_in_parts_is_judged_as_a_whole(tmp_path: Path) -> None:
    path = write_faulty_store(tmp_path / "s.db", versions=[1, 2, 5, 5, 6], positions=[1, 4, 2, 3, 5])
    with open_session(path) as session:
        history = session.history("t-1", "Thing")
        for up_to in range(1, 6):
            history.read(up_to, TaskContext())
            history.faults(up_to)
        assert history.faults(5) == timeline(path).faults
        assert history.faults(3) == VersionFaults(holes=(Hole(2, 3, 4),), strays=(3,))
        assert history.faults(2) == VersionFaults()
