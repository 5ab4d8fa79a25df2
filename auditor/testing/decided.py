"""The end of a test of an aggregate: what the command made happen."""

import re
from dataclasses import dataclass
from typing import Any

from auditor.core.events import DomainEvent, RecordedEvent
from auditor.core.payload import event_type_of, schema_version_of
from auditor.core.text import tr
from auditor.testing.facts import Of, Stored
from auditor.testing.failure_text import (
    Shown,
    error_text,
    given_text,
    in_one_line,
    shown_event,
    shown_fields,
    shown_payload,
    shown_whole,
    side_by_side,
    title_of,
)

Raised = BaseException | type[BaseException]


@dataclass(frozen=True, kw_only=True)
class Decided:
    """What a command did: the events it stored, what it returned, what it raised. Nothing is checked before `then`."""

    given: tuple[RecordedEvent, ...]
    command: str
    subject: str | None
    events: tuple[RecordedEvent, ...]
    returned: Any
    error: Exception | None

    @property
    def result(self) -> Any:
        """What the command returned. Raises: what it raised."""
        __tracebackhide__ = True
        if self.error is not None:
            raise self.error
        return self.returned

    def then(self, *expected: Any) -> "Decided":
        """Exactly these events, in order; none means that nothing happened.

        A typed payload or a `Stored` is compared by type, schema version and data, and is of the aggregate that `given`
        named; `of(id, payload)` is of another. A whole event is compared whole, but for its position. A class of
        payloads stands for whatever event of that type. A single error, or class of errors, is `then_raises`.

        Raises: AssertionError that shows both side by side.
        """
        __tracebackhide__ = True
        if len(expected) == 1 and _is_error(expected[0]):
            return self.then_raises(expected[0])
        if self.error is not None:
            what = tr("The command was refused, and events were expected.")
            wanted = [tr("expected"), *(f"  {in_one_line(self._wanted(one))}" for one in expected)]
            wanted += [] if expected else ["  " + tr("nothing")]
            text = self._told(what, "\n".join([*wanted, tr("got"), f"  {error_text(self.error)}"]))
            raise AssertionError(text) from self.error
        pairs = [self._pair(one, event) for one, event in zip(expected, self.events, strict=False)]
        wanted_shown = [pair[0] for pair in pairs] + [self._wanted(one) for one in expected[len(pairs) :]]
        got = [pair[1] for pair in pairs] + [self._got(event) for event in self.events[len(pairs) :]]
        if wanted_shown != got:
            what = tr("The command made other events happen than were expected.")
            raise AssertionError(self._told(what, side_by_side(wanted_shown, got)))
        return self

    def then_raises(self, expected: Raised, match: str = "") -> "Decided":
        """The command was refused and nothing was stored. Of an error its class counts (a class derived from it will
        do) and, where an object is given, its text; `match` is a regular expression found in the text.

        Raises: AssertionError.
        """
        __tracebackhide__ = True
        if self.error is None:
            got = [f"  {in_one_line(self._got(event))}" for event in self.events] or ["  " + tr("no event")]
            what = tr("The command was not refused.")
        elif self.events:
            got = [
                f"  {error_text(self.error)}",
                *(f"  {in_one_line(self._got(event))}" for event in self.events),
            ]
            what = tr("The command was refused after it had stored events.")
        elif not _fits(self.error, expected, match):
            got = [f"  {error_text(self.error)}"]
            what = tr("The command was refused for another reason than was expected.")
        else:
            return self
        wanted = error_text(expected) + (tr(", matching {pattern!r}", pattern=match) if match else "")
        text = self._told(what, "\n".join([tr("expected"), f"  {wanted}", tr("got"), *got]))
        raise AssertionError(text) from self.error

    def _told(self, what: str, comparison: str) -> str:
        return "\n".join([what, "", given_text(self.given), tr("when"), f"  {self.command}", comparison])

    def _pair(self, expected: Any, event: RecordedEvent) -> tuple[Shown, Shown]:
        if isinstance(expected, DomainEvent | RecordedEvent):
            return shown_whole(expected), shown_whole(event)
        if isinstance(expected, Of) and expected.aggregate_id == self.subject:
            expected = expected.event
        is_of, inner = isinstance(expected, Of), expected.event if isinstance(expected, Of) else expected
        got = shown_event(event, event.aggregate_id) if is_of else self._got(event)
        return self._wanted(expected), Shown(got.title, {}) if isinstance(inner, type) else got

    def _wanted(self, expected: Any) -> Shown:
        aggregate_id, inner = expected if isinstance(expected, Of) else (None, expected)
        if isinstance(inner, DomainEvent | RecordedEvent):
            return shown_whole(inner)
        if isinstance(inner, Stored):
            return Shown(
                title_of(inner.event_type, inner.schema_version, aggregate_id), shown_fields(inner.data)
            )
        if isinstance(inner, type):
            return Shown(title_of(event_type_of(inner), schema_version_of(inner), aggregate_id), {})
        return shown_payload(inner, aggregate_id)

    def _got(self, event: RecordedEvent) -> Shown:
        return shown_event(event, None if self.subject in (None, event.aggregate_id) else event.aggregate_id)


def _is_error(expected: Any) -> bool:
    return isinstance(expected, BaseException) or (
        isinstance(expected, type) and issubclass(expected, BaseException)
    )


def _fits(error: Exception, expected: Raised, match: str) -> bool:
    kind = expected if isinstance(expected, type) else type(expected)
    same_text = isinstance(expected, type) or str(expected) == str(error)
    return isinstance(error, kind) and same_text and re.search(match, str(error)) is not None
