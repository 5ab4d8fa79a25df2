"""The only place that writes stdout: lines, tables and facts for people, one JSON document for programs."""

import os
import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from enum import Enum
from typing import TextIO

from auditor.core import exact_json
from auditor.core.errors import WrongRequest
from auditor.core.presenter import display
from auditor.core.text import tr

GAP = "  "
# A longer cell stands out of its column: one such id would move all others off the screen.
WIDEST_COLUMN = 120
# Characters that JSON allows bare in a text and that a terminal may obey or hide.
_OBEYED_BY_TERMINALS = re.compile("[\x7f-\x9f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]")


class Tone(Enum):
    """What a colour means. It is always the second sign: the words or marks beside it say the same."""

    PLAIN = ""
    QUIET = "2"
    STRONG = "1"
    HERE = "36"
    GOOD = "32"
    WARNING = "33"
    BAD = "31"


class CannotWrite(WrongRequest):
    """What stdout or stderr leads to takes no more: a full disk."""


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of a line in one tone."""

    text: str
    tone: Tone = Tone.PLAIN


Cell = str | Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column of a table; numbers stand at its right edge."""

    title: str
    right: bool = False


class Output:
    """Writes for one run of the program. Whatever is shown passes through `display`, so that no text of a store
    reaches the terminal as a command; `--json` carries exact values."""

    def __init__(self, stream: TextIO, *, as_json: bool = False) -> None:
        self._stream = stream
        self.as_json = as_json
        self.is_terminal = stream.isatty()
        self._coloured = shows_colour(stream)

    def line(self, *spans: Cell) -> None:
        self._write("".join(self._painted(span) for span in spans).rstrip(" ") + "\n")

    def blank(self) -> None:
        self._write("\n")

    def block(self, text: str, *, indent: str = "", tone: Tone = Tone.PLAIN) -> None:
        """Several lines as they are."""
        for line in text.split("\n"):
            self.line(Span(indent + line, tone))

    def facts(self, pairs: Iterable[tuple[str, Cell]]) -> None:
        """A column of names and one of values."""
        pairs = list(pairs)
        width = max((cell_width(name) for name, _ in pairs), default=0)
        for name, value in pairs:
            self.line(Span(padded(name, width), Tone.QUIET), GAP, value)

    def table(self, columns: Sequence[Column], rows: Sequence[Sequence[Cell]], *, indent: str = "") -> None:
        """Aligned columns without a frame. Never cut or wrapped: ids must be copied whole."""
        shown = [[_shown(cell) for cell in row] for row in rows]
        widths = [
            max([cell_width(column.title), *(_width_in_column(row[at].text) for row in shown)])
            for at, column in enumerate(columns)
        ]
        titles = [Span(column.title, Tone.QUIET) for column in columns]
        for row in [titles, *shown]:
            parts: list[Cell] = [indent]
            for at, (span, column) in enumerate(zip(row, columns, strict=True)):
                parts += [GAP] if at else []
                parts.append(Span(padded(span.text, widths[at], right=column.right), span.tone))
            self.line(*parts)

    def document(self, value: object) -> None:
        """One JSON document, digits as stored. On a terminal, what it would obey is written as `\\u…`."""
        self._write(self._tamed(exact_json.dump(value, indent=2 if self.is_terminal else None)) + "\n")

    def source(self, text: str) -> None:
        """Text for programs, exactly as it is; only on a terminal, what that would obey is written as `\\u…`."""
        self._write(self._tamed(text) + ("" if text.endswith("\n") else "\n"))

    def record(self, text: str) -> None:
        """One line of newline-delimited JSON, at once."""
        self._write(self._tamed(text) + "\n")
        self.flush()

    def _tamed(self, json_text: str) -> str:
        if not self.is_terminal:
            return json_text
        return _OBEYED_BY_TERMINALS.sub(lambda found: f"\\u{ord(found.group()):04x}", json_text)

    def flush(self) -> None:
        """Raises: CannotWrite."""
        with _told():
            self._stream.flush()

    def _painted(self, cell: Cell) -> str:
        span = _shown(cell)
        if not self._coloured or span.tone is Tone.PLAIN or not span.text:
            return span.text
        return f"\x1b[{span.tone.value}m{span.text}\x1b[0m"

    def _write(self, text: str) -> None:
        with _told():
            self._stream.write(text)


@contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except BrokenPipeError:  # nobody reads on, which is no error
        raise
    except OSError as error:
        raise CannotWrite(
            tr("The answer could not be written to its end: {why}.", why=error.strerror or error),
            tr("Make room where it is written to, or send it elsewhere, and give the same command again."),
        ) from error


def _shown(cell: Cell) -> Span:
    return Span(display(cell)) if isinstance(cell, str) else Span(display(cell.text), cell.tone)


def _width_in_column(text: str) -> int:
    width = cell_width(text)
    return width if width <= WIDEST_COLUMN else 0


def padded(text: str, width: int, *, right: bool = False) -> str:
    """`text` filled up to `width` places of a terminal; longer texts stay whole."""
    blanks = " " * (width - cell_width(text))
    return blanks + text if right else text + blanks


def cell_width(text: str) -> int:
    """How many places a terminal needs for `text`."""
    if text.isascii():
        return len(text)
    from rich.cells import cell_len  # costs more than all else; ASCII does without

    return cell_len(text)


def shows_colour(stream: TextIO) -> bool:
    """Whether colours help: a terminal, and the user did not say no (no-color.org)."""
    return stream.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def standard_output() -> TextIO:
    """stdout, in UTF-8 whatever the locale says."""
    return as_utf8(sys.stdout)


def as_utf8(stream: TextIO) -> TextIO:
    """The same stream, writing UTF-8; what UTF-8 cannot carry is written as an escape and never an error."""
    reconfigure = getattr(stream, "reconfigure", None)
    if reconfigure is not None:
        reconfigure(encoding="utf-8", errors="backslashreplace")
    return stream


def abandon_stdout() -> None:
    """Nobody reads stdout any more."""
    send_nowhere(sys.stdout)


def send_nowhere(stream: TextIO) -> None:
    """What is still buffered in a closed pipe's stream is dropped, without an error at exit."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, stream.fileno())
    os.close(nowhere)
