"""A store of things whose class keeps snapshots, beside a workspace that names the class."""

import importlib.util
import sys
from collections.abc import Callable
from pathlib import Path
from textwrap import dedent
from typing import Any

from auditor.core.snapshot import Snapshot
from auditor.eventsourcing import EventStore, SnapshotRepository
from tests.helpers.modelled import write_things
from tests.helpers.viewed_stores import trust

SUMMING = """
    from auditor.eventsourcing import AggregateRoot

    class Thing(AggregateRoot):
        ignores = {"Seen"}

        def __init__(self, aggregate_id):
            super().__init__(aggregate_id)
            self.total = 0
            self._hidden = 0

        def on_added(self, event):
            self.total += event["by"]
            self._hidden += 1
"""
ADDED = [("Added", {"by": number}) for number in range(1, 6)]


def write_snapshotted(
    folder: Path, changed: Callable[[Snapshot], Snapshot] = lambda kept: kept, *, version: int = 3
) -> Path:
    """Thing `t-1` with five events and a snapshot at `version`, which is `changed` before it is kept."""
    path = write_things(folder, SUMMING, ADDED, trusted=False)
    trust(path)
    with EventStore(f"sqlite:///{path}") as store:
        thing = class_in(folder)("t-1")
        thing.load_from_history(store.get_events("t-1", 1, version))
        assert SnapshotRepository(store).save(thing)
        kept = store.snapshots.read("t-1")
        assert kept is not None
        store._rows("DELETE FROM snapshots RETURNING version", ())
        assert store.snapshots.write(changed(kept))
    return path


def class_in(folder: Path) -> Any:
    """`things:Thing` of that folder, as the application imports it."""
    spec = importlib.util.spec_from_file_location("things", folder / "things.py")
    assert spec is not None
    assert spec.loader is not None
    module = sys.modules["things"] = importlib.util.module_from_spec(spec)
    try:
        spec.loader.exec_module(module)
        return module.Thing
    finally:
        del sys.modules["things"]


def with_total(total: int) -> Callable[[Snapshot], Snapshot]:
    """A snapshot that says another total, and is sound in every other way."""
    return lambda kept: kept._replace(state=kept.state.replace('"total":6', f'"total":{total}')).sealed()


def source_with(total: str) -> str:
    """The class with another way to add."""
    return dedent(SUMMING).replace('self.total += event["by"]', total)
