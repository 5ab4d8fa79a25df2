"""The file of an import: its lines, whether it is compressed or not, and how far it has been read."""

import gzip
import stat
import zlib
from collections.abc import Iterator
from io import BufferedReader
from pathlib import Path
from types import TracebackType
from typing import Self

from auditor.core.errors import WrongRequest
from auditor.core.import_lines import MAX_LINE_BYTES
from auditor.core.ports import StopToken
from auditor.core.text import tr

_GZIP_MAGIC = b"\x1f\x8b"
_BLOCK_BYTES = 256 * 1024

Line = tuple[int, bytes]
"""Its number from 1, and its bytes without the newline."""


class FileUnreadable(Exception):
    """The file cannot be read on. All lines before that were given; the message says why, translated."""


class LogFile:
    """Opened for reading from its beginning. Compression is found by content, not by name.

    Raises: WrongRequest for what is no readable regular file.
    """

    def __init__(self, path: Path, token: StopToken) -> None:
        self.path = path
        self._token = token
        try:
            status = path.stat()
            if not stat.S_ISREG(status.st_mode):
                raise WrongRequest(
                    tr("{path} is no file that could be imported.", path=path),
                    tr("Give a file of newline-delimited JSON, plain or compressed with gzip."),
                )
            self._file = path.open("rb")
            try:
                is_compressed = self._file.peek(2)[:2] == _GZIP_MAGIC
            except OSError:
                self._file.close()
                raise
        except OSError as error:
            raise WrongRequest(
                tr("{path} cannot be read: {why}.", path=path, why=error.strerror),
                tr("Check the path and its permissions."),
            ) from None
        self.total_bytes = status.st_size
        """Of the file as it lies there, compressed or not."""
        self._content: BufferedReader | gzip.GzipFile = self._file
        if is_compressed:
            self._content = gzip.GzipFile(fileobj=self._file)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._content.close()
        self._file.close()

    @property
    def read_bytes(self) -> int:
        """How much of `total_bytes` has been read; somewhat ahead of the lines given."""
        return min(self._file.tell(), self.total_bytes)

    def batches(self, lines: int, size: int) -> Iterator[list[Line]]:
        """All lines that are not blank, in order, up to so many and about so many bytes at once.

        Raises: FileUnreadable, after the lines before the damage; Cancelled, also where no line comes for long.
        """
        batch: list[Line] = []
        batch_bytes = 0
        try:
            for number, line in enumerate(self._lines(), 1):
                if not line or line.isspace():
                    continue
                batch.append((number, line))
                batch_bytes += len(line)
                if len(batch) >= lines or batch_bytes >= size:
                    yield batch
                    batch, batch_bytes = [], 0
        except FileUnreadable:
            if batch:
                yield batch
            raise
        if batch:
            yield batch

    def _lines(self) -> Iterator[bytes]:
        begun: list[bytes] = []
        begun_bytes = 0
        for block in self._blocks():
            first, *others = block.split(b"\n")
            begun.append(first)
            begun_bytes += len(first)
            if begun_bytes > MAX_LINE_BYTES:
                raise FileUnreadable(
                    tr("a line is longer than {limit} MiB", limit=MAX_LINE_BYTES // (1024 * 1024))
                )
            if others:
                yield b"".join(begun)
                last = others.pop()
                yield from others
                begun, begun_bytes = [last], len(last)
        yield b"".join(begun)

    def _blocks(self) -> Iterator[bytes]:
        try:
            # read1: what was decompressed before a damaged place is given before the error
            while block := self._content.read1(_BLOCK_BYTES):
                self._token.raise_if_cancelled()
                yield block
        except EOFError:
            raise FileUnreadable(tr("the compressed data is cut off")) from None
        except (gzip.BadGzipFile, zlib.error) as error:
            raise FileUnreadable(tr("the compressed data is damaged ({why})", why=error)) from None
        except OSError as error:
            raise FileUnreadable(error.strerror or str(error)) from None
