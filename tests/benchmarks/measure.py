"""One line of the table, and how a rate is taken."""

import gc
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Against:
    """Something that ours is held against: its rate, and how many times it ours should reach."""

    name: str
    rate: float
    wanted: float | None

    def ratio(self, ours: float) -> float:
        return ours / self.rate


@dataclass(frozen=True, kw_only=True)
class Line:
    """Ours as a rate per second, or as milliseconds where `milliseconds` is set; then `limit` bounds it."""

    work: str
    ours: float
    unit: str = "/s"
    against: tuple[Against, ...] = ()
    at_most: float | None = None
    note: str = ""

    @property
    def missed(self) -> bool:
        too_slow = any(one.wanted is not None and one.ratio(self.ours) < one.wanted for one in self.against)
        return too_slow or (self.at_most is not None and self.ours > self.at_most)


def rate(count: int, work: Callable[[], object], *, repeat: int = 3) -> float:
    """Things a second in the best of `repeat` runs: the least disturbed one."""
    best = float("inf")
    for _ in range(repeat):
        gc.collect()
        start = time.perf_counter()
        work()
        best = min(best, time.perf_counter() - start)
    return count / best


def rates_in_turn(
    count: int, works: Mapping[str, Callable[[], object]], *, repeat: int = 3
) -> dict[str, float]:
    """As `rate`, for several things by turns, so that a busy moment of the machine meets all of them alike."""
    best = dict.fromkeys(works, 0.0)
    for _ in range(repeat):
        for name, work in works.items():
            best[name] = max(best[name], rate(count, work, repeat=1))
    return best
