"""The rows of a state's tree, and the fields that are found in it."""

from typing import Any

import pytest

from auditor.core import exact_json
from auditor.core.fields import NoSuchField, field_at, fields_with
from auditor.core.outline import OutlineRow, outline

PARSE = exact_json.parse


def shown(
    value: str, before: str | None = None, *opened: str, most: int = 10, **more: Any
) -> list[OutlineRow]:
    given = {} if before is None else {"before": PARSE(before)}
    return outline(PARSE(value), **given, open=dict.fromkeys(opened, most), **more).rows


def keys(rows: list[OutlineRow]) -> list[str]:
    return [f"{row.sign[:1]}{row.key}" for row in rows]


def test_rows_say_kind_text_and_length() -> None:
    rows = shown('{"s":"a\\nb","n":1.50,"t":true,"z":null,"o":{"x":1},"l":[1,2]}')
    assert [(row.pointer, row.depth, row.kind, row.text, row.length) for row in rows] == [
        ("/s", 0, "string", "a\nb", 3),
        ("/n", 0, "number", "1.50", 4),
        ("/t", 0, "boolean", "true", 4),
        ("/z", 0, "null", "null", 4),
        ("/o", 0, "object", "", 1),
        ("/l", 0, "array", "", 2),
    ]


def test_an_object_says_its_first_texts_and_numbers_behind_a_text() -> None:
    rows = shown(
        '{"a":{"sku":"S-1","name":"Wool","n":1},"b":{"n":4,"state":"paid","of":{},"sum":1.50},"c":{"n":1},"d":{"t":""}}'
    )
    assert [(row.text, row.length) for row in rows] == [
        ("S-1 · Wool", 3),
        ("paid · 1.50", 4),
        ("", 1),
        ("", 1),
    ]
    (row,) = shown(f'{{"a":{{"x":"{"y" * 50}"}}}}')
    assert row.text == "y" * 40 + "…"


def test_only_what_is_open_is_shown_and_names_are_escaped_in_pointers() -> None:
    value = '{"a/b":{"~":{"":[5]}},"c":{"d":1}}'
    rows = shown(value, None, "/a~1b", "/a~1b/~0", "/a~1b/~0/", "/nowhere")
    assert [(row.pointer, row.depth, row.key) for row in rows] == [
        ("/a~1b", 0, "a/b"),
        ("/a~1b/~0", 1, "~"),
        ("/a~1b/~0/", 2, ""),
        ("/a~1b/~0//0", 3, "0"),
        ("/c", 0, "c"),
    ]


def test_one_is_neither_true_nor_1_0_and_the_earlier_value_is_told() -> None:
    rows = shown('{"a":true,"b":1.0,"c":1,"d":[],"e":"1"}', '{"a":1,"b":1,"c":1,"d":{"x":1},"e":1}')
    assert [(row.sign, row.before, row.before_kind) for row in rows] == [
        ("changed", "1", "number"),
        ("changed", "1", "number"),
        ("", None, None),
        ("changed", None, "object"),
        ("changed", "1", "number"),
    ]


def test_removed_members_stand_at_their_old_place() -> None:
    rows = shown('{"b":1,"new":2,"d":3,"c":4}', '{"a":0,"b":1,"x":5,"y":6,"c":4,"d":3,"z":7}')
    assert keys(rows) == ["ra", "b", "rx", "ry", "anew", "d", "rz", "c"]
    assert [row.text for row in rows if row.sign == "removed"] == ["0", "5", "6", "7"]


def test_lists_are_compared_place_by_place_and_what_was_removed_can_be_opened() -> None:
    rows = shown('{"l":[1,3]}', '{"l":[1,2,{"x":[9]}]}', "/l", "/l/2", "/l/2/x")
    assert keys(rows) == ["il", "0", "c1", "r2", "rx", "r0"]
    assert rows[-1].text == "9"


def test_all_of_what_is_new_is_new_also_where_it_replaces_something_else() -> None:
    rows = shown('{"n":{"x":{"y":1}},"o":[7]}', '{"o":{"0":7}}', "/n", "/n/x", "/o")
    assert keys(rows) == ["an", "ax", "ay", "co", "a0"]


def test_long_containers_and_texts_are_cut_and_say_so() -> None:
    value = PARSE('{"l":[' + ",".join(map(str, range(50))) + '],"t":"' + "x" * 1000 + '"}')
    before = PARSE('{"l":[' + ",".join(map(str, range(49))) + '],"t":"' + "x" * 1000 + '"}')
    rows = outline(value, before, {"/l": 2}).rows
    assert [row.kind for row in rows] == ["array", "number", "number", "more", "string"]
    more = rows[3]
    assert (more.pointer, more.depth, more.length, more.sign) == ("/l", 1, 48, "inside")
    assert (len(rows[4].text), rows[4].length) == (400, 1000)
    assert outline({str(number): number for number in range(1001)}).rows[1000].length == 1


def test_counts_are_of_the_whole_value_however_little_is_open() -> None:
    before = PARSE('{"a":{"b":{"x":1,"y":2,"z":{"q":1}}}}')
    found = outline(PARSE('{"a":{"b":{"x":2,"y":2,"n":{"m":1,"o":2}}}}'), before)
    assert (found.added, found.removed, found.changed) == (1, 1, 1)
    assert keys(found.rows) == ["ia"]


@pytest.mark.parametrize("value", ["5", '"x"', "null"])
def test_a_value_without_members_is_one_row(value: str) -> None:
    (row,) = shown(value, "4")
    assert (row.pointer, row.depth, row.key, row.sign, row.before) == ("", 0, "", "changed", "4")
    assert shown(value, value)[0].sign == ""


def test_what_both_share_is_not_looked_into() -> None:
    class Loud:
        def __eq__(self, other: object) -> bool:
            raise AssertionError("looked into")

        __hash__ = None  # type: ignore[assignment] # as Python does it where equality alone is defined

    part = {"x": Loud()}
    assert keys(outline({"a": part, "b": 1}, {"a": part, "b": 2}).rows) == ["a", "cb"]


def test_depth_is_no_limit() -> None:
    deep, way = "[" * 400 + "1" + "]" * 400, ["/0" * depth for depth in range(1, 401)]
    rows = shown(deep, deep.replace("1", "2"), *way)
    assert (len(rows), rows[-1].sign, rows[-1].pointer) == (400, "changed", "/0" * 400)
    assert fields_with(PARSE(deep), "1", 5) == (["/0" * 400], 1)


def test_a_pointer_names_a_field() -> None:
    value = PARSE('{"a/b":[{"~":1},[]],"":{"":2},"0":3}')
    assert field_at(value, "") is value
    assert field_at(value, "/a~1b/0/~0") == 1
    assert field_at(value, "/a~1b/1") == []
    assert field_at(value, "//") == 2
    assert field_at(value, "/0") == 3


@pytest.mark.parametrize(
    ("path", "why"),
    [
        ("a", "a pointer is empty or begins with /"),
        ("/b", "the state has no member 'b'"),
        ("/l/2", "/l has no member '2'"),
        ("/l/01", "/l has no member '01'"),
        ("/l/-", "/l has no member '-'"),
        ("/l/-1", "/l has no member '-1'"),
        ("/l/²", "/l has no member '²'"),
        ("/l/0/x", "/l/0 has no member 'x'"),
    ],
)
def test_a_pointer_that_names_nothing_says_how_far_it_went(path: str, why: str) -> None:
    with pytest.raises(NoSuchField) as raised:
        field_at(PARSE('{"l":["abc",2]}'), path)
    assert str(raised.value) == why


def test_fields_are_found_by_name_and_by_value_in_display_order() -> None:
    value = PARSE('{"Name":"x","o":{"rename":1,"l":["NAME",2,{"k":"no"}]},"n":1.50,"t":true,"ß":0}')
    assert fields_with(value, "name", 10) == (["/Name", "/o/rename", "/o/l/0"], 3)
    assert fields_with(value, "name", 2) == (["/Name", "/o/rename"], 3)
    assert fields_with(value, "1.5", 10) == (["/n"], 1)
    assert fields_with(value, "TRUE", 10) == (["/t"], 1)
    assert fields_with(value, "SS", 10) == (["/ß"], 1)
    assert fields_with(value, "0", 10) == (["/n", "/ß"], 2), "an index is no name"
