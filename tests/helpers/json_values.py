"""JSON documents to try laws on, written as a foreign program may write them."""

import json

from hypothesis import strategies as st

from auditor.core import exact_json

_PLACE = exact_json._PLACE
_numbers = st.one_of(
    st.integers().map(str),
    st.from_regex(r"\A-?(0|[1-9][0-9]{0,30})(\.[0-9]{1,20})?([eE][+-]?[0-9]{1,3})?\Z"),
    st.sampled_from(["-0", "1.0", "1.50", "1e400", "-0.0", "123456789012345678901234567890", "1E5"]),
)
_strings = st.one_of(
    st.text(),
    st.sampled_from(["", _PLACE, f'a"{_PLACE}', f"{_PLACE}\0", "\ud800", "\u202e", "~/", "a/b~c", "$repr"]),
).map(json.dumps)
# A few keys that two documents are likely to share
_keys = st.sampled_from(['"a"', '"b"', '"c"']) | _strings
_scalars = st.one_of(st.sampled_from(["null", "true", "false"]), _numbers, _strings)


def _object(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    pairs = st.dictionaries(_keys, inner, max_size=4)
    return pairs.map(lambda items: "{" + ",".join(f"{key}:{value}" for key, value in items.items()) + "}")


def _containers(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return _object(inner) | st.lists(inner, max_size=4).map(lambda items: f"[{','.join(items)}]")


def json_texts() -> st.SearchStrategy[str]:
    """Texts without needless blanks; keys of one object differ."""
    return st.recursive(_scalars, _containers, max_leaves=12)


def json_objects() -> st.SearchStrategy[str]:
    return _object(json_texts())
