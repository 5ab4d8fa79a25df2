"""The window of the frozen folder, off screen."""

import signal
import subprocess
import time
from pathlib import Path

import pytest

from tests.frozen.conftest import SECONDS
from tests.helpers.command_line import processes_of_session

pytestmark = pytest.mark.timeout(900)  # the first test that runs waits for the build


def test_it_opens_a_store_in_the_window_and_quits(
    frozen_program: Path, orders: Path, bare_environment: dict[str, str], tmp_path: Path
) -> None:
    """Until the file is open, and then as a window manager ends it."""
    with (tmp_path / "said").open("w+b") as said:
        window = subprocess.Popen(
            [frozen_program, "open", orders],
            env=bare_environment,
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            wait_until_open(window, orders)
            window.send_signal(signal.SIGTERM)
            assert window.wait(SECONDS) == 0
        finally:
            window.kill()
            window.wait()
        said.seek(0)
        assert said.read().decode() == ""
    assert processes_of_session(window.pid) == set()


def wait_until_open(child: "subprocess.Popen[bytes]", file: Path) -> None:
    until = time.monotonic() + SECONDS
    while child.poll() is None and time.monotonic() < until:
        if any(has_open(entry, file) for entry in Path(f"/proc/{child.pid}/fd").iterdir()):
            return
        time.sleep(0.02)  # Qt is starting
    pytest.fail(f"{file.name} was not opened; exit code {child.poll()}")


def has_open(descriptor: Path, file: Path) -> bool:
    try:
        return descriptor.readlink() == file
    except OSError:  # closed meanwhile
        return False
