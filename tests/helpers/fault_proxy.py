"""A way to a server that can be disturbed: TCP on this machine, passed on to the server's socket."""

import contextlib
import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

_RESET: Final = struct.pack("ii", 1, 0)


class FaultProxy:
    """Passes bytes on, until told to be silent, as a pulled cable is, or to cut, as a restarted router does."""

    def __init__(self, target: Path) -> None:
        self._target = str(target)
        self._goes_on = threading.Event()
        self._goes_on.set()
        self._ended = False
        self._sockets: list[socket.socket] = []
        self._threads: list[threading.Thread] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._start(self._accept)

    def stall(self) -> None:
        """From now on nothing arrives, in no direction; new connections are taken and hear nothing."""
        self._goes_on.clear()

    def go_on(self) -> None:
        self._goes_on.set()

    def cut(self) -> None:
        """Ends all connections with a reset."""
        for one in self._sockets:
            with contextlib.suppress(OSError):
                one.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
                one.shutdown(socket.SHUT_RDWR)
            one.close()
        self._sockets.clear()

    def close(self) -> None:
        self._ended = True
        self._goes_on.set()
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self.cut()
        for thread in self._threads:
            thread.join(10)

    def _start(self, work: "object", *values: "object") -> None:
        thread = threading.Thread(target=work, args=values, daemon=True)  # type: ignore[arg-type]  # any callable
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            server = socket.socket(socket.AF_UNIX)
            server.connect(self._target)
            self._sockets += [client, server]
            self._start(self._pump, client, server)
            self._start(self._pump, server, client)

    def _pump(self, source: socket.socket, target: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while not self._ended and (data := source.recv(65536)):
                self._goes_on.wait()
                target.sendall(data)
        for one in (source, target):
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)


@contextmanager
def disturbed_way_to(folder: Path, port: int = 5432) -> Iterator[FaultProxy]:
    """To the server whose socket lies in that folder."""
    proxy = FaultProxy(folder / f".s.PGSQL.{port}")
    try:
        yield proxy
    finally:
        proxy.close()
