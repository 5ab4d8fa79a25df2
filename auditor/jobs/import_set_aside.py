"""Lines that an import could not store, kept byte for byte in a file of their own."""

import os
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from types import TracebackType
from typing import IO, Self

from auditor.core.errors import AuditorError
from auditor.core.import_check import RefusedLine
from auditor.core.text import tr
from auditor.folders import state_folder

_EXAMPLES = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class SetAsideLine:
    """Why one line was set aside; `refusal` is the reason's name, `reason` its translated text."""

    line: int
    field: str
    refusal: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SetAside:
    """What was set aside: in which file, how many lines for which reasons (by name), and the first of them."""

    path: Path
    lines: int
    reasons: dict[str, int]
    first: tuple[SetAsideLine, ...]


class SetAsideFile:
    """Made at the first line, beside the imported file or, where that folder cannot be written, in the user's state
    folder; never over an existing file. Its lines stand in the order of the import and can be imported once repaired.
    """

    def __init__(self, imported: Path) -> None:
        self._imported = imported
        self._file: IO[bytes] | None = None
        self._path = Path()
        self._reasons: Counter[str] = Counter()
        self._first: list[SetAsideLine] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._file is not None:
            self._file.close()

    def add(self, lines: Iterable[RefusedLine]) -> None:
        """On disk when this returns.

        Raises: AuditorError where no file can be made or written.
        """
        try:
            for line in lines:
                if self._file is None:
                    self._file = self._made()
                self._file.write(line.raw + b"\n")
                self._note(line)
            if self._file is not None:
                self._file.flush()
                os.fsync(self._file.fileno())
        except OSError as error:
            raise AuditorError(
                tr("Bad lines cannot be set aside: {why}.", why=error),
                tr("Make room or a folder that can be written, and give the same command again."),
            ) from None

    def summary(self) -> SetAside | None:
        """None where every line could be stored."""
        if self._file is None:
            return None
        return SetAside(
            path=self._path,
            lines=self._reasons.total(),
            reasons=dict(self._reasons),
            first=tuple(self._first),
        )

    def _note(self, line: RefusedLine) -> None:
        self._reasons[line.why.refusal.value] += 1
        if len(self._first) < _EXAMPLES:
            why = line.why
            self._first.append(
                SetAsideLine(line=line.number, field=why.field, refusal=why.refusal.value, reason=why.reason)
            )

    def _made(self) -> IO[bytes]:
        beside = self._imported.absolute().parent
        try:
            return self._made_in(beside)
        except OSError:
            folder = state_folder() / "set-aside"
            folder.mkdir(parents=True, exist_ok=True)
            return self._made_in(folder)

    def _made_in(self, folder: Path) -> IO[bytes]:
        for name in self._names():
            try:
                file = (folder / name).open("xb")
            except FileExistsError:
                continue
            self._path = folder / name
            return file
        raise FileExistsError

    def _names(self) -> Iterator[str]:
        yield f"{self._imported.name}.set-aside.ndjson"
        for number in count(2):
            yield f"{self._imported.name}.set-aside-{number}.ndjson"
