"""The three pipes of a child process, moved without threads and without blocking."""

import os
import selectors
import subprocess
import sys
from contextlib import suppress

if sys.platform == "linux":
    import fcntl

    def _widen(pipe: int) -> None:
        """A whole batch or answer finds room, so that neither side waits for the other to look."""
        with suppress(OSError):
            fcntl.fcntl(pipe, fcntl.F_SETPIPE_SZ, _CHUNK)
else:

    def _widen(pipe: int) -> None:
        """Pipes have the size that this system gives them."""


_CHUNK = 1 << 20
_LAST_WORDS = 64 << 10


class PipeClosed(Exception):
    """The child has closed its end of the pipe that we read from or write to."""


class Pipes:
    """Lines out to the child's stdin, lines in from its stdout, and the end of what it prints to stderr.

    Bytes move only within `put` and `move`; a child that prints without end waits in between.
    """

    def __init__(self, child: "subprocess.Popen[bytes]") -> None:
        """`child` was started with three pipes, unbuffered."""
        self._files = [file for file in (child.stdin, child.stdout, child.stderr) if file]
        self._stdin, self._stdout, self._stderr = (file.fileno() for file in self._files)
        for file in self._files:
            os.set_blocking(file.fileno(), False)
            _widen(file.fileno())
        self._outgoing: list[memoryview] = []
        self._incoming = bytearray()
        self._scanned = 0  # so far there is no line end
        self._words = b""
        self._selector = selectors.DefaultSelector()
        self._selector.register(self._stdout, selectors.EVENT_READ)
        self._selector.register(self._stderr, selectors.EVENT_READ)

    def put(self, line: bytes) -> None:
        """Writes as much as the pipe takes; the rest goes with `move`.

        Raises: PipeClosed.
        """
        self._outgoing.append(memoryview(line))
        self._write()

    def take(self) -> bytes | None:
        """The next whole line without its end, if it has come."""
        at = self._incoming.find(b"\n", self._scanned)
        if at < 0:
            self._scanned = len(self._incoming)
            return None
        line = bytes(self._incoming[:at])
        del self._incoming[: at + 1]
        self._scanned = 0
        return line

    @property
    def unfinished(self) -> int:
        """How many bytes have come that were not taken."""
        return len(self._incoming)

    @property
    def last_words(self) -> str:
        """The end of what the child printed."""
        return self._words.decode("utf-8", "replace")

    def move(self, seconds: float) -> None:
        """Waits for bytes, at most that long, and moves what there is.

        Raises: PipeClosed.
        """
        for key, _ in self._selector.select(seconds):
            if key.fd == self._stdin:
                self._write()
            elif key.fd == self._stdout:
                data = os.read(self._stdout, _CHUNK)
                if not data:
                    raise PipeClosed
                self._incoming += data
            else:
                self._read_words()

    def close_input(self) -> None:
        """Tells the child that nothing more will come."""
        if self._stdin in self._selector.get_map():
            self._selector.unregister(self._stdin)
        self._files[0].close()

    def close(self) -> None:
        """Takes what the child has printed last, without waiting, and lets the pipes go."""
        while self._stderr in self._selector.get_map() and self._read_words():
            pass
        self._selector.close()
        for file in self._files:
            file.close()

    def _read_words(self) -> bool:
        """Whether there may be more."""
        try:
            data = os.read(self._stderr, _CHUNK)
        except BlockingIOError:
            return False
        if not data:
            self._selector.unregister(self._stderr)
            return False
        self._words = (self._words + data)[-_LAST_WORDS:]
        return True

    def _write(self) -> None:
        try:
            while self._outgoing:
                rest = self._outgoing[0][os.write(self._stdin, self._outgoing[0]) :]
                if rest:
                    self._outgoing[0] = rest
                else:
                    del self._outgoing[0]
        except BlockingIOError:
            pass
        except BrokenPipeError:
            raise PipeClosed from None
        watched = self._stdin in self._selector.get_map()
        if self._outgoing and not watched:
            self._selector.register(self._stdin, selectors.EVENT_WRITE)
        elif watched and not self._outgoing:
            self._selector.unregister(self._stdin)
