"""Instants as text: RFC 3339 in, fixed-width UTC out, so that comparing texts compares instants."""

import re
from datetime import datetime, timedelta, timezone

from .text import tr

_RFC3339 = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)[Tt ](\d\d):(\d\d):(\d\d)(?:\.(\d+))?(?:([Zz])|([+-])(\d\d):(\d\d))", re.ASCII
)
_FIXED_WIDTH = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z", re.ASCII)


class NotATimestamp(ValueError):
    """The text is no instant that we can keep exactly; the message says why."""


def parse_timestamp(text: str) -> datetime:
    """The instant that an RFC 3339 text names, aware, in UTC.

    Raises: NotATimestamp, also for more digits than microseconds, leap seconds, and texts without an offset.
    """
    if _FIXED_WIDTH.fullmatch(text):
        try:
            return datetime.fromisoformat(f"{text[:26]}+00:00")  # far faster, and exact for this form
        except ValueError:
            pass  # told below in its own words
    found = _RFC3339.fullmatch(text)
    if found is None:
        raise NotATimestamp(tr("it is not written like 2026-03-01T12:00:00Z (date, time and offset)"))
    year, month, day, hour, minute, second, fraction, _, sign, off_hours, off_minutes = found.groups()
    if fraction is not None and len(fraction) > 6:
        raise NotATimestamp(tr("it has {count} fraction digits, and only 6 can be kept", count=len(fraction)))
    if second == "60":
        raise NotATimestamp(tr("it is a leap second"))
    try:
        local = datetime(
            int(year),
            int(month),
            int(day),
            int(hour),
            int(minute),
            int(second),
            int((fraction or "").ljust(6, "0")),
            tzinfo=timezone.utc,
        )
        if sign is None:
            return local
        if int(off_hours) > 23 or int(off_minutes) > 59:
            raise NotATimestamp(
                tr("the offset {offset} does not exist", offset=f"{sign}{off_hours}:{off_minutes}")
            )
        offset = timedelta(hours=int(off_hours), minutes=int(off_minutes))
        return local - offset if sign == "+" else local + offset
    except (ValueError, OverflowError) as error:
        raise NotATimestamp(str(error)) from None


def format_timestamp(moment: datetime) -> str:
    """`2026-03-01T12:00:00.000000Z`: UTC, always microseconds, so that text order is time order.

    Raises: ValueError for a moment without an offset: which instant it means nobody can know.
    """
    if moment.tzinfo is not timezone.utc:
        if moment.utcoffset() is None:
            raise ValueError(f"the time {moment.isoformat()} has no offset from UTC")
        moment = moment.astimezone(timezone.utc)
    # isoformat leaves microseconds out when they are zero, and strftime does not pad years before 1000
    return f"{moment.isoformat(timespec='microseconds')[:-6]}Z"
