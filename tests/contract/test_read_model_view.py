"""Looking into read models, on every database: standings and pages."""

from typing import Any

import pytest

from auditor.core.errors import StoreError, WrongRequest
from auditor.core.rows import Table, TableChanges
from auditor.stores.read_model_schema import Build
from auditor.stores.read_model_target import ReadModelTarget
from auditor.stores.read_model_view import NothingRebuilt, ReadModelView, RowPage
from tests.helpers.read_model_places import Ground
from tests.helpers.rebuilding import checkpoint

THINGS = Table(name="things", columns={"id": "text", "n": "integer", "good": "boolean"}, key=("n", "id"))
ODD = Table(
    name='odd "name" [%s] :x ?',
    columns={"p:q %(x)s": "real", "a'b": "text", 'c"d': "integer"},
    key=('c"d', "a'b"),
)
BUILD = Build(built_at="2026-03-01T12:00:00.000000Z", seconds=1.5, events=9, rows=12, code_sha256="cd")


def rebuilt(ground: Ground, *rows: list[Any], table: Table = THINGS, build: Build | None = BUILD) -> None:
    with ReadModelTarget(ground.place) as target:
        target.begin(checkpoint(tables=[table.name]), (table,))
        target.write({table.name: TableChanges(list(rows), [])}, position=9, events=9)
        target.swap(build)


def view(ground: Ground) -> ReadModelView:
    return ReadModelView(ground.place)


def pages(ground: Ground, limit: int, **options: Any) -> list[RowPage]:
    found: list[RowPage] = []
    with view(ground) as looking:
        after = None
        while not found or after is not None:
            found.append(looking.page("things", None, limit=limit, after=after, **options))
            after = found[-1].after
    return found


def test_a_standing_tells_of_the_build_beside_the_rows(ground: Ground) -> None:
    rebuilt(ground, ["a", 1, True], ["b", 1, None])
    with view(ground) as looking:
        standing = looking.standing("things")
        assert (standing.build, standing.rows, standing.unfinished) == (BUILD, {"things": 2}, None)
        assert standing.live is not None
        assert (standing.live.position, standing.live.model_sha256) == (9, "ab")
        other = looking.standing("others")
        assert (other.live, other.unfinished, other.build, other.rows) == (None, None, None, {})


def test_facts_of_an_earlier_build_do_not_stay_with_later_rows(ground: Ground) -> None:
    rebuilt(ground, ["a", 1, True])
    rebuilt(ground, ["a", 1, True], build=None)
    with view(ground) as looking:
        assert looking.standing("things").build is None


def test_an_unfinished_run_and_a_dropped_table_are_seen(ground: Ground) -> None:
    rebuilt(ground, ["a", 1, True])
    ground.run("DROP TABLE things")
    with ReadModelTarget(ground.place) as target:
        target.begin(checkpoint(), (THINGS,))
        target.write({"things": TableChanges([["a", 1, True]], [])}, position=4, events=3)
    with view(ground) as looking:
        standing = looking.standing("things")
        assert standing.unfinished is not None
        assert (standing.unfinished.position, standing.rows) == (4, {"things": None})
        with pytest.raises(StoreError, match="no table things any more"):
            looking.page("things", None, limit=1)


@pytest.mark.parametrize("limit", [1, 2, 3, 7, 8])
def test_pages_hold_every_row_once_in_the_order_of_the_key(ground: Ground, limit: int) -> None:
    rows = [[name, number, number % 2 == 0] for number in (10, 9, 2) for name in ("b", "a é")] + [
        ["", -5, None]
    ]
    rebuilt(ground, *rows)
    found = pages(ground, limit)
    assert [row for page in found for row in page.rows] == sorted(
        map(tuple, rows), key=lambda row: (row[1], row[0])
    )
    assert all(len(page.rows) == limit for page in found[:-1])
    assert found[0].key == ("n", "id")
    assert [(one.name, one.kind, one.key) for one in found[0].columns] == [
        ("id", "text", True),
        ("n", "integer", True),
        ("good", "boolean", False),
    ]
    assert found[0].rows[0][2] is None
    assert {type(row[2]) for page in found for row in page.rows} <= {bool, type(None)}
    assert all(page.checkpoint.position == 9 for page in found)


def test_names_may_hold_anything(ground: Ground) -> None:
    rebuilt(ground, [0.5, "x", 1], [None, "y", 1], [2.0, "a", 3], table=ODD)
    assert [page.rows for page in pages(ground, 1)] == [[(0.5, "x", 1)], [(None, "y", 1)], [(2.0, "a", 3)]]


def test_a_prefix_is_of_the_keys_first_column(ground: Ground) -> None:
    table = Table(name="things", columns={"id": "text"})
    rebuilt(ground, ["ab"], ["aB"], ["b%"], ["a"], table=table)
    assert [page.rows for page in pages(ground, 1, prefix="a")] == [[("a",)], [("aB",)], [("ab",)]]
    assert pages(ground, 9, prefix="b%")[0].rows == [("b%",)]
    assert pages(ground, 9, prefix="%")[0].rows == []


def test_another_lists_token_and_an_unknown_table_are_wrong_requests(ground: Ground) -> None:
    rebuilt(ground, ["a", 1, True], ["b", 1, None])
    token = pages(ground, 1)[0].after
    rebuilt(ground, [0.5, "x", 1], table=ODD)
    with view(ground) as looking:
        with pytest.raises(WrongRequest, match="no place in this list"):
            looking.page("things", None, limit=1, after=token)
        with pytest.raises(WrongRequest, match="no table 'things'"):
            looking.page("things", "things", limit=1)
        with pytest.raises(WrongRequest, match="no table"):
            looking.page("things", "auditor_checkpoints", limit=1)
        with pytest.raises(StoreError, match="no rows of others"):
            looking.page("others", None, limit=1)


def test_old_rows_are_shown_until_the_swap(ground: Ground) -> None:
    rebuilt(ground, ["old", 1, True])
    with ReadModelTarget(ground.place) as target, view(ground) as looking:
        target.begin(checkpoint(target=20), (THINGS,))
        target.write({"things": TableChanges([["new", 1, True]], [])}, position=20, events=20)
        before = looking.page("things", None, limit=5)
        assert (before.rows, before.checkpoint.position) == ([("old", 1, True)], 9)
        target.swap()
        after = looking.page("things", None, limit=5)
        assert (after.rows, after.checkpoint.position) == ([("new", 1, True)], 20)


def test_where_nothing_was_rebuilt_that_is_said_and_nothing_is_made(ground: Ground) -> None:
    for _ in range(2):
        with pytest.raises(NothingRebuilt):
            view(ground)
    rebuilt(ground, ["a", 1, True])
    with view(ground) as looking, pytest.raises(NothingRebuilt):
        looking.page("others", None, limit=1)


def test_who_is_at_work_is_known_also_by_an_odd_name(ground: Ground) -> None:
    odd = 'Größe\nof "50 %s" things, ' + "long " * 30
    other = odd + "!"
    table = Table(name="odd", columns={"id": "text"})
    rebuilt(ground, ["a", 1, True])
    with ReadModelTarget(ground.place) as target, view(ground) as looking:
        target.begin(checkpoint(odd, tables=["odd"]), (table,))
        assert looking.standing(odd).at_work
        assert not looking.standing(other).at_work
        assert not looking.standing("things").at_work
    with view(ground) as looking:
        assert not looking.standing(odd).at_work
