"""The writer of read models, on every database: what it refuses, and that readers see whole tables, old or new."""

import subprocess
import sys
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from auditor.core.errors import ModelError, StoreBusy
from auditor.core.projection_run import NotStorable
from auditor.core.rows import Table, TableChanges
from auditor.stores.read_model_reader import ReadModelReader
from auditor.stores.read_model_target import ReadModelTarget
from tests.helpers.read_model_places import HOLDING, Ground
from tests.helpers.rebuilding import checkpoint

THINGS = Table(name="things", columns={"id": "text", "count": "integer", "share": "real", "good": "boolean"})
ODD = Table(
    name='odd "name" [%s] ?',
    columns={"a'b": "text", 'c"d': "integer", "select": "text", "p:q %(x)s": "real"},
    key=('c"d', "a'b"),
)


@pytest.fixture
def target(ground: Ground) -> Iterator[ReadModelTarget]:
    with ReadModelTarget(ground.place) as target:
        yield target


def put(*rows: list[Any], table: Table = THINGS, delete: Any = ()) -> Mapping[str, TableChanges]:
    return {table.name: TableChanges(list(rows), list(delete))}


def rebuilt(
    ground: Ground, *rows: list[Any], tables: tuple[Table, ...] = (THINGS,), projection: str = "things"
) -> list[str]:
    with ReadModelTarget(ground.place) as target:
        target.begin(checkpoint(projection, tables=[table.name for table in tables]), tables)
        target.write(put(*rows, table=tables[0]), position=9, events=9)
        return target.swap()


def test_rows_come_to_light_only_with_the_swap_and_with_their_checkpoint(
    ground: Ground, target: ReadModelTarget
) -> None:
    assert target.begin(checkpoint(), (THINGS,)) is None
    assert target.write(put(["b", 2, 0.5, True], ["a", 1, None, None]), position=4, events=3) == 2
    assert target.write(put(["a", 3, 1, False], delete=[["b"], ["c"]]), position=7, events=5) == 3
    assert "things" not in ground.tables()
    assert target.live_checkpoint("things") is None
    assert target.swap() == []
    assert ground.tables() == {"things": [("a", 3, 1.0, 0)]}
    live = target.live_checkpoint("things")
    assert live is not None
    assert (live.position, live.events, live.store_id, live.model_sha256) == (7, 5, "store-1", "ab")
    assert target.count_rows((THINGS,)) == {"things": 1}


def test_rows_are_fetched_as_handlers_wrote_them(target: ReadModelTarget) -> None:
    target.begin(checkpoint(), (THINGS,))
    target.write(put(["a", 1, 2.0, True], ["b", None, None, None]), position=1, events=1)
    assert target.fetch("things", ("a",)) == ["a", 1, 2.0, True]
    assert target.fetch("things", ("a",))[3] is True  # type: ignore[index]  # it is there
    assert target.fetch("things", ("b",)) == ["b", None, None, None]
    assert target.fetch("things", ("c",)) is None


def test_rows_are_fetched_by_the_first_part_of_their_key_unless_there_are_too_many(
    target: ReadModelTarget,
) -> None:
    lines = Table(name="lines", columns={"id": "text", "n": "integer", "is_new": "boolean"}, key=("id", "n"))
    target.begin(checkpoint(tables=["lines"]), (lines,))
    rows: list[list[Any]] = [["few", 1, True], ["few", 2, None], *(["many", n, False] for n in range(1001))]
    target.write(put(*rows, table=lines), position=1, events=1)
    assert sorted(target.fetch_under("lines", "few") or ()) == [["few", 1, True], ["few", 2, None]]
    assert target.fetch_under("lines", "none") == []
    assert target.fetch_under("lines", "many") is None
    target.write(put(table=lines, delete=[["many", 7]]), position=2, events=2)
    assert len(target.fetch_under("lines", "many") or ()) == 1000


def test_names_may_hold_anything(ground: Ground, target: ReadModelTarget) -> None:
    target.begin(checkpoint(tables=[ODD.name]), (ODD,))
    target.write(put(["x", 1, "y", 0.5], ["x", 2, "z", None], table=ODD), position=1, events=1)
    target.write(put(table=ODD, delete=[[2, "x"]]), position=2, events=2)
    assert target.fetch(ODD.name, (1, "x")) == ["x", 1, "y", 0.5]
    target.swap()
    assert target.count_rows((ODD,)) == {ODD.name: 1}
    assert ground.tables() == {ODD.name: [("x", 1, "y", 0.5)]}


def test_two_builds_are_the_same_in_whatever_order_rows_came(ground: Ground) -> None:
    rows = [[f"k{number}", number, number / 4, number % 2 == 0] for number in range(2300)]
    rebuilt(ground, *rows)
    first = ground.tables()
    rebuilt(ground, *rows[::-1])
    assert ground.tables() == first
    assert [row[0] for row in first["things"]] == sorted(str(row[0]) for row in rows)


def test_a_rebuild_that_is_dropped_leaves_the_live_rows(ground: Ground) -> None:
    rebuilt(ground, ["old", 1, None, None])
    with ReadModelTarget(ground.place) as target:
        target.begin(checkpoint(), (THINGS,))
        target.write(put(["new", 1, None, None]), position=1, events=1)
        target.discard()
    assert ground.tables() == {"things": [("old", 1, None, None)]}


def test_an_unfinished_run_is_told_and_begun_afresh(ground: Ground) -> None:
    with ReadModelTarget(ground.place) as target:
        target.begin(checkpoint(), (THINGS,))
        target.write(put(["left over", 1, None, None]), position=5, events=5)
    other = Table(name="others", columns={"id": "text"})
    with ReadModelTarget(ground.place) as target:
        unfinished = target.begin(checkpoint(tables=["others"]), (other,))
        assert unfinished is not None
        assert (unfinished.position, unfinished.tables) == (5, ("things",))
        target.swap()
    assert ground.tables() == {"others": []}


def test_a_failed_batch_leaves_the_batches_before(ground: Ground, target: ReadModelTarget) -> None:
    target.begin(checkpoint(), (THINGS,))
    target.write(put(["a", 1, None, None]), position=1, events=1)
    for wrong, said in ((["b", 2**63, None, None], "64 bits"), (["\ud800", 1, None, None], "no Unicode")):
        with pytest.raises(NotStorable, match=said):
            target.write(put(["c", 1, None, None], wrong), position=2, events=2)
    target.swap()
    assert ground.tables() == {"things": [("a", 1, None, None)]}
    live = target.live_checkpoint("things")
    assert live is not None
    assert live.position == 1


def test_an_index_that_does_not_fit_any_more_stops_the_swap_whole(ground: Ground) -> None:
    rebuilt(ground, ["a", 1, None, None])
    ground.run("CREATE INDEX by_count ON things (count)")
    fewer = Table(name="things", columns={"id": "text"})
    with pytest.raises(ModelError, match="by_count"):
        rebuilt(ground, ["b"], tables=(fewer,))
    assert ground.tables()["things"] == [("a", 1, None, None)]
    assert ground.indexes() == ["by_count"]


def test_a_unique_index_that_new_rows_break_stops_the_swap_whole(ground: Ground) -> None:
    rebuilt(ground, ["a", 1, None, None])
    ground.run("CREATE UNIQUE INDEX one_of_a_count ON things (count)")
    with pytest.raises(
        ModelError, match=r"one_of_a_count does not fit the rebuilt table things: (?i:.*unique)"
    ):
        rebuilt(ground, ["b", 1, None, None], ["c", 1, None, None])
    live = {name: rows for name, rows in ground.tables().items() if name == "things"}
    assert live == {"things": [("a", 1, None, None)]}
    assert ground.indexes() == ["one_of_a_count"]


def test_a_table_that_is_declared_no_more_goes_and_is_told(ground: Ground) -> None:
    extra = Table(name="extra", columns={"id": "text"})
    rebuilt(ground, ["a", 1, None, None], tables=(THINGS, extra))
    told = rebuilt(ground, ["a", 1, None, None])
    assert list(ground.tables()) == ["things"]
    assert "extra" in told[0]


def test_a_table_of_another_projection_is_left_alone(ground: Ground) -> None:
    rebuilt(ground, ["a", 1, None, None])
    with pytest.raises(ModelError, match="things"):
        rebuilt(ground, ["b", 1, None, None], projection="others")
    assert ground.tables()["things"] == [("a", 1, None, None)]


@pytest.mark.parametrize("name", ["auditor_checkpoints", "sqlite_things", "x__shadow", "", "a\0b"])
def test_names_that_are_not_free_are_refused(target: ReadModelTarget, name: str) -> None:
    with pytest.raises(ModelError):
        target.begin(checkpoint(tables=[name]), (Table(name=name, columns={"id": "text"}),))


def test_names_that_differ_in_case_only_are_refused(target: ReadModelTarget) -> None:
    with pytest.raises(ModelError):
        target.begin(checkpoint(), (Table(name="t", columns={"id": "text", "ID": "text"}),))
    with pytest.raises(ModelError):
        target.begin(
            checkpoint(), (Table(name="t", columns={"id": "text"}), Table(name="T", columns={"id": "text"}))
        )


def test_a_second_rebuild_is_refused_while_the_first_lives(ground: Ground) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", HOLDING, ground.place.address], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as first:
        assert first.stdout
        assert first.stdout.readline() == b"\n"
        with pytest.raises(StoreBusy, match="Another rebuild"):
            ReadModelTarget(ground.place)
        first.kill()
        first.wait()
        rebuilt(ground, ["a", 1, None, None])  # its lock died with it


def test_rows_are_read_with_the_position_of_their_moment(ground: Ground) -> None:
    rebuilt(ground, ["a", 1, 0.5, True], ["b", 1, None, None], ["c", 2, None, False])
    with ReadModelReader(ground.place, "things") as reader:
        found, rows = reader.find(THINGS, {"count": 1}, newest_first=("id",))
        assert found.position == 9
        assert rows == [
            {"id": "b", "count": 1, "share": None, "good": None},
            {"id": "a", "count": 1, "share": 0.5, "good": True},
        ]
        assert rows[1]["good"] is True
        rebuilt(ground, ["d", 1, None, None])
        assert [row["id"] for row in reader.find(THINGS, {"count": 1})[1]] == ["d"]


def test_large_batches_replace_rows_and_leave_the_others(target: ReadModelTarget) -> None:
    target.begin(checkpoint(), (THINGS,))
    target.write(
        put(*([f"k{number}", number, number / 3, None] for number in range(3000))), position=1, events=1
    )
    changed = [[f"k{number}", -number, None, number % 2 == 0] for number in range(1000, 4000)]
    target.write(put(*changed, delete=[["k0"], ["k1"]]), position=2, events=2)
    assert target.fetch("things", ("k0",)) is None
    assert target.fetch("things", ("k999",)) == ["k999", 999, 333.0, None]
    assert target.fetch("things", ("k1000",)) == ["k1000", -1000, None, True]
    assert target.fetch("things", ("k3999",)) == ["k3999", -3999, None, False]
    target.swap()
    assert target.count_rows((THINGS,)) == {"things": 3998}


@pytest.mark.parametrize("many", [0, 1500])
def test_what_cannot_be_stored_is_told_and_nothing_of_its_batch_is(ground: Ground, many: int) -> None:
    others = [[f"k{number}", 1, None, None] for number in range(many)]
    for wrong in (["b", 2**63, None, None], ["b", -(2**200), None, None], ["\ud800", 1, None, None]):
        with ReadModelTarget(ground.place) as target:
            target.begin_live(checkpoint(), (THINGS,))
            with pytest.raises(NotStorable):
                target.write(put(*others, wrong), position=2, events=2)
            assert target.count_rows((THINGS,)) == {"things": 0}
            live = target.live_checkpoint("things")
            assert live is not None
            assert live.position == 0
