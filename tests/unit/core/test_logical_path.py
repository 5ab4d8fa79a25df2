"""How items of a list are told apart, and fields that are followed by it."""

from typing import Any

import pytest

from auditor.core.diff import ABSENT
from auditor.core.fields import NoSuchField
from auditor.core.item_keys import KnownKeys, common_key, key_field
from auditor.core.logical_path import Item, Matched, from_wire, logical_path, path_text, resolve, to_wire

ORDER: dict[str, Any] = {
    "items": [{"sku": "A", "quantity": 1}, {"sku": "B", "quantity": 2}],
    "tags": ["x", "y"],
    "": {"a/b": 1, "~": 2},
}


class TestKeyField:
    @pytest.mark.parametrize(
        ("items", "field"),
        [
            ([], None),
            (["a"], None),
            ([{"id": 1}, {"id": 2}], "id"),
            ([{"id": 1}, {"id": 1}], None),
            ([{"id": 1}, {"id": True}], None),
            ([{"id": 1, "sku": "a"}, {"id": 1, "sku": "b"}], "sku"),
            ([{"id": 1}, {}], None),
            ([{"id": 1}, 2], None),
            ([{"id": None}], None),
            ([{"name": "a"}], None),
            ([{"line_no": 1, "x_id": "p"}, {"line_no": 2, "x_id": "q"}], "line_no"),
            ([{"x_id": "p", "sku": "s"}], "sku"),
            ([{"id": "1"}, {"id": 1}], "id"),
        ],
        ids=str,
    )
    def test_tells_all_items_apart(self, items: list[Any], field: str | None) -> None:
        assert key_field(items) == field

    def test_of_two_lists_serves_both(self) -> None:
        one = [{"id": 1, "sku": "a"}, {"id": 2, "sku": "b"}]
        other = [{"id": 1, "sku": "a"}, {"id": 1, "sku": "c"}]
        assert common_key(one, one) == "id"
        assert common_key(one, other) == "sku"
        assert common_key(one, []) == common_key([], one) == "id"
        assert common_key([], []) is None
        assert common_key(one, ["a"]) is None

    def test_of_many_lists_looks_through_each_once(self) -> None:
        class Counted(list[Any]):
            walks = 0

            def __iter__(self) -> Any:
                self.walks += 1
                return super().__iter__()

        lists = [Counted([{"id": number}, {"id": number + 1}]) for number in range(3)]
        once = [key_field(items) for items in lists]
        alone = [items.walks for items in lists]
        key_of = KnownKeys()
        assert [key_of(items) for items in lists * 5] == once * 5 == ["id"] * 15
        assert [items.walks for items in lists] == [2 * walks for walks in alone]
        assert key_of([]) is None


class TestLogicalPath:
    def test_names_items_by_id_where_there_is_one_and_else_by_place(self) -> None:
        assert logical_path(ORDER, "/items/1/quantity") == (
            ("items", Item("sku", "B"), "quantity"),
            [Matched("/items", "sku")],
        )
        assert logical_path(ORDER, "/tags/1") == (("tags", 1), [Matched("/tags", None)])
        assert logical_path(ORDER, "//a~1b") == (("", "a/b"), [])
        assert logical_path(ORDER, "") == ((), [])

    @pytest.mark.parametrize("pointer", ["items", "/items/2", "/items/01", "/none", "/tags/0/x", "/items/-"])
    def test_of_a_field_that_is_not_there_is_refused(self, pointer: str) -> None:
        with pytest.raises(NoSuchField):
            logical_path(ORDER, pointer)

    def test_leads_to_the_item_wherever_it_is_now(self) -> None:
        path = logical_path(ORDER, "/items/1/quantity").path
        moved = {"items": [{"sku": "C"}, {"sku": "B", "quantity": 5}, {"sku": "B", "quantity": 6}]}
        assert resolve(ORDER, path) == 2
        assert resolve(moved, path) == 5
        assert resolve({"items": [{"sku": "A"}]}, path) is ABSENT
        assert resolve({"items": {"B": 1}}, path) is ABSENT
        assert resolve(None, path) is ABSENT

    def test_tells_one_from_true(self) -> None:
        path = (Item("id", 1),)
        assert resolve([{"id": True}, {"id": 1, "x": 1}], path) == {"id": 1, "x": 1}

    @pytest.mark.parametrize(
        ("path", "text"),
        [
            ((), ""),
            (("items", Item("sku", "B"), "quantity"), "items[sku=B].quantity"),
            (("tags", 1), "tags[1]"),
            (("odd name", "x"), '["odd name"].x'),
            (("a", "b.c"), 'a["b.c"]'),
            (("0",), '["0"]'),
        ],
        ids=str,
    )
    def test_has_a_text_for_people(self, path: Any, text: str) -> None:
        assert path_text(path) == text

    def test_goes_over_the_wire(self) -> None:
        path = ("items", Item("sku", 7), 3, "3")
        assert from_wire(to_wire(path)) == path
