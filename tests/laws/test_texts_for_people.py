"""Laws of what leaves the program: nothing hidden on screen, times whose texts sort as instants, tokens that hold."""

from datetime import datetime, timedelta, timezone

from hypothesis import given
from hypothesis import strategies as st

from auditor.core.cursors import cursor_place, cursor_token
from auditor.core.presenter import display
from auditor.core.timestamps import format_timestamp, parse_timestamp

_offsets = st.integers(-23 * 60 - 59, 23 * 60 + 59).map(lambda minutes: timezone(timedelta(minutes=minutes)))
_moments = st.datetimes(datetime(2, 1, 1), datetime(9998, 12, 31), timezones=_offsets)  # noqa: DTZ001 - bounds


@given(st.text())
def test_what_is_displayed_is_one_visible_line(text: str) -> None:
    shown = display(text)

    assert shown.isprintable()
    assert display(shown) == shown


@given(st.text(), st.integers(0, 20))
def test_a_cut_says_what_is_missing(text: str, longest: int) -> None:
    shown = display(text, longest=longest)

    missing = len(text) - longest
    assert shown == (display(text) if missing <= 0 else f"{display(text[:longest])}… (+{missing})")


@given(_moments, _moments)
def test_texts_sort_as_the_instants_do(one: datetime, other: datetime) -> None:
    texts = format_timestamp(one), format_timestamp(other)

    assert (texts[0] < texts[1], texts[0] == texts[1]) == (one < other, one == other)
    assert {len(text) for text in texts} == {27}


@given(_moments)
def test_a_written_instant_is_read_again(moment: datetime) -> None:
    assert parse_timestamp(format_timestamp(moment)) == moment
    assert parse_timestamp(moment.isoformat()) == moment


@given(st.text(), st.lists(st.none() | st.integers() | st.text()), st.text())
def test_a_token_stands_for_its_place_in_its_listing(listing: str, place: list[object], other: str) -> None:
    token = cursor_token(listing, place)

    assert cursor_place(listing, token) == place
    assert token.replace("-", "").replace("_", "").isalnum()
