"""Cursor tokens: where a page or a tail goes on, opaque to callers."""

import base64
import binascii
import json
from typing import Any

from .errors import WrongRequest
from .text import tr


def cursor_token(listing: str, place: list[Any]) -> str:
    """A token for `place` (JSON values) in the listing of that name."""
    return base64.urlsafe_b64encode(json.dumps([listing, *place]).encode()).decode().rstrip("=")


def cursor_place(listing: str, token: str) -> list[Any]:
    """The place that a token of this listing stands for.

    Raises: WrongRequest for anything that is no token of this listing.
    """
    try:
        value = json.loads(base64.urlsafe_b64decode(token + "=" * (-len(token) % 4)))
    except (binascii.Error, ValueError, RecursionError):
        value = None
    # Made again and compared, since base64 skips what it does not know
    if not isinstance(value, list) or value[:1] != [listing] or cursor_token(listing, value[1:]) != token:
        raise WrongRequest(
            tr("{token!r} is no place in this list.", token=token),
            tr("Give the text that the page before named as `after`, unchanged."),
        )
    return value[1:]
