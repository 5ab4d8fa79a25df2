"""The page that a worker shares with the program, to say at which event it is when it cannot say it any more."""

import mmap
import os
import struct
import tempfile


class Counter:
    """`descriptor` is for the worker to inherit; the file behind it has no name."""

    def __init__(self) -> None:
        with tempfile.TemporaryFile() as file:
            file.truncate(mmap.PAGESIZE)
            self._page = mmap.mmap(file.fileno(), mmap.PAGESIZE)
            self.descriptor = os.dup(file.fileno())

    def get(self) -> int:
        """The ordinal of the event that is being applied, or 0; 0 also after `close`."""
        return 0 if self._page.closed else int(struct.unpack_from("q", self._page)[0])

    def set(self, ordinal: int) -> None:
        struct.pack_into("q", self._page, 0, ordinal)

    def close(self) -> None:
        if not self._page.closed:
            self._page.close()
            os.close(self.descriptor)
