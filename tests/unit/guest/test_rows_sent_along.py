"""Rows that a worker would ask for go with its batches, where that spares questions."""

from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from auditor.core.ports import NeverStopped
from auditor.core.rows import Key
from auditor.guest import projection_service
from auditor.guest.projection_service import ProjectionGuest
from tests.helpers.guest_code import stored, trusted_code

SOURCE = """
    class Sums:
        name = "sums"
        tables = (
            {"name": "sums", "columns": {"id": "text", "n": "integer"}},
            {"name": "parts", "columns": {"id": "text", "part": "integer", "n": "integer"}, "key": ("id", "part")},
            {"name": "others", "columns": {"id": "text", "n": "integer"}},
        )

        def on_added(self, event, envelope):
            name = envelope.aggregate_id
            before = self.rows.get("sums", name)
            self.rows.put("sums", {"id": name, "n": (before["n"] if before else 0) + event.n})
            part = self.rows.get("parts", name, event.n)
            self.rows.put("parts", {"id": name, "part": event.n, "n": (part["n"] if part else 0) + 1})
            self.rows.get("others", "of " + name)
"""
EACH, BATCHES = 60, 12


class Stored:
    """Rows in memory that know how often each table was asked."""

    def __init__(self) -> None:
        self.tables: dict[str, dict[Key, list[Any]]] = {"sums": {}, "parts": {}, "others": {}}
        self.questions: Counter[str] = Counter()
        self.under: Counter[str] = Counter()
        self.is_crowded = False

    def fetch(self, table: str, key: Key) -> list[Any] | None:
        self.questions[table] += 1
        return self.tables[table].get(key)

    def fetch_under(self, table: str, first: Any) -> list[list[Any]] | None:
        self.under[table] += 1
        if self.is_crowded and table == "parts":
            return None
        return [row for key, row in self.tables[table].items() if key[0] == first]


@pytest.fixture
def rows() -> Stored:
    rows = Stored()
    for number in range(0, EACH * BATCHES, 2):  # every second one has rows
        name = f"a-{number}"
        rows.tables["sums"][(name,)] = [name, 100]
        rows.tables["parts"][(name, 1)] = [name, 1, 10]
    return rows


def projected(tmp_path: Path, cache: Path, rows: Stored) -> None:
    code = trusted_code(tmp_path / "code", SOURCE, "sums:Sums")
    with ProjectionGuest(code, None, NeverStopped(), cache=cache) as guest:
        guest.look_up(rows.fetch, rows.fetch_under)
        guest.restart(empty=False)
        for batch in range(BATCHES):
            numbers = range(batch * EACH, (batch + 1) * EACH)
            guest.send([stored(at + 1, "Added", {"n": 1}, aggregate_id=f"a-{at}") for at in numbers])
            for name, changes in guest.receive().changes.items():
                width = 2 if name == "parts" else 1
                rows.tables[name].update({tuple(row[:width]): row for row in changes.put})


def test_what_goes_along_is_not_asked_for_and_rows_are_right(
    tmp_path: Path, cache: Path, rows: Stored
) -> None:
    projected(tmp_path, cache, rows)
    for number in range(EACH * BATCHES):
        had = number % 2 == 0
        name = f"a-{number}"
        assert rows.tables["sums"][(name,)] == [name, 101 if had else 1]
        assert rows.tables["parts"][(name, 1)] == [name, 1, 11 if had else 1]
    assert rows.questions["sums"] == rows.questions["parts"] == EACH
    assert rows.under["sums"] == EACH * (BATCHES - 1)


def test_rows_of_an_aggregate_that_has_too_many_are_asked_for_one_by_one(
    tmp_path: Path, cache: Path, rows: Stored
) -> None:
    rows.is_crowded = True
    projected(tmp_path, cache, rows)
    for number in range(EACH * BATCHES):
        assert rows.tables["parts"][(f"a-{number}", 1)] == [f"a-{number}", 1, 1 if number % 2 else 11]
    assert rows.questions["parts"] == EACH * BATCHES
    assert rows.under["parts"] == 2 * EACH  # then it is given up


def test_a_batch_takes_only_so_many_rows_along(
    tmp_path: Path, cache: Path, rows: Stored, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(projection_service, "_MOST_ALONG", 10)
    projected(tmp_path, cache, rows)
    for number in range(EACH * BATCHES):
        assert rows.tables["sums"][(f"a-{number}",)] == [f"a-{number}", 1 if number % 2 else 101]
    assert rows.under["sums"] == 2 * 19  # every second one has a row: ten are there with the nineteenth


def test_what_spares_no_question_is_given_up(tmp_path: Path, cache: Path, rows: Stored) -> None:
    projected(tmp_path, cache, rows)
    assert rows.questions["others"] == EACH * BATCHES
    assert rows.under["others"] == 2 * EACH
