"""A moment that a user names: an instant with its offset, or a clock's time in a zone, which may be none or two."""

import difflib
import re
import zoneinfo
from datetime import date, datetime, time, timedelta, timezone, tzinfo
from typing import NoReturn

from .errors import WrongRequest
from .presenter import display
from .text import tr
from .timestamps import NotATimestamp, format_timestamp, parse_timestamp

LOCAL = "local"
UTC = "UTC"
_OFFSET = re.compile(r"([+-])([01]\d|2[0-3]):([0-5]\d)", re.ASCII)
_CLOCK_TIME = re.compile(
    r"(\d{4}-\d\d-\d\d)(?:[Tt ](\d\d:\d\d(?::\d\d(?:\.\d{1,6})?)?))?"
    r"\s*([Zz]|[+-]\d\d:\d\d)?\s*(?:\[([^\[\]]+)\]|([A-Za-z][\w+/-]*))?",
    re.ASCII,
)


class UnclearTime(WrongRequest):
    """A clock's time that a zone has twice or not at all. `choices` are the instants it may mean, each as the zone
    writes it with its offset and as fixed-width UTC, in order."""

    def __init__(self, message: str, choices: "tuple[tuple[str, str], ...]") -> None:
        super().__init__(
            message,
            tr("Say which is meant: {choices}.", choices=tr(" or ").join(text for text, _ in choices)),
        )
        self.choices = choices


def asked_moment(text: str) -> str:
    """A moment as a user types it, as fixed-width UTC: a date, perhaps with a time, and a zone: Z, an offset, a name
    like Europe/Amsterdam, or `local` for this machine's. A date means its first instant there, without a zone in UTC.

    Raises: WrongRequest; UnclearTime where the zone's clocks showed it twice or never.
    """
    found = _CLOCK_TIME.fullmatch(text.strip())
    if found is None:
        _refuse(text, tr("it is not written like 2026-03-01T12:00:00Z (date, time and offset)"))
    day, clock, offset, bracketed, named = found.groups()
    name = bracketed or named
    if clock is None:
        if offset and name:
            _refuse(text, tr("a date has one zone"))
        return format_timestamp(_first_instant(text, _date(text, day), zone_named(offset or name or UTC)))
    if not offset and not name:
        _refuse(text, tr("it has no zone, and clocks show other times elsewhere"))
    seconds = clock if len(clock) > 5 else f"{clock}:00"
    if not offset:
        return format_timestamp(instant_of(_local(text, day, seconds), str(name)))
    try:
        instant = parse_timestamp(f"{day}T{seconds}{offset}")
    except NotATimestamp as error:
        _refuse(text, str(error))
    if name and instant not in instants_of(_local(text, day, seconds), zone_named(name)):
        _refuse(text, tr("the clocks of {zone} do not show that time with that offset", zone=display(name)))
    return format_timestamp(instant)


def says_zone(text: str) -> bool:
    """Whether a moment that is typed so says its own zone or offset."""
    found = _CLOCK_TIME.fullmatch(text.strip())
    return found is not None and any(found.group(3, 4, 5))


def zone_named(name: str) -> "tzinfo | None":
    """None for this machine's own zone. Raises: WrongRequest for a name that is not known."""
    if name.lower() == LOCAL:
        return None
    if name.upper() in (UTC, "Z"):
        return timezone.utc
    offset = _OFFSET.fullmatch(name)
    if offset:
        size = timedelta(hours=int(offset[2]), minutes=int(offset[3]))
        return timezone(size if offset[1] == "+" else -size)
    try:
        return zoneinfo.ZoneInfo(name)
    except (LookupError, ValueError, OSError):
        raise WrongRequest(
            tr("No zone {name} is known to this machine.", name=display(repr(name), longest=80)),
            _zone_hint(name),
        ) from None


def _zone_hint(name: str) -> str:
    known = {one.lower(): one for one in zoneinfo.available_timezones()}
    near = difflib.get_close_matches(name.lower(), known, n=3)
    if near:
        return tr("Is one of these meant: {names}?", names=", ".join(known[one] for one in near))
    return tr("Give UTC, local, an offset like +01:00, or a name like Europe/Amsterdam.")


def instants_of(local: datetime, zone: "tzinfo | None") -> "tuple[datetime, ...]":
    """The instants, in UTC and in order, at which clocks of the zone show that time (without a zone of its own): one,
    two where they were put back, none where they were put forward."""
    found = {_to_utc(local, zone, fold) for fold in (0, 1)}
    return tuple(sorted(one for one in found if one is not None and _shown(one, zone) == local))


def instant_of(local: datetime, zone_name: str) -> datetime:
    """The one instant. Raises: UnclearTime, WrongRequest."""
    zone = zone_named(zone_name)
    found = instants_of(local, zone)
    if len(found) == 1:
        return found[0]
    shown = local.isoformat(" ", "microseconds" if local.microsecond else "seconds")
    zone_text = tr("this machine's zone") if zone is None else display(zone_name)
    if found:
        message = tr(
            "The clocks of {zone} showed {time} twice: they were put back.", zone=zone_text, time=shown
        )
    else:
        found = tuple(sorted({one for fold in (0, 1) if (one := _to_utc(local, zone, fold)) is not None}))
        message = tr(
            "The clocks of {zone} never showed {time}: they were put forward.", zone=zone_text, time=shown
        )
    if not found:
        raise WrongRequest(
            tr("{time} is no time that can be looked up: it lies too far away.", time=shown),
            tr("Years go from 1 to 9999."),
        )
    raise UnclearTime(message, tuple((_with_offset(one, zone), format_timestamp(one)) for one in found))


def _with_offset(instant: datetime, zone: "tzinfo | None") -> str:
    shown = instant.astimezone(zone)
    return shown.isoformat(timespec="microseconds" if shown.microsecond else "seconds")


def _first_instant(text: str, day: date, zone: "tzinfo | None") -> datetime:
    """Of a day: clocks may show midnight twice, or be put forward at midnight."""
    local = datetime.combine(day, time())
    found = instants_of(local, zone)
    if found:
        return found[0]
    late, early = (_to_utc(local, zone, fold) for fold in (0, 1))
    if late is None or early is None:
        _refuse(text, tr("it lies too far away"))
    low, high = sorted((late, early))  # the clocks were put forward between the two
    while high - low > timedelta(microseconds=1):
        middle = low + (high - low) / 2
        if middle.astimezone(zone).replace(tzinfo=None) >= local:
            high = middle
        else:
            low = middle
    return high


def _to_utc(local: datetime, zone: "tzinfo | None", fold: int) -> "datetime | None":
    try:
        moment = local.replace(fold=fold) if zone is None else local.replace(fold=fold, tzinfo=zone)
        return moment.astimezone(timezone.utc)
    except (OverflowError, ValueError, OSError):
        return None


def _shown(instant: datetime, zone: "tzinfo | None") -> "datetime | None":
    try:
        return instant.astimezone(zone).replace(tzinfo=None, fold=0)
    except (OverflowError, ValueError, OSError):
        return None


def _date(text: str, day: str) -> date:
    try:
        return date.fromisoformat(day)
    except ValueError as error:
        _refuse(text, str(error))


def _local(text: str, day: str, clock: str) -> datetime:
    whole, _, fraction = clock.partition(".")
    try:
        return datetime.fromisoformat(f"{day}T{whole}").replace(microsecond=int(fraction.ljust(6, "0")))
    except ValueError as error:
        _refuse(text, str(error))


def _refuse(text: str, why: str) -> NoReturn:
    raise WrongRequest(
        tr("{text!r} is no time that can be looked up: {why}.", text=text, why=why),
        tr(
            "Write it like 2026-03-01T12:00:00Z, 2026-03-01T13:00:00+01:00, 2026-03-01T13:00 Europe/Amsterdam"
            " or 2026-03-01."
        ),
    )
