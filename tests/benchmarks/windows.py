"""What a user feels of the window: how soon it is there, how long a step of the slider takes, how late it gets."""

import json
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

from auditor.jobs import import_events, make_demo
from auditor.tasks.context import TaskContext
from tests.benchmarks.data import one_long_order
from tests.benchmarks.measure import Line
from tests.benchmarks.places import Files
from tests.benchmarks.window_start import best_of_both
from tests.benchmarks.works import ORIGIN
from tests.helpers import real_data

SLOWEST_START = 1.3
"""Times that of a bare window with an empty plot."""
FRAME_P95_MS, FRAME_WORST_MS = 16.0, 33.0
PICTURE_EVERY_MS = 50.0
LATE_P99_MS, LATE_WORST_MS = 16.0, 100.0
MILLION = Path(tempfile.gettempdir(), "auditor-million", "demo.db")
"""A demo store of a million events, if somebody has made it before: that takes minutes."""
MINUTES = 5
FRAMES = """
import json, sys
from pathlib import Path
sys.setswitchinterval(0.001)  # as the program does
from tests.benchmarks.window_frames import drag_over_slider, percentile
frames = drag_over_slider(Path(sys.argv[1]), sys.argv[2], by_time=sys.argv[3] == "time")
busy = {"busy_p95": percentile(frames.busy, 0.95), "busy_worst": max(frames.busy)}
states = {"gap": max(frames.gaps), "usual_gap": percentile(frames.gaps, 0.95), "back": frames.steps_back}
print(json.dumps({"p95": frames.p95, "worst": frames.worst, **busy, **states, "states": len(frames.gaps)}))
"""


def start() -> Line:
    ours, bare = best_of_both()
    return Line(
        work="window: start to first paint",
        ours=ours * 1000,
        unit="ms",
        at_most=bare * 1000 * SLOWEST_START,
        note=f"{ours / bare:.2f} times a bare PySide6 + pyqtgraph window, {bare * 1000:,.0f} ms",
    )


def frames(scratch: Files) -> Iterator[Line]:
    """Steps of a drag over the slider of an order."""
    demo = scratch.path()
    make_demo.run(make_demo.MakeDemoRequest(origin=ORIGIN, events=20_000, to=demo), TaskContext())
    long = scratch.path()
    one_long_order(str(long), 100_000)
    for path, axis in ((demo, "version"), (long, "version"), (long, "time")):
        aggregate_id, versions = longest(path)
        taken = _in_child(scratch, "-c", FRAMES, str(path), aggregate_id, axis)
        for name, at_most in (("p95", FRAME_P95_MS), ("worst", FRAME_WORST_MS)):
            yield Line(
                work=f"slider frame of {versions:,} versions by {axis}, {name}",
                ours=taken[name],
                unit="ms",
                at_most=at_most,
                note=f"{taken[f'busy_{name}']:.1f} ms of it the window's thread worked",
            )
        yield Line(
            work=f"… without a newer state painted, {versions:,} versions, worst",
            ours=taken["gap"],
            unit="ms",
            at_most=PICTURE_EVERY_MS,
            note=f"p95 {taken['usual_gap']:.1f} ms, {taken['states']} states painted while dragging",
        )
        yield Line(
            work=f"… an older state painted after a newer one, {versions:,} versions",
            ours=taken["back"],
            unit="times",
            at_most=0,
        )


def tours(scratch: Files) -> Iterator[Line]:
    """Open, list, choose, drag, play, read, go to a cause, rebuild, follow."""
    million = scratch.path()
    if MILLION.exists():
        shutil.copy(MILLION, million)
    else:
        request = make_demo.MakeDemoRequest(origin=ORIGIN, events=1_000_000, to=million)
        make_demo.run(request, TaskContext())
    yield from _lateness(scratch, "a million events", million)
    log = real_data.FOLDER / "orders" / "orders.ndjson.gz"
    if log.exists():
        real = scratch.path()
        import_events.run(
            import_events.ImportRequest(store=str(real), file=log, create=True, origin=ORIGIN), TaskContext()
        )
        yield from _lateness(scratch, "the real log", real)


def _lateness(scratch: Files, what: str, store: Path) -> Iterator[Line]:
    late = _in_child(scratch, "-m", "tests.benchmarks.window_tour", str(store))
    phase = max(late["phases"], key=lambda name: late["phases"][name][0])
    for name, at_most in (("p99", LATE_P99_MS), ("worst", LATE_WORST_MS)):
        own = f"{late[f'own_{name}']:.1f} ms of it are the window's own"
        yield Line(
            work=f"tour of {what}: 5 ms timer late, {name}",
            ours=late[name],
            unit="ms",
            at_most=at_most,
            note=f"{own}; latest in {phase}" if name == "worst" else own,
        )


def longest(store: Path) -> tuple[str, int]:
    """The aggregate with the most versions, and how many it has."""
    with closing(sqlite3.connect(store)) as connection:
        found: tuple[str, int] = connection.execute(
            "SELECT aggregate_id, version FROM streams ORDER BY version DESC LIMIT 1"
        ).fetchone()
    return found


def _in_child(scratch: Files, *arguments: str) -> dict[str, Any]:
    """The object that Python prints as its last line; with settings of its own."""
    environment = os.environ | {"QT_QPA_PLATFORM": "offscreen", "AUDITOR_HOME": str(scratch.path(""))}
    done = subprocess.run(
        [sys.executable, *arguments],
        env=environment,
        capture_output=True,
        text=True,
        timeout=MINUTES * 60,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(done.stderr)
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found
