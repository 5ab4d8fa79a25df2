"""SIGKILL at any moment of an import: whole batches remain, and the same command ends like an uninterrupted one."""

import json
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from auditor.jobs.import_events import ImportRequest, run
from auditor.jobs.origin import Origin
from auditor.tasks.context import TaskContext
from tests.helpers import budget
from tests.helpers.event_logs import event_lines, stored_rows, write_log

BATCH = 50
BATCHES = 40
AGGREGATES = 100
EACH = BATCH * BATCHES // AGGREGATES
BAD = {3, 777, 1999}

IMPORT = f"""
import sys
from pathlib import Path
from auditor.jobs import import_events
from auditor.jobs.origin import Origin
from auditor.tasks.context import TaskContext
import_events.BATCH_LINES = {BATCH}
print(flush=True)
import_events.run(
    import_events.ImportRequest(
        store=sys.argv[1], file=Path(sys.argv[2]), origin=Origin(user="ada", via="cli"), create=True,
        continue_on_error=True,
    ),
    TaskContext(on_progress=lambda progress: print(progress.done, flush=True)),
)
"""


def killed_import(store: Path, log: Path, after_batches: int, seconds: float) -> bool:
    """Whether it was still running when it was killed, so many batches and seconds after it began."""
    with subprocess.Popen(
        [sys.executable, "-c", IMPORT, str(store), str(log)], stdout=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        for _ in range(1 + after_batches):
            if not process.stdout.readline():
                break
        time.sleep(seconds)  # not for luck: the moment of the kill is what is drawn
        process.kill()
        return process.wait() == -signal.SIGKILL


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    lines = event_lines(AGGREGATES, EACH)
    lines = [b"{" if number in BAD else line for number, line in enumerate(lines)]
    return write_log(tmp_path_factory.mktemp("log") / "log.ndjson", lines)


def import_whole(store: Path, log: Path) -> None:
    request = ImportRequest(
        store=str(store), file=log, origin=Origin(user="ada", via="cli"), create=True, continue_on_error=True
    )
    result = run(request, TaskContext())
    assert result.set_aside is not None
    assert result.stored + result.known + result.set_aside.lines == result.lines == BATCH * BATCHES


def test_a_killed_import_left_whole_batches_and_the_same_command_goes_on(tmp_path: Path, log: Path) -> None:
    folder = tmp_path / "store"
    folder.mkdir()
    store, hits = folder / "s.db", 0
    import_whole(tmp_path / "uninterrupted.db", log)
    wanted_events, wanted_streams = stored_rows(tmp_path / "uninterrupted.db")
    ends = ends_of_batches({(row[2], row[5]) for row in wanted_events})
    chance = random.Random(f"import kill {budget.MINUTES}")
    for _ in range(budget.count(16, "kills of an import")):
        hits += killed_import(store, log, chance.randrange(BATCHES // 4), chance.random() * 0.02)
        events = events_after_recovery(store, tmp_path / "copy")
        assert len(events) in ends
        assert events == wanted_events[: len(events)]
        if len(events) == len(wanted_events):
            shutil.rmtree(folder)  # the next kill finds work again
            folder.mkdir()
    assert hits > 0
    import_whole(store, log)
    assert stored_rows(store) == (wanted_events, wanted_streams)
    assert {path.name for path in folder.iterdir()} == {"s.db"}


def test_two_imports_of_one_file_at_once_end_like_one(tmp_path: Path, log: Path) -> None:
    import_whole(tmp_path / "alone.db", log)
    folder = tmp_path / "store"
    folder.mkdir()
    command = [sys.executable, "-c", IMPORT, str(folder / "s.db"), str(log)]
    both = [subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) for _ in range(2)]
    told = [process.communicate()[1].decode() for process in both]
    assert [process.returncode for process in both] == [0, 0], told
    assert stored_rows(folder / "s.db") == stored_rows(tmp_path / "alone.db")
    # Two that end in the same moment may each leave the tidying to the other; the next one does it.
    import_whole(folder / "s.db", log)
    assert {path.name for path in folder.iterdir()} == {"s.db"}


def ends_of_batches(stored: set[tuple[str, int]]) -> set[int]:
    """How many events there may be between two transactions, whatever was known when the run began."""
    ends, count = {0}, 0
    for number, line in enumerate(event_lines(AGGREGATES, EACH), 1):
        event = json.loads(line)
        count += (event["aggregate_id"], event["version"]) in stored
        if number % BATCH == 0:
            ends.add(count)
    return ends


def events_after_recovery(store: Path, copy: Path) -> list[tuple[Any, ...]]:
    """What the next opening finds. Looked up in a copy, so that the next import does the recovering itself."""
    shutil.rmtree(copy, ignore_errors=True)
    copy.mkdir()
    for file in store.parent.glob("s.db*"):
        if not file.name.endswith("-shm"):
            shutil.copy2(file, copy)
    copied = copy / store.name
    if not copied.exists():
        return []
    connection = sqlite3.connect(copied)
    try:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        if not connection.execute("SELECT count(*) FROM sqlite_schema WHERE name = 'events'").fetchone()[0]:
            return []  # killed while the store was being made
        return connection.execute("SELECT * FROM events ORDER BY position").fetchall()
    finally:
        connection.close()
