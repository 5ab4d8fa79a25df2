"""Operations by which a model, its states and the application's snapshots are checked."""

import hashlib
import importlib
import time
from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any, NamedTuple

from ..core.class_model import ClassModel
from ..core.events import RecordedEvent
from ..core.state_model import StateModel
from ..core.state_text import safe_error
from ..core.timeline import Timeline

MOST_CHANGES = 100
_LIBRARY_ROOT = ("AggregateRoot", ".core.aggregate")

Answer = dict[str, Any]


AtEvent = Callable[[int], None]
Check = Callable[[StateModel, Timeline, dict[str, Any], AtEvent], Answer]


def fingerprints(model: StateModel, timeline: Timeline, request: dict[str, Any], at_event: AtEvent) -> Answer:
    """Of the states behind `against` up to `ordinal`, or of as many as are made in about `ms` milliseconds, at least
    one. Equal ones mean equal states."""
    del model, at_event  # the timeline has them
    first, last, ms = request["against"] + 1, request["ordinal"], request["ms"]
    end = None if ms is None else time.monotonic() + ms / 1000
    found = []
    for ordinal in range(first, last + 1):
        text = timeline.text_at(ordinal)
        found.append(hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest())
        if end is not None and time.monotonic() >= end:
            break
    return {"fingerprints": found}


# -- snapshots -------------------------------------------------------------------------------------------------


class _Library(NamedTuple):
    """The copy of the library from which the model's class comes: its rules hold for its snapshots."""

    verify: Callable[..., Iterator[Any]]
    snapshot: Any
    dump: Callable[[Any], str]


def check_snapshot(
    model: StateModel, timeline: Timeline, request: dict[str, Any], at_event: AtEvent
) -> Answer:
    """Whether a snapshot says what its events say, by `verify_snapshots` of the library that the model is made with.

    `why` without `verdict`: it could not be compared.
    """
    code = model.code if isinstance(model, ClassModel) else None
    try:
        library = _library_of(code)
    except Exception as error:  # noqa: BLE001 - whatever importing the user's copy of the library raises
        return {"verdict": None, "why": safe_error(error), "changes": []}
    if code is None or library is None:
        return {"verdict": None, "why": "", "changes": []}
    snapshot = library.snapshot(*request["snapshot"])
    events = map(timeline.events.event, range(1, request["ordinal"] + 1))
    store = _OneSnapshot(snapshot, list(events), at_event)
    try:
        finding = next(iter(library.verify(store, {snapshot.aggregate_type: code})), None)
    except Exception as error:  # noqa: BLE001 - the user's constructor, or what their copy of the library makes of it
        return {"verdict": None, "why": safe_error(error), "changes": []}
    if finding is None:
        return {"verdict": "agrees", "why": "", "changes": []}
    changes = [
        (
            one.path,
            one.kind,
            None if one.kind == "added" else library.dump(one.before),
            None if one.kind == "removed" else library.dump(one.after),
        )
        for one in islice(finding.changes, MOST_CHANGES)
    ]
    verdict = "differs" if changes else "ignored"
    return {"verdict": verdict, "why": finding.ignored or "", "changes": changes}


ANSWERS: "dict[str, Check]" = {"fingerprints": fingerprints, "check_snapshot": check_snapshot}


def _library_of(code: Any) -> "_Library | None":
    for base in getattr(code, "__mro__", ()):
        if base.__name__ == _LIBRARY_ROOT[0] and base.__module__.endswith(_LIBRARY_ROOT[1]):
            core = base.__module__.rpartition(".")[0]
            check = importlib.import_module(f"{core}.snapshot_check")
            snapshot = importlib.import_module(f"{core}.snapshot").Snapshot
            return _Library(
                check.verify_snapshots, snapshot, importlib.import_module(f"{core}.exact_json").dump
            )
    return None


class _OneSnapshot:
    """A store with the events of one aggregate and its snapshot, as `verify_snapshots` asks it."""

    def __init__(self, snapshot: Any, events: "list[RecordedEvent]", at_event: Callable[[int], None]) -> None:
        self.snapshots = self
        self._snapshot = snapshot
        self._events = events
        self._at_event = at_event

    def aggregate_ids(self) -> Iterator[str]:
        yield self._snapshot.aggregate_id

    def read(self, aggregate_id: str) -> Any:
        del aggregate_id
        return self._snapshot

    def get_events(
        self, aggregate_id: str, from_version: int = 1, to_version: "int | None" = None
    ) -> Iterator[RecordedEvent]:
        del aggregate_id
        for ordinal, event in enumerate(self._events, 1):
            if event.version >= from_version and (to_version is None or event.version <= to_version):
                self._at_event(ordinal)
                yield event
