"""A moment as a user names it: its zone is always said, and clocks that were put back or forward are asked about."""

import os
import time
import zoneinfo
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.core.asked_time import UnclearTime, asked_moment, instant_of, instants_of, zone_named
from auditor.core.errors import WrongRequest

AMSTERDAM = "Europe/Amsterdam"


@pytest.mark.parametrize(
    ("text", "utc"),
    [
        ("2026-03-01", "2026-03-01T00:00:00.000000Z"),
        ("2026-03-01T13:00:00+01:00", "2026-03-01T12:00:00.000000Z"),
        ("2026-03-01t13:00:00.5-00:30", "2026-03-01T13:30:00.500000Z"),
        (" 2026-03-01 12:00Z ", "2026-03-01T12:00:00.000000Z"),
        ("2026-03-01 12:00 UTC", "2026-03-01T12:00:00.000000Z"),
        ("2026-07-01 13:00 Europe/Amsterdam", "2026-07-01T11:00:00.000000Z"),
        ("2026-07-01T13:00:00.000001[Europe/Amsterdam]", "2026-07-01T11:00:00.000001Z"),
        ("2026-07-01T13:00 Etc/GMT+5", "2026-07-01T18:00:00.000000Z"),
        ("2026-10-25T02:30:00+01:00[Europe/Amsterdam]", "2026-10-25T01:30:00.000000Z"),
        ("2026-10-25T02:30:00+02:00[Europe/Amsterdam]", "2026-10-25T00:30:00.000000Z"),
        ("2026-03-01 Europe/Amsterdam", "2026-02-28T23:00:00.000000Z"),
        ("2026-03-01+01:00", "2026-02-28T23:00:00.000000Z"),
        ("2018-11-04 America/Sao_Paulo", "2018-11-04T03:00:00.000000Z"),  # put forward at midnight
        ("2018-02-18 America/Sao_Paulo", "2018-02-18T03:00:00.000000Z"),
        ("2018-02-17 America/Sao_Paulo", "2018-02-17T02:00:00.000000Z"),
        (
            "2025-10-26 Atlantic/Azores",
            "2025-10-26T00:00:00.000000Z",
        ),  # from 01:00 back to midnight: the first one
    ],
)
def test_is_read(text: str, utc: str) -> None:
    assert asked_moment(text) == utc


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("yesterday", "not written like"),
        ("", "not written like"),
        ("2026-3-1", "not written like"),
        ("\N{FULLWIDTH DIGIT TWO}026-03-01", "not written like"),
        ("2026-02-30", "day"),
        ("2026-02-30T12:00 Europe/Amsterdam", "day"),
        ("2026-03-01T12:00:00", "no zone"),
        ("2026-03-01T24:00Z", "hour"),
        ("2026-03-01T12:00:60Z", "leap second"),
        ("2026-03-01T12:00:00.1234567Z", "not written like"),
        ("2026-03-01T12:00:00+24:00", "does not exist"),
        ("2026-10-25T02:30:00+03:00[Europe/Amsterdam]", "do not show that time with that offset"),
        ("2026-03-01+01:00[Europe/Amsterdam]", "one zone"),
        ("0001-01-01 Asia/Tokyo", "too far away"),
    ],
)
def test_what_cannot_be_looked_up_says_how_to_write_it(text: str, why: str) -> None:
    with pytest.raises(WrongRequest) as caught:
        asked_moment(text)
    assert repr(text) in caught.value.message
    assert why in caught.value.message
    assert "2026-03-01T13:00 Europe/Amsterdam" in caught.value.hint


@pytest.mark.parametrize("text", ["9999-12-31T23:59 America/New_York", "0001-01-01T00:00 Asia/Tokyo"])
def test_the_end_of_time_is_told(text: str) -> None:
    with pytest.raises(WrongRequest, match="too far away"):
        asked_moment(text)


@pytest.mark.parametrize("name", ["Europe", "Europe/Amsterdm", "[../../etc/passwd]", "Nowhere", "+1"])
def test_an_unknown_zone_is_told(name: str) -> None:
    with pytest.raises(WrongRequest):
        asked_moment(f"2026-03-01T12:00 {name}")


def test_a_mistyped_zone_is_guessed() -> None:
    with pytest.raises(WrongRequest) as caught:
        zone_named("europe/amsterdm")
    assert "Europe/Amsterdam" in caught.value.hint


def test_b075_clocks_put_back_are_asked_about() -> None:
    with pytest.raises(UnclearTime) as caught:
        asked_moment("2026-10-25T02:30 Europe/Amsterdam")
    assert caught.value.choices == (
        ("2026-10-25T02:30:00+02:00", "2026-10-25T00:30:00.000000Z"),
        ("2026-10-25T02:30:00+01:00", "2026-10-25T01:30:00.000000Z"),
    )
    assert "twice" in caught.value.message
    assert "2026-10-25T02:30:00+02:00 or 2026-10-25T02:30:00+01:00" in caught.value.hint
    for text, utc in caught.value.choices:
        assert asked_moment(text) == utc


def test_b075_clocks_put_forward_are_asked_about() -> None:
    with pytest.raises(UnclearTime) as caught:
        asked_moment("2026-03-29T02:30 Europe/Amsterdam")
    assert caught.value.choices == (
        ("2026-03-29T01:30:00+01:00", "2026-03-29T00:30:00.000000Z"),
        ("2026-03-29T03:30:00+02:00", "2026-03-29T01:30:00.000000Z"),
    )
    assert "never" in caught.value.message


@pytest.fixture
def in_amsterdam(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """This machine's zone."""
    before = os.environ.get("TZ")
    monkeypatch.setenv("TZ", AMSTERDAM)
    time.tzset()
    yield
    if before is None:
        monkeypatch.delenv("TZ")
    else:
        monkeypatch.setenv("TZ", before)
    time.tzset()


@pytest.mark.usefixtures("in_amsterdam")
def test_b075_this_machines_zone_is_a_zone_like_any_other() -> None:
    assert asked_moment("2026-07-01 13:00 local") == "2026-07-01T11:00:00.000000Z"
    assert asked_moment("2026-03-01 LOCAL") == "2026-02-28T23:00:00.000000Z"
    for text in ("2026-10-25T02:30", "2026-03-29T02:30"):
        with pytest.raises(UnclearTime) as here:
            asked_moment(f"{text} local")
        with pytest.raises(UnclearTime) as named:
            asked_moment(f"{text} {AMSTERDAM}")
        assert here.value.choices == named.value.choices
        assert "this machine's zone" in here.value.message


ZONES = [
    AMSTERDAM,
    "America/Sao_Paulo",
    "Australia/Lord_Howe",
    "Africa/Casablanca",
    "Asia/Kolkata",
    "Pacific/Apia",
]

CHANGES = [
    "2026-03-29T01",
    "2026-10-25T01",
    "2018-11-04T03",
    "2018-02-18T02",
    "2026-04-04T15",
    "2026-10-03T15",
]
FIRST, LAST = datetime.fromisoformat("2005-01-01"), datetime.fromisoformat("2030-01-01")
MOMENTS = st.sampled_from(CHANGES).map(datetime.fromisoformat) | st.datetimes(FIRST, LAST)


@given(st.sampled_from(ZONES), MOMENTS, st.integers(-9000, 9000))
def test_an_instant_is_one_of_those_that_its_clock_time_names(
    name: str, near: datetime, seconds: int
) -> None:
    """Also beside a change of the clocks."""
    zone = zoneinfo.ZoneInfo(name)
    instant = (near + timedelta(seconds=seconds)).replace(tzinfo=UTC)
    local = instant.astimezone(zone).replace(tzinfo=None, fold=0)
    found = instants_of(local, zone)
    assert instant in found
    # Slowly: all offsets that there are, in quarters of an hour.
    tried = [
        local.replace(tzinfo=UTC) - timedelta(minutes=minutes) for minutes in range(-15 * 60, 16 * 60, 15)
    ]
    assert set(found) == {one for one in tried if one.astimezone(zone).replace(tzinfo=None) == local}
    if len(found) == 1:
        assert instant_of(local, name) == instant
    else:
        with pytest.raises(UnclearTime):
            instant_of(local, name)
