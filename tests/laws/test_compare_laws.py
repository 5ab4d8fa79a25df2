"""What a comparison says turns one state into the other, and says it the other way round when they are swapped."""

from typing import Any

from hypothesis import example, given

from auditor.core import exact_json
from auditor.core.compare import compare
from auditor.core.compared_rows import UNCHANGED, ComparedRow, Side, rows_of
from auditor.core.diff import ABSENT
from auditor.core.fields import field_at
from auditor.core.outline import kind_of, scalar_text
from tests.helpers.neighbours import neighbours, states


def _rows(a: Any, b: Any, *, same_too: bool = False) -> list[ComparedRow]:
    return rows_of(compare(a, b), {UNCHANGED: 1} if same_too else {}, most=10**9, longest=10**9)


@given(neighbours())
@example(([{"id": 1}, {"id": 2}], [{"id": 2}, {"id": 1}]))
@example(([{"id": 1}, {"id": 2}, {"id": 3, "a": 1}], [{"id": 3, "a": 2}, {"id": 4}, {"id": 1}]))
@example((["x", "y", "z"], ["x", "w", "y", "z"]))
def test_what_the_rows_say_turns_a_into_b(pair: tuple[Any, Any]) -> None:
    a, b = pair
    rows = [row for row in _rows(a, b) if row.kind == "field"]

    assert exact_json.same(_Rebuilding(rows, b).value(a, "", ""), b)
    for row in rows:
        _check_sides(row, a, b)


class _Rebuilding:
    """B made of A and of what the rows say; values of added and changed fields are those that the rows name in B."""

    def __init__(self, rows: list[ComparedRow], b: Any) -> None:
        self._b = b
        self._in_b = {row.pointer: row for row in rows if row.sign != "removed"}
        self._gone = {row.pointer for row in rows if row.sign == "removed"}

    def value(self, a: Any, pointer_a: str, pointer_b: str) -> Any:
        row = self._in_b.get(pointer_b)
        if row is not None and row.sign in ("added", "changed"):
            return field_at(self._b, pointer_b)
        if type(a) is dict:
            return self._object(a, pointer_a, pointer_b)
        return self._list(a, pointer_a, pointer_b) if type(a) is list else a

    def _object(self, a: dict[str, Any], pointer_a: str, pointer_b: str) -> dict[str, Any]:
        made = {}
        for name, item in a.items():
            step = "/" + name.replace("~", "~0").replace("/", "~1")
            if pointer_a + step not in self._gone:
                made[name] = self.value(item, pointer_a + step, pointer_b + step)
        for row in self._new_in(pointer_b):
            made[row.key] = field_at(self._b, row.pointer)
        return made

    def _list(self, a: list[Any], pointer_a: str, pointer_b: str) -> list[Any]:
        places: dict[int, Any] = {
            int(row.key): field_at(self._b, row.pointer) for row in self._new_in(pointer_b)
        }
        told: set[int] = set()
        for row in self._in_b.values():
            if row.sign in ("moved", "inside", "changed") and row.pointer.rpartition("/")[0] == pointer_b:
                assert row.pointer_a is not None
                if row.pointer == "":
                    continue
                at = int(row.pointer_a.rpartition("/")[2])
                told.add(at)
                places[int(row.key)] = self.value(a[at], row.pointer_a, row.pointer)
        rest = [item for at, item in enumerate(a) if at not in told and f"{pointer_a}/{at}" not in self._gone]
        length = len(places) + len(rest)
        return [places[at] if at in places else rest.pop(0) for at in range(length)]

    def _new_in(self, pointer_b: str) -> list[ComparedRow]:
        return [
            row
            for row in self._in_b.values()
            if row.sign == "added" and row.pointer and row.pointer.rpartition("/")[0] == pointer_b
        ]


def _check_sides(row: ComparedRow, a: Any, b: Any) -> None:
    assert (row.a is None) == (row.sign == "added")
    assert (row.b is None) == (row.sign == "removed")
    if row.a is not None:
        _check_side(row.a, field_at(a, row.pointer_a or ""))
    if row.b is not None:
        _check_side(row.b, field_at(b, row.pointer))


def _check_side(side: Side, value: Any) -> None:
    assert side.kind == kind_of(value)
    assert side.length == (len(value) if type(value) in (dict, list) else len(scalar_text(value)))
    if type(value) not in (dict, list):
        assert side.text == scalar_text(value)


@given(neighbours())
@example(([{"a_id": 1, "b_id": 2}, {"a_id": 2, "b_id": 3}], [{"b_id": 2, "a_id": 2}, {"b_id": 4, "a_id": 1}]))
@example(([{"id": 1}, {"id": 2}, {"id": 3}], [{"id": 3}, {"id": 1}, {"id": 2}]))
@example(([{"id": 1}, {"id": 2}], [{"id": 2}, {"id": 1}]))
def test_swapped_it_says_the_opposite(pair: tuple[Any, Any]) -> None:
    a, b = pair
    opposite = {"added": "removed", "removed": "added"}
    there = {(one.kind, one.pointer_a, one.pointer_b) for one in compare(a, b).differences()}
    back = {
        (opposite.get(one.kind, one.kind), one.pointer_b, one.pointer_a)
        for one in compare(b, a).differences()
    }

    assert there == back
    assert compare(a, b).counts.unchanged == compare(b, a).counts.unchanged


@given(neighbours())
@example((1, True))
@example(({"a": 1}, {"a": exact_json.Digits("1.0")}))
def test_nothing_that_is_the_same_is_told_as_different(pair: tuple[Any, Any]) -> None:
    a, b = pair
    found = list(compare(a, b).differences())

    assert (not found) == exact_json.same(a, b)
    for one in found:
        if one.kind == "changed":
            assert not exact_json.same(one.a, one.b)
            assert type(one.a) is not type(one.b) or type(one.a) not in (dict, list)
        if one.kind == "moved":
            assert exact_json.same(one.a["id"], one.b["id"])


@given(neighbours())
def test_with_what_is_the_same_each_field_stands_once(pair: tuple[Any, Any]) -> None:
    a, b = pair
    comparison = compare(a, b)
    without, rows = _rows(a, b), _rows(a, b, same_too=True)

    assert [row for row in rows if row.sign] == [row for row in without if row.sign]
    same = [row for row in rows if row.kind == "field" and not row.sign]
    assert len(same) == comparison.counts.unchanged
    for row in same:
        assert exact_json.same(field_at(a, row.pointer_a or ""), field_at(b, row.pointer))
    signs = [row.sign for row in rows]
    counts = (signs.count("added"), signs.count("removed"), signs.count("changed"), signs.count("moved"))
    assert counts == comparison.counts[:4]
    assert len({row.place for row in rows}) == len(rows)


@given(states)
def test_against_nothing_each_member_is_new(state: Any) -> None:
    kinds = {one.kind for one in compare(ABSENT, state).differences()}

    assert kinds <= {"added"}
    assert {one.kind for one in compare(state, ABSENT).differences()} <= {"removed"}
    if type(state) is dict:
        assert compare(ABSENT, state).counts.added == len(state)
