"""The program as its users start it: a child process."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PROGRAM = (sys.executable, "-m", "auditor")
# Hundreds of children import the same modules: they share compiled ones, wherever the environment forbids it.
_BYTECODE = Path(__file__).resolve().parents[2] / ".pytest_cache" / "bytecode"
# Without a display no verb opens a window that nobody would close.
_NOT_INHERITED = {"PYTHONDONTWRITEBYTECODE", "DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"}


def environment(more: Mapping[str, str] | None = None) -> dict[str, str]:
    """The environment of a child."""
    inherited = {name: value for name, value in os.environ.items() if name not in _NOT_INHERITED}
    return {**inherited, "PYTHONPYCACHEPREFIX": str(_BYTECODE), **(more or {})}


@dataclass(frozen=True)
class Ended:
    """One finished run."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """The one document that stdout is."""
        assert self.out.endswith("\n"), self
        return json.loads(self.out)

    @property
    def error(self) -> dict[str, Any]:
        """What the last line of stderr says in JSON."""
        said: dict[str, Any] = json.loads(self.err.splitlines()[-1])["error"]
        return said


def auditor(
    *arguments: str | Path | bytes,
    env: Mapping[str, str] | None = None,
    stdin: str | None = None,
    cwd: Path | None = None,
    timeout: float = 60,
) -> Ended:
    """Runs `auditor` and waits for its end. Nobody can be asked; stdin is empty unless given."""
    done = subprocess.run(
        [*PROGRAM, *arguments],
        input=None if stdin is None else stdin.encode(),
        stdin=subprocess.DEVNULL if stdin is None else None,
        capture_output=True,
        env=environment(env),
        cwd=cwd,
        timeout=timeout,
        check=False,
    )
    return Ended(done.returncode, done.stdout.decode("utf-8"), done.stderr.decode("utf-8"))


def answer(*arguments: str | Path | bytes, **options: Any) -> Any:
    """The JSON that a run answers with; it must succeed."""
    ended = auditor(*arguments, "--json", **options)
    assert ended.code == 0, ended
    return ended.json


def started(*arguments: str | Path, env: Mapping[str, str] | None = None) -> "subprocess.Popen[bytes]":
    """A run in a session of its own, so that everything it starts can be found and signalled."""
    return subprocess.Popen(
        [*PROGRAM, *arguments],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment(env),
        start_new_session=True,
    )


def processes_of_session(session: int) -> set[int]:
    """The living processes of a session, by /proc; zombies are not alive."""
    found = set()
    for folder in Path("/proc").iterdir():
        if not folder.name.isdigit():
            continue
        try:
            fields = (folder / "stat").read_text().rpartition(")")[2].split()
        except OSError:  # it ended meanwhile
            continue
        if int(fields[3]) == session and fields[0] not in "ZX":
            found.add(int(folder.name))
    return found


def interrupt(child: "subprocess.Popen[bytes]") -> None:
    """Ctrl-C: the whole foreground group is signalled, as a terminal does it."""
    os.killpg(child.pid, signal.SIGINT)
