"""The error that names the event at which a projection failed."""

from collections.abc import Sequence

from .errors import ProjectionFailed
from .events import RecordedEvent
from .presenter import display
from .text import tr

_PAYLOAD_SHOWN = 2000
_PAYLOAD_TOLD = 100_000


def projection_failed(
    event: RecordedEvent, error: str, *, target: str, handler: "str | None" = None, trace: Sequence[str] = ()
) -> ProjectionFailed:
    """`target` names the code where no handler is known, `trace` is the user's part of a traceback, innermost last."""
    message = tr(
        "{handler} failed at position {position}, {type} version {version} of {id}: {error}",
        handler=handler or target,
        position=event.position,
        type=display(event.event_type),
        version=event.version,
        id=display(event.aggregate_id),
        error=display(error),
    )
    payload = event.data_text[:_PAYLOAD_SHOWN]
    cut = len(event.data_text) - len(payload)
    more = tr(" … and {count:,} more characters", count=cut) if cut else ""
    parts = [tr("Payload: {payload}", payload=display(payload) + more), *trace]
    described = {
        "position": event.position,
        "event_id": event.event_id_text,
        "event_type": event.event_type,
        "aggregate_type": event.aggregate_type,
        "aggregate_id": event.aggregate_id,
        "version": event.version,
        "data_text": event.data_text[:_PAYLOAD_TOLD],
        "data_length": len(event.data_text),
    }
    details = {"event": described, "handler": handler, "error": error, "traceback": list(trace)}
    return ProjectionFailed(message, "\n".join(parts), details=details)
