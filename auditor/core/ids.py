"""Ids that we mint: UUIDv7 (RFC 9562, section 5.7), so that an index on them grows at its end."""

import secrets
import time
from collections.abc import Callable
from uuid import UUID


def _milliseconds() -> int:
    return time.time_ns() // 1_000_000


def _random_bits(count: int) -> int:
    return secrets.randbits(count)


class IdSource:
    """Mints UUIDv7s that rise strictly, also within a millisecond and when the clock steps back.

    The 12 bits after the time are a counter (RFC 9562, section 6.2, method 1).
    """

    def __init__(
        self,
        milliseconds: Callable[[], int] = _milliseconds,
        random_bits: Callable[[int], int] = _random_bits,
    ) -> None:
        self._milliseconds = milliseconds
        self._random_bits = random_bits
        self._last = 0
        self._counter = 0

    def __call__(self) -> UUID:
        now = self._milliseconds()
        if now > self._last:
            self._last, self._counter = now, self._random_bits(11)
        else:
            self._counter += 1
            if self._counter > 0xFFF:
                self._last, self._counter = self._last + 1, 0
        return UUID(
            int=self._last << 80 | 0x7 << 76 | self._counter << 64 | 0b10 << 62 | self._random_bits(62)
        )
