"""Events as they are read, then as they are appended."""

import time
from collections.abc import Callable, Iterator

from .errors import StoreBusy, StoreReplaced
from .events import RecordedEvent
from .ports import StopToken
from .text import tr

_LONGEST_SLEEP = 0.05


def subscription(
    read_after: Callable[[int], Iterator[RecordedEvent]],
    head: Callable[[], "int | None"],
    position: int,
    stop: StopToken,
    poll_seconds: float,
) -> Iterator[RecordedEvent]:
    """What `read_after` gives, again and again from the last position that was given, until it is stopped.

    Raises: StoreReplaced where the store ends before that position.
    """
    while True:
        came = False
        try:
            for event in () if stop.cancelled else read_after(position):
                came, position = True, event.position
                yield event
                if stop.cancelled:
                    break
            if not (came or stop.cancelled):
                _refuse_lost(position, head() or 0)
        except StoreBusy:
            came = False  # somebody else's lock: the events are still there afterwards
        if stop.cancelled:
            return
        if not came:
            pause(stop, poll_seconds)


def pause(stop: StopToken, seconds: float) -> None:
    """Sleeps so long, or until it is stopped."""
    until = time.monotonic() + seconds
    while not stop.cancelled and (left := until - time.monotonic()) > 0:
        time.sleep(min(left, _LONGEST_SLEEP))


def _refuse_lost(position: int, head: int) -> None:
    if head < position:
        raise StoreReplaced(
            tr(
                "The store ends at position {head:,} now, before {position:,}, which was read already.",
                head=head,
                position=position,
            ),
            tr("It was put back to an earlier state. Read it again from the beginning."),
        )
