"""The program at a terminal of its own, where it asks and somebody types."""

import fcntl
import os
import pty
import select
import signal
import subprocess
import termios
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.helpers.command_line import PROGRAM, environment


@dataclass(frozen=True)
class TerminalRun:
    """How it ended, its stdout, and all that was on the screen."""

    code: int
    out: str
    screen: str


def run_at_terminal(
    *arguments: str | Path,
    question: str,
    answers: Sequence[str],
    env: Mapping[str, str] | None = None,
) -> TerminalRun:
    """Types the next of `answers` each time `question` comes up; `\\x03` is Ctrl-C. stdout goes elsewhere."""
    ours, theirs = pty.openpty()

    def take_terminal() -> None:
        signal.signal(signal.SIGINT, signal.SIG_DFL)  # as a shell starts it, whatever holds for the tests
        fcntl.ioctl(0, termios.TIOCSCTTY, 0)

    child = subprocess.Popen(
        [*PROGRAM, *arguments],
        stdin=theirs,
        stderr=theirs,
        stdout=subprocess.PIPE,
        env=environment(env),
        start_new_session=True,
        preexec_fn=take_terminal,
    )
    os.close(theirs)
    try:
        screen = _talk(ours, question.encode(), answers)
        out, _ = child.communicate(timeout=60)
    finally:
        if child.poll() is None:
            child.kill()
            child.communicate()
        os.close(ours)
    return TerminalRun(child.returncode, out.decode(), screen.decode())


def _talk(terminal: int, question: bytes, answers: Sequence[str]) -> bytes:
    """All that came on the screen until the program was gone."""
    screen, typed = b"", 0
    while select.select([terminal], [], [], 60)[0]:
        try:
            data = os.read(terminal, 65536)
        except OSError:  # Linux: the other end is closed
            break
        if not data:
            break
        screen += data
        if screen.count(question) > typed < len(answers):
            os.write(terminal, answers[typed].encode())
            typed += 1
    return screen
