"""One event as a state model reads it, for people to look at."""

from typing import Any, NamedTuple

from .events import RecordedEvent
from .state_text import safe_error, state_text


class NewestForm(NamedTuple):
    """What a model's upcasters make of an event. `events` are (event type, schema version), in order, and `texts` the
    data of each as JSON text.

    `steps` describes those that were taken. Where one failed or is missing, `finding` says so, and there are no events.
    `is_steady` is False where the steps gave something else when they were asked again.
    """

    events: "list[tuple[str, int]]"
    texts: "list[str]"
    steps: "list[str]"
    finding: "str | None" = None
    is_steady: bool = True


def newest_form(upcasters: Any, event: RecordedEvent) -> NewestForm:
    """Runs the steps, twice. Never raises what they raise, but MemoryError."""
    form = _read(upcasters, event)
    return form._replace(is_steady=_read(upcasters, event) == form)


def _read(upcasters: Any, event: RecordedEvent) -> NewestForm:
    try:
        reading = upcasters.read(event)
        texts = [state_text(one.data) for one in reading.events]
        events = [(str(one.event_type), int(one.schema_version)) for one in reading.events]
        return NewestForm(events, texts, list(map(str, reading.steps)))
    except MemoryError:
        raise
    except BaseException as error:  # noqa: BLE001 - the user's steps
        finding = getattr(error, "finding", None) or safe_error(error)
        return NewestForm([], [], list(map(str, getattr(error, "steps", ()))), str(finding))
