"""UTC or local time: one switch for all times that a window shows."""

from datetime import UTC, datetime

from PySide6.QtCore import QObject, Signal

from auditor.core.presenter import display
from auditor.core.text import tr
from auditor.core.timestamps import parse_timestamp


class Clock(QObject):
    """How times are written. Every text carries its zone, or stands under a header that does."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._is_local = False

    @property
    def is_local(self) -> bool:
        return self._is_local

    def set_local(self, is_local: bool) -> None:
        if is_local != self._is_local:
            self._is_local = is_local
            self.changed.emit()

    @property
    def zone_name(self) -> str:
        """What stands in headers: `UTC` or `local`."""
        return tr("local") if self._is_local else "UTC"

    def full(self, timestamp_utc: str) -> str:
        """To the microsecond, with the zone: `2026-03-02 14:11:07.482913 UTC`."""
        return self._written(timestamp_utc, "%Y-%m-%d %H:%M:%S.%f", local=self._is_local, zone=True)

    def second(self, timestamp_utc: str) -> str:
        """To the second, with the zone."""
        return self._written(timestamp_utc, "%Y-%m-%d %H:%M:%S", local=self._is_local, zone=True)

    def minute(self, timestamp_utc: str) -> str:
        """To the minute, without the zone: for columns whose header has it."""
        return self._written(timestamp_utc, "%Y-%m-%d %H:%M", local=self._is_local, zone=False)

    def brief(self, timestamp_utc: str) -> str:
        """`2 Mar 14:11`: for columns whose header has the zone, of histories within one year."""
        moment = self.moment(timestamp_utc)
        return display(timestamp_utc) if moment is None else f"{moment.day} {moment:%b %H:%M}"

    def other_zone(self, timestamp_utc: str) -> str:
        """The full time in the zone that is not chosen, for tool tips."""
        return self._written(timestamp_utc, "%Y-%m-%d %H:%M:%S.%f", local=not self._is_local, zone=True)

    def moment(self, timestamp_utc: str) -> datetime | None:
        """In the chosen zone; None for a text that is no time."""
        return _moment(timestamp_utc, local=self._is_local)

    def _written(self, timestamp_utc: str, pattern: str, *, local: bool, zone: bool) -> str:
        moment = _moment(timestamp_utc, local=local)
        if moment is None:
            return display(timestamp_utc)  # a store may hold anything: shown as it is
        text = moment.strftime(pattern)
        return f"{text} {moment.tzname() if local else 'UTC'}" if zone else text


def _moment(timestamp_utc: str, *, local: bool) -> datetime | None:
    try:
        moment = parse_timestamp(timestamp_utc)
        return moment.astimezone() if local else moment.astimezone(UTC)
    except (ValueError, OverflowError, OSError):
        return None


def age(timestamp_utc: str, now: datetime) -> str:
    """How long ago, in one unit: `2 min`, `5 h`, `3 d`. `now` is aware."""
    moment = _moment(timestamp_utc, local=False)
    if moment is None:
        return display(timestamp_utc)
    seconds = (now - moment).total_seconds()
    for limit, size, pattern in (
        (60, 1, tr("{count} s")),
        (3600, 60, tr("{count} min")),
        (86_400, 3600, tr("{count} h")),
        (86_400 * 365, 86_400, tr("{count} d")),
    ):
        if seconds < limit:
            return pattern.format(count=max(0, int(seconds // size)))
    return tr("{count} y", count=int(seconds // (86_400 * 365)))
