"""A store with events in old shapes, beside a workspace whose model reads them by a chain of upcasters."""

import json
from pathlib import Path
from typing import Any

from auditor.core.events import RecordedEvent
from auditor.stores.native_store import EventStore
from tests.helpers.guest_code import write_module

SOURCE = """
    from auditor.eventsourcing import Retired, Split, Upcaster, UpcasterChain

    def take_the_name_as_owner(data):
        return {"owner": data["name"]}

    def one_by_one(data):
        return [("Opened", {"owner": data["by"]}), *(("Tagged", {"tag": tag}) for tag in data["tags"])]

    class Thing:
        upcasters = UpcasterChain([
            Upcaster("Opened", 1, take_the_name_as_owner),
            Split("Begun", 1, one_by_one, into={"Opened": 2, "Tagged": 1}),
            Retired("Faxed"),
        ])

        def __init__(self):
            self.owner, self.tags, self.plain = None, [], 0

        def on_opened(self, event):
            self.owner = event.owner

        def on_tagged(self, event):
            self.tags.append(event.tag)

        def on_plain(self, event):
            self.plain += 1

    class Loud(Thing):
        upcasters = UpcasterChain([Upcaster("Opened", 1, lambda data: {"owner": data["name"].upper()})])
"""
WORKSPACE = """
[store]
url = "old.db"
[models.Thing]
python = "things:Thing"
[models.Loud]
python = "things:Loud"
"""
OLD, SPLIT, RETIRED, FAILING, NEWER, ODD, PLAIN = range(1, 8)
"""The versions of the events."""
_FACTS: list[tuple[str, Any, Any]] = [
    ("Opened", {}, {"name": "ada"}),
    ("Begun", {"schema_version": 1}, {"by": "bob", "tags": ["red", "blue"]}),
    ("Faxed", {"schema_version": 4}, {"to": "nobody"}),
    ("Opened", {"schema_version": 1}, {"nick": "eve"}),
    ("Opened", {"schema_version": 9}, {"owners": ["eve"]}),
    ("Opened", {"schemaVersion": "2"}, {"owner": "eve"}),
    ("Plain", {"schema_version": 3}, {"x": 15}),
]


def write_old_events(folder: Path) -> Path:
    """Thing `t-1`; its workspace is not trusted yet."""
    folder.mkdir(parents=True, exist_ok=True)
    write_module(folder, SOURCE, "things")
    (folder / "auditor.toml").write_text(WORKSPACE)
    events = [
        RecordedEvent(
            version,
            f"00000000-0000-7000-8000-{version:012d}",
            "t-1",
            "Thing",
            event_type,
            version,
            f"2026-03-01T12:{version:02d}:00.000000Z",
            None,
            json.dumps(data),
            json.dumps({"correlation_id": "c", "user_id": "ada", **metadata}),
        )
        for version, (event_type, metadata, data) in enumerate(_FACTS, start=1)
    ]
    path = folder / "old.db"
    with EventStore(f"sqlite:///{path}") as store:
        store.append_many({"t-1": (events, 0)})
    return path
