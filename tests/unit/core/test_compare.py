"""Comparing two states: what is matched with what, and what is said of it."""

from typing import Any

from auditor.core.compare import Counts, compare
from auditor.core.compared_rows import UNCHANGED, ComparedRow, rows_of
from auditor.core.diff import ABSENT

ORDER = {
    "status": "confirmed",
    "items": [
        {"sku": "P-1", "name": "Linen pillow case", "quantity": 4},
        {"sku": "C-2", "name": "Candle, beeswax", "quantity": 6},
    ],
    "notes": ["gift", "fragile"],
    "address": {"city": "Oslo", "zip": "0150"},
}


def _changed(**members: Any) -> dict[str, Any]:
    return {**ORDER, **members}


def _told(rows: list[ComparedRow]) -> list[tuple[int, str, str]]:
    return [(row.depth, row.sign, f"{row.key} {row.label}".strip()) for row in rows if row.kind == "field"]


def test_only_what_differs_is_shown_and_the_rest_is_counted() -> None:
    rows = rows_of(compare(ORDER, _changed(status="shipped", carrier="Post")))

    assert [(row.key, row.sign, row.a and row.a.text, row.b and row.b.text) for row in rows[:2]] == [
        ("status", "changed", "confirmed", "shipped"),
        ("carrier", "added", None, "Post"),
    ]
    assert (rows[2].kind, rows[2].total, rows[2].place) == ("unchanged", 3, UNCHANGED)
    assert len(rows) == 3


def test_items_are_matched_by_their_id_and_named_by_their_name() -> None:
    candle = {"sku": "C-2", "name": "Candle, beeswax", "quantity": 5}
    match = {"sku": "M-3", "name": "Match box, long", "quantity": 3}
    comparison = compare(ORDER, _changed(items=[candle, match]))

    assert _told(rows_of(comparison)) == [
        (0, "inside", "items"),
        (1, "removed", "0 Linen pillow case"),
        (1, "inside", "0 Candle, beeswax"),
        (2, "changed", "quantity"),
        (1, "added", "1 Match box, long"),
    ]
    assert comparison.matched() == [("/items", "sku")]
    assert [(row.place, row.pointer, row.pointer_a) for row in rows_of(comparison)[1:3]] == [
        ("-/items/0", "/items/0", "/items/0"),
        ("/items/0", "/items/0", "/items/1"),
    ]
    assert comparison.counts == Counts(added=1, removed=1, changed=1, moved=0, unchanged=5)


def test_items_without_an_id_are_matched_by_place_from_both_ends() -> None:
    comparison = compare(ORDER, _changed(notes=["gift", "urgent", "fragile"]))

    assert _told(rows_of(comparison)) == [(0, "inside", "notes"), (1, "added", "1")]
    assert comparison.matched() == [("/notes", None)]
    appended = compare({"notes": ["x"]}, {"notes": ["x", "x"]})
    assert [one.pointer_b for one in appended.differences()] == ["/notes/1"]


def test_an_item_at_another_place_is_told_as_moved() -> None:
    items = [{"sku": name} for name in "abcde"]
    comparison = compare({"items": items}, {"items": [items[4], *items[:4]]})

    assert _told(rows_of(comparison)) == [(0, "inside", "items"), (1, "moved", "0 e")]
    assert comparison.counts == Counts(0, 0, 0, 1, 4)
    for order, moved in (("bcdea", "a"), ("aebcd", "e"), ("acdbe", "b")):
        other = compare(items, [items["abcde".index(name)] for name in order])
        assert [one.b["sku"] for one in other.differences()] == [moved]


def test_an_object_among_others_like_it_is_named_too() -> None:
    items = {"P-1": {"name": "Pillow", "n": 1}, "C-2": {"name": "Candle", "n": 2}}
    changed = {**items, "C-2": {"name": "Candle", "n": 3}}
    person = {"contact": {"name": "Pia", "phone": 1}, "total": 1}

    assert _told(rows_of(compare(items, changed))) == [(0, "inside", "C-2 Candle"), (1, "changed", "n")]
    other = {**person, "contact": {"name": "Pia", "phone": 2}}
    assert _told(rows_of(compare(person, other)))[0] == (0, "inside", "contact")


def test_a_value_of_another_kind_is_a_change_that_can_be_opened() -> None:
    comparison = compare({"a": {"x": 1}, "b": 1}, {"a": [2], "b": True})

    assert _told(rows_of(comparison, {"/a": 10})) == [
        (0, "changed", "a"),
        (1, "removed", "x"),
        (1, "added", "0"),
        (0, "changed", "b"),
    ]
    assert comparison.counts.changed == 2


def test_what_was_added_or_removed_as_a_whole_is_one_field_that_can_be_opened() -> None:
    comparison = compare(
        _changed(refunds=[{"amount": 1240}]), _changed(address=ABSENT) | {"parcels": {"p": 1}}
    )
    closed = rows_of(compare(ORDER, {**ORDER, "parcels": {"p": {"weight": 3}}}))
    opened = rows_of(
        compare({**ORDER, "parcels": {"p": {"weight": 3}}}, ORDER), {"-/parcels": 10, "-/parcels/p": 1}
    )

    assert comparison.counts.removed == 2
    assert _told(closed) == [(0, "added", "parcels")]
    assert _told(opened) == [(0, "removed", "parcels"), (1, "removed", "p"), (2, "removed", "weight")]


def test_what_is_the_same_is_shown_among_the_rest_when_it_is_asked_for() -> None:
    rows = rows_of(compare(ORDER, _changed(status="shipped")), {UNCHANGED: 1, "/address": 10})

    assert _told(rows) == [
        (0, "changed", "status"),
        (0, "", "items"),
        (0, "", "notes"),
        (0, "", "address"),
        (1, "", "city"),
        (1, "", "zip"),
    ]
    assert rows[-1].is_open
    assert rows[-1].total == 3


def test_no_more_members_are_shown_than_were_asked_for_and_the_rest_is_counted() -> None:
    rows = rows_of(compare({}, {"list": list(range(10))}), {"/list": 4})

    assert [(row.kind, row.key, row.total) for row in rows[-2:]] == [("field", "3", 0), ("more", "", 6)]
    assert [row.key for row in rows_of(compare({}, {"a": 1, "b": 2}), {"": 1})] == ["a", ""]


def test_beyond_so_many_rows_containers_are_closed() -> None:
    a = {str(at): {"x": 1} for at in range(10)}
    b = {str(at): {"x": 2} for at in range(10)}
    rows = rows_of(compare(a, b), most=8)

    assert [row.is_open for row in rows] == [True, False] * 4 + [False] * 6
    assert rows_of(compare(a, b), {"/0": 0}, most=8)[1].key == "1"


def test_one_change_or_one_insertion_in_a_long_list_stays_small() -> None:
    items = [{"id": at, "name": f"item {at}", "tags": [at]} for at in range(10_000)]
    places = [[f"place {at}"] for at in range(10_000)]

    lists: list[list[Any]] = [items, places]
    for long in lists:
        copied = [one.copy() for one in long]
        inserted = [*copied[:4000], {"id": -1} if long is items else ["new"], *copied[4000:]]
        assert [one.pointer_b for one in compare(long, inserted).differences()] == ["/4000"]
        assert len(rows_of(compare(long, inserted))) == 2
        removed = [*copied[:4000], *copied[4001:]]
        assert [one.pointer_a for one in compare(long, removed).differences()] == ["/4000"]
    changed = [*items[:5000], {**items[5000], "name": "other"}, *items[5001:]]
    assert [one.pointer_b for one in compare(items, changed).differences()] == ["/5000/name"]
    assert compare(items, changed).counts.unchanged == 9_999 + 2


def test_a_state_against_none() -> None:
    assert [(row.key, row.sign) for row in rows_of(compare(ABSENT, {"a": 1, "b": [2]}))] == [
        ("a", "added"),
        ("b", "added"),
    ]
    assert [(row.pointer, row.sign) for row in rows_of(compare("x", ABSENT))] == [("", "removed")]
    assert rows_of(compare(ABSENT, ABSENT)) == []
    assert [(row.kind, row.total) for row in rows_of(compare(7, 7))] == [("unchanged", 1)]
    assert [(row.kind, row.total) for row in rows_of(compare(ORDER, ORDER))] == [("unchanged", 4)]


def test_what_is_nested_as_deep_as_can_be_is_compared() -> None:
    a: Any = 1
    b: Any = 2
    for _ in range(50_000):
        a, b = [a], [b]

    assert compare(a, b).counts.changed == 1
