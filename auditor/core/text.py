"""The one way to a text that a user reads: `tr`."""

import gettext
from collections.abc import Callable
from functools import lru_cache

DOMAIN = "auditor"


@lru_cache(maxsize=1)
def _catalogue() -> Callable[[str], str]:
    return gettext.translation(DOMAIN, fallback=True).gettext


_override: list[Callable[[str], str]] = []


def tr(message: str, /, **values: object) -> str:
    """`message` in the user's language, its `{named}` placeholders filled.

    The English text is the key. Placeholders are names, never positions, so that a translator may reorder them.
    """
    translate = _override[-1] if _override else _catalogue()
    return translate(message).format(**values) if values else translate(message)


class translated_by:  # noqa: N801 - used like a function: `with translated_by(pseudo_locale):`
    """Within the block every text passes through `translate` instead of the user's language."""

    def __init__(self, translate: Callable[[str], str]) -> None:
        self._translate = translate

    def __enter__(self) -> None:
        _override.append(self._translate)

    def __exit__(self, *_: object) -> None:
        _override.pop()
