"""A worker as a child process: starting it, asking it within limits, and saying how it ended.

Works where `select` works on pipes and descriptors can be inherited (POSIX); on other systems the start is refused.
No thread is used: the worker's answers and its stderr are read while an answer is waited for.
"""

import itertools
import os
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NamedTuple, NoReturn, Self

import orjson

from auditor import folders
from auditor.core.errors import Cancelled, ModelError
from auditor.core.ports import NeverStopped, StopToken
from auditor.core.text import tr
from auditor.guest import bundle, wire
from auditor.guest.counter import Counter
from auditor.guest.limits import Limits, how_it_ended
from auditor.guest.pipes import PipeClosed, Pipes
from auditor.own_program import WORKER, is_frozen, own_program

MAX_ANSWER = 512 << 20
_KEPT_TO_OURSELVES = ("PGPASSWORD",)  # the store's password is nothing that the user's code needs
_PATIENCE = 0.25  # seconds that a cancelled request may still take before the worker is ended
_BETWEEN_LOOKS = 0.05  # seconds between two looks at the token


class Answer(NamedTuple):
    """What an operation answered. `texts` are lines taken as they came."""

    values: dict[str, Any]
    texts: list[str]


class GuestRefused(Exception):
    """The operation answered with an error; the worker goes on. `kind` and `values`: see the operation."""

    def __init__(self, kind: str, values: dict[str, Any]) -> None:
        super().__init__(kind)
        self.kind = kind
        self.values = values


class GuestGone(Exception):
    """The worker ended, or had to be ended. `reason` is translated.

    `ordinal` is what the counter said (0: at no event). `breach` says that the wire was lost or misused, which is
    noticed only afterwards: the event at which that was done may be an earlier one.
    """

    def __init__(
        self, reason: str, ordinal: int, *, breach: bool = False, exit_code: int | None = None
    ) -> None:
        super().__init__(reason)
        self.exit_code = exit_code
        self.reason = reason
        self.ordinal = ordinal
        self.breach = breach


class GuestProcess:
    """One worker. Used from one thread at a time; once it is gone, a new one must be made."""

    def __init__(
        self,
        *,
        interpreter: Path | None = None,
        limits: Limits | None = None,
        cache: Path | None = None,
        environment: Mapping[str, str] | None = None,
    ) -> None:
        """`interpreter`: by default the program's own; `cache`: where the worker's zip is kept, by default the user's;
        `environment`: variables beside those of the program.

        Raises: ModelError if the interpreter cannot be started.
        """
        self._limits = limits or Limits()
        self._counter = Counter()
        self._bundle = bundle.provide(cache or folders.cache_folder())
        self._ids = itertools.count(1)
        self._in_flight: list[int] = []
        self._abandoned: set[int] = set()
        self._end: str | None = None
        try:
            self._child = self._start(interpreter, environment or {})
        except BaseException:
            self._counter.close()
            self._bundle.discard()
            raise
        self._pipes = Pipes(self._child)

    def _start(self, interpreter: Path | None, environment: Mapping[str, str]) -> "subprocess.Popen[bytes]":
        if os.name != "posix":
            raise ModelError(
                tr("Workers cannot be started on this system yet."),
                tr("States and read models are computed on Linux and macOS."),
            )
        command = _command(interpreter, self._bundle.path)
        inherited = {name: value for name, value in os.environ.items() if name not in _KEPT_TO_OURSELVES}
        limits = [str(self._counter.descriptor), str(self._limits.memory_mb), str(self._limits.cpu_seconds)]
        try:
            return subprocess.Popen(  # noqa: S603 - no shell; the interpreter is our own or a trusted one
                [*command, *limits],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                bufsize=0,
                env={**inherited, **environment},
                pass_fds=(self._counter.descriptor,),
            )
        except OSError as error:
            raise ModelError(
                tr("The interpreter {path} cannot be started: {why}.", path=command[0], why=error.strerror),
                tr("Name a Python of version 3.10 or later as `interpreter` in auditor.toml."),
            ) from None

    # -- asking ------------------------------------------------------------------------------------------

    def request(
        self, op: str, *, token: StopToken | None = None, seconds: float | None = None, **values: Any
    ) -> Answer:
        """Sends one request and waits for its answer; none may be in flight.

        Raises: GuestRefused, GuestGone, Cancelled (the worker may be gone then).
        """
        return self.receive(self.send(op, **values), token=token, seconds=seconds)

    def send(self, op: str, *, raw: dict[str, bytes] | None = None, line: bytes = b"", **values: Any) -> int:
        """Sends a request and returns its id. `raw` holds values that are JSON already, `line` what goes with it.

        Raises: GuestGone.
        """
        if not self.in_flight:
            self._counter.set(0)
        number = next(self._ids)
        request = encode({"id": number, "op": op, **values})
        for name, value in (raw or {}).items():
            request = b'%b,"%b":%b}\n' % (request[:-2], name.encode(), value)
        self._in_flight.append(number)
        self._put(request + line)
        return number

    def receive(
        self,
        number: int,
        *,
        token: StopToken | None = None,
        seconds: float | None = None,
        answer_question: Callable[[dict[str, Any]], Any] | None = None,
    ) -> Answer:
        """The answer to that request. The time limit (or `seconds` instead) counts from here.

        `answer_question` is called with what the worker asks in between; its result is sent as the reply.

        Raises: GuestRefused, GuestGone, Cancelled (the worker may be gone then).
        """
        token = token or NeverStopped()
        seconds = seconds or self._limits.timeout_seconds
        until = time.monotonic() + seconds
        while True:
            message = self._next_message(until, token)
            if "ask" in message and answer_question is not None:
                value = answer_question(message)
                self._put(encode({"reply": message["ask"], "value": value}))
                until = time.monotonic() + seconds
                continue
            answered = message.get("id")
            texts = self._texts(message, until, token)
            if not self._in_flight or answered != self._in_flight[0] or not message.keys() & {"ok", "error"}:
                self._breach()
            self._in_flight.pop(0)
            if answered in self._abandoned:
                self._abandoned.discard(answered)
                continue
            if answered != number:
                raise AssertionError(f"answers are taken in order: {answered}, not {number}")
            return _answer_of(message, texts)

    @property
    def in_flight(self) -> int:
        """How many requests have no answer yet."""
        return len(self._in_flight)

    def abandon(self) -> None:
        """Nobody waits any more for the answers to what is in flight; they are passed over when they come."""
        self._abandoned.update(self._in_flight)

    @property
    def gone(self) -> bool:
        return self._end is not None

    @property
    def ordinal(self) -> int:
        """The event that is being applied, or 0."""
        return self._counter.get()

    @property
    def last_words(self) -> str:
        """The end of what the worker printed so far."""
        return self._pipes.last_words

    # -- the wire ----------------------------------------------------------------------------------------

    def _next_message(self, until: float, token: StopToken) -> dict[str, Any]:
        try:
            message = wire.decode(self._next_line(until, token))
        except ValueError:
            self._breach()
        if not isinstance(message, dict):
            self._breach()
        return message

    def _texts(self, message: dict[str, Any], until: float, token: StopToken) -> list[str]:
        try:
            return [self._next_line(until, token).decode() for _ in range(message.get("texts", 0))]
        except (UnicodeDecodeError, TypeError):
            self._breach()

    def _put(self, line: bytes) -> None:
        if self._end is not None:
            raise GuestGone(self._end, 0)
        try:
            self._pipes.put(line)
        except PipeClosed:
            self._ended()

    def _next_line(self, until: float, token: StopToken) -> bytes:
        while True:
            line = self._pipes.take()
            if line is not None:
                return line
            if self._pipes.unfinished > MAX_ANSWER:
                self._breach()
            self._wait(until, token)

    def _wait(self, until: float, token: StopToken) -> None:
        """Moves bytes until some have come; then, or after a moment, returns."""
        if self._end is not None:
            raise GuestGone(self._end, 0)
        now = time.monotonic()
        if token.cancelled:
            self.abandon()
            self._give_up_after(min(until, now + _PATIENCE))
            raise Cancelled
        if now >= until:
            self._stop_for_time()
        try:
            self._pipes.move(min(until - now, _BETWEEN_LOOKS))
        except PipeClosed:
            self._ended()

    def _give_up_after(self, until: float) -> None:
        """Lets a cancelled request come to its end; a worker that does not is ended."""
        came = self._pipes.unfinished
        while self._pipes.unfinished == came and self._end is None:
            left = until - time.monotonic()
            try:
                if left > 0:
                    self._pipes.move(left)
                    continue
            except PipeClosed:
                pass
            self._finish(tr("the request was cancelled"))

    # -- the end -----------------------------------------------------------------------------------------

    def _stop_for_time(self) -> NoReturn:
        ordinal = self.ordinal
        self._finish(tr("the worker was stopped after {seconds:g} s", seconds=self._limits.timeout_seconds))
        raise GuestGone(self._end or "", ordinal)

    def _breach(self) -> NoReturn:
        ordinal = self.ordinal
        self._finish(tr("the worker wrote into the wire of its answers"))
        raise GuestGone(self._end or "", ordinal, breach=True)

    def _ended(self) -> NoReturn:
        """The worker's end of a pipe is closed: it ended, or closed what it should not have touched."""
        try:
            code = self._child.wait(1)
        except subprocess.TimeoutExpired:
            code = wire.EXIT_WIRE_LOST
        ordinal = self.ordinal
        lost = code in (wire.EXIT_WIRE_LOST, 0)
        self._finish(how_it_ended(code, self._limits))
        raise GuestGone(self._end or "", ordinal, breach=lost, exit_code=code)

    def _finish(self, how: str) -> None:
        self._end = how
        self._child.kill()
        self._child.wait()
        self._release()

    def _release(self) -> None:
        self._pipes.close()
        self._bundle.discard()

    def close(self) -> None:
        """Ends the worker; at most a second, whatever it is doing. Nothing of it is left."""
        if self._end is None:
            self._end = tr("the worker was closed")
            self._pipes.close_input()
            try:
                self._child.wait(0.5)
            except subprocess.TimeoutExpired:
                self._child.kill()
                self._child.wait()
            self._release()
        self._counter.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _command(interpreter: Path | None, bundle: Path) -> list[str]:
    """What runs the zip without anything of the user's: no start-up files, no variables, no current folder."""
    if interpreter is None and is_frozen():  # the frozen program starts just as isolated
        return own_program(WORKER, str(bundle))
    return [str(interpreter or sys.executable), "-I", "-S", "-X", "utf8", str(bundle)]


def _answer_of(message: dict[str, Any], texts: list[str]) -> Answer:
    if "error" in message:
        raise GuestRefused(message["error"].pop("kind"), message["error"])
    return Answer(message["ok"], texts)


def encode(message: dict[str, Any]) -> bytes:
    """As `wire.encode`, faster; what the fast writer refuses (integers beyond 64 bits) takes the slow one."""
    try:
        return orjson.dumps(message, option=orjson.OPT_APPEND_NEWLINE)
    except TypeError:
        return wire.encode(message)
