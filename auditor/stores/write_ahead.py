"""A write-ahead log beside a store: whether SQLite uses it, and whether it is this store's."""

import enum
import os
import struct
from pathlib import Path
from typing import BinaryIO, Final, NamedTuple

from auditor.stores.file_bytes import read_at

_WAL_HEADER: Final = struct.Struct(">8I")
_WAL_FRAME: Final = struct.Struct(">6I")
_WAL_MAGIC: Final = (0x377F0682, 0x377F0683)
_ROLLBACK_MODE: Final = b"\x01\x01"
_MODE: Final = slice(18, 20)
_PAGE_SIZE: Final = slice(16, 18)
_PAGE_COUNT: Final = slice(28, 32)
_HEADER_BYTES: Final = 100
_MOST_READ: Final = 32 << 20
_MOST_CHECKED: Final = 8 << 20


def wal_is_used(wal: Path) -> bool:
    """Whether SQLite finds anything at the log's beginning: header whole, first frame whole and of the same salts."""
    try:
        with wal.open("rb") as file:
            header = _Header.of(file.read(_WAL_HEADER.size))
            return header is not None and _Frames(file, header).next() is _Frame.WHOLE
    except OSError:
        return False


def wal_breaks_off(wal: Path) -> bool:
    """Whether the log has a frame of this run that is not whole: SQLite ignores it and all after it.

    Costs some 25 ms a megabyte; logs of more than 8 are taken for whole.
    """
    try:
        if wal.stat().st_size > _MOST_CHECKED:
            return False
        with wal.open("rb") as file:
            header = _Header.of(file.read(_WAL_HEADER.size))
            if header is None:
                return False
            frames = _Frames(file, header)
            found = frames.next()
            while found is _Frame.WHOLE:
                found = frames.next()
            return found is _Frame.BROKEN or frames.goes_on()
    except OSError:
        return False


class _Header(NamedTuple):
    page_size: int
    salts: tuple[int, int]
    sums: tuple[int, int]
    order: str

    @classmethod
    def of(cls, head: bytes) -> "_Header | None":
        """The header of a log; None for one that SQLite does not take."""
        if len(head) < _WAL_HEADER.size:
            return None
        magic, _, page_size, _, salt_1, salt_2, *sums = _WAL_HEADER.unpack(head)
        order = ">" if magic & 1 else "<"
        if magic not in _WAL_MAGIC or not 512 <= page_size <= 65536:
            return None
        if _checksum(head[:24], (0, 0), order) != tuple(sums):
            return None
        return cls(page_size, (salt_1, salt_2), (sums[0], sums[1]), order)


class _Frame(enum.Enum):
    WHOLE = enum.auto()
    BROKEN = enum.auto()
    OTHER = enum.auto()
    """None, or one of an earlier run, which has other salts."""


class _Frames:
    """Walks the frames of a log; each one's checksum goes on from the one before."""

    def __init__(self, file: BinaryIO, header: _Header) -> None:
        self._file = file
        self._header = header
        self._sums = header.sums

    def next(self) -> _Frame:
        head, page = self._file.read(_WAL_FRAME.size), self._file.read(self._header.page_size)
        if len(page) < self._header.page_size:
            return _Frame.BROKEN if head else _Frame.OTHER
        _, _, salt_1, salt_2, *sums = _WAL_FRAME.unpack(head)
        if (salt_1, salt_2) != self._header.salts:
            return _Frame.OTHER
        self._sums = _checksum(page, _checksum(head[:8], self._sums, self._header.order), self._header.order)
        return _Frame.WHOLE if self._sums == tuple(sums) else _Frame.BROKEN

    def goes_on(self) -> bool:
        """Whether a later frame is of this run again: then the one that had other salts was, too."""
        while len(head := self._file.read(_WAL_FRAME.size)) == _WAL_FRAME.size:
            if _WAL_FRAME.unpack(head)[2:4] == self._header.salts:
                return True
            self._file.seek(self._header.page_size, os.SEEK_CUR)
        return False


def _checksum(content: bytes, start: tuple[int, int], order: str) -> tuple[int, int]:
    """The running checksum of SQLite's log format over a multiple of eight bytes."""
    first, second = start
    words = struct.unpack(f"{order}{len(content) // 4}I", content)
    for at in range(0, len(words), 2):
        first = (first + words[at] + second) & 0xFFFFFFFF
        second = (second + words[at + 1] + first) & 0xFFFFFFFF
    return first, second


class MainFile:
    """The database's own file without its log. SQLite has it open."""

    def __init__(self, path: Path, identity: tuple[int, int]) -> None:
        self._path = path
        self._identity = identity

    def refuses_logs(self) -> bool:
        """Whether the file was closed in a mode without a log: one beside it cannot be its own."""
        return self._start(_HEADER_BYTES)[_MODE] == _ROLLBACK_MODE

    def first_pages(self) -> bytes:
        """The file's beginning as a database of its own, to look up what was stored first; empty if it has none."""
        header = self._start(_HEADER_BYTES)
        if len(header) < _HEADER_BYTES:
            return b""
        page_size = int.from_bytes(header[_PAGE_SIZE], "big")
        page_size = 65536 if page_size == 1 else page_size
        start = bytearray(self._start(_MOST_READ))
        pages = len(start) // page_size if page_size else 0
        start[_MODE] = _ROLLBACK_MODE
        start[_PAGE_COUNT] = pages.to_bytes(4, "big")
        return bytes(start[: pages * page_size])

    def _start(self, size: int) -> bytes:
        return read_at(self._path, self._identity, 0, size) or b""
