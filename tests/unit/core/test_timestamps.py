from datetime import datetime, timedelta, timezone

import pytest

from auditor.core.timestamps import NotATimestamp, format_timestamp, parse_timestamp


@pytest.mark.parametrize(
    ("text", "utc"),
    [
        ("2026-03-01T12:00:00Z", "2026-03-01T12:00:00.000000Z"),
        ("2026-03-01t12:00:00.5z", "2026-03-01T12:00:00.500000Z"),
        ("2026-03-01 13:00:00.123456+01:00", "2026-03-01T12:00:00.123456Z"),
        ("2026-02-28T23:30:00-00:30", "2026-03-01T00:00:00.000000Z"),
        ("2024-02-29T00:00:00+23:59", "2024-02-28T00:01:00.000000Z"),
        ("0001-01-01T00:00:00Z", "0001-01-01T00:00:00.000000Z"),
    ],
)
def test_an_instant_is_read_and_written_in_utc(text: str, utc: str) -> None:
    assert format_timestamp(parse_timestamp(text)) == utc


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("2026-03-01", "written like"),
        ("2026-03-01T12:00:00", "written like"),
        ("2026-03-01T12:00Z", "written like"),
        ("2026-03-01T12:00:00+0100", "written like"),
        ("2026-03-01T12:00:00Z\n", "written like"),
        ("\N{FULLWIDTH DIGIT TWO}026-03-01T12:00:00Z", "written like"),
        ("2026-03-01T12:00:00.1234567Z", "7 fraction digits"),
        ("2026-03-01T12:00:00.Z", "written like"),
        ("2016-12-31T23:59:60Z", "leap second"),
        ("2026-03-01T12:00:00+24:00", "offset"),
        ("2026-03-01T12:00:00-01:60", "offset"),
        ("2026-02-29T12:00:00Z", "day"),
        ("2026-13-01T12:00:00Z", "month"),
        ("2026-03-01T24:00:00Z", "hour"),
        ("0000-01-01T00:00:00Z", "year"),
        ("0001-01-01T00:00:00+00:01", "range"),
        ("9999-12-31T23:59:59-00:01", "range"),
    ],
)
def test_what_cannot_be_kept_exactly_is_refused(text: str, why: str) -> None:
    with pytest.raises(NotATimestamp, match=why):
        parse_timestamp(text)


def test_a_time_without_offset_names_no_instant() -> None:
    with pytest.raises(ValueError, match="offset"):
        format_timestamp(datetime(2026, 3, 1))  # noqa: DTZ001 - what is refused here


def test_other_zones_are_written_in_utc() -> None:
    moment = datetime(2026, 3, 1, 1, tzinfo=timezone(timedelta(hours=2)))
    assert format_timestamp(moment) == "2026-02-28T23:00:00.000000Z"
