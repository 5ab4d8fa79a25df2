"""What is said of the version that a moment means, before one goes there."""

from typing import TYPE_CHECKING

from auditor.core.presenter import display
from auditor.core.text import tr
from auditor.gui.clock import Clock

if TYPE_CHECKING:
    from auditor.gui.history import History
    from auditor.jobs.locate import LocateRequest, LocateResult


def title(result: "LocateResult", history: "History") -> str:
    if not result.ordinal or result.version is None:
        return tr("Before the first event")
    last = history.version(history.length)
    return tr(
        "Version {version} of {last}",
        version=f"{result.version:,}",
        last="0" if last is None else f"{max(last, result.version):,}",
    )


def event(result: "LocateResult", history: "History", clock: Clock) -> str:
    """Its event: what, when, by whom."""
    if not result.ordinal or result.timestamp is None:
        return tr("There is no state yet.")
    parts = [history.event_type(result.ordinal), clock.full(result.timestamp), history.user(result.ordinal)]
    return ", ".join(display(part, longest=80) for part in parts if part)


def reason(request: "LocateRequest", result: "LocateResult", clock: Clock) -> str:
    """Why it is that version."""
    if request.event_id is not None:
        return tr("The state right after that event.")
    if request.position is not None:
        return tr(
            "The last event of this aggregate at or before position {position:,}.", position=request.position
        )
    return _reason_of_time(result, clock)


def _reason_of_time(result: "LocateResult", clock: Clock) -> str:
    moment, following = clock.full(result.moment or ""), result.following
    is_recorded = result.by == "recorded"
    if not result.ordinal:
        first = clock.full(following or "")
        if is_recorded:
            return tr(
                "All its events were recorded after {moment}; the first is of {first}.",
                moment=moment,
                first=first,
            )
        return tr(
            "All its events take effect after {moment}; the first from {first}.", moment=moment, first=first
        )
    if following is None:
        if is_recorded:
            return tr("It is the last event: none was recorded after it, up to {moment}.", moment=moment)
        return tr("It is the last event, and takes effect before {moment}.", moment=moment)
    if is_recorded:
        return tr(
            "The last one recorded at or before {moment}. The event behind it is of {following}.",
            moment=moment,
            following=clock.full(following),
        )
    return tr(
        "The last one that takes effect at or before {moment}: from {time}. The event behind it does from {following}.",
        moment=moment,
        time=clock.full(result.time or ""),
        following=clock.full(following),
    )
