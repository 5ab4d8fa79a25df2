"""How this program starts itself again: its children are runs of its own."""

import sys

WORKER = "worker"
"""The hidden word after which a frozen program, which has no interpreter beside it, runs the zip that follows."""
PICTURES = "pictures"
"""The hidden word after which it draws its own window off screen: STORE FOLDER ID VERSION."""


def is_frozen() -> bool:
    return bool(getattr(sys, "frozen", False))


def program_version() -> str:
    from importlib.metadata import version

    return version("auditor")


def own_program(*arguments: str) -> list[str]:
    """The command line that runs this program with `arguments`; it imports nothing from the current folder."""
    start = [sys.executable] if is_frozen() else [sys.executable, "-P", "-m", "auditor"]
    return [*start, *arguments]
