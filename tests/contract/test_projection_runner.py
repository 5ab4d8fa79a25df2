"""What a library user's runner does: catch up, follow, wait, and what it refuses; on every kind of store."""

import importlib
from pathlib import Path

import pytest

from auditor.core.errors import (
    ModelError,
    NotYetProjected,
    ProjectionFailed,
    RebuildNeeded,
    StoreBusy,
    StoreError,
    WrongRequest,
)
from auditor.core.projection import Projection
from auditor.core.stopping import StopSignal
from auditor.stores.native_store import EventStore
from auditor.stores.projection_runner import ProjectionRunner
from auditor.stores.read_model_target import ReadModelTarget
from tests.helpers.latest import Following, Latest, append, rows
from tests.helpers.read_model_places import Ground

# -- catching up -----------------------------------------------------------------------------------------------------


def test_catching_up_makes_the_tables_and_goes_on_where_it_was(
    store: EventStore, runner: ProjectionRunner, ground: Ground
) -> None:
    assert runner.position == 0
    append(store, "a", 1, 700)
    first = runner.catch_up()
    assert (first.began, first.position, first.events, first.made, first.at_end) == (0, 700, 700, True, True)
    assert first.rows >= 1
    assert runner.position == 700
    head = append(store, "b", 1, 5)
    second = runner.catch_up()
    assert (second.began, second.position, second.events, second.rows, second.made) == (
        700,
        head,
        5,
        1,
        False,
    )
    assert runner.catch_up().events == 0
    assert rows(ground) == {"a": 700, "b": 5}


def test_a_store_without_events_gives_tables_without_rows(runner: ProjectionRunner, ground: Ground) -> None:
    done = runner.catch_up()
    assert (done.position, done.events, done.made, done.at_end) == (0, 0, True, True)
    assert rows(ground) == {}


def test_another_runner_goes_on_from_the_same_rows(store: EventStore, ground: Ground) -> None:
    append(store, "a", 1, 10)
    one, other = (ProjectionRunner(store, Latest, ground.place) for _ in range(2))
    one.catch_up()
    append(store, "a", 11, 20)
    assert other.catch_up().began == 10
    append(store, "a", 21, 30)
    assert one.catch_up().began == 20  # its cache knows row 10 only: it must look again
    assert rows(ground) == {"a": 30}


def test_rows_that_a_rebuild_has_replaced_are_looked_up_anew(
    store: EventStore, runner: ProjectionRunner, ground: Ground
) -> None:
    append(store, "a", 1, 10)
    runner.catch_up()
    rebuilt = ProjectionRunner(store, Latest, ground.place).rebuild()
    assert (rebuilt.position, rebuilt.events, rebuilt.at_end) == (10, 10, True)
    append(store, "a", 11, 12)
    assert runner.catch_up().began == 10
    assert rows(ground) == {"a": 12}


def test_types_that_nobody_knows_are_counted_and_declared_ones_are_not(
    store: EventStore, runner: ProjectionRunner
) -> None:
    append(store, "a", 1, 3, event_type="Unheard")
    append(store, "b", 1, 2, event_type="Noticed")
    done = runner.catch_up()
    assert (done.events, done.rows, done.unknown) == (5, 0, {"Unheard": 3})


def test_an_object_is_used_as_it_is_and_a_class_is_made_anew(store: EventStore, ground: Ground) -> None:
    append(store, "a", 1, 3)
    mine = Latest()
    before = Latest.made
    ProjectionRunner(store, mine, ground.place).catch_up()
    assert Latest.made == before
    append(store, "a", 4, 4)
    ProjectionRunner(store, Latest, ground.place).catch_up()
    assert Latest.made == before + 1


def test_a_stop_leaves_whole_batches(store: EventStore, runner: ProjectionRunner, ground: Ground) -> None:
    append(store, "a", 1, 2000)
    stop = StopSignal()
    stop.stop()
    assert runner.catch_up(stop).at_end is False
    assert runner.position == 0
    assert runner.rebuild(stop).at_end is False
    assert runner.catch_up().began == 0
    assert rows(ground) == {"a": 2000}


def test_catching_up_goes_on_from_the_live_rows_after_a_rebuild_that_was_stopped(
    store: EventStore, runner: ProjectionRunner, ground: Ground
) -> None:
    append(store, "a", 1, 2000)
    runner.catch_up()
    assert runner.rebuild(StoppedAfter(looks=2)).at_end is False
    append(store, "b", 1, 1)
    runner.catch_up()
    assert rows(ground) == {"a": 2000, "b": 1}


class StoppedAfter(StopSignal):
    """Says so when it was looked at so often."""

    def __init__(self, *, looks: int) -> None:
        super().__init__()
        self._looks = looks

    @property
    def cancelled(self) -> bool:
        self._looks -= 1
        return self._looks < 0


# -- what goes wrong -------------------------------------------------------------------------------------------------


def test_a_handler_that_fails_is_named_and_rows_stay_at_the_last_good_batch(
    store: EventStore, runner: ProjectionRunner, ground: Ground
) -> None:
    append(store, "a", 1, 400)
    runner.catch_up()
    append(store, "a", 401, 402)
    position = append(store, "b", 1, 1, event_type="Failed", data={"why": "x"})
    for _ in range(2):
        with pytest.raises(ProjectionFailed, match="not today") as failed:
            runner.catch_up()
        event = failed.value.details["event"]
        assert (event["position"], event["event_type"], event["data_text"]) == (
            position,
            "Failed",
            '{"why":"x"}',
        )
        assert failed.value.details["handler"] == "Latest.on_failed"
        assert "on_failed" in failed.value.details["traceback"][-1]
        assert isinstance(failed.value.__cause__, ValueError)
        assert rows(ground) == {"a": 400}
        assert runner.position == 400


def test_a_row_that_cannot_be_stored_is_traced_to_its_event(
    store: EventStore, runner: ProjectionRunner, ground: Ground
) -> None:
    append(store, "a", 1, 100)
    position = append(store, "b", 1, 1, event_type="Unstorable")
    with pytest.raises(ProjectionFailed, match="beyond 64 bits") as failed:
        runner.catch_up()
    assert failed.value.details["event"]["position"] == position
    assert runner.position == position - 1
    assert rows(ground) == {"a": 100}


def test_a_checkpoint_ahead_of_the_store_is_refused(
    store: EventStore, runner: ProjectionRunner, ground: Ground
) -> None:
    append(store, "a", 1, 480)
    runner.catch_up()
    ground.run("UPDATE auditor_checkpoints SET position = 500")
    with pytest.raises(RebuildNeeded, match=r"checkpoint of latest is 500, but the store ends at 480"):
        runner.catch_up()
    runner.rebuild()
    assert runner.catch_up().position == 480


def test_rows_of_another_store_are_refused(
    store: EventStore, runner: ProjectionRunner, tmp_path: Path
) -> None:
    append(store, "a", 1, 3)
    runner.catch_up()
    with EventStore(str(tmp_path / "other.db")) as other:
        append(other, "z", 1, 9)
        stranger = ProjectionRunner(other, Latest, runner.target)
        with pytest.raises(RebuildNeeded, match="another store"):
            stranger.catch_up()
        with pytest.raises(StoreError, match="another store"):
            stranger.wait_for(1)


def test_rows_of_other_code_are_refused_until_a_rebuild(
    store: EventStore, ground: Ground, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = f"my_projection_{tmp_path.name}"
    source = tmp_path / f"{name}.py"
    code = (
        "from auditor.eventsourcing import Projection, Table\n"
        "class Latest(Projection):\n"
        "    name = 'latest'\n"
        "    tables = (Table(name='latest', columns={'id': 'text', 'number': 'integer'}),)\n"
        "    def on_item_added(self, event, envelope):\n"
        "        self.rows.put('latest', {'id': envelope.aggregate_id, 'number': event.number})\n"
    )
    source.write_text(code)
    monkeypatch.syspath_prepend(str(tmp_path))
    mine = importlib.import_module(name).Latest
    append(store, "a", 1, 3)
    ProjectionRunner(store, mine, ground.place).catch_up()
    source.write_text(code + "# edited\n")
    edited = ProjectionRunner(store, mine, ground.place)
    with pytest.raises(RebuildNeeded, match="other code"):
        edited.catch_up()
    edited.rebuild()
    assert edited.catch_up().events == 0


def test_while_a_rebuild_is_at_work_catching_up_is_refused_and_a_follower_waits(
    store: EventStore, runner: ProjectionRunner, ground: Ground
) -> None:
    append(store, "a", 1, 3)
    with ReadModelTarget(ground.place):
        with pytest.raises(StoreBusy):
            runner.catch_up()
        with Following(runner) as following, pytest.raises(NotYetProjected):
            runner.wait_for(3, timeout=1.0)
    assert following.error is None
    with Following(runner):
        assert runner.wait_for(3, timeout=20) == 3


def test_a_projection_must_say_its_name_and_its_tables(store: EventStore, ground: Ground) -> None:
    class Nameless(Projection):
        tables = Latest.tables

    class Tableless(Projection):
        name = "tableless"
        tables = ()

    for wrong in (Nameless, Tableless):
        with pytest.raises(ModelError):
            ProjectionRunner(store, wrong, ground.place)


def test_a_runner_works_for_one_thread_at_a_time(store: EventStore, runner: ProjectionRunner) -> None:
    append(store, "a", 1, 3)
    with Following(runner):
        runner.wait_for(3, timeout=20)
        with pytest.raises(WrongRequest, match="at work already"):
            runner.catch_up()
    assert runner.catch_up().events == 0
