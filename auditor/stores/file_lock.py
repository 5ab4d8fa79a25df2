"""A lock on a file that ends with its owner, however the owner ends."""

import os
import sys
from pathlib import Path

if sys.platform == "win32":
    import msvcrt

    _FAR_BEYOND_THE_END = 1 << 62

    def _lock(descriptor: int) -> None:
        os.lseek(descriptor, _FAR_BEYOND_THE_END, os.SEEK_SET)
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
else:
    import fcntl

    def _lock(descriptor: int) -> None:
        # Not the kind of lock that SQLite takes: the two do not meet.
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)


class FileLock:
    """Held from the beginning until `close`. Makes the file where it is absent.

    The descriptor must outlive every SQLite connection of this process to the file: closing it would take their
    locks away.
    """

    def __init__(self, path: Path) -> None:
        """Raises: BlockingIOError or PermissionError when somebody else holds it, OSError."""
        self.descriptor = os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_BINARY", 0), 0o666)
        try:
            _lock(self.descriptor)
        except BaseException:
            os.close(self.descriptor)
            raise

    def begins_with(self, length: int) -> bytes:
        """The first bytes of the file, without another descriptor."""
        os.lseek(self.descriptor, 0, os.SEEK_SET)
        return os.read(self.descriptor, length)

    def close(self) -> None:
        os.close(self.descriptor)
