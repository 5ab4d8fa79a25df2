"""Comparing the snapshots of a store with what their events say."""

from collections.abc import Callable, Iterator, Mapping
from itertools import count, islice
from typing import Any, NamedTuple

from . import exact_json
from .aggregate import AggregateRoot
from .diff import Change, changes
from .errors import StoreBusy, StoreError
from .events import RecordedEvent
from .ports import NeverStopped, ReportProgress, StopToken
from .snapshot import Snapshot
from .snapshots import (
    SnapshotRefused,
    SnapshotStore,
    Unusable,
    give_state,
    require_event,
    require_usable,
    state_to_keep,
)
from .state_codec import plain
from .state_text import safe_error
from .text import tr

MOST_CHANGES = 100
_EVENTS_BETWEEN_QUESTIONS = 1000

Factories = Mapping[str, Callable[[str], AggregateRoot]]
"""By aggregate type: what makes an aggregate of an id."""


class SnapshotFinding(NamedTuple):
    """A snapshot that says something else than its events, or that `SnapshotRepository.load` ignores."""

    aggregate_id: str
    aggregate_type: str
    version: int
    """Type and version are "" and 0 for one that the database itself cannot read."""
    ignored: "str | None"
    """Why it is ignored; None for one that is used although it is wrong."""
    changes: tuple[Change, ...] = ()
    """The fields that differ, `before` as an aggregate from the snapshot has them and `after` as the events say; the
    first `MOST_CHANGES`. None where it could not be compared."""

    def __str__(self) -> str:
        said = tr("The snapshot of {id!r}", id=self.aggregate_id)
        if self.aggregate_type:
            said = tr(
                "The snapshot of {type} {id!r} at version {version}",
                type=self.aggregate_type,
                id=self.aggregate_id,
                version=self.version,
            )
        what = [tr("is ignored: {why}", why=self.ignored.rstrip("."))] if self.ignored else []
        if self.changes:
            fields = ", ".join(_said(change) for change in self.changes[:5])
            if len(self.changes) > 5:
                fields = tr("{fields} and {count} more fields", fields=fields, count=len(self.changes) - 5)
            what.append(tr("disagrees with its events: {fields}", fields=fields))
        return f"{said} {tr('; it ').join(what)}."


def _said(change: Change) -> str:
    before, after = (_shown(value) for value in (change.before, change.after))
    path = change.path or "/"
    if change.kind == "added":
        return tr("{path} is missing, and is {after} by the events", path=path, after=after)
    if change.kind == "removed":
        return tr("{path} is {before}, and is not there by the events", path=path, before=before)
    return tr("{path} is {before}, and {after} by the events", path=path, before=before, after=after)


def _shown(value: Any) -> str:
    text = exact_json.dump(value)
    return text if len(text) <= 60 else f"{text[:59]}…"


def verify_snapshots(
    store: SnapshotStore,
    factories: Factories,
    *,
    token: StopToken = NeverStopped(),  # noqa: B008 - it has no state
    progress: "ReportProgress | None" = None,
) -> Iterator[SnapshotFinding]:
    """Replays each aggregate that has a snapshot up to that version, and yields every snapshot that disagrees or is
    ignored, with the reason; those of types that `factories` does not have count among the ignored ones. Nothing
    yielded means that all agree.

    Costs the events of these aggregates, one aggregate in memory at a time. Nothing is changed.

    Raises: Cancelled; StoreError.
    """
    for done, aggregate_id in enumerate(store.snapshots.aggregate_ids(), 1):
        token.raise_if_cancelled()
        finding = _look_at(store, aggregate_id, factories, token)
        if progress is not None:
            progress(done, None, tr("snapshots"))
        if finding is not None:
            yield finding


def _look_at(
    store: SnapshotStore, aggregate_id: str, factories: Factories, token: StopToken
) -> "SnapshotFinding | None":
    try:
        snapshot = store.snapshots.read(aggregate_id)
    except StoreBusy:
        raise
    except StoreError as error:
        return SnapshotFinding(aggregate_id, "", 0, error.message)
    if snapshot is None:
        return None  # gone since its id was read
    factory = factories.get(snapshot.aggregate_type)
    if factory is None:
        return _finding(snapshot, tr("no model was given for its type"))
    return _check(store, snapshot, factory, token)


def _finding(snapshot: Snapshot, ignored: "str | None", *found: Change) -> SnapshotFinding:
    return SnapshotFinding(snapshot.aggregate_id, snapshot.aggregate_type, snapshot.version, ignored, found)


def _check(
    store: SnapshotStore, snapshot: Snapshot, factory: Callable[[str], AggregateRoot], token: StopToken
) -> "SnapshotFinding | None":
    aggregate = factory(snapshot.aggregate_id)
    ignored = None
    try:
        require_usable(snapshot, aggregate)
    except Unusable as reason:
        ignored = str(reason)
        if not reason.damaged:
            return _finding(snapshot, ignored)
    events = _Watched(store.get_events(snapshot.aggregate_id, 1, snapshot.version), token)
    try:
        aggregate.load_from_history(events)
        due = state_to_keep(aggregate)
    except SnapshotRefused as error:
        return _finding(snapshot, error.message)
    except Exception as error:
        if not events.failed_outside:
            raise  # the store's, or somebody stopped it
        return _finding(snapshot, tr("its events cannot be replayed: {why}", why=safe_error(error)))
    try:
        require_event(snapshot, events.last_if(snapshot.version))
        restored = factory(snapshot.aggregate_id)
        give_state(restored, snapshot)
        loaded = state_to_keep(restored)
    except Unusable as reason:
        return _finding(snapshot, ignored or str(reason))
    except Exception as error:  # noqa: BLE001 - the user's `to_state`, of a state that the snapshot gave
        return _finding(snapshot, tr("its state cannot be read: {why}", why=safe_error(error)))
    found = [] if due == loaded else _differing(loaded, due)
    return _finding(snapshot, ignored, *found) if found or ignored else None


class _Watched:
    """Events on their way to an aggregate: the last one, and on which side something failed."""

    def __init__(self, events: Iterator[RecordedEvent], token: StopToken) -> None:
        self._events = events
        self._token = token
        self.last: "RecordedEvent | None" = None
        self.failed_outside = True

    def last_if(self, version: int) -> "RecordedEvent | None":
        return self.last if self.last is not None and self.last.version >= version else None

    def __iter__(self) -> Iterator[RecordedEvent]:
        for number in count():
            self.failed_outside = False
            if number % _EVENTS_BETWEEN_QUESTIONS == 0:
                self._token.raise_if_cancelled()
            event = next(self._events, None)
            self.failed_outside = True
            if event is None:
                return
            self.last = event
            yield event


def _differing(found: str, due: str) -> list[Change]:
    """Field by field as a reader expects them; where only the types of values differ, with their marks."""
    one, other = exact_json.parse(found), exact_json.parse(due)
    plainly = list(islice(changes(plain(one), plain(other)), MOST_CHANGES))
    return plainly or list(islice(changes(one, other), MOST_CHANGES))
