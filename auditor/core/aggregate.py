"""The write side: an aggregate decides, and changes only by applying events."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, is_dataclass, replace
from datetime import datetime, timezone
from typing import Any, ClassVar
from uuid import UUID

from .events import DomainEvent, Envelope, EventMetadata, RecordedEvent
from .handlers import Handlers
from .ids import IdSource
from .payload import event_type_of, schema_version_of, to_data
from .upcasting import UpcasterChain


def _utc_now() -> datetime:
    return datetime.now(timezone.utc)


@dataclass(frozen=True, kw_only=True)
class Stamp:
    """What new events bear besides their payload. Without a correlation id each event begins a chain of its own."""

    now: Callable[[], datetime] = _utc_now
    new_id: Callable[[], UUID] = field(default_factory=IdSource)
    correlation_id: str | None = None
    causation_id: str | None = None
    user_id: str | None = None

    def caused_by(self, cause: Envelope, **changes: Any) -> "Stamp":
        """The stamp of events that follow from `cause`: its chain, with it as their cause."""
        return replace(
            self, correlation_id=cause.metadata.correlation_id, causation_id=str(cause.event_id), **changes
        )


class AggregateRoot:
    """Base of aggregates.

    Commands are methods that check the rules and call `apply(payload)`; state changes only in
    `on_<event_type>(payload[, envelope])`. `ignores` names event types that change nothing. Public attributes are
    the state, unless `to_state()` says it otherwise; `schema_version` counts its shapes, for snapshots.
    """

    aggregate_type: ClassVar[str | None] = None
    schema_version: ClassVar[int] = 1
    ignores: ClassVar[frozenset[str] | set[str]] = frozenset()
    upcasters: ClassVar[UpcasterChain] = UpcasterChain()
    _handlers: ClassVar[Handlers]

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        cls._handlers = Handlers(cls)

    def __init__(self, aggregate_id: str) -> None:
        self._id = aggregate_id
        self._version = 0
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

        Raises: NoHandler; TypeError for a payload that is no dataclass; ValueError for another aggregate's event or
        one that does not have the next version; whatever the handler raises. The event is not kept then.
        """
        envelope = self._checked(event) if isinstance(event, DomainEvent) else self._envelope(event)
        before = self._version
        try:
            self._change(envelope)
        except BaseException:
            self._version = before
            raise
        self._uncommitted.append(envelope)

    def load_from_history(self, events: Iterable[Envelope]) -> None:
        """Applies events that are stored already, in order.

        Raises: NoHandler for a type that is neither handled nor listed in `ignores`.
        """
        for event in events:
            self._change(event)

    def _checked(self, event: DomainEvent) -> DomainEvent:
        if (event.aggregate_id, event.version) != (self._id, self._version + 1):
            raise ValueError(
                f"{event.aggregate_id!r} version {event.version} cannot follow {self._id!r} version {self._version}"
            )
        return event

    def _envelope(self, payload: Any) -> DomainEvent:
        payload_class = type(payload)
        if not is_dataclass(payload_class):
            raise TypeError(
                f"a {payload_class.__name__} is no event: it must be a dataclass or a DomainEvent"
            )
        if self._stamp is None:
            self._stamp = Stamp()  # kept, so that the ids of its events rise
        stamp = self._stamp
        event_id = stamp.new_id()
        return DomainEvent(
            event_id=event_id,
            aggregate_id=self._id,
            aggregate_type=self.type_name(),
            event_type=event_type_of(payload_class),
            version=self._version + 1,
            timestamp=stamp.now(),
            data=to_data(payload),
            metadata=EventMetadata(
                correlation_id=stamp.correlation_id or str(event_id),
                causation_id=stamp.causation_id,
                user_id=stamp.user_id,
                schema_version=schema_version_of(payload_class),
            ),
        )

    def _change(self, event: Envelope) -> None:
        # Counted first: a handler that raises has had its event, and replay goes on with the next one.
        self._version = event.version
        event_type = event.event_type
        # A recorded event makes its data anew; of another a copy is given out, so that no state shares its parts.
        data = event.data if isinstance(event, RecordedEvent) else to_data(event.data)
        if self.upcasters.handles(event_type):
            event_type, _, data = self.upcasters.upcast(event_type, event.metadata.schema_version, data)
        handler = self._handlers.of(event_type)
        if handler is not None:
            handler(self, event, data)
