"""States to compare: lists with and without ids, and second states that were made of the first."""

from typing import Any

from hypothesis import strategies as st

from auditor.core import exact_json
from tests.helpers.json_values import json_texts

_ids = st.one_of(st.integers(0, 5), st.sampled_from(["x", "y", "1", True, False, exact_json.Digits("1.0")]))
_scalars = st.one_of(st.integers(0, 3), st.booleans(), st.none(), st.sampled_from(["", "a", "1"]))


def _by_kind(value: Any) -> Any:
    return (type(value), value)


def _items(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Lists of objects with ids, all different."""
    item = st.builds(
        lambda name, more: {"id": name, **more}, _ids, st.dictionaries(_names, inner, max_size=2)
    )
    return st.lists(item, max_size=5, unique_by=lambda item: _by_kind(item["id"]))


_names = st.sampled_from(["a", "b", "c/~", ""])


def _containers(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.one_of(_items(inner), st.lists(inner, max_size=5), st.dictionaries(_names, inner, max_size=4))


states = st.one_of(st.recursive(_scalars, _containers, max_leaves=25), json_texts().map(exact_json.parse))


@st.composite
def neighbours(draw: st.DrawFn) -> tuple[Any, Any]:
    """Two states, the second often made of the first."""
    one = draw(states)
    if draw(st.booleans()):
        return one, draw(states)
    return one, _edited(one, draw)


def _edited(value: Any, draw: st.DrawFn) -> Any:
    if type(value) is dict:
        kept = {name: item for name, item in value.items() if draw(st.integers(0, 4))}
        return {name: _edited(item, draw) for name, item in kept.items()}
    if type(value) is list:
        kept_items = [_edited(item, draw) for item in value if draw(st.integers(0, 4))]
        if draw(st.booleans()):
            kept_items = draw(st.permutations(kept_items))
        if draw(st.booleans()):
            kept_items.insert(draw(st.integers(0, len(kept_items))), draw(states))
        return kept_items
    return value if draw(st.integers(0, 3)) else draw(_scalars)
