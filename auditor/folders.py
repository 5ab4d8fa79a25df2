"""Where the program keeps what is its own: data, state and cache of one user. Nothing is created here."""

import os
from pathlib import Path

HOME_VARIABLE = "AUDITOR_HOME"
"""When set, all three folders lie in the folder that it names."""


def data_folder() -> Path:
    """What the user would miss: the demo store."""
    return _folder("data")


def state_folder() -> Path:
    """What is remembered between runs: trust, reports of our own bugs."""
    return _folder("state")


def cache_folder() -> Path:
    """What can be made again at any time: the worker's zip."""
    return _folder("cache")


def _folder(kind: str) -> Path:
    home = os.environ.get(HOME_VARIABLE)
    if home:
        return Path(home).absolute() / kind
    from platformdirs import PlatformDirs  # not at import: `--help` needs no folder

    return Path(getattr(PlatformDirs("auditor", appauthor=False), f"user_{kind}_path"))
