"""Runners that follow: what they project, for whom they wait, and how their writers read it; on every kind of store."""

import multiprocessing
import subprocess
import sys
from collections.abc import Callable

import pytest

from auditor.core.errors import NotYetProjected, ProjectionFailed, StoreBusy, StoreError, WrongRequest
from auditor.stores.native_store import EventStore
from auditor.stores.projection_runner import ProjectionRunner
from auditor.stores.read_model import ReadModel
from tests.helpers.command_line import environment
from tests.helpers.latest import Following, Latest, append, rows
from tests.helpers.many_processes import run_together
from tests.helpers.new_events import new_event
from tests.helpers.read_model_places import Ground

# -- following -------------------------------------------------------------------------------------------------------


def test_a_follower_projects_what_is_appended_and_its_writer_reads_it(
    store: EventStore, runner: ProjectionRunner, ground: Ground
) -> None:
    with Following(runner) as following:
        for version in range(1, 30):
            recorded = store.append("a", [new_event("a", version)], version - 1)
            assert runner.wait_for(recorded[-1].position, timeout=20) >= recorded[-1].position
            assert rows(ground)["a"] == version
    assert following.error is None
    assert (following.result.events, following.result.position, following.result.at_end) == (29, 29, True)


def test_a_follower_ends_at_the_event_that_fails(store: EventStore, runner: ProjectionRunner) -> None:
    with Following(runner) as following:
        append(store, "a", 1, 3)
        runner.wait_for(3, timeout=20)
        append(store, "a", 4, 4, event_type="Failed")
        following.thread.join(20)
    assert isinstance(following.error, ProjectionFailed)
    assert runner.position == 3


def test_a_rebuild_in_the_midst_of_following_takes_nothing_away(
    store: EventStore, runner: ProjectionRunner, ground: Ground
) -> None:
    with Following(runner) as following:
        version = 0
        for _ in range(5):
            version += 1
            append(store, "a", version, version)
            runner.wait_for(version, timeout=20)
            _patient(ProjectionRunner(store, Latest, ground.place).rebuild)
            version += 1
            append(store, "a", version, version)
            runner.wait_for(version, timeout=20)
            assert rows(ground) == {"a": version}
    assert following.error is None


def test_a_follower_sees_that_its_checkpoint_was_moved_back(
    store: EventStore, runner: ProjectionRunner, ground: Ground
) -> None:
    """As a read model that was restored from a backup."""
    append(store, "a", 1, 3)
    with Following(runner) as following:
        runner.wait_for(3, timeout=20)
        ground.run(
            "BEGIN",
            "UPDATE auditor_checkpoints SET position = 2, events = 2",
            "UPDATE latest SET number = 2",
            "COMMIT",
        )
        runner.wait_for(3, timeout=20)
    assert following.error is None
    assert rows(ground) == {"a": 3}


def test_two_followers_of_one_projection_take_turns(store: EventStore, ground: Ground) -> None:
    runners = [ProjectionRunner(store, Latest, ground.place, poll_seconds=0.01) for _ in range(2)]
    with Following(runners[0]) as one, Following(runners[1]) as other:
        for version in range(1, 60):
            append(store, "a", version, version)
            if version % 10 == 0:
                runners[0].wait_for(version, timeout=20)
        runners[0].wait_for(59, timeout=20)
    assert (one.error, other.error) == (None, None)
    assert one.result.events + other.result.events == 59
    assert rows(ground) == {"a": 59}


def _patient(work: Callable[[], object]) -> None:
    """A rebuild that comes in the midst of somebody's burst is refused and may be asked for again."""
    while True:
        try:
            work()
        except StoreBusy:
            continue
        return


# -- waiting and reading ---------------------------------------------------------------------------------------------

FOLLOWER = """
import sys
from auditor.eventsourcing import EventStore, ProjectionRunner, StopSignal
from tests.helpers.latest import Latest
with EventStore(sys.argv[1]) as store:
    ProjectionRunner(store, Latest, sys.argv[2], poll_seconds=0.02).follow(StopSignal())
"""


def test_waiting_works_from_another_process_than_the_runners(
    store: EventStore, store_url: str, runner: ProjectionRunner
) -> None:
    child = subprocess.Popen(
        [sys.executable, "-c", FOLLOWER, store_url, runner.target.address], env=environment()
    )
    try:
        with ReadModel(runner.target, Latest) as model:
            for version in range(1, 6):
                position = append(store, "a", version, version)
                assert runner.wait_for(position, timeout=30) == position
                assert model.get("latest", "a").first == {"id": "a", "number": version, "poison": None}
    finally:
        child.kill()
        child.wait()


def test_waiting_in_vain_says_how_far_it_came(store: EventStore, runner: ProjectionRunner) -> None:
    with pytest.raises(NotYetProjected, match="come to position 0, not to 3") as late:
        runner.wait_for(3, timeout=0)
    append(store, "a", 1, 2)
    runner.catch_up()
    with pytest.raises(NotYetProjected, match="come to position 2, not to 3") as late:
        runner.wait_for(3, timeout=0.05)
    assert (late.value.reached, late.value.wanted) == (2, 3)
    assert runner.wait_for(1, timeout=0) == 2


def test_answers_say_where_they_are_true(store: EventStore, runner: ProjectionRunner) -> None:
    with ReadModel(runner.target, Latest) as model:
        assert model.position == 0
        with pytest.raises(StoreError):
            model.find("latest")
        append(store, "a", 1, 3)
        append(store, "b", 1, 3)
        runner.catch_up()
        answer = model.find("latest", newest_first=("id",), number=3)
        assert ([row["id"] for row in answer.rows], answer.position, answer.store_id) == (
            ["b", "a"],
            6,
            store.store_id,
        )
        append(store, "b", 4, 4)
        runner.catch_up()
        assert model.get("latest", "b") == ([{"id": "b", "number": 4, "poison": None}], 7, store.store_id)
        assert model.get("latest", "c").first is None
        assert model.wait_for(7) == model.position == 7
        with pytest.raises(WrongRequest, match="no table"):
            model.find("other")
        with pytest.raises(WrongRequest, match="no column"):
            model.find("latest", nothing=1)
        with pytest.raises(WrongRequest, match="key of latest is id"):
            model.get("latest")


def test_after_a_fork_each_process_asks_for_itself(store: EventStore, runner: ProjectionRunner) -> None:
    append(store, "a", 1, 3)
    runner.catch_up()
    with ReadModel(runner.target, Latest) as model:
        assert model.get("latest", "a").position == 3
        run_together(ask_often, [(model,), (model,), (model,)])
        ask_often(model)


def ask_often(model: ReadModel) -> None:
    for number in range(50):
        found = model.get("latest", "a" if number % 2 else "b")
        assert [row["number"] for row in found.rows] == [3] * (number % 2)
    if multiprocessing.parent_process() is not None:
        model.close()  # its own; the parent's stays open
