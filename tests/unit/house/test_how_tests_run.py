"""What `tests/helpers` promises about every run: seen from outside, in runs of its own."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.helpers.house.tree import REPOSITORY

PLUGINS = (
    "tests.helpers.budget",
    "tests.helpers.left_out",
    "tests.helpers.real_data",
    "tests.helpers.leftovers",
)


def run_tests(folder: Path, text: str, *options: str, **variables: str) -> list[str]:
    """The lines of a run of pytest over one file."""
    path = folder / "test_inner.py"
    path.write_text(text)
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-p",
        "no:cacheprovider",
        f"--rootdir={folder}",
        str(path),
    ]
    for plugin in PLUGINS:
        command += ["-p", plugin]
    done = subprocess.run(
        [*command, *options],
        cwd=REPOSITORY,
        env={**os.environ, "PYTEST_ADDOPTS": "", **variables},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout.splitlines()


LEAVING = """
import subprocess, threading

def test_thread():
    threading.Thread(target=threading.Event().wait, name="left-over", daemon=True).start()

def test_child():
    subprocess.run(["sh", "-c", "sleep 60 & exit 0"], stdout=subprocess.DEVNULL)

def test_orphan_of_a_killed_child():
    child = subprocess.Popen(["sh", "-c", "sleep 61 & echo; wait"], stdout=subprocess.PIPE)
    child.stdout.readline()
    child.kill()
    child.wait()
    child.stdout.close()

def test_ends_soon():
    thread = threading.Thread(target=print)
    thread.start()
    subprocess.run(["sh", "-c", "sleep 0.3 & exit 0"], stdout=subprocess.DEVNULL)
"""


def test_what_is_left_behind_is_named_and_what_ends_soon_is_not(tmp_path: Path) -> None:
    lines = run_tests(tmp_path, LEAVING)

    said = [line.partition("left behind: ")[2] for line in lines if line.startswith("this test left behind:")]
    for process in said[1:]:  # the inner run has ended: nobody but us ends what it left
        os.kill(int(process.split()[1]), signal.SIGKILL)
    assert said[0] == "thread left-over"
    assert [process.split(maxsplit=2)[2] for process in said[1:]] == ["(sleep 60)", "(sleep 61)"]
    assert lines[-1].startswith("4 passed, 3 errors")


SCALED = """
import pytest
from hypothesis import given, settings, strategies as st
from tests.helpers import budget

def test_kills():
    assert budget.count(20) == 60 and budget.count(1, "crashes") == 3

@given(st.integers())
def test_law(number):
    assert settings.default.max_examples == 150

@pytest.mark.parametrize("number", range(3))
def test_real(number, real_data): ...
"""


@pytest.mark.parametrize("options", [(), ("-n", "2")], ids=["alone", "with workers"])
def test_the_end_says_what_was_run_and_what_was_left_out(options: tuple[str, ...], tmp_path: Path) -> None:
    absent = str(tmp_path / "absent")
    lines = run_tests(tmp_path, SCALED, *options, AUDITOR_TEST_BUDGET="36", AUDITOR_DATA=absent)

    assert "AUDITOR_TEST_BUDGET: 36 minutes (default 12)" in lines
    assert "crashes: 3 · examples of each law: 150 · test_kills: 60" in lines
    assert lines[-1].startswith("2 passed, 3 left out (no real logs: AUDITOR_DATA)")
