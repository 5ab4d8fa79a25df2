"""Who asks, by which way, and why: part of every request."""

import getpass
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """`via` names the front end (`cli`, `tour`, `window`, `library`); `reason` is what the user gave, or None."""

    user: str
    via: str
    reason: str | None = None


def origin_of_process(via: str, reason: str | None = None) -> Origin:
    """The user whose rights this process has, or `unknown`."""
    try:
        user = getpass.getuser()
    except (OSError, KeyError):  # Python 3.13 raises the one, earlier versions the other
        user = "unknown"
    return Origin(user=user, via=via, reason=reason)
