"""Who caused the events of an aggregate and of which types they are, as far as that was asked for."""

from array import array
from typing import TYPE_CHECKING, TypeVar

from auditor.tasks.context import TaskContext

if TYPE_CHECKING:
    from auditor.stores.reader import StoreReader


class EventColumns:
    """`types` and `users` in the order in which they come first (None: nobody is named); `type_of` and `user_of` are
    places in them, an event each in version order. `times` are fixed-width UTC."""

    def __init__(self, reader: "StoreReader", aggregate_id: str) -> None:
        self._reader = reader
        self._aggregate_id = aggregate_id
        self.types: list[str] = []
        self.users: list[str | None] = []
        self.type_of = array("I")
        self.user_of = array("I")
        self.times: list[str] = []

    def read(self, up_to: int, context: TaskContext) -> None:
        """Reads what is still missing of the first `up_to` events. Raises: StoreDamaged, Cancelled."""
        known = len(self.type_of)
        if known >= up_to:
            return
        more = self._reader.timeline(self._aggregate_id, after=known, length=up_to, progress=context.progress)
        self.times += more.times
        _take(self.types, self.type_of, list(more.types), more.type_of)
        _take(self.users, self.user_of, list(more.users), more.user_of)


Name = TypeVar("Name", bound=str | None)


def _take(names: list[Name], of: "array[int]", more: list[Name], more_of: "array[int]") -> None:
    """Further events, whose values are numbered among themselves."""
    places = {name: place for place, name in enumerate(dict.fromkeys((*names, *more)))}
    names[:] = places
    place = [places[name] for name in more]
    of.extend(map(place.__getitem__, more_of))
