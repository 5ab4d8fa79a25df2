"""What handlers read and write, and which of them runs."""

import enum
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from auditor.core.errors import ModelError, UpcastError
from auditor.core.events import Envelope
from auditor.core.handlers import NoHandler
from auditor.core.projection import Projection, Projector, declared_tables
from auditor.core.rows import Key, Rows, Table, TableChanges, WrongRow
from auditor.core.upcasting import Retired, Split, Upcaster, UpcasterChain
from tests.helpers.guest_code import stored

THINGS = Table(name="things", columns={"id": "text", "count": "integer", "share": "real", "good": "boolean"})
PAIRS = Table(name="pairs", columns={"a": "text", "b": "integer", "note": "text"}, key=("a", "b"))


class Stored:
    """The rows as a target would hold them, and what was asked of it."""

    def __init__(self) -> None:
        self.tables: dict[str, dict[Key, list[Any]]] = {"things": {}, "pairs": {}}
        self.asked: list[tuple[str, Key]] = []

    def fetch(self, table: str, key: Key) -> list[Any] | None:
        self.asked.append((table, key))
        return self.tables[table].get(key)

    def write(self, changes: Mapping[str, TableChanges]) -> None:
        width = {"things": 1, "pairs": 2}
        for table, (put, gone) in changes.items():
            for key in gone:
                self.tables[table].pop(tuple(key), None)
            self.tables[table].update({tuple(row[: width[table]]): row for row in put})


def new_rows(stored_rows: Stored, *, empty: bool = True, most: int = 1000) -> Rows:
    return Rows((THINGS, PAIRS), stored_rows.fetch, empty=empty, most=most)


def test_changes_are_whole_rows_in_column_order_each_once() -> None:
    rows = new_rows(Stored())
    rows.put("things", {"count": 1, "id": "a"})
    rows.put("things", {"id": "b"})
    rows.update("things", {"id": "a", "good": True})
    rows.delete("things", "b")
    rows.delete("things", "never there")
    assert rows.take_changes() == {
        "things": TableChanges([["a", 1, None, True]], [["b"], ["never there"]]),
    }
    assert rows.take_changes() == {}


def test_a_deleted_row_can_be_put_again() -> None:
    rows = new_rows(Stored())
    rows.put("pairs", {"a": "x", "b": 1, "note": "first"})
    rows.delete("pairs", "x", 1)
    assert rows.get("pairs", "x", 1) is None
    rows.put("pairs", {"a": "x", "b": 1})
    assert rows.take_changes() == {"pairs": TableChanges([["x", 1, None]], [])}


def test_what_get_returns_is_a_copy() -> None:
    rows = new_rows(Stored())
    rows.put("things", {"id": "a", "count": 1})
    mine = rows.get("things", "a")
    assert mine is not None
    mine["count"] = 2
    assert rows.get("things", "a") == {"id": "a", "count": 1, "share": None, "good": None}


def test_nothing_is_looked_up_in_tables_that_began_empty() -> None:
    target = Stored()
    rows = new_rows(target)
    assert rows.get("things", "a") is None
    assert target.asked == []


def test_rows_are_looked_up_once_where_tables_did_not_begin_empty() -> None:
    target = Stored()
    target.tables["things"][("a",)] = ["a", 1, 0.5, True]
    rows = new_rows(target, empty=False)
    rows.update("things", {"id": "a", "count": 2})
    assert rows.get("things", "a") == {"id": "a", "count": 2, "share": 0.5, "good": True}
    assert rows.get("things", "b") is None
    assert rows.get("things", "b") is None
    assert target.asked == [("things", ("a",)), ("things", ("b",))]


def test_rows_that_the_cache_let_go_are_found_where_they_were_written() -> None:
    target = Stored()
    rows = new_rows(target, most=10)
    for number in range(50):
        rows.put("things", {"id": f"t{number}", "count": number})
        target.write(rows.take_changes())
    rows.update("things", {"id": "t3", "good": False})
    rows.delete("things", "t4")
    assert rows.get("things", "t4") is None
    assert rows.get("things", "never there") is None
    assert rows.get("things", "t49") == {"id": "t49", "count": 49, "share": None, "good": None}
    target.write(rows.take_changes())
    assert target.tables["things"][("t3",)] == ["t3", 3, None, False]
    assert ("t4",) not in target.tables["things"]
    assert target.asked == [("things", ("t3",))]


class Colour(enum.Enum):
    RED = "red"


def test_values_become_what_their_columns_hold() -> None:
    rows = Rows(
        (Table(name="t", columns={"id": "text", "n": "integer", "r": "real"}),), lambda *_: None, empty=True
    )
    moment = datetime(2026, 3, 1, 12, tzinfo=UTC)
    for value, text in (
        (moment, "2026-03-01T12:00:00.000000Z"),
        (moment.date(), "2026-03-01"),
        (UUID(int=1), "00000000-0000-0000-0000-000000000001"),
        (Decimal("1.50"), "1.50"),
        (Colour.RED, "red"),
    ):
        rows.put("t", {"id": value, "n": True, "r": 3})
        found = rows.get("t", value)
        assert found == {"id": text, "n": 1, "r": 3.0}
        assert (type(found["n"]), type(found["r"])) == (int, float)
        assert rows.get("t", text) == found
    rows.update("t", {"id": Colour.RED, "n": 2})
    rows.delete("t", moment)
    changes = rows.take_changes()["t"]
    assert ["red", 2, 3.0] in changes.put
    assert changes.delete == [["2026-03-01T12:00:00.000000Z"]]


@pytest.mark.parametrize(
    ("row", "named"),
    [
        ({"id": "a", "colour": 1}, "colour"),
        ({"id": "a", "count": "1"}, "count"),
        ({"id": "a", "count": 1.0}, "count"),
        ({"id": "a", "good": 1}, "good"),
        ({"id": "a", "share": float("nan")}, "share"),
        ({"id": "a", "share": float("inf")}, "share"),
        ({"id": 1}, "id"),
        ({"count": 1}, "id"),
    ],
)
def test_a_row_that_does_not_fit_is_refused_by_name(row: dict[str, Any], named: str) -> None:
    rows = new_rows(Stored())
    rows.put("things", {"id": "a", "count": 1})
    for write in (rows.put, rows.update):
        with pytest.raises(WrongRow, match=named):
            write("things", row)
    assert rows.take_changes()["things"] == TableChanges([["a", 1, None, None]], [])


def test_what_is_not_declared_or_not_there_is_refused() -> None:
    rows = new_rows(Stored())
    acts: list[Callable[[], object]] = [
        lambda: rows.get("other", 1),
        lambda: rows.put("other", {}),
        lambda: rows.update("other", {}),
        lambda: rows.delete("other", 1),
    ]
    for act in acts:
        with pytest.raises(WrongRow, match="other"):
            act()
    with pytest.raises(WrongRow, match="no row"):
        rows.update("things", {"id": "a"})
    with pytest.raises(WrongRow, match="a, b"):
        rows.get("pairs", "only one")
    with pytest.raises(WrongRow, match="a, b"):
        rows.delete("pairs", "x", 1, 2)


# -- projections -----------------------------------------------------------------------------------------------------


class Counted(Projection):
    name = "counted"
    tables = (THINGS,)
    ignores = frozenset({"Noticed"})
    upcasters = UpcasterChain(
        [
            Upcaster("Grown", 1, lambda data: {"by": data["old"]}, to_type="Raised"),
            Split("Batch", 1, lambda data: data.pop("parts"), into={"Raised": 1, "Noticed": 1, "Unheard": 1}),
            Retired("Faxed"),
        ]
    )

    def on_made(self, event: Any, envelope: Envelope) -> None:
        self.rows.put("things", {"id": envelope.aggregate_id, "count": event.count})

    def on_raised(self, event: Any) -> None:
        self.rows.put("things", {"id": "raised", "count": event.by})


def projected(*events: tuple[str, Any]) -> dict[str, TableChanges]:
    rows = Rows(Counted.tables, lambda *_: None, empty=True)
    projector = Projector(Counted(), rows)
    for version, (event_type, data) in enumerate(events, 1):
        projector.apply(stored(version, event_type, data))
    return rows.take_changes()


def test_handlers_get_the_payload_and_the_envelope_if_they_want_it() -> None:
    assert projected(("Made", {"count": 3}), ("Noticed", {}))["things"].put == [["a-1", 3, None, None]]


def test_old_versions_are_upcast_before_their_handler_is_looked_up() -> None:
    assert projected(("Grown", {"old": 7}))["things"].put == [["raised", 7, None, None]]


def test_the_parts_of_a_split_event_are_projected_in_order() -> None:
    parts = [["Raised", {"by": 1}], ["Noticed", {}], ["Raised", {"by": 2}]]
    assert projected(("Batch", {"parts": parts}))["things"].put == [["raised", 2, None, None]]


def test_a_split_event_with_an_unknown_part_changes_no_row() -> None:
    rows = Rows(Counted.tables, lambda *_: None, empty=True)
    with pytest.raises(NoHandler, match="Unheard"):
        Projector(Counted(), rows).apply(
            stored(1, "Batch", {"parts": [["Raised", {"by": 1}], ["Unheard", {}]]})
        )
    assert not rows.take_changes()


def test_an_event_that_the_upcasters_cannot_read_is_an_error() -> None:
    with pytest.raises(UpcastError, match="KeyError: 'old'"):
        projected(("Grown", {}))


def test_a_retired_type_changes_no_row_and_stands_as_ignored() -> None:
    rows = Rows(Counted.tables, lambda *_: None, empty=True)
    projector = Projector(Counted(), rows)
    projector.apply(stored(1, "Faxed", {"to": "nobody"}))
    assert not rows.take_changes()
    assert (projector.standing("Faxed"), projector.standing("Batch")) == ("ignored", "handled")


def test_a_version_beyond_the_one_that_the_payload_class_states_is_unknown() -> None:
    @dataclass(frozen=True)
    class Made:
        count: int
        schema_version = 2

    class Stated(Counted):
        def on_made(self, event: Made, envelope: Envelope) -> None:
            self.rows.put("things", {"id": envelope.aggregate_id, "count": event.count})

    Stated.on_made.__annotations__["event"] = Made
    rows = Rows(Counted.tables, lambda *_: None, empty=True)
    projector = Projector(Stated(), rows)
    made = stored(1, "Made", {"count": 3})
    projector.apply(made)
    assert rows.take_changes()["things"].put == [["a-1", 3, None, None]]
    with pytest.raises(UpcastError, match="version 3 is unknown to this code"):
        projector.apply(made._replace(metadata_text='{"schema_version":3}'))


def test_handled_ignored_and_unknown_types_are_told_apart() -> None:
    projector = Projector(Counted(), Rows(Counted.tables, lambda *_: None, empty=True))
    standings = {name: projector.standing(name) for name in ("Made", "Noticed", "Grown", "Unheard")}
    assert standings == {"Made": "handled", "Noticed": "ignored", "Grown": "handled", "Unheard": "unknown"}
    with pytest.raises(NoHandler):
        projected(("Unheard", {}))
    assert projector.handler_name("Made") == "Counted.on_made"
    assert projector.handler_name("Unheard") is None


def test_tables_are_known_by_their_shape() -> None:
    class Shaped:
        tables = ({"name": "t", "columns": {"k": "text"}, "key": ["k"]}, THINGS)

    assert declared_tables(Shaped) == (Table(name="t", columns={"k": "text"}, key=("k",)), THINGS)


@pytest.mark.parametrize(
    "tables",
    [
        (),
        ({"name": "t", "columns": {"id": "date"}},),
        ({"name": "t", "columns": {"k": "text"}},),
        ({"columns": {"id": "text"}},),
        ({"name": "t", "columns": ["id"]},),
        (THINGS, THINGS),
    ],
)
def test_a_wrong_declaration_is_refused(tables: Any) -> None:
    with pytest.raises(ModelError):
        declared_tables(type("Wrong", (), {"tables": tables}))
