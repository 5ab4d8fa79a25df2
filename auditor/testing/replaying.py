"""Folding all that is stored: does today's code still read what was ever written?"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from auditor.core.aggregate import AggregateRoot
from auditor.core.class_model import model_from
from auditor.core.events import DomainEvent, RecordedEvent, recorded
from auditor.core.handlers import Handlers, NoHandler, has_handlers
from auditor.core.state_model import CannotFold, ModelInfo, StateModel
from auditor.core.state_text import safe_error
from auditor.core.text import tr
from auditor.testing.memory_store import MemoryStore

if TYPE_CHECKING:
    from auditor.stores.native_store import EventStore

_SHOWN = 10
_PAGE = 500


class Unapplied(NamedTuple):
    """An event that could not be applied, and why."""

    aggregate_type: str
    aggregate_id: str
    version: int
    event_type: str
    reason: str

    def __str__(self) -> str:
        return tr(
            "{type} {id!r}, version {version}, {event_type}: {reason}",
            type=self.aggregate_type,
            id=self.aggregate_id,
            version=self.version,
            event_type=self.event_type,
            reason=self.reason,
        )


@dataclass(frozen=True, kw_only=True)
class Replayed:
    """What was folded. True where every event of the chosen types was applied, and there was one."""

    events: int
    """How many were applied."""
    aggregates: int
    unapplied: tuple[Unapplied, ...]
    unknown: Mapping[str, int]
    """How many of these were of each event type that the model neither handles nor ignores."""
    left_out: Mapping[str, int]
    """How many events there are of each aggregate type without a model, which were not folded."""

    def __bool__(self) -> bool:
        return self.events > 0 and not self.unapplied

    def raise_if_incomplete(self) -> None:
        """Raises: AssertionError that names the events."""
        __tracebackhide__ = True
        if not self:
            raise AssertionError(str(self))

    def __str__(self) -> str:
        lines = [
            tr(
                "events applied: {events:,}, of aggregates: {aggregates:,}, not applied: {unapplied:,}",
                events=self.events,
                aggregates=self.aggregates,
                unapplied=len(self.unapplied),
            ),
            *(f"  {one}" for one in self.unapplied[:_SHOWN]),
        ]
        if len(self.unapplied) > _SHOWN:
            lines.append("  " + tr("… {count:,} more", count=len(self.unapplied) - _SHOWN))
        for event_type, count in sorted(self.unknown.items()):
            lines.append(tr("no handler for {type}: {count:,}", type=event_type, count=count))
        for aggregate_type, count in sorted(self.left_out.items()):
            lines.append(
                tr(
                    "not folded, events of aggregates of type {type}: {count:,}",
                    type=aggregate_type,
                    count=count,
                )
            )
        return "\n".join(lines)

    def __repr__(self) -> str:
        return "; ".join(map(str.strip, str(self).splitlines()))


Model = Any
"""A class or a function `fold(state, event)`, as the viewer takes them."""


def replay(
    store: "EventStore | MemoryStore | str | Path | Iterable[DomainEvent | RecordedEvent]",
    model: Model | Mapping[str, Model],
) -> Replayed:
    """Folds every aggregate from its first event on and goes on after each event that cannot be applied.

    `store` is an open store, the path or URL of one, which is only read, or events. `model` folds the aggregates of its
    own type (`Order`), a mapping those of the types that it names; of a model without a type, such as a function, all
    are. What a handler changed before it raised stays, and later events are applied; where it cannot be made for an
    aggregate, none of that one's are.

    Cost: all events; of a store one aggregate is in memory at a time, and what could not be applied.
    Raises: ModelError; StoreError.
    """
    models = _Models(model)
    tally = _Tally()
    for aggregate_type, aggregate_id, events in _aggregates(store):
        fold = models.of(aggregate_type)
        if fold is None:
            tally.left_out[aggregate_type] += sum(1 for _ in events)
        else:
            tally.fold(fold, aggregate_id, events)
    return tally.result()


class _Models:
    def __init__(self, model: Model | Mapping[str, Model]) -> None:
        if isinstance(model, Mapping):
            self._by_type: dict[str, _Fold] = {name: _Fold(code) for name, code in model.items()}
            self._for_all: _Fold | None = None
        elif isinstance(model, type) and issubclass(model, AggregateRoot):
            self._by_type, self._for_all = {model.type_name(): _Fold(model)}, None
        else:
            self._by_type, self._for_all = {}, _Fold(model)

    def of(self, aggregate_type: str) -> "_Fold | None":
        return self._for_all or self._by_type.get(aggregate_type)


class _Fold:
    def __init__(self, code: Model) -> None:
        name = getattr(code, "__name__", type(code).__name__)
        self.model: StateModel = model_from(code, ModelInfo(name, ""))
        self._handlers = Handlers(code) if isinstance(code, type) and has_handlers(code) else None

    def knows(self, event_type: str) -> bool:
        if self._handlers is None or (self.model.upcasters and self.model.upcasters.handles(event_type)):
            return True
        try:
            self._handlers.of(event_type)
        except NoHandler:
            return False
        return True


class _Tally:
    def __init__(self) -> None:
        self.events = self.aggregates = 0
        self.unapplied: list[Unapplied] = []
        self.unknown: Counter[str] = Counter()
        self.left_out: Counter[str] = Counter()

    def fold(self, fold: _Fold, aggregate_id: str, events: Iterable[RecordedEvent]) -> None:
        self.aggregates += 1
        model = fold.model
        try:
            state = model.start(aggregate_id)
        except (Exception, SystemExit) as error:  # noqa: BLE001 - the user's code, and the next aggregate is due
            for event in events:
                self._note(fold, event, error)
            return
        for event in events:
            try:
                state = model.apply(state, event)
            except (Exception, SystemExit) as error:  # noqa: BLE001 - the user's code, and the next event is due
                self._note(fold, event, error)
            else:
                self.events += 1

    def _note(self, fold: _Fold, event: RecordedEvent, error: BaseException) -> None:
        if not fold.knows(event.event_type):
            self.unknown[event.event_type] += 1
        reason = str(error) if isinstance(error, NoHandler | CannotFold) else safe_error(error)
        self.unapplied.append(
            Unapplied(event.aggregate_type, event.aggregate_id, event.version, event.event_type, reason)
        )

    def result(self) -> Replayed:
        return Replayed(
            events=self.events,
            aggregates=self.aggregates,
            unapplied=tuple(self.unapplied),
            unknown=dict(self.unknown),
            left_out=dict(self.left_out),
        )


History = tuple[str, str, Iterable[RecordedEvent]]
"""An aggregate's type, its id and its events in order."""


def _aggregates(store: Any) -> Iterator[History]:
    location = getattr(store, "location", store)
    if isinstance(store, MemoryStore):
        yield from _grouped(store.read_all())
    elif location is not store or isinstance(store, str | Path):
        yield from _read(location)
    else:
        yield from _grouped(store)


def _grouped(events: Iterable[DomainEvent | RecordedEvent]) -> Iterator[History]:
    groups: dict[tuple[str, str], list[RecordedEvent]] = {}
    for position, event in enumerate(events, 1):
        one = event if isinstance(event, RecordedEvent) else recorded(event, position)
        groups.setdefault((one.aggregate_type, one.aggregate_id), []).append(one)
    for (aggregate_type, aggregate_id), history in groups.items():
        yield aggregate_type, aggregate_id, history


def _read(location: Any) -> Iterator[History]:
    """One aggregate after another, through the viewer's reader: nothing is written, and memory stays bounded."""
    from auditor.stores.reader import open_reader

    with open_reader(location) as reader:
        after = None
        while True:
            page = reader.aggregates(limit=_PAGE, after=after)
            for row in page.aggregates:
                batches = reader.aggregate_events(row.aggregate_id, up_to=row.events)
                yield row.aggregate_type, row.aggregate_id, (event for batch in batches for event in batch)
            if not page.more:
                return
            after = page.after
