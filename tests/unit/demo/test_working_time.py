from datetime import UTC, datetime

from auditor.demo.working_time import DAY, HOUR, MINUTE, calendar_time


def test_working_days_are_weekdays_from_seven_to_five() -> None:
    assert calendar_time(0) == datetime(2026, 1, 5, 7, tzinfo=UTC)
    assert calendar_time(DAY) == datetime(2026, 1, 6, 7, tzinfo=UTC)
    assert calendar_time(5 * DAY) == datetime(2026, 1, 12, 7, tzinfo=UTC)
    assert calendar_time(5 * DAY - 1) < datetime(2026, 1, 9, 17, tzinfo=UTC)


def test_time_rises_and_stays_within_opening_hours() -> None:
    moments = [calendar_time(working) for working in range(0, 12 * DAY, 7 * MINUTE + 13)]
    assert moments == sorted(set(moments))
    assert {moment.hour for moment in moments} == set(range(7, 17))
    assert {moment.weekday() for moment in moments} == set(range(5))


def test_busy_hours_hold_more_working_time() -> None:
    opening = datetime(2026, 1, 5, 7, tzinfo=UTC)
    assert calendar_time(HOUR) - opening > calendar_time(4 * HOUR) - calendar_time(3 * HOUR)
