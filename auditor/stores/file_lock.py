"""A lock on a file that ends with its owner, however the owner ends."""

import contextlib
import os
import sys
import time
from pathlib import Path

_MOST_TRIES = 50
_BETWEEN_TRIES = 0.01
_LONGEST_NOTE = 10_000

if sys.platform == "win32":
    import msvcrt

    _FAR_BEYOND_THE_END = 1 << 62

    def _lock(descriptor: int) -> None:
        os.lseek(descriptor, _FAR_BEYOND_THE_END, os.SEEK_SET)
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)

    def _try(descriptor: int) -> None:
        _lock(descriptor)
else:
    import fcntl

    def _lock(descriptor: int) -> None:
        # Not the kind of lock that SQLite takes: the two do not meet.
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)

    def _try(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)


class FileLock:
    """Held from the beginning until `close`. Makes the file where it is absent.

    Not for a file that SQLite has open in this process: closing any descriptor of it, also after a lock that was
    refused, takes SQLite's own locks away. `LockFile` is for those.
    """

    def __init__(self, path: Path) -> None:
        """Raises: BlockingIOError or PermissionError when somebody else holds it, OSError."""
        self.descriptor = os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_BINARY", 0), 0o666)
        try:
            _lock(self.descriptor)
        except BaseException:
            os.close(self.descriptor)
            raise

    def close(self) -> None:
        os.close(self.descriptor)


class LockFile:
    """A file that is there while somebody holds it; a killed holder leaves it behind, unlocked.

    A file of its own, since locks of POSIX belong to a process and an inode: the database's file must never be closed
    by anybody but SQLite. Nor does flock help on that file itself, because closing is what hurts.
    """

    def __init__(self, path: Path) -> None:
        """Raises: BlockingIOError or PermissionError when somebody else holds it, OSError."""
        self._path = path
        while True:
            self._lock = _patient(path)
            if self._is_still_named():
                return
            self._lock.close()  # its holder removed it just before we had it

    def note(self, text: str) -> None:
        """What `noted_by_holder` tells from now on."""
        os.ftruncate(self._lock.descriptor, 0)
        os.lseek(self._lock.descriptor, 0, os.SEEK_SET)
        os.write(self._lock.descriptor, text.encode("utf-8", "surrogatepass"))

    def _is_still_named(self) -> bool:
        opened = os.fstat(self._lock.descriptor)
        try:
            named = self._path.stat()
        except FileNotFoundError:
            return False
        return (opened.st_dev, opened.st_ino) == (named.st_dev, named.st_ino)

    def close(self) -> None:
        """Removes the file and lets the next one in."""
        if sys.platform == "win32":
            self._lock.close()  # an open file cannot be removed there
        with contextlib.suppress(OSError):
            self._path.unlink()
        if sys.platform != "win32":
            self._lock.close()


def noted_by_holder(path: Path) -> str | None:
    """What the holder of this lock file noted; None where nobody holds it. Makes and changes nothing."""
    try:
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_BINARY", 0))
    except OSError:
        return None
    try:
        _try(descriptor)
    except OSError:
        os.lseek(descriptor, 0, os.SEEK_SET)
        return os.read(descriptor, _LONGEST_NOTE).decode("utf-8", "surrogatepass")
    else:
        return None
    finally:
        os.close(descriptor)


def _patient(path: Path) -> FileLock:
    """Who only asks whether the lock is held holds it for a moment, and must keep nobody out."""
    for _ in range(_MOST_TRIES - 1):
        with contextlib.suppress(BlockingIOError):
            return FileLock(path)
        time.sleep(_BETWEEN_TRIES)
    return FileLock(path)
