"""The write side: an aggregate decides, and changes only by applying events."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, is_dataclass, replace
from datetime import datetime, timezone
from typing import Any, ClassVar, NamedTuple
from uuid import UUID

from .errors import ModelError
from .events import DomainEvent, Envelope, EventMetadata
from .handlers import Handler, Handlers, NoHandler
from .ids import IdSource
from .payload import event_type_of, schema_version_of, stated_schema_version, to_data
from .text import tr
from .upcasting import UpcasterChain, require_known


def _utc_now() -> datetime:
    return datetime.now(timezone.utc)


@dataclass(frozen=True, kw_only=True)
class Stamp:
    """What new events bear besides their payload.

    Without a correlation id the first event begins a chain, by its own id, and those saved together with it are in it.
    """

    now: Callable[[], datetime] = _utc_now
    new_id: Callable[[], UUID] = field(default_factory=IdSource)
    correlation_id: str | None = None
    causation_id: str | None = None
    user_id: str | None = None

    def caused_by(self, cause: Envelope, **changes: Any) -> "Stamp":
        """The stamp of what follows from `cause`: in its chain, which it begins where it has no correlation id, with it
        as their cause, and by its user where this stamp names none. `changes` are other fields, and go before."""
        cause_id, metadata = str(_id_of(cause)), cause.metadata
        fields: dict[str, Any] = {
            "correlation_id": metadata.correlation_id or cause_id,
            "causation_id": cause_id,
            "user_id": metadata.user_id if self.user_id is None else self.user_id,
        }
        return replace(self, **{**fields, **changes})

    def make_event(
        self, payload: Any, *, aggregate_id: str, aggregate_type: str, version: int
    ) -> DomainEvent:
        """The whole event of a typed payload. An aggregate makes its own; this is for events that come from elsewhere.

        Raises: TypeError for a payload that is no dataclass, and for what has no JSON form.
        """
        payload_class = type(payload)
        if not is_dataclass(payload_class):
            raise TypeError(
                f"a {payload_class.__name__} is no event: it must be a dataclass or a DomainEvent"
            )
        event_id = self.new_id()
        return DomainEvent(
            event_id=event_id,
            aggregate_id=aggregate_id,
            aggregate_type=aggregate_type,
            event_type=event_type_of(payload_class),
            version=version,
            timestamp=self.now(),
            data=to_data(payload),
            metadata=EventMetadata(
                correlation_id=self.correlation_id or str(event_id),
                causation_id=self.causation_id,
                user_id=self.user_id,
                schema_version=schema_version_of(payload_class),
            ),
        )


def answering(cause: Envelope, **changes: Any) -> Stamp:
    """The stamp with which a command or an event answers `cause`, as `Stamp.caused_by` says."""
    return Stamp().caused_by(cause, **changes)


class AggregateRoot:
    """Base of aggregates.

    Commands are methods that check the rules and call `apply(payload)`; state changes only in
    `on_<event_type>(payload[, envelope])`. `ignores` names event types that change nothing. Public attributes are
    the state that is shown, unless `to_state()` says it otherwise. A snapshot holds all attributes, or what
    `to_state()` says where the class has `from_state(state)` too, and `schema_version` counts the shapes of that.
    """

    aggregate_type: ClassVar[str | None] = None
    schema_version: ClassVar[int] = 1
    ignores: ClassVar[frozenset[str] | set[str]] = frozenset()
    upcasters: ClassVar[UpcasterChain] = UpcasterChain()
    _steps: ClassVar["_Steps"]

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        cls._steps = _Steps(cls)

    def __init__(self, aggregate_id: str) -> None:
        self._id = aggregate_id
        self._version = 0
        self._last_event_id: UUID | str | None = None
        self._snapshot_version = 0
        self._is_whole = True
        self._uncommitted: list[DomainEvent] = []
        self._stamp: Stamp | None = None

    @property
    def id(self) -> str:
        return self._id

    @property
    def version(self) -> int:
        """The version after all events applied so far, uncommitted ones included; 0 for a new aggregate."""
        return self._version

    @property
    def uncommitted_events(self) -> tuple[DomainEvent, ...]:
        return tuple(self._uncommitted)

    def clear_uncommitted_events(self) -> None:
        self._uncommitted.clear()

    def stamp_with(self, stamp: Stamp) -> None:
        """Events applied from now on bear this time source, these ids and this user."""
        self._stamp = stamp

    @classmethod
    def type_name(cls) -> str:
        return cls.aggregate_type or cls.__name__

    def apply(self, event: Any) -> None:
        """Applies a new event, given as typed payload or as whole `DomainEvent`, and keeps it as uncommitted.

        Raises: NoHandler; UpcastError; ModelError for a class whose events would be upcast though they are new, since
        it states no schema version or an old one; TypeError for a payload that is no dataclass; ValueError for another
        aggregate's event or one that does not have the next version; whatever the handler raises. The event is not
        kept then.
        """
        envelope = self._checked(event) if isinstance(event, DomainEvent) else self._envelope(event)
        before = self._version, self._last_event_id
        try:
            self._change(envelope)
        except BaseException:
            self._version, self._last_event_id = before
            self._is_whole = False
            raise
        self._uncommitted.append(envelope)

    def load_from_history(self, events: Iterable[Envelope]) -> None:
        """Applies events that are stored already, in order.

        Raises: NoHandler for a type that is neither handled nor listed in `ignores`; UpcastError for an event that the
        upcasters cannot read; whatever a handler raises.
        """
        steps, last = self._steps, None
        try:
            for event in events:
                last = event
                self._version = event.version  # see _change
                steps[event.event_type](self, event)
        except BaseException:
            self._is_whole = False
            raise
        finally:
            if last is not None:
                self._last_event_id = _id_of(last)

    def _checked(self, event: DomainEvent) -> DomainEvent:
        if (event.aggregate_id, event.version) != (self._id, self._version + 1):
            raise ValueError(
                f"{event.aggregate_id!r} version {event.version} cannot follow {self._id!r} version {self._version}"
            )
        return event

    def _envelope(self, payload: Any) -> DomainEvent:
        event_type = event_type_of(type(payload))
        if event_type in self.upcasters.types:
            self._refuse_taken_for_old(type(payload), event_type)
        if self._stamp is None:
            self._stamp = Stamp()  # kept, so that the ids of its events rise
        stamp = self._stamp
        if stamp.correlation_id is None and self._uncommitted:
            stamp = replace(stamp, correlation_id=self._uncommitted[0].metadata.correlation_id)
        return stamp.make_event(
            payload, aggregate_id=self._id, aggregate_type=self.type_name(), version=self._version + 1
        )

    def _refuse_taken_for_old(self, payload_class: type, event_type: str) -> None:
        """A new event of a class that says no schema version, or not yet the newest, would be upcast at each reading.
        Who makes old events on purpose has another class for them than the one that the handler takes."""
        stated = stated_schema_version(payload_class)
        if self.upcasters.is_newest(event_type, stated or 1):
            return
        names = {"model": type(self).__name__, "type": event_type, "payload": payload_class.__name__}
        hint = tr("State `schema_version` in the class: the version that the upcasters lead to.")
        if stated is None:
            said = tr(
                "The upcasters of {model} take {type} to be of schema version 1, since {payload} states none.",
                **names,
            )
            raise ModelError(said, hint)
        if stated == self._steps.newest_taken(event_type):
            said = tr(
                "{payload} states schema version {stated}, and the upcasters of {model} lead on to a later {type}.",
                **names,
                stated=stated,
            )
            raise ModelError(said, hint)

    def _change(self, event: Envelope) -> None:
        # Counted first: a handler that raises has had its event, and replay goes on with the next one.
        self._version = event.version
        self._last_event_id = _id_of(event)
        self._steps[event.event_type](self, event)


Step = Callable[[AggregateRoot, Envelope], None]


class _Steps(dict[str, Step]):
    """What changes an aggregate of one class by an event, by its type; found out when the first one comes."""

    def __init__(self, owner: "type[AggregateRoot]") -> None:
        super().__init__()
        self._owner = owner
        self._handlers = Handlers(owner)

    def __missing__(self, event_type: str) -> Step:
        """Raises: NoHandler."""
        upcasters = self._owner.upcasters
        if event_type in upcasters.types:
            step = self._upcast(upcasters)
        else:
            handler = self._handlers.of(event_type)
            step = _no_change if handler is None else _step(handler)
        self[event_type] = step
        return step

    def newest_taken(self, event_type: str) -> "int | None":
        """The schema version that the handler's payload class states, if there is any."""
        try:
            handler = self._handlers.of(event_type)
        except NoHandler:
            return None
        return None if handler is None else handler.newest

    def _upcast(self, upcasters: UpcasterChain) -> Step:
        handlers = self._handlers

        def step(aggregate: AggregateRoot, event: Envelope) -> None:
            handlers.apply_parts(aggregate, event, upcasters.newest(event))

        return step


def _step(handler: Handler) -> Step:
    function, make_payload, wants_envelope, newest = handler

    def step(aggregate: AggregateRoot, event: Envelope) -> None:
        # A recorded event makes its data anew; of another a copy is given out, so that no state shares its parts.
        data = event.data if hasattr(event, "data_text") else to_data(event.data)
        if newest is not None:
            require_known(event, newest)
        if wants_envelope:
            function(aggregate, make_payload(data), event)
        else:
            function(aggregate, make_payload(data))

    return step


def _no_change(aggregate: AggregateRoot, event: Envelope) -> None:
    """The type is declared as one that changes nothing."""


def _id_of(event: Envelope) -> "UUID | str":
    text: str | None = getattr(event, "event_id_text", None)
    return text or event.event_id


BOOKKEEPING = frozenset(vars(AggregateRoot("")))
"""The attributes that are no part of an aggregate's state."""


class Place(NamedTuple):
    """Where a state stands in its history: after the event with that version and id."""

    version: int
    event_id: "str | None"
    snapshot_version: int
    """Of the last snapshot from or to which this state went; 0 where there was none."""


def place_of(aggregate: AggregateRoot) -> Place:
    last = aggregate._last_event_id  # noqa: SLF001 - this module's own, hidden from those who derive from it
    return Place(aggregate.version, None if last is None else str(last), aggregate._snapshot_version)  # noqa: SLF001


def is_whole(aggregate: AggregateRoot) -> bool:
    """Whether all events were applied to their end. What a handler changed before it raised stays changed."""
    return aggregate._is_whole  # noqa: SLF001


def put_at(aggregate: AggregateRoot, place: Place) -> None:
    """Says where the state stands that the aggregate was given."""
    aggregate._version, aggregate._last_event_id, aggregate._snapshot_version = place  # noqa: SLF001
