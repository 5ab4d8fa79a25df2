"""Makes the history of the demo: a shop's half year, by running its commands in the order of simulated time."""

import heapq
from collections.abc import Callable

from auditor import demo
from auditor.demo.lives import Life, OrderLife, moves, odd_order, standing_order
from auditor.demo.shop import Shop
from auditor.demo.unit_of_work import UnitOfWork
from auditor.demo.working_time import DAY
from auditor.stores.native_store import EventStore

EDITION = 1
"""Rises with every change that makes another history of the same number and seed."""

DOMAIN = demo.DOMAIN
"""The mark of stores whose aggregates are this package's."""

STANDING_ORDER_FROM = 20_000
STANDING_ORDER_LENGTH = 5_000

ODD_ORDER = 1042
ODD_ORDER_OF_FEW = 1002
"""The number of the order with the story; the second where there are few, since it must begin long before March."""

_DAYS = 130
_EVENTS_AN_ORDER = 6.1
_NEW_CODE_ON_DAY = 30
_BATCH = 4_000


def standing_order_length(events: int) -> int:
    """How many of all events belong to the one long order."""
    return STANDING_ORDER_LENGTH if events >= STANDING_ORDER_FROM else events // 4


def generate(store: EventStore, events: int, seed: int, after_batch: Callable[[int], None]) -> None:
    """Fills an empty store with exactly that many events: the same ones, in every column, for the same seed.

    `after_batch` is told how many are stored; what it raises ends the work between two transactions. From about 200
    events on the history has its story (see `story`); below, it may end before that. Memory does not grow with
    `events`, but for the names of customers.
    """
    history = _History(store, events, seed)
    while history.stored < events:
        history.go_on()
        after_batch(history.stored)


class _History:
    def __init__(self, store: EventStore, events: int, seed: int) -> None:
        self._events = events
        self._unit = UnitOfWork(store)
        self._shop = Shop(self._unit, seed, kept_number=ODD_ORDER if events >= 5_000 else ODD_ORDER_OF_FEW)
        self._due: list[tuple[int, int, Life]] = []
        self._started = 0
        self._length = standing_order_length(events)
        self._standing: Life | None = None
        self._standing_events = 0
        orders = max(1, int((events - self._length) / _EVENTS_AN_ORDER))
        self._pause = _DAYS * DAY // orders
        self.stored = 0
        self._start(0, self._new_code())
        self._start(0, self._arrivals())
        self._start(0, moves(self._shop, self._pause * 40))

    def go_on(self) -> None:
        """Makes and stores the next batch."""
        size = min(_BATCH, self._events - self.stored)
        while (made := self._unit.collected) < size:
            if self._standing_order_is_due(self.stored + made):
                self._resume_standing_order()
            else:
                self._resume_next()
        self._unit.commit()
        self.stored += size

    def _resume_next(self) -> None:
        working, number, life = heapq.heappop(self._due)
        self._shop.clock.set(working)
        pause = next(life, None)
        if pause is not None:
            heapq.heappush(self._due, (working + pause, number, life))

    def _standing_order_is_due(self, made: int) -> bool:
        """Its events are spread evenly, by number, over the whole history, so that it ends with it."""
        return self._standing_events < self._length * (made + 1) // self._events

    def _resume_standing_order(self) -> None:
        clock = self._shop.clock
        clock.set((clock.working + self._due[0][0] + 1) // 2)
        if self._standing is None:
            self._standing = standing_order(self._shop, self._length)
        next(self._standing, None)
        self._standing_events += 1

    def _start(self, pause: int, life: Life) -> None:
        self._started += 1
        heapq.heappush(self._due, (self._shop.clock.working + pause, self._started, life))

    def _arrivals(self) -> Life:
        shop = self._shop
        odd_order_begun = False
        while True:
            if not odd_order_begun and shop.kept_number_is_due:
                odd_order_begun = True
                self._start(0, odd_order(shop, shop.account()))
            else:
                self._start(0, OrderLife(shop).live())
            yield shop.between(0, 2 * self._pause)

    def _new_code(self) -> Life:
        yield _NEW_CODE_ON_DAY * DAY
        self._shop.deploy_new_code()
