"""How projections and rebuilds are spoken of: states by icon, tone and word; numbers, times, spans."""

from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from auditor.core.presenter import display
from auditor.core.text import tr
from auditor.gui.clock import Clock
from auditor.gui.projections.run import RebuildRun

if TYPE_CHECKING:
    from auditor.jobs.list_projections import ProjectionRow


class Sign(NamedTuple):
    """A state as it is shown: an icon, its colour, a word; `strong` ones want to be seen first."""

    icon: str
    tone: str
    text: str
    strong: bool = False


def state_sign(row: "ProjectionRow", run: RebuildRun | None) -> Sign:
    """Of the rebuild that runs or has failed in this window, else of the rows."""
    if run is not None:
        told = _run_sign(run)
        if told is not None:
            return told
    if row.at_work:
        return Sign("refresh", "accent", tr("Rebuilt elsewhere"), True)
    signs = {
        "unreadable": Sign("warning", "fail", tr("Unreadable"), True),
        "never run": Sign("info", "text2", tr("Never run")),
        "other store": Sign("info", "chg", tr("Of another store"), True),
        "code changed": Sign("history", "chg", tr("Code changed"), True),
        "behind": Sign("behind", "text2", tr("Behind")),
        "up to date": Sign("check", "add", tr("Up to date")),
    }
    return signs[row.state]


def _run_sign(run: RebuildRun) -> Sign | None:
    if run.phase == "waiting":
        return Sign("behind", "text2", tr("Waiting"))
    if run.phase == "cancelling":
        return Sign("stopped", "text2", tr("Stopping"))
    if run.phase == "running":
        if run.catches_up:
            return Sign("follow", "accent", tr("Catching up, {share:.0%}", share=run.share), True)
        return Sign("refresh", "accent", tr("Rebuilding, {share:.0%}", share=run.share), True)
    if run.phase in ("failed", "died"):
        event = run.failure.event if run.failure else None
        if event is not None:
            return Sign("warning", "fail", tr("Failed at {position:,}", position=event.position), True)
        return Sign("warning", "fail", tr("Failed"), True)
    return None


def standing_sentence(row: "ProjectionRow") -> str:
    """What holds for its rows."""
    if row.problem:
        return row.problem
    if row.checkpoint is None:
        return tr("No rows yet: it was never run into this read model.")
    at = tr("Its rows are true at position {position:,}", position=row.checkpoint)
    if row.lag:
        behind = tr("1 event behind") if row.lag == 1 else tr("{lag:,} events behind", lag=row.lag)
        at = f"{at}, {behind}"
    if row.state == "other store":
        return tr("{at}, of another store.", at=at)
    if row.state == "code changed":
        return tr("{at}. Its code has changed since they were built.", at=at)
    return f"{at}."


def why_no_catching_up(row: "ProjectionRow") -> str:
    """Why its rows cannot be gone on with, or need not be; empty where they can."""
    if row.at_work:
        return tr("It is being rebuilt elsewhere.")
    reasons = {
        "unreadable": tr("Its read model cannot be read."),
        "other store": tr("Its rows are not those of this store as it is: rebuild it."),
        "code changed": tr("Its code has changed since its rows were made: rebuild it."),
        "up to date": tr("Its rows are up to date."),
    }
    return reasons.get(row.state, "")


def fingerprint(sha256: str | None) -> str:
    """`9f2c 41ab`."""
    return tr("unknown") if not sha256 else f"{sha256[:4]} {sha256[4:8]}"


def span_text(seconds: float) -> str:
    """`0:07`, `12:30`, `1:02:03`."""
    whole = round(seconds)
    hours, minutes, rest = whole // 3600, whole // 60 % 60, whole % 60
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def took_text(seconds: float) -> str:
    """`0.4 s` for what is short, else as a span."""
    return tr("{seconds:.1f} s", seconds=seconds) if seconds < 60 else span_text(seconds)


def short_time(timestamp_utc: str, clock: Clock, now: datetime) -> str:
    """`today 08:02`, `3 Mar 22:00`, with the year where it is another; `now` is aware."""
    moment = clock.moment(timestamp_utc)
    if moment is None:
        return display(timestamp_utc)
    today = now.astimezone(moment.tzinfo)
    if moment.date() == today.date():
        return tr("today {time}", time=f"{moment:%H:%M}")
    year = f" {moment.year}" if moment.year != today.year else ""
    return f"{moment.day} {moment:%b}{year} {moment:%H:%M}"


def count_rows(count: int) -> str:
    return tr("1 row") if count == 1 else tr("{count:,} rows", count=count)
