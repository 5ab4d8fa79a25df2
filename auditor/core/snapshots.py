"""Aggregates in and out of snapshots: a stored state and the events that came after it."""

import inspect
import warnings
from collections.abc import Callable
from datetime import datetime, timezone
from typing import Any, Protocol, TypeVar

from .aggregate import BOOKKEEPING, AggregateRoot, Place, is_whole, place_of, put_at
from .errors import AggregateNotFound, AuditorError, StoreBusy, StoreError
from .events import RecordedEvent
from .model_fingerprint import NoFingerprint, model_fingerprint
from .ports import EventSource
from .snapshot import Snapshot, Snapshots
from .state_codec import CannotKeep, CannotRestore, keep, restore
from .state_text import safe_error
from .state_types import instance_attributes, set_attributes, state_types
from .text import tr
from .timestamps import format_timestamp

Root = TypeVar("Root", bound=AggregateRoot)


class SnapshotRefused(AuditorError):
    """The aggregate cannot be kept as a snapshot from which it would come back as it is."""


class SnapshotWarning(UserWarning):
    """A snapshot was not used, or not taken. Everything else went on: states come from the events then."""


class SnapshotStore(EventSource, Protocol):
    """An event store that keeps snapshots too."""

    @property
    def snapshots(self) -> Snapshots: ...


def warn(message: str) -> None:
    """Tells it as Python tells warnings: on stderr, or as `warnings` was set up for `SnapshotWarning`."""
    warnings.warn(message, SnapshotWarning, stacklevel=2)


class SnapshotRepository:
    """Snapshots of aggregates in a store, one an aggregate, the newest.

    A snapshot is the state alone: what `to_state()` gives if the class has `from_state(state)` too, else all
    attributes of the aggregate, private ones included. It is used only where it cannot be misread: for the class's
    `schema_version` and fingerprint (see `model_fingerprint`), after the very event that the store has at its version,
    and undamaged. In all other cases `warning` is called with a sentence and the events are replayed from the first.
    """

    def __init__(self, store: SnapshotStore, *, warning: Callable[[str], None] = warn) -> None:
        self._store = store
        self._warning = warning

    def save(self, aggregate: AggregateRoot) -> bool:
        """Keeps the aggregate's state as its snapshot; False where a newer one is kept already.

        Raises: SnapshotRefused for uncommitted events, for a state that is not that of an event in the store, and for
        one with a value that could not be restored exactly: dataclasses, named tuples, enums, the usual containers,
        numbers, times, ids and bytes can. StoreBusy, StoreFull.
        """
        place = self._stored_place(aggregate)
        event = self._event_at(aggregate, place)
        kind = type(aggregate)
        snapshot = Snapshot(
            aggregate_id=aggregate.id,
            aggregate_type=aggregate.type_name(),
            version=place.version,
            schema_version=kind.schema_version,
            model=_fingerprint_to_keep(kind),
            event_id=event.event_id_text,
            position=event.position,
            created_at=format_timestamp(datetime.now(timezone.utc)),
            state=state_to_keep(aggregate),
            checksum="",
        )
        written = self._store.snapshots.write(snapshot.sealed())
        put_at(aggregate, place._replace(snapshot_version=place.version))
        return written

    def load(self, aggregate_id: str, factory: Callable[[str], Root]) -> Root:
        """The aggregate as it is now: from its snapshot and the events after it, or from all its events.

        Raises: AggregateNotFound, also for an aggregate of another type; whatever a handler raises.
        """
        snapshot = self._read(aggregate_id)
        if snapshot is not None:
            try:
                return self._from_snapshot(snapshot, factory)
            except Unusable as reason:
                self._warning(
                    tr(
                        "The snapshot of {id!r} at version {version} was ignored: {why}.",
                        id=aggregate_id,
                        version=snapshot.version,
                        why=reason,
                    )
                )
        return replayed(self._store, aggregate_id, factory)

    def _read(self, aggregate_id: str) -> "Snapshot | None":
        try:
            return self._store.snapshots.read(aggregate_id)
        except StoreBusy:
            raise
        except StoreError as error:  # if the store itself is of no use, its events will say so
            self._warning(tr("The snapshot of {id!r} was ignored: {why}", id=aggregate_id, why=error.message))
            return None

    def tell(self, message: str) -> None:
        """A warning of somebody who takes snapshots by this repository."""
        self._warning(message)

    def _from_snapshot(self, snapshot: Snapshot, factory: Callable[[str], Root]) -> Root:
        aggregate = factory(snapshot.aggregate_id)
        require_usable(snapshot, aggregate)
        # From the snapshot's own event on: whether it is there says that the history is the same and long enough.
        events = iter(self._store.get_events(snapshot.aggregate_id, snapshot.version))
        require_event(snapshot, next(events, None))
        give_state(aggregate, snapshot)
        aggregate.load_from_history(events)
        return aggregate

    def _stored_place(self, aggregate: AggregateRoot) -> Place:
        name = repr(aggregate.id)
        if aggregate.uncommitted_events:
            raise SnapshotRefused(
                tr(
                    "{id} has {count} events that are not stored, and a snapshot holds stored ones only.",
                    id=name,
                    count=len(aggregate.uncommitted_events),
                ),
                tr("Save the aggregate first."),
            )
        if not is_whole(aggregate):
            raise SnapshotRefused(
                tr("{id} could not apply an event, and its state may be that of no history.", id=name),
                tr("Load the aggregate again, and keep that one."),
            )
        place = place_of(aggregate)
        if place.version < 1:
            raise SnapshotRefused(tr("{id} has no events yet: there is nothing to keep.", id=name))
        return place

    def _event_at(self, aggregate: AggregateRoot, place: Place) -> RecordedEvent:
        event = next(iter(self._store.get_events(aggregate.id, place.version, place.version)), None)
        if event is None or event.event_id_text != place.event_id:
            raise SnapshotRefused(
                tr(
                    "The state of {id!r} at version {version} does not come from the events of this store.",
                    id=aggregate.id,
                    version=place.version,
                ),
                tr("Load the aggregate from this store, and keep that one."),
            )
        return event


def replayed(store: EventSource, aggregate_id: str, factory: Callable[[str], Root]) -> Root:
    """The aggregate from all its events. Raises: AggregateNotFound, also for an aggregate of another type."""
    aggregate = factory(aggregate_id)
    events = iter(store.get_events(aggregate_id))
    first = next(events, None)
    if first is None:
        raise AggregateNotFound(aggregate_id)
    if first.aggregate_type != aggregate.type_name():
        raise AggregateNotFound(aggregate_id, tr("The id belongs to a {type}.", type=first.aggregate_type))
    aggregate.load_from_history((first,))
    aggregate.load_from_history(events)
    return aggregate


# -- what a snapshot must be -------------------------------------------------------------------------------


class Unusable(Exception):
    """The snapshot must not be used; the message is the reason. `damaged`: it may be what it was all the same."""

    def __init__(self, reason: str, *, damaged: bool = False) -> None:
        super().__init__(reason)
        self.damaged = damaged


def require_usable(snapshot: Snapshot, aggregate: AggregateRoot) -> None:
    """Asks the snapshot's own columns. Raises: Unusable."""
    kind = type(aggregate)
    if snapshot.aggregate_type != kind.type_name():
        raise Unusable(tr("it is of the aggregate type {type}", type=snapshot.aggregate_type))
    if type(snapshot.version) is not int or snapshot.version < 1:
        raise Unusable(tr("there is no such version"))
    if snapshot.schema_version != kind.schema_version:
        raise Unusable(
            tr(
                "its state has schema version {found}, and the code has {known}",
                found=snapshot.schema_version,
                known=kind.schema_version,
            )
        )
    try:
        is_same_code = snapshot.model == model_fingerprint(kind)
    except NoFingerprint as why:
        raise Unusable(str(why)) from None
    if not is_same_code:
        raise Unusable(tr("other code made it"))
    if snapshot.checksum != snapshot.checksum_due():
        raise Unusable(tr("it is damaged: its checksum does not fit"), damaged=True)


def require_event(snapshot: Snapshot, event: "RecordedEvent | None") -> None:
    """`event` is the first one that the store has from the snapshot's version on. Raises: Unusable."""
    if event is None:
        raise Unusable(tr("the store has no event of that version"))
    if (event.version, event.event_id_text) != (snapshot.version, snapshot.event_id):
        raise Unusable(tr("the store has another event at that version"))


# -- the state of an aggregate -----------------------------------------------------------------------------


def _fingerprint_to_keep(kind: type[AggregateRoot]) -> str:
    try:
        return model_fingerprint(kind)
    except NoFingerprint as why:
        raise SnapshotRefused(
            tr("A {type} cannot be kept as a snapshot: {why}.", type=kind.type_name(), why=why),
            tr(
                "Its handlers name an object that cannot be looked at now: let them take what they need from events."
            ),
        ) from None


def state_to_keep(aggregate: AggregateRoot) -> str:
    """The aggregate's state as text. Raises: SnapshotRefused, naming the attribute."""
    _require_method(type(aggregate))
    try:
        return keep(_state_of(aggregate), state_types(type(aggregate)))
    except CannotKeep as error:
        where = tr("its state") if not error.path else error.path
        raise SnapshotRefused(
            tr(
                "{type} {id!r} cannot be kept as a snapshot: {where}: {why}.",
                type=aggregate.type_name(),
                id=aggregate.id,
                where=where,
                why=error,
            ),
            tr(
                "Give the class to_state(), which says the state in values that can be kept, and from_state(state), "
                "which sets it."
            ),
        ) from None


def give_state(aggregate: AggregateRoot, snapshot: Snapshot) -> None:
    """Gives a fresh aggregate the snapshot's state. Raises: Unusable; the aggregate is of no use then."""
    state = _read_state(snapshot, aggregate)
    if _says_itself(aggregate):
        try:
            type(aggregate).from_state(aggregate, state)  # type: ignore[attr-defined] # of the user's class
        except Exception as error:
            raise Unusable(tr("its state cannot be read: {why}", why=safe_error(error))) from error
    else:
        for name in instance_attributes(aggregate).keys() - BOOKKEEPING - state.keys():
            object.__delattr__(aggregate, name)
        set_attributes(aggregate, state)
    put_at(aggregate, Place(snapshot.version, snapshot.event_id, snapshot.version))


def _read_state(snapshot: Snapshot, aggregate: AggregateRoot) -> Any:
    try:
        state = restore(snapshot.state, state_types(type(aggregate)))
    except CannotRestore as error:
        raise Unusable(tr("its state cannot be read: {why}", why=error)) from None
    if not _says_itself(aggregate) and (type(state) is not dict or BOOKKEEPING & state.keys()):
        raise Unusable(tr("its state cannot be read: {why}", why=tr("it has no attributes")))
    return state


def _state_of(aggregate: AggregateRoot) -> Any:
    if _says_itself(aggregate):
        return type(aggregate).to_state(aggregate)  # type: ignore[attr-defined] # of the user's class
    attributes = instance_attributes(aggregate)
    return {name: value for name, value in attributes.items() if name not in BOOKKEEPING}


def _require_method(kind: type[AggregateRoot]) -> None:
    if isinstance(inspect.getattr_static(kind, "from_state", None), (classmethod, staticmethod)):
        raise SnapshotRefused(
            tr(
                "{type} cannot be kept as a snapshot: its from_state is no method of the object.",
                type=kind.type_name(),
            ),
            tr("from_state(self, state) sets the state of an aggregate that is there; it does not make one."),
        )


def _says_itself(aggregate: AggregateRoot) -> bool:
    kind = type(aggregate)
    return all(callable(getattr(kind, name, None)) for name in ("to_state", "from_state"))
