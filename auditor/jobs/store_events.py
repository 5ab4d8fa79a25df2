"""The events of a viewed store in global order, as the loop of a projection reads them."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from auditor.core.events import RecordedEvent

if TYPE_CHECKING:
    from auditor.stores.reader import StoreReader


class StoreEvents:
    """Up to a position, which may be moved on."""

    def __init__(self, reader: "StoreReader", up_to: int = 0) -> None:
        self._reader = reader
        self._up_to = up_to

    def head(self) -> int:
        return self._reader.head() or 0

    def up_to(self, position: int) -> None:
        self._up_to = position

    def read(self, after: int, most: int) -> Sequence[RecordedEvent]:
        return next(self._reader.scan(after=after, up_to=self._up_to, batch=most), [])
