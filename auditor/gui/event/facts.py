"""What is to be said of one event, as rows: its data, what it changed, its metadata, what it is linked to."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from auditor.core.diff import pointer
from auditor.core.events import METADATA_NAMES, known_metadata
from auditor.core.presenter import display, display_events
from auditor.core.text import tr
from auditor.gui.clock import Clock
from auditor.gui.event.fact import Fact, members
from auditor.gui.event.link_facts import linked_facts, spoken_link
from auditor.gui.state.row_words import Piece

if TYPE_CHECKING:
    from auditor.gui.event.reading import ReadEvent
    from auditor.jobs.show_event import EventResult
    from auditor.jobs.show_upcast import UpcastResult


def facts_of(read: "ReadEvent", clock: Clock) -> list[Fact]:
    """All rows of an event, groups and fields one after the other."""
    result = read.result
    data = _data(result) if read.upcast is None else _read_data(read.upcast, read.values)
    return [*data, *_changes(read), *_metadata(result, clock), *linked_facts(result)]


def _changes(read: "ReadEvent") -> Iterator[Fact]:
    """What the event did to the state; nothing where that is not known."""
    if read.changes is None:
        return
    yield Fact("group", tr("What it changed"))
    for change in read.changes:
        name = change.pointer[1:] or tr("the state itself")
        yield Fact("changed", name, pointer=change.pointer, key=f"changed:{change.pointer}", change=change)
    if not read.changes:
        yield Fact("note", tr("No field of the state"))
    if read.changed > len(read.changes):
        yield Fact("note", tr("{count:,} more, see the state", count=read.changed - len(read.changes)))


def _read_data(upcast: "UpcastResult", values: Sequence[Any]) -> Iterator[Fact]:
    if upcast.finding is not None:
        yield Fact("group", tr("As the model reads it"))
        yield Fact("note", tr("It cannot be read; what is stored stands below."))
    elif not upcast.events:
        yield Fact("group", tr("As the model reads it"))
        yield Fact("note", tr("Nothing: the model takes no change from it."))
    for at, (one, value) in enumerate(zip(upcast.events, values, strict=True)):
        title = tr("{type}, schema {version}", type=one.event_type, version=one.schema_version)
        yield Fact("group", title)
        yield from members(Fact("field", tr("value"), value, f"/events/{at}/data"))
        if not value:
            yield Fact("note", tr("No fields"))
    if upcast.steps:
        yield Fact("group", tr("Steps taken"))
        for step in upcast.steps:
            yield Fact("note", step)
    if upcast.finding is not None:
        yield from _data(upcast.stored)


def _data(result: "EventResult") -> Iterator[Fact]:
    yield Fact("group", tr("Data"))
    if result.data["data"] is None and "data_text" in result.data:
        yield Fact("note", tr("No JSON: see the text under Bytes."))
        return
    value = result.data["data"]
    whole = Fact("field", tr("value"), value, "/data")
    if not isinstance(value, dict):
        yield whole
    elif value:
        yield from members(whole)
    else:
        yield Fact("note", tr("No fields"))


def _metadata(result: "EventResult", clock: Clock) -> Iterator[Fact]:
    event = result.event
    yield Fact("group", tr("Metadata"))
    yield _column(tr("position"), event.position, "/position", Piece(f"{event.position:,}"))
    yield _column(tr("recorded"), event.timestamp_utc, "/timestamp", Piece(clock.full(event.timestamp_utc)))
    if event.timestamp_text is not None:
        yield Fact("field", tr("as written"), event.timestamp_text, "/timestamp_original")
    if result.user is not None:
        yield Fact("field", tr("user"), result.user, "/metadata/user_id")
    yield _column(
        tr("event_id"), event.event_id_text, "/event_id", Piece(display(event.event_id_text), font="mono")
    )
    yield from _schema_version(result)
    if result.correlation_id is not None:
        text = display(result.correlation_id)
        if result.correlated > 1:
            text = f"{text} · {display_events(result.correlated)}"
        yield _column(
            tr("correlation"), result.correlation_id, "/metadata/correlation_id", Piece(text, font="mono")
        )
    metadata = result.metadata["metadata"]
    if isinstance(metadata, dict):
        for key, value in metadata.items():
            if not _is_known(key, metadata):
                yield Fact("field", key, value, pointer("/metadata", key))
    elif metadata is not None:
        yield Fact("field", tr("value"), metadata, "/metadata")


def _schema_version(result: "EventResult") -> Iterator[Fact]:
    metadata = result.metadata["metadata"]
    if isinstance(metadata, dict):
        stored = known_metadata(metadata, "schema_version")
        is_plain = stored is not None and result.schema_version is not None
        seen = None if is_plain else Piece(result.schema_said)
        yield Fact("field", tr("schema"), 1 if stored is None else stored, "/metadata/schema_version", seen)
    elif result.schema_version is not None:
        yield Fact(
            "field",
            tr("schema"),
            result.schema_version,
            "/metadata/schema_version",
            Piece(result.schema_said),
        )


def _column(name: str, value: Any, where: str, seen: Piece) -> Fact:
    return Fact("field", name, value, where, seen)


def _is_known(key: str, metadata: dict[str, Any]) -> bool:
    """Whether the value stands in a row of its own already; of two spellings the one that counts."""
    if key in METADATA_NAMES:
        return True
    return any(camel == key and metadata.get(name) is None for name, camel in METADATA_NAMES.items())


def spoken(fact: Fact, clock: Clock) -> str:
    """The row for screen readers."""
    if fact.kind == "link":
        return spoken_link(fact, clock)
    if fact.kind == "field":
        return f"{display(fact.name)}, {fact.piece().text}"
    if fact.change is not None:
        words = {"added": tr("added"), "removed": tr("removed"), "changed": tr("changed")}
        before, after = fact.change.before, fact.change.after
        parts = [words.get(fact.change.kind, fact.change.kind), display(fact.name)]
        parts += [after.text] if after is not None else []
        parts += [tr("was {value}", value=before.text)] if before is not None else []
        return ", ".join(parts)
    if fact.kind == "more":
        return tr("{count}, Enter shows them", count=fact.name)
    return fact.name
