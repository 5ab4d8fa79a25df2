"""Keys that stand twice are found exactly, however the data was written and whichever way they are looked for."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.core import exact_json
from auditor.core.timeline import MOST_KEYS, Timeline
from tests.helpers.guest_code import stored
from tests.laws.test_timeline_laws import MODELS, SPACING, model

_blanks = st.sampled_from(["", "", "", " ", "\t", "\r", "\n"])
_keys = st.sampled_from(["a", "b", 'c":', "", ":"]).map(json.dumps)
_scalars = st.sampled_from(
    ["1", "null", '"x"', '":"', '"\\":"', '" :"', '"12:30"', '"{\\"a\\":1,\\"a\\":2}"']
)


@st.composite
def _objects(draw: st.DrawFn, inner: st.SearchStrategy[str]) -> str:
    """Keys may stand twice, blanks anywhere."""
    pairs = draw(st.lists(st.tuples(_keys, inner), max_size=3))
    return "{" + ",".join(f"{key}{draw(_blanks)}:{draw(_blanks)}{item}" for key, item in pairs) + "}"


_values = st.recursive(
    _scalars,
    lambda inner: _objects(inner) | st.lists(inner, max_size=3).map(lambda items: f"[{','.join(items)}]"),
    max_leaves=8,
)
DATA = _objects(_values)
BROKEN = st.sampled_from(["", "{", '{"a":1,"b":[1', '2],"a":3}', "[1]", '"a":', '{"a":NaN}'])


@given(DATA)
def test_one_text(text: str) -> None:
    assert exact_json.repeated_keys(text) == exact_json.parse_noting(text)[1]


@given(MODELS, st.lists(DATA | BROKEN, max_size=12), SPACING, st.lists(st.integers(0, 12), max_size=3))
def test_a_whole_history(kind: str, texts: list[str], every: int, asked: list[int]) -> None:
    timeline = Timeline(model(kind), "a", lambda _: None, every=every)
    timeline.extend(stored(version, "Put", text) for version, text in enumerate(texts, 1))
    for ordinal in (*asked, len(texts), *asked):
        timeline.advance(min(ordinal, len(texts)))
        timeline.state_at(min(ordinal, len(texts)))
        timeline.remarks()
    expected = []
    for version, text in enumerate(texts, 1):
        try:
            keys = list(dict.fromkeys(exact_json.parse_noting(text)[1]))
        except exact_json.NotJson:
            keys = []
        if keys:
            expected.append((version, version, keys[:MOST_KEYS], len(keys)))
    assert timeline.remarks().repeated_keys == expected


@pytest.mark.parametrize("blank", ["", " ", "\t", "\r", "\n"])
def test_each_blank_before_a_colon(blank: str) -> None:
    assert exact_json.repeated_keys(f'{{"a":1,"a"{blank}:2}}') == ["a"]


@pytest.mark.parametrize("kind", ["merge", "class"])
def test_each_is_told_once_though_its_event_is_applied_again(kind: str) -> None:
    timeline = Timeline(model(kind), "a", lambda _: None)
    timeline.extend(stored(version, "Put", '{"a":1,"a":2}') for version in range(1, 7))
    for ordinal in (3, 1, 6, 2, 5):
        timeline.state_at(ordinal)
        timeline.remarks()
    assert [one.ordinal for one in timeline.remarks().repeated_keys] == [1, 2, 3, 4, 5, 6]


def test_what_one_event_has_more_hides_nothing_of_the_next() -> None:
    timeline = Timeline(model("merge"), "a", lambda _: None, every=1)
    timeline.extend([stored(1, "Put", '{"x":1}'), stored(2, "Put", '{"a":1,"a":2}')])
    timeline.advance(2)
    assert [one.ordinal for one in timeline.remarks().repeated_keys] == [2]


@pytest.mark.parametrize("kind", ["merge", "class"])
def test_broken_texts_around_one_do_not_hide_it(kind: str) -> None:
    """With a quote before and behind, what is between strings and what is in them change places."""
    timeline = Timeline(model(kind), "a", lambda _: None)
    texts = ('"', '{",":",",",":","}', '"')
    timeline.extend(stored(version, "Put", text) for version, text in enumerate(texts, 1))
    timeline.advance(3)
    assert [one.ordinal for one in timeline.remarks().repeated_keys] == [2]
