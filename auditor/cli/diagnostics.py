"""The only place that writes stderr and knows exit codes.

An error is said as *what happened and why* on the first line and *what to do* below. With `--json` the last line of
stderr is the same as one JSON object: `{"error": {"kind", "exit_code", "message", "hint"}}`.
"""

import signal
import sys
import traceback
from collections.abc import Sequence
from enum import IntEnum
from getpass import getpass
from typing import TextIO

from auditor.cli.output import Cell, Output, Span, Tone, as_utf8, send_nowhere
from auditor.core import exact_json
from auditor.core.errors import AuditorError, ModelError, StoreError, WorkspaceError, WrongRequest
from auditor.core.store_address import hide_passwords
from auditor.core.text import tr
from auditor.jobs.bug_report import write_report


class ExitCode(IntEnum):
    """What a run came to. An incomplete state is an answer."""

    ANSWERED = 0
    FINDING = 1
    USAGE = 2
    STORE = 3
    MODEL = 4
    BUG = 5
    INTERRUPTED = 130


_BY_ERROR: tuple[tuple[type[AuditorError], ExitCode], ...] = (
    (WrongRequest, ExitCode.USAGE),
    (StoreError, ExitCode.STORE),
    (WorkspaceError, ExitCode.USAGE),
    (ModelError, ExitCode.MODEL),
    (AuditorError, ExitCode.FINDING),
)


def exit_code_of(error: AuditorError) -> ExitCode:
    """The code of the nearest class above; what has none of its own is a finding."""
    return next(code for kind, code in _BY_ERROR if isinstance(error, kind))


class Diagnostics:
    """What one run of the program says beside its answer."""

    def __init__(
        self, stream: TextIO, *, as_json: bool = False, debug: bool = False, arguments: Sequence[str] = ()
    ) -> None:
        """Passwords in `arguments` are left out of what is said of errors."""
        self._arguments = arguments
        self._out = Output(stream)
        self._stream = stream
        self._as_json = as_json
        self._debug = debug
        self.is_terminal = stream.isatty()

    def failed(self, error: AuditorError) -> ExitCode:
        """Says an error that the user can act on."""
        code = exit_code_of(error)
        self._say_error(type(error).__name__, code, error.message, error.hint, error)
        return code

    def bug(self, error: BaseException, verb: str) -> ExitCode:
        """Says that the fault is ours and where the report lies."""
        report = write_report(error, self._hidden(verb))
        hint = (
            tr(
                "The details are in {path}. It stays on this machine; add it when you report the bug.",
                path=report,
            )
            if report
            else tr("Run the command again with --debug to see the details.")
        )
        message = tr(
            "The program failed by a bug of ours ({kind}). The store was not changed by viewing it.",
            kind=type(error).__name__,
        )
        self._say_error("bug", ExitCode.BUG, message, hint, error)
        return ExitCode.BUG

    def interrupted(self, said: str = "") -> ExitCode:
        """`said`: what holds now, where something better is known than that the answer is not whole."""
        self.clear_bar()
        self.line(said or tr("Interrupted: what is shown so far is not the whole answer."))
        return ExitCode.INTERRUPTED

    def warning(self, text: str) -> None:
        """Something a reader of the answer must know."""
        self.clear_bar()
        self.line(Span(tr("Warning:"), Tone.WARNING), " ", text)

    def line(self, *cells: Cell) -> None:
        self._out.line(*cells)
        self._out.flush()

    def block(self, text: str) -> None:
        self._out.block(text)
        self._out.flush()

    def facts(self, pairs: list[tuple[str, Cell]]) -> None:
        self._out.facts(pairs)
        self._out.flush()

    def bar(self, text: str) -> None:
        """Draws over the last line of the terminal."""
        self._stream.write(f"\r{text}\x1b[K")
        self._stream.flush()

    def clear_bar(self) -> None:
        if self.is_terminal:
            self._stream.write("\r\x1b[K")

    def confirms(self, question: str) -> bool:
        """Asks on the terminal; everything but a clear yes is a no."""
        self._stream.write(f"{question} [y/N] ")
        self._stream.flush()
        answer = sys.stdin.readline()
        if not answer.endswith("\n"):
            self._stream.write("\n")
        return answer.strip().lower() in ("y", "yes")

    def asks_secret(self, question: str) -> str | None:
        """What is typed without being shown; None where the input ends. Ctrl-C ends the question at once."""
        before = signal.signal(signal.SIGINT, signal.default_int_handler)
        try:
            return getpass(question, self._stream)
        except EOFError:
            self._stream.write("\n")
            return None
        finally:
            signal.signal(signal.SIGINT, before)

    def _say_error(self, kind: str, code: ExitCode, message: str, hint: str, error: BaseException) -> None:
        self.clear_bar()
        message, hint = self._hidden(message), self._hidden(hint)
        for at, line in enumerate(message.split("\n")):
            self.line(Span(tr("Error:") + " ", Tone.BAD) if at == 0 else "", line)
        for line in hint.split("\n") if hint else []:
            self.line(line)
        if self._debug:
            told = "".join(traceback.format_exception(error)).rstrip("\n")
            self._out.block(self._hidden(told), tone=Tone.QUIET)
        if self._as_json:
            said = {"kind": kind, "exit_code": int(code), "message": message, "hint": hint}
            self._out.record(exact_json.dump({"error": said}))
        self._out.flush()

    def _hidden(self, text: str) -> str:
        return hide_passwords(text, self._arguments)


def standard_error() -> TextIO:
    """stderr, in UTF-8 whatever the locale says."""
    return as_utf8(sys.stderr)


def can_ask() -> bool:
    """Whether a person can read a question on stderr and answer it on stdin."""
    return sys.stderr.isatty() and sys.stdin is not None and sys.stdin.isatty()


def abandon_stderr() -> None:
    """Nobody reads stderr any more."""
    send_nowhere(sys.stderr)
