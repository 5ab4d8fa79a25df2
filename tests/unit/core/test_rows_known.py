"""Rows that are told before they are asked for: what that spares, how long it holds, and what it never undoes."""

from typing import Any

from auditor.core.rows import Key, Rows, Table

PARTS = Table(name="parts", columns={"id": "text", "part": "integer", "n": "integer"}, key=("id", "part"))


class Asked:
    def __init__(self) -> None:
        self.keys: list[Key] = []
        self.rows = Rows([PARTS], self._fetch, empty=False)

    def _fetch(self, _: str, key: Key) -> list[Any] | None:
        self.keys.append(key)
        return [*key, 7]


def test_what_is_known_is_not_asked_for_and_what_is_absent_neither() -> None:
    asked = Asked()
    asked.rows.know("parts", ["a", "b"], [["a", 1, 5]])
    assert asked.rows.get("parts", "a", 1) == {"id": "a", "part": 1, "n": 5}
    assert asked.rows.get("parts", "a", 2) is None
    assert asked.rows.get("parts", "b", 1) is None
    assert asked.rows.get("parts", "c", 1) == {"id": "c", "part": 1, "n": 7}
    assert asked.keys == [("c", 1)]


def test_it_holds_for_one_batch() -> None:
    asked = Asked()
    asked.rows.know("parts", ["a"], [])
    asked.rows.take_changes()
    assert asked.rows.get("parts", "a", 1) == {"id": "a", "part": 1, "n": 7}


def test_what_handlers_have_stated_stays() -> None:
    asked = Asked()
    asked.rows.put("parts", {"id": "a", "part": 1, "n": 9})
    asked.rows.delete("parts", "a", 2)
    asked.rows.take_changes()
    asked.rows.know("parts", ["a"], [["a", 1, 5], ["a", 2, 5], ["a", 3, 5]])
    assert [asked.rows.get("parts", "a", part) for part in (1, 2, 3)] == [
        {"id": "a", "part": 1, "n": 9},
        None,
        {"id": "a", "part": 3, "n": 5},
    ]
    assert asked.rows.take_changes() == {}
