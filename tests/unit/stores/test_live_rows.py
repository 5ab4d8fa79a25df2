"""Writing into live tables: what is made, refused and never written, and that rows and checkpoint are one."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from auditor.core.catch_up import CheckpointMoved
from auditor.core.errors import ModelError, RebuildNeeded, StoreBusy
from auditor.core.rows import Table, TableChanges
from auditor.stores.read_model_schema import Build, Checkpoint
from auditor.stores.read_model_target import ReadModelTarget
from auditor.stores.read_model_view import ReadModelView
from tests.helpers.read_model_places import Ground
from tests.helpers.rebuilding import checkpoint

THINGS = Table(name="things", columns={"id": "text", "n": "integer", "good": "boolean"})
PAIRS = Table(name="pairs", columns={"a": "text", "b": "integer"}, key=("a", "b"))
ODD = Table(
    name='odd "name" [%s] ?', columns={"a'b": "text", 'c"d': "integer", "select": "text"}, key=('c"d',)
)


def put(*rows: list[Any], table: Table = THINGS, delete: Any = ()) -> Mapping[str, TableChanges]:
    return {table.name: TableChanges(list(rows), list(delete))}


def wanted(*tables: Table, **changes: Any) -> Checkpoint:
    return replace(checkpoint(tables=[table.name for table in tables or (THINGS,)]), **changes)


def built(code: str | None) -> Build:
    return Build(built_at="2026-03-01T00:00:00.000000Z", seconds=1.0, events=2, rows=3, code_sha256=code)


def write(
    ground: Ground, *rows: list[Any], position: int, delete: Any = (), build: Build | None = None
) -> None:
    with ReadModelTarget(ground.place) as target:
        target.begin_live(wanted(), (THINGS,), build)
        target.write(put(*rows, delete=delete), position=position, events=position)


def stored(ground: Ground) -> Checkpoint:
    with ReadModelTarget(ground.place) as target:
        live = target.live_checkpoint("things")
    assert live is not None
    return live


def is_at_work(ground: Ground) -> bool:
    with ReadModelView(ground.place) as looking:
        return looking.standing("things").at_work


def test_absent_tables_are_made_and_each_batch_is_live_with_its_checkpoint(ground: Ground) -> None:
    with ReadModelTarget(ground.place) as target:
        start = target.begin_live(wanted(THINGS, PAIRS, ODD), (THINGS, PAIRS, ODD))
        assert (start.made, start.checkpoint.position, start.checkpoint.events) == (True, 0, 0)
        assert not is_at_work(ground)  # no rebuild
        changes = {**put(["a", 1, True], ["b", 2, None]), **put(["x", 1], table=PAIRS)}
        assert target.write({**changes, **put(["p", 7, "q"], table=ODD)}, position=4, events=3) == 4
        assert ground.tables()["things"] == [("a", 1, 1), ("b", 2, None)]
        assert target.fetch("things", ("a",)) == ["a", 1, True]
        live = target.live_checkpoint("things")
        assert live is not None
        assert (live.position, live.events, live.target) == (4, 3, 4)
    with ReadModelTarget(ground.place) as target:
        start = target.begin_live(wanted(THINGS, PAIRS, ODD), (THINGS, PAIRS, ODD))
        assert (start.made, start.checkpoint) == (False, live)
        again = {**put(["a", 3, False], delete=[["b"]]), **put(["x", 1], ["x", 2], table=PAIRS)}
        assert target.write({**again, **put(["r", 7, "s"], table=ODD)}, position=5, events=4) == 5
        assert target.fetch(ODD.name, (7,)) == ["r", 7, "s"]
        assert target.count_rows((THINGS, PAIRS, ODD)) == {"things": 1, "pairs": 2, ODD.name: 1}
    ground.run(f'DROP TABLE "{ODD.name.replace(chr(34), chr(34) * 2)}"')
    assert ground.tables() == {"things": [("a", 3, 0)], "pairs": [("x", 1), ("x", 2)]}


def test_where_the_checkpoint_was_moved_nothing_is_written(ground: Ground) -> None:
    write(ground, ["a", 1, None], position=3)
    with ReadModelTarget(ground.place) as target:
        target.begin_live(wanted(), (THINGS,))
        ground.run("UPDATE auditor_checkpoints SET position = 2")
        with pytest.raises(CheckpointMoved):
            target.write(put(["b", 2, None]), position=5, events=5)
    assert ground.tables()["things"] == [("a", 1, None)]
    assert stored(ground).position == 2


@pytest.mark.parametrize("change", ["model_sha256 = 'other'", "store_id = 'other'", "events = 99"])
def test_whatever_of_the_checkpoint_was_moved_is_noticed(ground: Ground, change: str) -> None:
    write(ground, ["a", 1, None], position=3)
    with ReadModelTarget(ground.place) as target:
        target.begin_live(wanted(), (THINGS,))
        ground.run(f"UPDATE auditor_checkpoints SET {change}")  # noqa: S608 - written here
        with pytest.raises(CheckpointMoved):
            target.write(put(["b", 2, None]), position=5, events=5)


def test_a_checkpoint_that_is_gone_is_noticed(ground: Ground) -> None:
    write(ground, ["a", 1, None], position=3)
    with ReadModelTarget(ground.place) as target:
        target.begin_live(wanted(), (THINGS,))
        ground.run("DELETE FROM auditor_checkpoints")
        with pytest.raises(CheckpointMoved):
            target.write(put(["b", 2, None]), position=5, events=5)


@pytest.mark.parametrize(
    ("other", "said"),
    [
        ({"store_id": "store-2"}, "another store"),
        ({"model_sha256": "cd"}, "other code"),
        ({"tables": ("things", "more")}, "other code"),
    ],
)
def test_rows_of_others_are_refused(ground: Ground, other: dict[str, Any], said: str) -> None:
    write(ground, ["a", 1, None], position=3)
    before = ground.tables(), stored(ground)
    with (
        ReadModelTarget(ground.place) as target,
        pytest.raises(RebuildNeeded, match=said) as refused,
    ):
        target.begin_live(wanted(**other), (THINGS,))
    assert "auditor rebuild STORE things" in refused.value.hint
    assert (ground.tables(), stored(ground)) == before


def test_all_files_of_the_code_count_where_both_sides_know_them(ground: Ground) -> None:
    write(ground, ["a", 1, None], position=3, build=built("one"))
    with ReadModelTarget(ground.place) as target:
        with pytest.raises(RebuildNeeded, match="other code"):
            target.begin_live(wanted(), (THINGS,), built("two"))
        target.begin_live(wanted(model_sha256="cd"), (THINGS,), built("one"))
        target.begin_live(wanted(), (THINGS,), built(None))
        target.note_build(built(None))
        target.begin_live(wanted(), (THINGS,), built("two"))


@pytest.mark.parametrize("harm", ["DROP TABLE things", "ALTER TABLE things ADD COLUMN more text"])
def test_tables_that_are_not_as_they_were_made_are_refused(ground: Ground, harm: str) -> None:
    write(ground, ["a", 1, None], position=3)
    ground.run(harm)
    with (
        ReadModelTarget(ground.place) as target,
        pytest.raises(RebuildNeeded, match="as it was made"),
    ):
        target.begin_live(wanted(), (THINGS,))


def test_tables_of_others_are_not_taken(ground: Ground) -> None:
    write(ground, ["a", 1, None], position=3)
    ground.run("CREATE TABLE mine (x text)")
    mine = Table(name="mine", columns={"id": "text"})
    with ReadModelTarget(ground.place) as target:
        with pytest.raises(ModelError, match="belongs to the projection things"):
            target.begin_live(wanted(projection="others"), (THINGS,))
        with pytest.raises(ModelError, match="no rebuild made"):
            target.begin_live(wanted(mine, projection="others"), (mine,))
    assert ground.tables()["things"] == [("a", 1, None)]


def test_a_row_that_the_users_index_does_not_allow_takes_no_other_away(ground: Ground) -> None:
    write(ground, ["a", 1, None], position=3)
    ground.run("CREATE UNIQUE INDEX mine ON things (n)")
    with ReadModelTarget(ground.place) as target:
        target.begin_live(wanted(), (THINGS,))
        with pytest.raises(ModelError, match="does not allow a row of things"):
            target.write(put(["b", 1, None]), position=5, events=5)
        assert target.write(put(["a", 1, True]), position=5, events=5) == 1
    assert ground.tables()["things"] == [("a", 1, 1)]


def test_a_rebuild_stays_out_while_rows_are_live_written_and_says_why(ground: Ground) -> None:
    with ReadModelTarget(ground.place) as target:
        target.begin_live(wanted(), (THINGS,))
        with pytest.raises(StoreBusy, match="catches up"):
            ReadModelTarget(ground.place)
    with ReadModelTarget(ground.place) as target:
        target.begin(wanted(), (THINGS,))
        with pytest.raises(StoreBusy, match="that of things"):
            ReadModelTarget(ground.place)


def test_an_unfinished_rebuild_is_left_as_it_is_and_swaps_later(ground: Ground) -> None:
    with ReadModelTarget(ground.place) as target:
        target.begin(wanted(), (THINGS,))
        target.write(put(["s", 1, None]), position=1, events=1)
    write(ground, ["a", 1, None], position=3)
    assert ground.tables() == {"things": [("a", 1, None)], "things__shadow": [("s", 1, None)]}
    with ReadModelTarget(ground.place) as target:
        target.begin(wanted(), (THINGS,))
        target.write(put(["n", 2, None]), position=2, events=2)
        target.swap()
    assert ground.tables() == {"things": [("n", 2, None)]}
    assert stored(ground).position == 2


def test_live_rows_have_nothing_to_swap(ground: Ground) -> None:
    with ReadModelTarget(ground.place) as target:
        target.begin_live(wanted(), (THINGS,))
        for step in (target.swap, target.discard):
            with pytest.raises(RuntimeError):
                step()
