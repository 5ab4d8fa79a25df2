"""Whatever JSON text an event has, importing keeps its characters."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.core.import_fields import LineRefused
from auditor.core.import_lines import read_line

blanks = st.text(" \t\r", max_size=2)
digits = st.from_regex(r"-?(0|[1-9][0-9]{0,30})(\.[0-9]{1,20})?([eE][+-]?[0-9]{1,4})?", fullmatch=True)


@st.composite
def texts(draw: st.DrawFn) -> str:
    """A JSON string, its characters escaped or not as the draw wants."""
    plain: str = draw(st.text(max_size=8))
    return json.dumps(plain, ensure_ascii=draw(st.booleans())).replace(
        "/", draw(st.sampled_from(["/", "\\/"]))
    )


@st.composite
def joined(draw: st.DrawFn, items: Any, opening: str, closing: str) -> str:
    parts: list[str] = draw(st.lists(items, max_size=4))
    inside = ",".join(draw(blanks) + part + draw(blanks) for part in parts)
    return opening + draw(blanks) + inside + closing


@st.composite
def members(draw: st.DrawFn, values: Any) -> str:
    value: str = draw(values)
    return draw(texts()) + draw(blanks) + ":" + draw(blanks) + value


values = st.recursive(
    st.sampled_from(["true", "false", "null"]) | digits | texts(),
    lambda inner: joined(inner, "[", "]") | joined(members(inner), "{", "}"),
    max_leaves=8,
)
objects = joined(members(values), "{", "}")
ids = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=12)


@given(objects, objects, ids, st.permutations(range(8)), st.booleans(), blanks)
def test_any_data_and_metadata_survive_in_any_order_of_members(
    data: str, metadata: str, aggregate_id: str, order: list[int], readable: bool, blank: str
) -> None:
    parts = [
        '"event_id":"c1cfff7b-7b70-5285-8ea4-e55eb09b692d"',
        f'"aggregate_id":{json.dumps(aggregate_id, ensure_ascii=not readable)}',
        '"aggregate_type":"Order"',
        '"event_type":"OrderCreated"',
        '"version":1',
        '"timestamp":"2026-03-01T12:00:00Z"',
        f'"data":{data}',
        f'"metadata":{metadata}',
    ]
    usual = read_line(f"{{{','.join(parts)}}}".encode(), 1)
    assert (usual.data_text, usual.metadata_text) == (data, metadata)
    assert usual.aggregate_id == aggregate_id
    anyhow = f"{blank},{blank}".join(parts[place] for place in order)
    assert read_line(f"{{{blank}{anyhow}{blank}}}{blank}".encode(), 1) == usual


@given(st.binary(max_size=60) | st.from_regex(r'\{"(event_id|data|x)": ?["\[{0-9a-z]{0,8}[}\]]*'))
def test_no_line_ends_in_another_error(line: bytes | str) -> None:
    with pytest.raises(LineRefused):
        read_line(line if isinstance(line, bytes) else line.encode(), 1)
