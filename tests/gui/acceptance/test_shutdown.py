"""The window is closed while everything runs: it is gone at once, and nothing goes on without it."""

import os
import signal
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from auditor.gui.action_table import ActionId
from auditor.gui.cursor import Place
from auditor.gui.main_window import MainWindow
from tests.gui.acceptance.conftest import LONG, DemoCopy
from tests.gui.acceptance.driving import User
from tests.helpers.leftovers import child_processes

MOST_SECONDS = 3.0


@pytest.mark.timeout(180)
def test_closing_with_everything_running_leaves_nothing(
    long_demo: DemoCopy, make_window: Callable[..., MainWindow]
) -> None:
    before = child_processes()
    window = make_window(long_demo.path)
    user = User(window)
    desk, views = window.desk, window.views
    assert views is not None
    desk.actions[ActionId.VIEW_PROJECTIONS].trigger()
    user.until(lambda: desk.actions[ActionId.REBUILD].isEnabled())
    desk.actions[ActionId.REBUILD].trigger()
    user.until(lambda: user.rebuild.done > 0)
    os.kill(
        views.projections.rebuilds._child.pid, signal.SIGSTOP
    )  # else it might have ended before the rest has begun
    desk.following.follow(True)
    desk.cursor.go_to(Place(LONG, "Order"))
    user.until(lambda: desk.loader.folded_events > 0)
    desk.counts.begin(desk.counts.head)
    assert user.rebuild.phase == "running"
    assert desk.loader.fold is None
    assert desk.counts.is_counting
    assert len(child_processes() - before) >= 3
    began = time.monotonic()
    window.window_actions.guards.clear()  # it would ask whether the rebuild may be cancelled
    assert window.close()
    assert time.monotonic() - began < MOST_SECONDS
    user.until(lambda: not _alive(child_processes() - before))


def _alive(children: set[int]) -> list[int]:
    """Those that have not ended."""
    states = {pid: _state(pid) for pid in children}
    return [pid for pid, state in states.items() if state not in ("", "Z")]


def _state(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2][:1]
    except OSError:
        return ""
