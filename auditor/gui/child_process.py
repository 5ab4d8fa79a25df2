"""Runs of this program beside the window: what would keep the compute thread busy for seconds."""

import codecs
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from PySide6.QtCore import QObject, QProcess, QProcessEnvironment, Signal

from auditor.own_program import own_program

MOST_STDERR = 64 * 1024
KILLED_WITHIN_MS = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class ChildEnd:
    """How a child ended. `code` is None where it was killed, crashed or could not be started."""

    code: int | None
    output: str
    """All of stdout, unless its lines were told one by one."""
    last_words: str
    """The end of stderr."""


class ChildProcess(QObject):
    """One run of this program's command line. Nothing secret belongs into `arguments`: other users can read them.

    It is killed when its parent object goes, and by `kill`, after which nobody is told anything.
    """

    line = Signal(str)
    """A line of stdout, if it was started with `lines`."""
    ended = Signal(object)
    """`ChildEnd`; once for each start."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._process: QProcess | None = None
        self._lines = False
        self._output: list[str] = []
        self._errors: deque[str] = deque()
        self._decode_output = _decoder()
        self._decode_errors = _decoder()

    @property
    def is_running(self) -> bool:
        return self._process is not None

    @property
    def pid(self) -> int:
        """0 while it is not running."""
        return 0 if self._process is None else self._process.processId()

    def start(
        self, *arguments: str, lines: bool = False, environment: Mapping[str, str] = MappingProxyType({})
    ) -> None:
        """Runs `auditor ARGUMENTS`; one that still runs is killed first. `environment` is added to our own: there a
        secret is safe from other users."""
        self.kill()
        self._lines = lines
        self._output.clear()
        self._errors.clear()
        self._decode_output, self._decode_errors = _decoder(), _decoder()
        process = QProcess(self)
        process.setProcessEnvironment(_with_ours(environment))
        process.setStandardInputFile(QProcess.nullDevice())
        process.readyReadStandardOutput.connect(self._on_output)
        process.readyReadStandardError.connect(self._on_errors)
        process.finished.connect(self._on_finished)
        process.errorOccurred.connect(self._on_error)
        self._process = process
        program, *rest = own_program(*arguments)
        process.start(program, rest)

    def stop(self) -> None:
        """Asks it to end by itself; `ended` tells when it has."""
        if self._process is not None:
            self._process.terminate()

    def kill(self) -> None:
        """Ends it at once and without a word; returns when it is gone."""
        process, self._process = self._process, None
        if process is None:
            return
        process.blockSignals(True)
        process.kill()
        process.waitForFinished(KILLED_WITHIN_MS)
        process.deleteLater()

    def _on_output(self) -> None:
        if self._process is None:
            return
        self._take(self._decode_output.decode(self._process.readAllStandardOutput().data()))

    def _take(self, text: str) -> None:
        self._output.append(text)
        if not self._lines or "\n" not in text:
            return
        *whole, rest = "".join(self._output).split("\n")
        self._output[:] = [rest]
        for line in whole:
            self.line.emit(line)

    def _on_errors(self) -> None:
        if self._process is None:
            return
        self._errors.append(self._decode_errors.decode(self._process.readAllStandardError().data()))
        while len(self._errors) > 1 and sum(map(len, self._errors)) > MOST_STDERR:
            self._errors.popleft()

    def _on_error(self, error: QProcess.ProcessError) -> None:
        if error is QProcess.ProcessError.FailedToStart and self._process is not None:
            self._errors.append(self._process.errorString())
            self._end(None)

    def _on_finished(self, code: int, status: QProcess.ExitStatus) -> None:
        self._on_output()
        self._on_errors()
        if self._lines and any(self._output):
            self._take("\n")
        self._end(code if status is QProcess.ExitStatus.NormalExit else None)

    def _end(self, code: int | None) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        process.deleteLater()
        output = "" if self._lines else "".join(self._output)
        self.ended.emit(ChildEnd(code=code, output=output, last_words="".join(self._errors)[-MOST_STDERR:]))


def _with_ours(more: Mapping[str, str]) -> QProcessEnvironment:
    environment = QProcessEnvironment.systemEnvironment()
    for name, value in more.items():
        environment.insert(name, value)
    return environment


def _decoder() -> codecs.IncrementalDecoder:
    return codecs.getincrementaldecoder("utf-8")("replace")
