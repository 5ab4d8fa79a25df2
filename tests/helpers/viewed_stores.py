"""Stores whose states are hard to show: hostile values, events that cannot be applied, models that end."""

from pathlib import Path
from typing import Any

from auditor.core.events import RecordedEvent
from auditor.jobs import open_store
from auditor.jobs.origin import Origin
from auditor.jobs.workspace_code import TrustWord
from auditor.stores.native_store import EventStore
from auditor.tasks.context import TaskContext
from tests.helpers.guest_code import write_module
from tests.helpers.small_stores import write_store

LONG_NAME = "n" * 400
DIGITS = "1234567890" * 6 + ".4567"
ARABIC = "\u0645\u0631\u062d\u0628\u0627 \u0628\u0627\u0644\u0639\u0627\u0644\u0645"

HOSTILE: dict[str, Any] = {
    "empty": "",
    "arabic": ARABIC,
    "turned": "invoice\u202egpj.exe",
    LONG_NAME: "a field with a long name",
    "<b>bold</b>": "<img src=x>&amp;",
    "lines": "first\nsecond\tthird\x00end",
    "long": "word " * 3000,
    "null": None,
    "text null": "null",
    "true": True,
    "a/b~c": 1,
    "": "a name without letters",
    "many": list(range(2000)),
    "none": [],
    "deep": {"a": {"b": {"c": {"d": {"e": "bottom"}}}}},
}


def write_hostile_store(path: Path) -> Path:
    """One thing, `h-1`: 1 sets hostile values, 2 changes, adds and removes some, 3 sets a number of 64 digits."""
    second = {
        "empty": "not empty",
        "true": 1,
        "null": "null",
        "new": {"x": 1, "y": [1, 2]},
        "text null": None,
    }
    write_store(path, {"h-1": [("Made", HOSTILE), ("Altered", second)]})
    data = f'{{"digits": {DIGITS}, "digits": {DIGITS}, "small": 1.50}}'
    append_raw(path, "h-1", 3, "Measured", data)
    return path


def append_raw(path: Path, aggregate_id: str, version: int, event_type: str, data: str) -> None:
    """An event whose data is that text."""
    event = RecordedEvent(
        version,
        f"00000000-0000-7000-8000-{version:012d}",
        aggregate_id,
        "Thing",
        event_type,
        version,
        f"2026-03-01T13:00:00.{version:06d}Z",
        None,
        data,
        '{"correlation_id": "c", "causation_id": "gone", "user_id": "ada"}',
    )
    with EventStore(f"sqlite:///{path}") as store:
        store.append_many({aggregate_id: ([event], version - 1)})


SOURCE = """
    import os

    class Thing:
        def __init__(self):
            self.count = 0
            self.status = "new"
            self.lines = {}

        def on_added(self, event):
            self.count += 1
            self.lines[event["sku"]] = {"price": event["price"]}

        def on_removed(self, event):
            self.count -= 1
            del self.lines[event["sku"]]

        def on_ended(self, event):
            if not os.path.exists(os.path.join(os.path.dirname(__file__), "mended")):
                os._exit(7)
"""


def write_modelled_store(
    folder: Path, facts: list[tuple[str, dict[str, Any]]], *, trusted: bool = True
) -> Path:
    """Thing `t-1` beside a workspace with a class of a user's; the class raises for an `Added` without price and ends
    its process at `Ended`, until a file `mended` lies beside it."""
    folder.mkdir(parents=True, exist_ok=True)
    write_module(folder, SOURCE, "things")
    path = write_store(folder / "things.db", {"t-1": facts})
    (folder / "auditor.toml").write_text(
        '[store]\nurl = "things.db"\n[models.Thing]\npython = "things:Thing"\n'
    )
    if trusted:
        trust(path)
    return path


def trust(path: Path) -> None:
    """Remembers the user's yes to the workspace's code as it is."""
    origin = Origin(user="ada", via="test")
    word = TrustWord(ask=lambda _: True)
    request = open_store.OpenStoreRequest(origin=origin, store=str(path), trust=word)
    with open_store.run(request, TaskContext()) as session:
        session.fold_service("Thing")
