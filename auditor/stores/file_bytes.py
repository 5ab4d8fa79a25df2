"""The bytes of a file that SQLite may have open in this process.

On POSIX, closing any descriptor of a file drops all locks that the process has on it. SQLite knows that and puts off
closing its own; so such a file is read through SQLite's descriptors, never through one of ours.
"""

import errno
import os
from pathlib import Path
from typing import NamedTuple

Identity = tuple[int, int]
"""Device and inode."""


class FileBytes(NamedTuple):
    """A file that this process has open. `size` is the one at the beginning."""

    path: Path
    identity: Identity
    size: int

    @classmethod
    def of(cls, path: Path) -> "FileBytes":
        """Raises: OSError."""
        found = path.stat()
        return cls(path, (found.st_dev, found.st_ino), found.st_size)

    def read(self, at: int, most: int) -> bytes:
        """Raises: FileNotFoundError when the file was replaced."""
        content = read_at(self.path, self.identity, at, most)
        if content is None:
            raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), str(self.path))
        return content


def read_at(path: Path, identity: Identity, at: int, most: int) -> bytes | None:
    """Bytes of a file that this process has open under any number; None where it has not."""
    if os.name != "posix":
        with path.open("rb") as file:
            file.seek(at)
            return file.read(most)
    for entry in Path("/dev/fd").iterdir():
        descriptor = int(entry.name)
        try:
            if _is(descriptor, identity):
                content = os.pread(descriptor, most, at)
                if _is(descriptor, identity):  # else its number was given to another file meanwhile
                    return content
        except OSError as error:
            if error.errno != errno.EBADF:  # it was closed meanwhile, or is for writing only
                raise
    return None


def _is(descriptor: int, identity: Identity) -> bool:
    found = os.fstat(descriptor)
    return (found.st_dev, found.st_ino) == identity
