"""The process that runs user code: takes requests off the wire, runs operations, answers.

Nothing that the user's code prints, closes or raises reaches the wire: it stands on descriptors of its own, and the
standard ones are put elsewhere before anything foreign (`.pth` files, `sitecustomize`) is imported.
"""

import functools
import gc
import math
import mmap
import os
import platform
import queue
import signal
import sys
import threading
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple, NoReturn

from . import wire

resource: Any  # None where the system has no such limits; said in the answer to `load`
try:
    import resource
except ImportError:
    resource = None


_A_MOMENT = 0.03  # seconds: while somebody drags, requests come faster


class Reply(NamedTuple):
    """What an operation answers: values, and texts that go over the wire as they are (one line each)."""

    values: dict[str, Any]
    texts: Sequence[str] = ()


class Refusal(Exception):
    """An operation that cannot be done. `kind` is for programs, `values` are what a message is made of."""

    def __init__(self, kind: str, **values: Any) -> None:
        super().__init__(kind)
        self.kind = kind
        self.values = values


Operation = Callable[[dict[str, Any]], Reply]


class Channel:
    """The two ends of the wire. Requests are read by a thread, so that the end of the program ends us at any time."""

    def __init__(self, requests: int, answers: int) -> None:
        self._requests: queue.SimpleQueue[bytes] = queue.SimpleQueue()
        self._replies: queue.SimpleQueue[bytes] = queue.SimpleQueue()
        self._answers = answers
        self._asked = 0
        threading.Thread(target=self._read, args=(requests,), name="wire", daemon=True).start()

    def _read(self, requests: int) -> NoReturn:
        try:
            with open(requests, "rb", buffering=1 << 20) as lines:
                for line in lines:
                    (self._replies if line.startswith(wire.REPLY_START) else self._requests).put(line)
        except MemoryError:
            os._exit(wire.EXIT_OUT_OF_MEMORY)
        finally:
            os._exit(0)

    def next_request(self, when_idle: Callable[[], bool]) -> dict[str, Any]:
        """`when_idle` is called where none comes for a moment, again and again as long as it has something to do."""
        line = None
        while line is None:
            try:
                line = self._requests.get(timeout=_A_MOMENT)
            except queue.Empty:
                line = None if when_idle() else self._requests.get()
        request: dict[str, Any] = wire.decode(line)
        if "joined" in request:
            request["line"] = self._requests.get()
        return request

    def send(self, message: dict[str, Any], texts: Sequence[str] = ()) -> None:
        if texts:
            message["texts"] = len(texts)
        data = memoryview(
            wire.encode(message)
            + b"".join(text.encode("utf-8", "backslashreplace") + b"\n" for text in texts)
        )
        try:
            while data:
                data = data[os.write(self._answers, data) :]
        except OSError:
            os._exit(wire.EXIT_WIRE_LOST)

    def ask(self, **values: Any) -> Any:
        """Asks the program in the midst of an operation and waits for its reply."""
        self._asked += 1
        self.send({"ask": self._asked, **values})
        return wire.decode(self._replies.get())["value"]


class Limits:
    """The limits that this system can hold us to; `missing` names the others."""

    def __init__(self, memory_mb: int, cpu_seconds: float) -> None:
        self.missing: list[str] = []
        self._cpu_seconds = cpu_seconds
        if resource is None:
            self.missing = ["memory", "cpu"]
            return
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        try:
            bound = memory_mb << 20
            resource.setrlimit(resource.RLIMIT_AS, (bound, bound))
        except (ValueError, OSError):
            self.missing.append("memory")
        self._hard = resource.getrlimit(resource.RLIMIT_CPU)[1]

    def renew(self) -> None:
        """Grants the processor time of one more request."""
        if resource is not None:
            used = resource.getrusage(resource.RUSAGE_SELF)
            soft = math.ceil(used.ru_utime + used.ru_stime + self._cpu_seconds)
            if self._hard != resource.RLIM_INFINITY:
                soft = min(soft, self._hard)
            resource.setrlimit(resource.RLIMIT_CPU, (soft, self._hard))


class Worker:
    """What operations share: the counter, the limits, and the way to ask the program."""

    def __init__(self, channel: Channel, limits: Limits, at_event: Callable[[int], None]) -> None:
        self.at_event = at_event
        self.ask = channel.ask
        self.when_idle: Callable[[], bool] = lambda: False
        self._channel = channel
        self._limits = limits
        self._operations: dict[str, Operation] = {"hello": self._hello}

    def offer(self, operations: dict[str, Operation]) -> None:
        self._operations.update(operations)

    def _hello(self, _: dict[str, Any]) -> Reply:
        return Reply({"python": platform.python_version(), "missing_limits": self._limits.missing})

    def serve(self) -> NoReturn:
        while True:
            try:
                request = self._channel.next_request(self.when_idle)
                self._limits.renew()
                self.at_event(0)
                self._answer(request)
            except MemoryError:
                os._exit(wire.EXIT_OUT_OF_MEMORY)

    def _answer(self, request: dict[str, Any]) -> None:
        try:
            reply = self._operations[request["op"]](request)
        except Refusal as refusal:
            self._channel.send({"id": request["id"], "error": {"kind": refusal.kind, **refusal.values}})
        else:
            self.at_event(0)
            self._channel.send({"id": request["id"], "ok": reply.values}, reply.texts)


def _take_standard_streams() -> tuple[int, int]:
    """Moves the wire off descriptors 0 and 1; what the user's code reads is empty, what it prints goes to stderr."""
    requests, answers = os.dup(0), os.dup(1)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.dup2(2, 1)
    os.close(nothing)
    return requests, answers


def _shared_counter(descriptor: int) -> Callable[[int], None]:
    page = mmap.mmap(descriptor, mmap.PAGESIZE)
    os.close(descriptor)
    return functools.partial(memoryview(page).cast("q").__setitem__, 0)


def main() -> NoReturn:
    counter, memory_mb, cpu_seconds = sys.argv[1:4]
    requests, answers = _take_standard_streams()
    signal.signal(
        signal.SIGINT, signal.SIG_IGN
    )  # Ctrl-C reaches the whole group; the program decides what ends
    limits = Limits(int(memory_mb), float(cpu_seconds))
    at_event = _shared_counter(int(counter))
    channel = Channel(requests, answers)
    del sys.argv[1:]
    limits.renew()
    _find_installed_packages()
    worker = Worker(channel, limits, at_event)
    from . import worker_fold, worker_projection

    worker.offer(worker_fold.operations(worker))
    worker.offer(worker_projection.operations(worker))
    # Rows, keyframes and batches are many, long-lived and free of circles: looked through seldom.
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)
    worker.serve()


def _find_installed_packages() -> None:
    """What the interpreter would have done at its start without `-S`: only now the wire is safe."""
    sys.dont_write_bytecode = True
    import site

    site.main()
