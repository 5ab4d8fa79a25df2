"""Old schema versions of events become the newest one at reading; stored events stay as they are."""

import json
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from .errors import UpcastError
from .events import Envelope, known_metadata, schema_version_from
from .payload import to_data
from .text import tr
from .upcast_check import checked
from .upcast_steps import Data, Retired, Split, Step, Upcast, Upcaster, WrongStep

__all__ = ["Retired", "Split", "Upcast", "UpcastReading", "Upcaster", "UpcasterChain"]

MOST_STEPS = 10_000
"""For one event: splits of splits could grow without end."""


class UpcastReading(NamedTuple):
    """An event as it is read: what it has become, in order, and the steps that were taken, described."""

    events: tuple[Upcast, ...]
    steps: tuple[str, ...]


class UpcasterChain:
    """All steps of a model or a projection, in any order.

    Of a type that steps start at, the schema versions from the first step on to the newest are known. An event of
    another version is refused: nobody knows what its data means. Other types are taken as they are.

    Raises: ModelError for two steps from one version, a hole between steps, steps that no event reaches, and types
    that turn into each other in a circle.
    """

    def __init__(self, steps: Iterable[Step] = ()) -> None:
        self.steps = tuple(steps)
        self._ways, self._spans, self._retired = checked(self.steps)
        self.types = frozenset({*self._spans, *self._retired})
        """The types that are read otherwise than they are stored. Only for these the schema version is looked at."""
        self.retired = self._retired
        """Those of them that change nothing any more."""

    def handles(self, event_type: str) -> bool:
        """Whether events of this type are read otherwise than they are stored."""
        return event_type in self.types

    def is_newest(self, event_type: str, schema_version: int) -> bool:
        """Whether such an event is read as it is."""
        span = self._spans.get(event_type)
        return event_type not in self._retired and (
            span is None or (schema_version == span.newest and (event_type, schema_version) not in self._ways)
        )

    def newest(self, event: Envelope) -> tuple[Upcast, ...]:
        """What a stored event is read as: mostly one event, several of a split one, none of a retired one. The stored
        event stays as it is, and nothing is shared with it.

        Raises: UpcastError, which names the event.
        """
        return self.read(event).events

    def read(self, event: Envelope) -> UpcastReading:
        """The same with the steps on the way. Raises: UpcastError."""
        taken: list[str] = []
        schema_version = None
        try:
            if event.event_type in self._retired:  # whatever is written in it
                return UpcastReading((), (_retirement(event.event_type),))
            schema_version = _schema_version_of(event)
            data = event.data if hasattr(event, "data_text") else to_data(event.data)
            return UpcastReading(self._follow(event.event_type, schema_version, data, taken), tuple(taken))
        except WrongStep as wrong:
            raise _error(wrong, event, schema_version, taken) from wrong.__cause__

    def upcast(self, event_type: str, schema_version: int, data: Data) -> tuple[Upcast, ...]:
        """The same for data that belongs to the caller, who gives it away.

        Raises: UpcastError.
        """
        try:
            return self._follow(event_type, schema_version, data, [])
        except WrongStep as wrong:
            raise UpcastError(
                tr("{type} cannot be upcast: {finding}.", type=event_type, finding=wrong),
                _what_to_do(),
                finding=str(wrong),
                schema_version=schema_version,
            ) from wrong.__cause__

    def _follow(
        self, event_type: str, schema_version: int, data: Data, taken: list[str]
    ) -> tuple[Upcast, ...]:
        pending, done = [Upcast(event_type, schema_version, data)], []
        while pending:
            one = pending.pop()
            if one.event_type in self._retired:
                taken.append(_retirement(one.event_type))
                continue
            way = self._ways.get((one.event_type, one.schema_version))
            if way is None or type(one.schema_version) is not int:
                self._require_known(one.event_type, one.schema_version)
                done.append(one)
                continue
            if len(taken) + len(done) + len(pending) >= MOST_STEPS:
                raise WrongStep(tr("it needs more than {most:,} upcasting steps", most=MOST_STEPS))
            parts = way.take(one.data)
            taken.append(way.said)
            pending.extend(reversed(parts))
        return tuple(done)

    def _require_known(self, event_type: str, schema_version: Any) -> None:
        span = self._spans.get(event_type)
        if span is None:
            return
        if type(schema_version) is not int or schema_version < 1:
            raise WrongStep(tr("its schema version is no whole number from 1 on"))
        if schema_version < span.first:
            raise WrongStep(
                tr(
                    "no upcaster leads on from {type} version {version}: the first starts at version {first}",
                    type=event_type,
                    version=schema_version,
                    first=span.first,
                )
            )
        if schema_version > span.newest:
            raise _unknown(event_type, schema_version, span.newest)


def require_known(event: Envelope, newest: int) -> None:
    """For a type without steps, whose payload class says its schema version. Raises: UpcastError for a later one."""
    schema_version = None
    try:
        schema_version = _schema_version_of(event)
        if schema_version > newest:
            raise _unknown(event.event_type, schema_version, newest)
    except WrongStep as wrong:
        raise _error(wrong, event, schema_version) from None


def require_known_part(event: Envelope, part: Upcast, newest: int) -> None:
    """The same for what an event was upcast to. Raises: UpcastError."""
    if part.schema_version > newest:
        wrong = _unknown(part.event_type, part.schema_version, newest)
        raise _error(wrong, event, _schema_version_of(event))


def _error(
    wrong: WrongStep, event: Envelope, schema_version: "int | None", taken: Sequence[str] = ()
) -> UpcastError:
    """Tells which event it is."""
    return UpcastError(
        tr(
            "{type} {event_id}, version {version} of {aggregate!r}, schema version {schema}, cannot be upcast:"
            " {finding}.",
            type=event.event_type,
            event_id=getattr(event, "event_id_text", None) or event.event_id,
            version=event.version,
            aggregate=event.aggregate_id,
            schema=schema_version or tr("unknown"),
            finding=wrong,
        ),
        _what_to_do(),
        finding=str(wrong),
        schema_version=schema_version,
        steps=taken,
    )


def _what_to_do() -> str:
    return tr("Add or correct the upcaster, or use the code that wrote the event.")


def _unknown(event_type: str, schema_version: int, newest: int) -> WrongStep:
    return WrongStep(
        tr(
            "{type} version {version} is unknown to this code, whose newest is version {newest}",
            type=event_type,
            version=schema_version,
            newest=newest,
        )
    )


def _retirement(event_type: str) -> str:
    return tr("{type} is retired", type=event_type)


def _schema_version_of(event: Envelope) -> int:
    """Of a stored event this alone is read. Raises: WrongStep for metadata that cannot be read."""
    text = getattr(event, "metadata_text", None)
    if text is None:
        return event.metadata.schema_version
    try:
        values = json.loads(text)
    except (ValueError, RecursionError):
        raise WrongStep(tr("its metadata is no JSON, so that its schema version is not known")) from None
    return schema_version_from(known_metadata(values, "schema_version") if isinstance(values, dict) else None)
