"""Stored events as Python source that evaluates to the same events."""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from . import exact_json
from .events import DomainEvent, EventMetadata, RecordedEvent, recorded
from .presenter import display
from .text import tr

WIDTH = 100
MOST_LEVELS = 40  # Python reads no more than 200 brackets within each other
_IMPORTS = {
    "json": "import json",
    "sys": "import sys",
    "UTC, datetime": "from datetime import UTC, datetime",
    "UUID": "from uuid import UUID",
}


class NotWritable(ValueError):
    """The event cannot be said in that form; the message says why."""


class Source:
    """Pieces of Python source, and the names that they need. One is used for all of a file."""

    def __init__(self) -> None:
        self.standard: set[str] = set()
        self.library: set[str] = set()

    def imports(self, *more: str) -> str:
        """The lines that stand above: Python's own first, then the library's; `more` are lines of others."""
        standard = [_IMPORTS[name] for name in _IMPORTS if name in self.standard]
        library = (
            [f"from auditor.eventsourcing import {', '.join(sorted(self.library))}"] if self.library else []
        )
        blocks = ["\n".join(standard), "\n".join(sorted([*library, *more]))]
        return "\n\n".join(filter(None, blocks))

    def event(self, event: RecordedEvent, indent: int = 0) -> str:
        """`DomainEvent(…)`. Raises: NotWritable."""
        made = domain_event(event)
        self.library |= {"DomainEvent", "EventMetadata"}
        self.standard |= {"UTC, datetime", "UUID"}
        metadata = self._metadata(event, made.metadata, indent + 4)
        fields = {
            "event_id": f"UUID({text(str(made.event_id))})",
            "aggregate_id": text(made.aggregate_id),
            "aggregate_type": text(made.aggregate_type),
            "event_type": text(made.event_type),
            "version": str(made.version),
            "timestamp": _moment(made.timestamp),
            "data": self.value(_parsed(event.data_text), indent + 4, len("data=")),
            "metadata": metadata,
        }
        return _call("DomainEvent", fields, indent)

    def columns(self, event: RecordedEvent, indent: int = 0) -> str:
        """`RecordedEvent(…)`, its columns as they are stored: of whatever event."""
        self.library.add("RecordedEvent")
        fields = {
            name: text(value) if isinstance(value, str) else repr(value)
            for name, value in zip(event._fields, event)  # noqa: B905 - Python 3.10
        }
        return _call("RecordedEvent", fields, indent)

    def value(self, value: Any, indent: int, taken: int = 0) -> str:
        """A JSON value, numbers as they were written; `taken` is what stands before it in its line."""
        if _is_deep(value):
            self.standard.add("json")
            return f"json.loads({text(exact_json.dump(value))})"
        return _written(value, indent, taken)

    def _metadata(self, event: RecordedEvent, metadata: EventMetadata, indent: int) -> str:
        fields = {"correlation_id": text(metadata.correlation_id)}
        for name in ("causation_id", "user_id"):
            said = getattr(metadata, name)
            if said is not None:
                fields[name] = text(said)
        if metadata.schema_version != 1:
            fields["schema_version"] = str(metadata.schema_version)
        if metadata.extra:
            stored = _parsed(event.metadata_text)
            extra = {key: stored[key] for key in metadata.extra} if type(stored) is dict else {"": stored}
            fields["extra"] = self.value(extra, indent + 4, len("extra="))
        return _call("EventMetadata", fields, indent, len("metadata="))


def domain_event(event: RecordedEvent) -> DomainEvent:
    """The event as the library hands it out, without its place in the store. Raises: NotWritable."""
    parts: dict[str, Any] = {}
    for name in ("event_id", "timestamp", "data", "metadata"):
        try:
            parts[name] = getattr(event, name)
            if name in ("data", "metadata"):
                _parsed(event.data_text if name == "data" else event.metadata_text)
        except (ValueError, RecursionError) as error:
            why = display(str(error), longest=200) or type(error).__name__
            raise NotWritable(tr("its {part} cannot be read: {why}", part=name, why=why)) from None
    return DomainEvent(
        aggregate_id=event.aggregate_id,
        aggregate_type=event.aggregate_type,
        event_type=event.event_type,
        version=event.version,
        **parts,
    )


def event_as_python(event: RecordedEvent) -> str:
    """Source that binds `event` to an equal `DomainEvent`, with the imports that it needs. Raises: NotWritable."""
    source = Source()
    made = source.event(event)
    return f"{source.imports()}\n\nevent = {made}\n"


def require_storable(event: RecordedEvent) -> None:
    """Whether a test can be given the `DomainEvent` that the event is. Raises: NotWritable."""
    try:
        recorded(domain_event(event), event.position)
    except NotWritable:
        raise
    except (ValueError, TypeError, RecursionError) as error:
        raise NotWritable(display(str(error), longest=200)) from None


def text(value: str) -> str:
    """A text as Python has it: in double quotes where that costs no escapes, nothing in it that could not be seen."""
    written = repr(value)
    return f'"{written[1:-1]}"' if written[0] == "'" and '"' not in written else written


def comment(said: str) -> str:
    """Lines of comment, none of them ending where a text of the store wants it."""
    return "\n".join(f"# {display(line)}".rstrip() for line in said.split("\n"))


def identifier(name: str) -> str:
    """A part of a function's name: small letters, digits and underscores."""
    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name)
    return re.sub(r"[^a-z0-9]+", "_", words.lower())[:60].strip("_") or "aggregate"


def _parsed(stored: str) -> Any:
    return exact_json.parse(stored)


def _moment(moment: datetime) -> str:
    parts = [moment.year, moment.month, moment.day, moment.hour, moment.minute]
    if moment.second or moment.microsecond:
        parts.append(moment.second)
    if moment.microsecond:
        parts.append(moment.microsecond)
    return f"datetime({', '.join(map(str, parts))}, tzinfo=UTC)"


def _call(name: str, fields: Mapping[str, str], indent: int, taken: int = 0) -> str:
    line = f"{name}({', '.join(f'{key}={value}' for key, value in fields.items())})"
    if "\n" not in line and indent + taken + len(line) < WIDTH:
        return line
    pad = " " * (indent + 4)
    inner = "".join(f"{pad}{key}={value},\n" for key, value in fields.items())
    return f"{name}(\n{inner}{' ' * indent})"


def _is_deep(value: Any) -> bool:
    level, depth = [value], 0
    while level:
        depth += 1
        if depth > MOST_LEVELS:
            return True
        level = [
            item
            for one in level
            if type(one) in (dict, list)
            for item in (one.values() if type(one) is dict else one)
            if type(item) in (dict, list)
        ]
    return False


def _written(value: Any, indent: int, taken: int) -> str:
    line = _in_line(value, WIDTH - indent - taken - 1)
    if line is not None:
        return line
    pad, end = " " * (indent + 4), " " * indent
    if type(value) is dict:
        members = []
        for key, item in value.items():
            name = text(key)
            members.append(f"{pad}{name}: {_written(item, indent + 4, len(name) + 2)},\n")
        return f"{{\n{''.join(members)}{end}}}"
    items = "".join(f"{pad}{_written(item, indent + 4, 0)},\n" for item in value)
    return f"[\n{items}{end}]"


def _in_line(value: Any, room: int) -> "str | None":
    """In one line; None for an object or a list that has no room there."""
    kind = type(value)
    if kind is str:
        return text(value)
    if kind is not dict and kind is not list:
        return repr(value)  # digits say themselves as they were written
    if not value:
        return "{}" if kind is dict else "[]"
    left, parts = room - 2, []
    for key, item in value.items() if kind is dict else ((None, item) for item in value):
        name = "" if key is None else f"{text(key)}: "
        said = _in_line(item, left - len(name))
        left -= len(name) + len(said or "") + 2
        if said is None or left < -2:
            return None
        parts.append(name + said)
    inner = ", ".join(parts)
    return f"{{{inner}}}" if kind is dict else f"[{inner}]"
