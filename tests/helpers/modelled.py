"""A store of things beside a workspace whose class can be written as a test wants it."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from tests.helpers.guest_code import write_module
from tests.helpers.small_stores import write_store
from tests.helpers.viewed_stores import trust

COUNTING = """
    class Thing:
        ignores = {"Seen"}

        def __init__(self):
            self.count = 0
            self.names = []

        def on_added(self, event):
            self.count += event["by"]

        def on_named(self, event):
            self.names.append(event["name"])
"""
"""The class that most tests begin with, and change."""

FACTS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("Added", {"by": 1}),
    ("Named", {"name": "ada"}),
    ("Seen", {}),
    ("Added", {}),
    ("Unheard", {}),
    ("Added", {"by": 2}),
)
"""The class does not apply the fourth, and has no handler for the fifth."""


def write_things(
    folder: Path,
    source: str = COUNTING,
    facts: Iterable[tuple[str, Mapping[str, Any]]] = FACTS,
    *,
    trusted: bool = True,
) -> Path:
    """Thing `t-1` in `things.db`, folded by `things:Thing`."""
    folder.mkdir(parents=True, exist_ok=True)
    path = write_store(folder / "things.db", {"t-1": facts})
    write_workspace(folder, source)
    if trusted:
        trust(path)
    return path


def write_workspace(folder: Path, source: str) -> Path:
    write_module(folder, source, "things")
    file = folder / "auditor.toml"
    file.write_text('[store]\nurl = "things.db"\n[models.Thing]\npython = "things:Thing"\n')
    return file
