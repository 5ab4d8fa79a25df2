"""A write-ahead log beside a store: whether SQLite uses it, and whether it is this store's."""

import contextlib
import os
import struct
from pathlib import Path
from typing import Final

_WAL_HEADER: Final = struct.Struct(">8I")
_WAL_FRAME: Final = struct.Struct(">6I")
_WAL_MAGIC: Final = (0x377F0682, 0x377F0683)
_ROLLBACK_MODE: Final = b"\x01\x01"
_MODE: Final = slice(18, 20)
_PAGE_SIZE: Final = slice(16, 18)
_PAGE_COUNT: Final = slice(28, 32)
_HEADER_BYTES: Final = 100
# The table with a store's id is made with the store: it lies in the first pages.
_PAGES_READ: Final = 64


def wal_is_used(wal: Path) -> bool:
    """Whether SQLite finds a transaction at the log's beginning: header whole, first frame of the same salts."""
    try:
        with wal.open("rb") as file:
            head = file.read(_WAL_HEADER.size)
            if len(head) < _WAL_HEADER.size:
                return False
            magic, _, page_size, _, salt_1, salt_2, sum_1, sum_2 = _WAL_HEADER.unpack(head)
            if magic not in _WAL_MAGIC or not 512 <= page_size <= 65536:
                return False
            order = ">" if magic & 1 else "<"
            if _checksum(head[:24], (0, 0), order) != (sum_1, sum_2):
                return False
            frame = file.read(_WAL_FRAME.size + page_size)
    except OSError:
        return False
    if len(frame) < _WAL_FRAME.size + page_size:
        return False
    _, _, frame_salt_1, frame_salt_2, frame_sum_1, frame_sum_2 = _WAL_FRAME.unpack(frame[: _WAL_FRAME.size])
    if (frame_salt_1, frame_salt_2) != (salt_1, salt_2):
        return False
    start = _checksum(frame[:8], (sum_1, sum_2), order)
    return _checksum(frame[_WAL_FRAME.size :], start, order) == (frame_sum_1, frame_sum_2)


def _checksum(content: bytes, start: tuple[int, int], order: str) -> tuple[int, int]:
    """The running checksum of SQLite's log format over a multiple of eight bytes."""
    first, second = start
    words = struct.unpack(f"{order}{len(content) // 4}I", content)
    for at in range(0, len(words), 2):
        first = (first + words[at] + second) & 0xFFFFFFFF
        second = (second + words[at + 1] + first) & 0xFFFFFFFF
    return first, second


class MainFile:
    """The database's own file without its log, read through the descriptor that SQLite has of it.

    Never through one of ours: on POSIX, closing any descriptor of a file drops all locks that the process has on it.
    """

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
        start = bytearray(self._start(page_size * _PAGES_READ))
        pages = len(start) // page_size if page_size else 0
        start[_MODE] = _ROLLBACK_MODE
        start[_PAGE_COUNT] = pages.to_bytes(4, "big")
        return bytes(start[: pages * page_size])

    def _start(self, size: int) -> bytes:
        if os.name != "posix":
            with self._path.open("rb") as file:
                return file.read(size)
        for descriptor in Path("/dev/fd").iterdir():
            with contextlib.suppress(OSError, ValueError):  # closed meanwhile
                found = os.fstat(int(descriptor.name))
                if (found.st_dev, found.st_ino) == self._identity:
                    return os.pread(int(descriptor.name), size, 0)
        return b""
