"""The bytes of a file that SQLite may have open in this process.

On POSIX, closing any descriptor of a file drops all locks that the process has on it. SQLite knows that and puts off
closing its own; so such a file is read through SQLite's descriptors, never through one of ours.
"""

import contextlib
import errno
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

Identity = tuple[int, int]
"""Device and inode."""


class FileBytes(NamedTuple):
    """A file that is open. `size` is the one at the beginning."""

    path: Path
    identity: Identity
    size: int

    def read(self, at: int, most: int) -> bytes:
        """Raises: FileNotFoundError when the file was replaced."""
        content = read_at(self.path, self.identity, at, most)
        if content is None:
            raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), str(self.path))
        return content


@contextmanager
def opened_by_sqlite(path: Path) -> Iterator[FileBytes]:
    """Reads nothing by itself and takes no lock. Raises: OSError."""
    found = path.stat()
    try:
        connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)
    except sqlite3.Error:
        raise OSError(errno.EACCES, os.strerror(errno.EACCES), str(path)) from None
    with contextlib.closing(connection):
        yield FileBytes(path, (found.st_dev, found.st_ino), found.st_size)


@contextmanager
def opened_by_us(path: Path) -> Iterator[FileBytes]:
    """Likewise, for a file on which nobody in this process has a lock. Raises: OSError."""
    with path.open("rb") as file:
        found = os.fstat(file.fileno())
        yield FileBytes(path, (found.st_dev, found.st_ino), found.st_size)


def read_at(path: Path, identity: Identity, at: int, most: int) -> bytes | None:
    """Bytes of a file that this process has open under any number; None where it has not."""
    if os.name != "posix":
        with path.open("rb") as file:
            file.seek(at)
            return file.read(most)
    for entry in Path("/dev/fd").iterdir():
        with contextlib.suppress(OSError):  # closed meanwhile
            descriptor = int(entry.name)
            if _is(descriptor, identity):
                content = os.pread(descriptor, most, at)
                if _is(descriptor, identity):  # else its number was given to another file meanwhile
                    return content
    return None


def _is(descriptor: int, identity: Identity) -> bool:
    found = os.fstat(descriptor)
    return (found.st_dev, found.st_ino) == identity
