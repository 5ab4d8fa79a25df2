"""Pictures of the window for those who have no display, drawn by a process of its own."""

import os
import subprocess
import tempfile
import time
from pathlib import Path

from auditor import folders
from auditor.cli.terminal import Terminal
from auditor.core.errors import Cancelled
from auditor.core.text import tr
from auditor.own_program import PICTURES, own_program

PATIENCE = 120  # seconds
BETWEEN_LOOKS = 0.05


def leave_pictures(terminal: Terminal, store: Path, aggregate_id: str, version: int, indent: str) -> None:
    """Prints the path of a new folder with the pictures in it, alone on its line; or why there are none.

    Raises: Cancelled.
    """
    folder = _new_folder()
    with tempfile.TemporaryDirectory() as home, tempfile.TemporaryFile() as words:
        # A home of its own: what the user's windows remember stays as it is.
        environment = os.environ | {"QT_QPA_PLATFORM": "offscreen", folders.HOME_VARIABLE: home}
        child = subprocess.Popen(  # noqa: S603 - the program itself
            own_program(PICTURES, str(store), str(folder), aggregate_id, str(version)),
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=words,
        )
        try:
            _wait(terminal, child)
        finally:
            child.kill()
            child.wait()
        words.seek(0)
        said = words.read().decode(errors="replace").strip()
    pictures = sorted(path.name for path in folder.glob("*.png"))
    if child.returncode == 0 and pictures:
        terminal.output.line(
            indent, tr("{count} pictures of the window, drawn without a display:", count=len(pictures))
        )
        terminal.output.line(str(folder))
        return
    why = said.splitlines()[-1] if said else tr("it ended with code {code}", code=child.returncode)
    terminal.output.line(indent, tr("No pictures: Qt could not draw the window ({why}).", why=why))


def _wait(terminal: Terminal, child: "subprocess.Popen[bytes]") -> None:
    until = time.monotonic() + PATIENCE
    while child.poll() is None and time.monotonic() < until:
        if terminal.token.cancelled:
            raise Cancelled
        time.sleep(BETWEEN_LOOKS)


def _new_folder() -> Path:
    parent = folders.cache_folder() / "pictures"
    parent.mkdir(parents=True, exist_ok=True)
    return Path(tempfile.mkdtemp(dir=parent, prefix=time.strftime("%Y-%m-%d-%H%M%S-")))
