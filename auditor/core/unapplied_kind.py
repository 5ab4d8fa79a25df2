"""Why an event was not applied, in one word a program can go by."""

from typing import Final

from .events import RecordedEvent
from .handlers import NoHandler
from .state_model import CannotFold
from .text import tr

RAISED: Final = "raised"
NOT_JSON: Final = "not_json"
NOT_DECODED: Final = "not_decoded"
NOT_UPCAST: Final = "not_upcast"
NO_HANDLER: Final = "no_handler"
ENDED: Final = "ended"
"""The worker ended at it, or had to be ended."""

KINDS: Final = (NOT_JSON, NOT_DECODED, NOT_UPCAST, NO_HANDLER, RAISED, ENDED)

_OF_THE_LIBRARY = {"NoHandler": NO_HANDLER, "UpcastError": NOT_UPCAST, "PayloadMismatch": NOT_DECODED}
"""By name: a user's code may have a copy of the library of its own."""


def kind_of(error: BaseException, event: RecordedEvent) -> str:
    """Of what a model raised at that event. Cost: the event may be parsed once more."""
    if isinstance(error, CannotFold):
        return error.kind
    if isinstance(error, NoHandler):
        return NO_HANDLER
    for base in type(error).__mro__:
        if base.__name__ in _OF_THE_LIBRARY:
            return _OF_THE_LIBRARY[base.__name__]
    if isinstance(error, (ValueError, RecursionError)) and not _is_json(event):
        return NOT_JSON
    return RAISED


def _is_json(event: RecordedEvent) -> bool:
    try:
        _ = event.data, event.metadata
    except (ValueError, RecursionError):
        return False
    return True


def kind_words(kind: str) -> str:
    """For people; what follows is the reason."""
    words = {
        NOT_JSON: tr("no JSON"),
        NOT_DECODED: tr("not decoded"),
        NOT_UPCAST: tr("not upcast"),
        NO_HANDLER: tr("no handler"),
        RAISED: tr("raised an error"),
        ENDED: tr("ended the process"),
    }
    return words.get(kind, kind)
