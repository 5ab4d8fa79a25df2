"""Power failures at random moments of appends: what was acknowledged is there, and every call whole or not at all."""

import random
import sqlite3
import sys
from collections import Counter
from pathlib import Path

import pytest

from auditor.core.errors import AuditorError
from auditor.eventsourcing import EventStore
from tests.helpers import budget
from tests.helpers.new_events import new_event
from tests.helpers.power_loss import MARKS, Operation, record, verdicts
from tests.helpers.real_data import REPOSITORY
from tests.helpers.recorded_writers import streams_that_disagree

CALLS = 60
NAME = "orders.db"
PROGRAM = "import sys; from tests.crash.test_append_power_loss import append; append(*sys.argv[1:])"


def append(folder: str, synchronous: str) -> None:
    """In a process of its own. Small write-ahead logs, so that the moments in which they are moved are met too."""
    chance = random.Random(5)
    heads: Counter[str] = Counter()
    with (Path(folder) / MARKS).open("ab", buffering=0) as marks, EventStore(f"{folder}/{NAME}") as store:
        connection = store._connection()
        connection.execute("PRAGMA wal_autocheckpoint = 30")
        if synchronous != "as it is":
            connection.execute(f"PRAGMA synchronous = {synchronous}")
        for call in range(1, CALLS + 1):
            about = {"call": call, "padding": "x" * chance.choice([5, 3000])}
            batches = {}
            for aggregate in chance.sample(["a", "b", "c", f"new-{call}"], chance.choice([1, 2, 3])):
                size, head = chance.choice([1, 3, 20]), heads[aggregate]
                events = [
                    new_event(aggregate, version, data=about) for version in range(head + 1, head + size + 1)
                ]
                batches[aggregate] = (events, head)
                heads[aggregate] += size
            about["events"] = sum(len(events) for events, _ in batches.values())
            store.append_many(batches)
            marks.write(b"%d\n" % call)


def judge(box: Path, marks: list[str]) -> str:
    """Calls follow each other, so a whole store holds the first so many of them, at least those acknowledged."""
    try:
        with EventStore(str(box / NAME)) as store:
            events = list(store.read_all())
            if [*streams_that_disagree(store, events)]:
                return "streams disagree"
            problems = store._connection().execute("PRAGMA integrity_check").fetchall()
            if problems != [("ok",)]:
                return "damaged"
    except (AuditorError, sqlite3.Error) as error:
        return f"cannot be opened: {type(error).__name__}"
    found = Counter(event.data["call"] for event in events)
    if any(found[event.data["call"]] != event.data["events"] for event in events):
        return "torn"
    if [*found] != [*range(1, len(found) + 1)] or [event.position for event in events] != [
        *range(1, len(events) + 1)
    ]:
        return "hole"
    return "acknowledged and lost" if len(found) < len(marks) else "whole"


def recorded(folder: Path, synchronous: str) -> list[Operation]:
    disk = folder / "disk"
    disk.mkdir()
    operations = record([sys.executable, "-c", PROGRAM, str(disk), synchronous], disk)
    assert sum(one.kind == "mark" for one in operations) == CALLS
    assert judge(disk, [str(call) for call in range(CALLS)]) == "whole"
    return operations


@pytest.fixture(autouse=True)
def in_the_repository(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(REPOSITORY)  # where the child finds its program


def test_no_moment_of_appending_is_a_bad_one_for_a_power_failure(tmp_path: Path) -> None:
    operations = recorded(tmp_path, "as it is")
    moments = budget.count(150, "power failures of appends")
    assert verdicts(operations, judge, moments, tmp_path) == {"whole": moments}


def test_a_writer_that_syncs_less_loses_what_it_acknowledged(tmp_path: Path) -> None:
    """That the test sees what it looks for: lost calls here, a broken file below."""
    found = verdicts(recorded(tmp_path, "NORMAL"), judge, 40, tmp_path)
    assert found["acknowledged and lost"] > 5
    assert found.keys() == {"whole", "acknowledged and lost"}


def test_a_writer_that_syncs_nothing_leaves_a_broken_store(tmp_path: Path) -> None:
    found = verdicts(recorded(tmp_path, "OFF"), judge, 40, tmp_path)
    assert found.total() - found["whole"] - found["acknowledged and lost"] > 5
