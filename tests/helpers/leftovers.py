"""What a test must not leave behind: threads and child processes."""

import ctypes
import os
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

PATIENCE_SECONDS = 3.0
_PR_SET_CHILD_SUBREAPER = 36
SERVER_FOLDERS = "auditor-pg-"
# Python's own, one for the whole run, started by the first use of shared memory or of a spawned process; and the
# database server of the whole run, which a test may have started again.
_HARMLESS = ("multiprocessing.resource_tracker", f"/{SERVER_FOLDERS}")


def pytest_configure() -> None:
    """Orphans of a killed child become ours, so that they are seen too."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


@pytest.fixture(autouse=True)
def nothing_left_behind() -> Iterator[None]:
    """Fails a test that leaves a thread or a child process, and names it."""
    threads = set(threading.enumerate())
    children = set(child_processes())
    yield
    left = _left(threads, children)
    deadline = time.monotonic() + PATIENCE_SECONDS
    while left and time.monotonic() < deadline:
        time.sleep(0.01)  # ending takes a moment; what lasts longer than the patience is a leftover
        left = _left(threads, children)
    if left:
        pytest.fail("this test left behind: " + "; ".join(left), pytrace=False)


def _left(threads: set[threading.Thread], children: set[int]) -> list[str]:
    left = [f"thread {one.name}" for one in threading.enumerate() if one not in threads and one.is_alive()]
    for pid in child_processes() - children:
        command = _command(pid)
        if command == "" and _has_ended(pid):
            continue
        if not any(harmless in command for harmless in _HARMLESS):
            left.append(f"process {pid} ({command})")
    return left


def child_processes() -> set[int]:
    """The ids of this process's children; empty where the system does not tell (not Linux)."""
    found: set[int] = set()
    for listing in Path("/proc/self/task").glob("*/children"):
        try:
            found.update(map(int, listing.read_text().split()))
        except OSError:  # the thread ended meanwhile
            continue
    return found


def _command(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace").strip()
    except OSError:
        return ""


def _has_ended(pid: int) -> bool:
    """Whether nothing of it is left but its exit code, which is taken. One that is just starting has no words yet."""
    try:
        return os.waitpid(pid, os.WNOHANG)[0] == pid
    except OSError:  # its Popen has taken it
        return True
