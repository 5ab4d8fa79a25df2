"""What is to be said of one event, as rows: its data, its metadata, what caused it and what it caused."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from auditor.core import exact_json
from auditor.core.diff import pointer
from auditor.core.events import METADATA_NAMES, known_metadata
from auditor.core.outline import LONGEST_TEXT, kind_of, preview, scalar_text
from auditor.core.presenter import display, display_events
from auditor.core.text import tr
from auditor.gui.clock import Clock
from auditor.gui.state.row_words import Piece, value_piece

if TYPE_CHECKING:
    from auditor.gui.event.reading import ReadEvent
    from auditor.jobs.show_event import EventResult
    from auditor.jobs.show_upcast import UpcastResult
    from auditor.stores.pages import EventLink

MOST_MEMBERS = 1000


class Fact(NamedTuple):
    """One row. `kind` is group, field, link or note; `value` is the exact JSON value of a field.

    `seen` takes the place of the value's own text where a person reads it differently (times, positions).
    """

    kind: str
    name: str = ""
    value: Any = None
    pointer: str = ""
    seen: Piece | None = None
    link: "EventLink | None" = None
    is_cause: bool = False
    has_times: bool = False
    """Of a group: whether times stand in its rows, whose zone it names."""

    @property
    def has_members(self) -> bool:
        return self.kind == "field" and isinstance(self.value, dict | list) and bool(self.value)

    def piece(self) -> Piece:
        """The value as it stands in the row."""
        if self.seen is not None:
            return self.seen
        kind = kind_of(self.value)
        if kind in ("object", "array"):
            return value_piece(kind, preview(self.value) if kind == "object" else "", len(self.value))
        text = scalar_text(self.value)
        return value_piece(kind, text[:LONGEST_TEXT], len(text))

    def exact(self) -> str:
        """As stored: a text bare, everything else as exact JSON."""
        return self.value if isinstance(self.value, str) else exact_json.dump(self.value)

    def json(self) -> str:
        return exact_json.dump(self.value, indent=2)


def members(fact: Fact) -> list[Fact]:
    """The fields of an object or a list, the first thousand; then a row that says how many are not shown."""
    if not fact.has_members:
        return []
    items = fact.value.items() if isinstance(fact.value, dict) else enumerate(fact.value)
    rows = []
    for at, (key, value) in enumerate(items):
        if at == MOST_MEMBERS:
            left = len(fact.value) - MOST_MEMBERS
            rows.append(Fact("note", tr("{count:,} more, see JSON or Stored", count=left)))
            break
        rows.append(Fact("field", str(key), value, pointer(fact.pointer, str(key))))
    return rows


def facts_of(read: "ReadEvent", clock: Clock) -> list[Fact]:
    """All rows of an event, groups and fields one after the other."""
    result = read.result
    data = _data(result) if read.upcast is None else _read_data(read.upcast, read.values)
    return [*data, *_metadata(result, clock), *_links(result)]


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
        yield Fact("note", tr("No JSON: see the text under Stored."))
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


def _links(result: "EventResult") -> Iterator[Fact]:
    yield Fact("group", tr("Causes and effects"), has_times=result.cause is not None or bool(result.effects))
    if result.cause is not None:
        yield _link(result.cause, is_cause=True)
    elif result.cause_missing:
        yield Fact(
            "note",
            missing_cause(result),
            result.causation_id,
            "/metadata/causation_id",
        )
    for effect in result.effects:
        yield _link(effect, is_cause=False)
    if result.more_effects:
        yield Fact(
            "note",
            tr("1 more effect is not listed")
            if result.more_effects == 1
            else tr("{count:,} more effects are not listed", count=result.more_effects),
        )
    if result.cause is None and not result.cause_missing and not result.effects:
        yield Fact("note", tr("It names no cause, and no event of this store names it as theirs."))


def missing_cause(result: "EventResult") -> str:
    """Names the id that nothing in the store has."""
    return tr(
        "The causing event {id} is not in this store.", id=display(result.causation_id or "", longest=80)
    )


def _link(link: "EventLink", *, is_cause: bool) -> Fact:
    return Fact("link", link.event_type, link.event_id, link=link, is_cause=is_cause)


def spoken(fact: Fact, clock: Clock) -> str:
    """The row for screen readers."""
    if fact.kind == "link" and fact.link is not None:
        link = fact.link
        pattern = (
            tr("caused by {type}, version {version:,} of {aggregate}, {time}")
            if fact.is_cause
            else tr("caused {type}, version {version:,} of {aggregate}, {time}")
        )
        return pattern.format(
            type=display(link.event_type),
            version=link.version,
            aggregate=display(f"{link.aggregate_type} {link.aggregate_id}"),
            time=clock.second(link.timestamp),
        )
    if fact.kind == "field":
        return f"{display(fact.name)}, {fact.piece().text}"
    return fact.name
