"""A rebuild as a process of its own, drawn from what it says on its stdout."""

import json
import signal
import subprocess
import tempfile
import time
from pathlib import Path
from typing import IO, Any

from auditor.cli.output import Span, Tone
from auditor.cli.progress import Pace, bar_text
from auditor.cli.terminal import Terminal
from auditor.core.errors import Cancelled, ProjectionFailed
from auditor.core.text import tr
from auditor.own_program import own_program
from auditor.tasks.context import Progress


def rebuild_in_child(terminal: Terminal, store: Path, projection: str, indent: str) -> None:
    """Shows the bar while it runs and the whole of it at the end. The child stays in this process's group.

    Raises: ProjectionFailed, Cancelled once the child has stopped between two batches.
    """
    command = own_program("rebuild", "--progress", "ndjson", "--", str(store), projection)
    with tempfile.TemporaryFile() as words:
        child = subprocess.Popen(  # noqa: S603 - the program itself
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=words
        )
        try:
            last = _drawn(terminal, child, indent)
        finally:
            if child.stdout:
                child.stdout.close()
            _ended(child)
        if terminal.token.cancelled or last.get("kind") == "paused":
            raise Cancelled
        if last.get("kind") != "finished":
            raise _failure(last, words)


def _drawn(terminal: Terminal, child: "subprocess.Popen[bytes]", indent: str) -> dict[str, Any]:
    """Follows the child to its end and returns the last thing it said."""
    assert child.stdout  # noqa: S101 - it is a pipe
    pace = Pace(time.monotonic)
    last: dict[str, Any] = {}
    interrupted = False
    for line in child.stdout:
        last = json.loads(line)
        if terminal.token.cancelled and not interrupted:
            child.send_signal(
                signal.SIGINT
            )  # a terminal's Ctrl-C has reached it already; a lone signal to us has not
            interrupted = True
        progress = Progress(done=last["done"], total=last["total"], unit=tr("events"))
        pace.note(progress)
        if terminal.diagnostics.is_terminal:
            terminal.diagnostics.bar(indent + bar_text(progress, pace))
    terminal.diagnostics.clear_bar()
    if last.get("kind") == "finished":
        _finished(terminal, last, indent)
    return last


def _finished(terminal: Terminal, last: dict[str, Any], indent: str) -> None:
    done = Progress(done=last["done"], total=last["total"], unit=tr("events"))
    text = tr("{bar} in {seconds:.1f} s", bar=bar_text(done, Pace(time.monotonic)), seconds=last["seconds"])
    terminal.output.line(indent, text)
    for tables in last.get("tables", {}).values():
        for table, rows in tables.items():
            terminal.output.line(indent, tr("{table}: {rows:,} rows", table=table, rows=rows))
    told = tr("They are true at position {position:,} of the store.", position=last["position"])
    terminal.output.line(indent, Span(told, Tone.QUIET))


def _failure(last: dict[str, Any], words: IO[bytes]) -> ProjectionFailed:
    if last.get("kind") == "error":
        return ProjectionFailed(last.get("message", ""), last.get("hint", ""))
    words.seek(0)
    said = words.read(4096).decode("utf-8", "replace").strip()
    return ProjectionFailed(tr("The rebuild ended without saying how."), said)


def _ended(child: "subprocess.Popen[bytes]") -> None:
    try:
        child.wait(5)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()
