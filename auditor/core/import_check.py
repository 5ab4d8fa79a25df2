"""Whether the lines of an import fit what the store has: known events, conflicts, versions without a hole."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from .events import RecordedEvent
from .exact_json import NotJson, parse_noting, same
from .import_fields import LineRefused, Refusal
from .text import tr


class ReadLine(NamedTuple):
    """One line as it came, counted from 1, and what reading it gave."""

    number: int
    raw: bytes
    event: RecordedEvent | LineRefused


class RefusedLine(NamedTuple):
    """One line that will not be stored."""

    number: int
    raw: bytes
    why: LineRefused


@dataclass(slots=True)
class CheckedLines:
    """What is to be done with some lines. `accepted` is by aggregate: its events, and the version before them."""

    accepted: dict[str, tuple[list[RecordedEvent], int]] = field(default_factory=dict)
    accepted_count: int = 0
    known_count: int = 0
    refused: list[RefusedLine] = field(default_factory=list)

    def accept(self, event: RecordedEvent, version_before: int) -> None:
        self.accepted.setdefault(event.aggregate_id, ([], version_before))[0].append(event)
        self.accepted_count += 1


def check_lines(
    lines: Iterable[ReadLine],
    known: Mapping[str, RecordedEvent],
    heads: Mapping[str, tuple[int, str]],
    stop_at_refused: bool,
) -> CheckedLines:
    """Decides on each line in turn, the accepted ones before it counted as stored.

    `known` has the stored events among these lines by event id, `heads` the version and type of the aggregates
    that exist. With `stop_at_refused` the first refused line is the last one looked at.
    """
    checked = CheckedLines()
    known, heads = dict(known), dict(heads)
    for line in lines:
        event = line.event
        if isinstance(event, LineRefused):
            why: LineRefused | None = event
        elif (stored := known.get(event.event_id_text)) is not None:
            why = _conflict(stored, event)
            checked.known_count += why is None
        else:
            version, aggregate_type = heads.get(event.aggregate_id) or (0, event.aggregate_type)
            why = _misfit(event, version, aggregate_type)
            if why is None:
                heads[event.aggregate_id] = event.version, aggregate_type
                known[event.event_id_text] = event
                checked.accept(event, version)
        if why is not None:
            checked.refused.append(RefusedLine(line.number, line.raw, why))
            if stop_at_refused:
                break
    return checked


def _misfit(event: RecordedEvent, version: int, aggregate_type: str) -> LineRefused | None:
    if event.aggregate_type != aggregate_type:
        return LineRefused(
            Refusal.OTHER_AGGREGATE_TYPE,
            "aggregate_type",
            tr(
                "it is {found!r:.60}, and the earlier events of {id!r:.60} have {stored!r:.60}",
                found=event.aggregate_type,
                id=event.aggregate_id,
                stored=aggregate_type,
            ),
        )
    if event.version == version + 1:
        return None
    if event.version > version:
        refusal, text = Refusal.VERSION_HOLE, tr("{found} comes where {expected} of {id!r:.60} was expected")
    else:
        refusal, text = (
            Refusal.WRONG_ORDER,
            tr(
                "{found} comes where {expected} of {id!r:.60} was expected: another event has that version already"
            ),
        )
    return LineRefused(
        refusal, "version", text.format(found=event.version, expected=version + 1, id=event.aggregate_id)
    )


def _conflict(stored: RecordedEvent, event: RecordedEvent) -> LineRefused | None:
    """None where both say the same: as JSON and as instants with their offsets, not as characters."""
    for name in ("aggregate_id", "aggregate_type", "event_type", "version", "timestamp_utc"):
        if getattr(stored, name) != getattr(event, name):
            return _other(name.replace("timestamp_utc", "timestamp"))
    if _offset(stored.timestamp_text) != _offset(event.timestamp_text):
        return _other("timestamp")
    if not _same_json(stored.data_text, event.data_text):
        return _other("data")
    if not _same_json(stored.metadata_text, event.metadata_text):
        return _other("metadata")
    return None


def _other(name: str) -> LineRefused:
    return LineRefused(
        Refusal.CONFLICT,
        name,
        tr("the store has an event with this event_id, and its {field} is another", field=name),
    )


def _offset(text: str | None) -> str:
    if text is None or text[-1] in "Zz" or text.endswith(("+00:00", "-00:00")):
        return "Z"
    return text[-6:]


def _same_json(one: str, other: str) -> bool:
    if one == other:
        return True
    try:
        (value, twice), (other_value, other_twice) = parse_noting(one), parse_noting(other)
    except NotJson:
        return False
    # Of equal keys the parser keeps the last only: such texts are the same when their characters are.
    return not twice and not other_twice and same(value, other_value)
