"""What a failed test says: given, when, and side by side what was expected and what came."""

from collections.abc import Iterable, Sequence
from dataclasses import fields, is_dataclass
from itertools import zip_longest
from typing import Any, NamedTuple

from auditor.core.canonical_json import canonical
from auditor.core.events import DomainEvent, RecordedEvent
from auditor.core.payload import event_type_of, schema_version_of, to_data
from auditor.core.text import tr

_WIDEST = 44
_LONGEST_VALUE = 1000
_LONGEST_COMMAND = 200
_FIRST, _LAST = 3, 9


class Shown(NamedTuple):
    """An event or a row as it is compared and told: equal texts mean that it is the same."""

    title: str
    fields: dict[str, str]


def value_text(value: Any) -> str:
    """Whatever it is, as JSON with its keys sorted; numbers of another kind have another text."""
    try:
        return canonical(value)
    except (TypeError, ValueError, AttributeError, RecursionError):  # a value that no event or row could have
        return repr(value)


def shown_fields(values: dict[str, Any]) -> dict[str, str]:
    return {name: value_text(value) for name, value in values.items()}


def title_of(event_type: str, schema_version: int, aggregate_id: str | None) -> str:
    """The schema version is said where it is another than the first."""
    title = event_type if aggregate_id is None else tr("{type} of {id!r}", type=event_type, id=aggregate_id)
    if schema_version == 1:
        return title
    return tr("{title}, schema version {version}", title=title, version=schema_version)


def shown_payload(payload: Any, aggregate_id: str | None) -> Shown:
    kind = type(payload)
    title = title_of(event_type_of(kind), schema_version_of(kind), aggregate_id)
    return Shown(title, shown_fields(to_data(payload)))


def shown_event(event: RecordedEvent | DomainEvent, aggregate_id: str | None = None) -> Shown:
    """What happened; whose event it is only where an id is given."""
    try:
        title = title_of(event.event_type, event.metadata.schema_version, aggregate_id)
        data = event.data
    except (ValueError, RecursionError):  # what is stored is no JSON
        return Shown(title_of(event.event_type, 1, aggregate_id), {})
    return Shown(title, shown_fields(data) if isinstance(data, dict) else {"": value_text(data)})


def shown_whole(event: RecordedEvent | DomainEvent) -> Shown:
    """With everything that an envelope says."""
    shown, metadata = shown_event(event, event.aggregate_id), event.metadata
    envelope = {
        "event_id": getattr(event, "event_id_text", None) or str(event.event_id),
        "aggregate_type": event.aggregate_type,
        "version": event.version,
        "timestamp": to_data(event.timestamp),
        "correlation_id": metadata.correlation_id,
        "causation_id": metadata.causation_id,
        "user_id": metadata.user_id,
        **{f"metadata.{name}": value for name, value in metadata.extra.items()},
    }
    return Shown(shown.title, {**shown_fields(envelope), **{f"data.{k}": v for k, v in shown.fields.items()}})


def in_one_line(shown: Shown) -> str:
    said = ", ".join(f"{name}={text}" for name, text in shown.fields.items())
    return f"{shown.title}: {said}" if said else shown.title


def cut(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"


def given_text(events: Sequence[RecordedEvent]) -> str:
    """The history, the middle of a long one left out and counted."""
    lines = [
        f"  {event.aggregate_id} {event.version:>3} {cut(in_one_line(shown_event(event)), _LONGEST_COMMAND)}"
        for event in (events if len(events) <= _FIRST + _LAST else [*events[:_FIRST], *events[-_LAST:]])
    ]
    if len(events) > _FIRST + _LAST:
        lines.insert(_FIRST, "  " + tr("… {count:,} more", count=len(events) - _FIRST - _LAST))
    return "\n".join([tr("given"), *(lines or ["  " + tr("nothing")])])


def command_text(command: Any, args: Iterable[Any], kwargs: dict[str, Any]) -> str:
    """`ShipOrder(order_id="order-1")`, `Order.ship("T-1")`; a lambda has no better name."""
    if is_dataclass(command) and not isinstance(command, type):
        said = ", ".join(f"{field.name}={getattr(command, field.name)!r}" for field in fields(command))
        return cut(f"{type(command).__name__}({said})", _LONGEST_COMMAND)
    if not callable(command):
        return cut(repr(command), _LONGEST_COMMAND)
    name = str(getattr(command, "__qualname__", None) or type(command).__name__).rpartition("<locals>.")[2]
    said = ", ".join(
        [*(repr(value) for value in args), *(f"{key}={value!r}" for key, value in kwargs.items())]
    )
    return cut(name if name == "<lambda>" else f"{name}({said})", _LONGEST_COMMAND)


class _Line(NamedTuple):
    """One line of the comparison; None where a side has nothing there."""

    number: str
    name: str
    expected: str | None
    got: str | None

    def cell(self, side: str | None) -> str:
        if side is None:
            return "" if self.name else "–"
        return f"{self.name} {side}".strip() if self.name else side


def side_by_side(
    expected: Sequence[Shown | None], got: Sequence[Shown | None], numbers: Sequence[str] | None = None
) -> str:
    """Both, line by line; the first line that differs is marked, and told in full below."""
    numbers = numbers or [str(number) for number in range(1, max(len(expected), len(got)) + 1)]
    lines = [
        line
        for number, one, other in zip_longest(numbers, expected, got)
        for line in _lines(number, one, other)
    ]
    first = next((line for line in lines if line.expected != line.got), None)
    width = min(_WIDEST, max(len(tr("expected")), *(len(line.cell(line.expected)) + 2 for line in lines), 0))
    margin = max((len(number) for number in numbers), default=0)
    said = [f"  {'':{margin}} {tr('expected'):{width}}   {tr('got')}"]
    at = None
    for line in lines:
        mark, number = ">" if line is first else " ", line.number if line.number != at else ""
        at = line.number
        indent = "  " if line.name else ""
        left, right = (cut(indent + line.cell(side), width) for side in (line.expected, line.got))
        right = cut(indent + line.cell(line.got), _WIDEST)
        said.append(f"{mark} {number:>{margin}} {left:{width}}   {right}".rstrip())
    return "\n".join([*said, *_in_full(first)])


def _lines(number: str, expected: Shown | None, got: Shown | None) -> list[_Line]:
    left = {} if expected is None else expected.fields
    right = {} if got is None else got.fields
    titles = _Line(number, "", expected and expected.title, got and got.title)
    names = {**dict.fromkeys(left), **dict.fromkeys(right)}
    return [titles, *(_Line(number, name, left.get(name), right.get(name)) for name in names)]


def _in_full(first: _Line | None) -> list[str]:
    if first is None:
        return []
    nothing = tr("nothing")
    where = f"{first.number}, {first.name}" if first.name else first.number
    return [
        "",
        tr("first difference: {where}", where=where),
        "  "
        + tr(
            "expected {value}",
            value=cut(nothing if first.expected is None else first.expected, _LONGEST_VALUE),
        ),
        "  " + tr("got      {value}", value=cut(nothing if first.got is None else first.got, _LONGEST_VALUE)),
    ]


def error_text(error: BaseException | type[BaseException]) -> str:
    """`InvalidOperationError: The order …`."""
    if isinstance(error, type):
        return error.__name__
    said = str(error)
    return f"{type(error).__name__}: {said}" if said else type(error).__name__
