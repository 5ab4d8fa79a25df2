"""Says what a store has done wrong, from the calls of all its writers and what is in it at the end.

Each process writes a journal: a line before a call and a line after it. A call without the second line is *unknown*:
its process was killed, or the connection broke in the commit. Times are those of the one monotonic clock that all
processes of a machine share.
"""

import itertools
import json
import math
import os
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple, Self

from auditor.core.errors import ConcurrencyError, OutcomeUnknown, StoreBusy
from auditor.core.events import DomainEvent, RecordedEvent
from auditor.eventsourcing import EventStore

Batches = Mapping[str, tuple[Sequence[DomainEvent], int]]


class Call(NamedTuple):
    """One append. `outcome` is ok, conflict, busy, failed or unknown; all but ok and unknown stored nothing."""

    name: str
    began: float
    expected: dict[str, int]
    events: dict[str, list[str]]
    """By aggregate: the ids of its new events."""
    ended: float = math.inf
    outcome: str = "unknown"
    positions: dict[str, int] = {}  # noqa: RUF012 - never changed
    """By event id, as the store said."""
    conflict: tuple[str, int, int] | None = None
    """The aggregate, and its expected and actual version, as the store said."""
    error: str = ""

    @property
    def ids(self) -> list[str]:
        return [one for ids in self.events.values() for one in ids]


class Journal:
    """Appends to a store and writes down what came of it, also what is cut off by SIGKILL."""

    def __init__(self, store: EventStore, path: Path, process: str) -> None:
        self._store, self._process, self._numbers = store, process, itertools.count(1)
        self._file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        os.close(self._file)

    def append(self, batches: Batches) -> str:
        """The outcome. Errors that no call should end with are failures, and are found by their text."""
        name = f"{self._process}-{next(self._numbers)}"
        self._write(
            name=name,
            began=time.monotonic(),
            expected={aggregate: expected for aggregate, (_, expected) in batches.items()},
            events={aggregate: [str(one.event_id) for one in new] for aggregate, (new, _) in batches.items()},
        )
        outcome, about = self._outcome(batches)
        self._write(name=name, ended=time.monotonic(), outcome=outcome, **about)
        return outcome

    def _outcome(self, batches: Batches) -> tuple[str, dict[str, Any]]:
        try:
            stored = self._store.append_many(batches)
        except ConcurrencyError as conflict:
            return "conflict", {"conflict": (conflict.aggregate_id, conflict.expected, conflict.actual)}
        except StoreBusy as busy:
            return "busy", {"error": str(busy)}
        except OutcomeUnknown as unknown:
            return "unknown", {"error": str(unknown)}
        except Exception as error:  # noqa: BLE001 - written down
            return "failed", {"error": f"{type(error).__name__}: {error}"}
        return "ok", {"positions": {event.event_id_text: event.position for event in stored}}

    def _write(self, **line: Any) -> None:
        os.write(self._file, json.dumps(line).encode() + b"\n")  # one write a line


def read_journals(paths: Iterable[Path]) -> list[Call]:
    """All calls, in the order in which they began."""
    calls: dict[str, dict[str, Any]] = {}
    for path in paths:
        *lines, _ = path.read_text(encoding="utf-8").split("\n")  # a kill may cut off the last one
        for line in lines:
            about = json.loads(line)
            if "conflict" in about:
                about["conflict"] = tuple(about["conflict"])
            calls.setdefault(about["name"], {}).update(about)
    made = [Call(**about) for about in calls.values()]
    # An unknown outcome was learned of at some time, but the store may have carried the call out later.
    made = [call._replace(ended=math.inf) if call.outcome == "unknown" else call for call in made]
    return sorted(made, key=lambda call: call.began)


def findings(calls: Sequence[Call], stored: Sequence[RecordedEvent]) -> list[str]:
    """What is wrong, in words; nothing for an honest store. `stored` is the final read in the order of positions."""
    by_id = {event.event_id_text: event for event in stored}
    there = [call for call in calls if any(one in by_id for one in call.ids)]
    return [
        *_in_the_store(calls, by_id),
        *_numbers(stored, {one for call in calls for one in call.ids}),
        *(finding for call in there for finding in _as_given(call, by_id)),
        *_one_winner(there),
        *_real_time(there, by_id),
        *(finding for call in calls if call.outcome == "conflict" for finding in _refusal(call, there)),
    ]


def _in_the_store(calls: Sequence[Call], by_id: Mapping[str, RecordedEvent]) -> Iterator[str]:
    for call in calls:
        found = sum(one in by_id for one in call.ids)
        if call.outcome == "ok" and found < len(call.ids):
            yield f"{call.name} was acknowledged, and {len(call.ids) - found} of its events are not in the store"
        elif call.outcome == "unknown" and found not in (0, len(call.ids)):
            yield f"{call.name} is torn: {found} of its {len(call.ids)} events are in the store"
        elif call.outcome not in ("ok", "unknown") and found:
            yield f"{call.name} ended as {call.outcome}, and {found} of its events are in the store"


def _numbers(stored: Sequence[RecordedEvent], given: set[str]) -> Iterator[str]:
    """Ids, positions and versions of all that is in the store."""
    for name, values in (
        ("event id", [event.event_id_text for event in stored]),
        ("position", [event.position for event in stored]),
    ):
        yield from (
            f"the {name} {one} is in the store {n} times" for one, n in Counter(values).items() if n > 1
        )
    if [event.position for event in stored] != sorted(event.position for event in stored):
        yield "the events were not read in the order of positions"
    versions: dict[str, int] = defaultdict(int)
    for event in stored:
        versions[event.aggregate_id] += 1
        due = versions[event.aggregate_id]
        if event.version != due:
            yield f"{event.aggregate_id} has version {event.version} where {due} was due"
        if event.event_id_text not in given:
            yield f"the event {event.event_id_text} was given to the store by nobody"


def _as_given(call: Call, by_id: Mapping[str, RecordedEvent]) -> Iterator[str]:
    """Each event where the call put it, and at the position that it was told."""
    for aggregate, ids in call.events.items():
        for version, one in enumerate(ids, call.expected[aggregate] + 1):
            event = by_id.get(one)
            if event is None:
                continue
            if (event.aggregate_id, event.version) != (aggregate, version):
                yield f"{call.name} gave {aggregate} {version}, stored is {event.aggregate_id} {event.version}"
            if call.outcome == "ok" and call.positions.get(one) != event.position:
                yield f"{call.name} was told position {call.positions.get(one)}, stored is {event.position}"
    positions = [by_id[one].position for one in call.ids if one in by_id]
    if positions != sorted(positions):
        yield f"{call.name} was stored in another order than it was given"


def _one_winner(there: Sequence[Call]) -> Iterator[str]:
    winners: dict[tuple[str, int], str] = {}
    for call in there:
        for place in call.expected.items():
            first = winners.setdefault(place, call.name)
            if first != call.name:
                yield f"{first} and {call.name} both won version {place[1]} of {place[0]}"


def _real_time(there: Sequence[Call], by_id: Mapping[str, RecordedEvent]) -> Iterator[str]:
    """What had ended before another began stands before it."""
    places = {call.name: [by_id[one].position for one in call.ids if one in by_id] for call in there}
    ended = sorted((call for call in there if call.outcome == "ok"), key=lambda call: call.ended)
    highest, earlier, at = -1, "", 0
    for call in sorted(there, key=lambda call: call.began):
        while at < len(ended) and ended[at].ended < call.began:
            if max(places[ended[at].name]) > highest:
                highest, earlier = max(places[ended[at].name]), ended[at].name
            at += 1
        if min(places[call.name]) < highest:
            yield f"{earlier} had ended when {call.name} began, and yet stands behind it"


def _refusal(call: Call, there: Sequence[Call]) -> Iterator[str]:
    """Expected as given, actual another one that was true at some moment of the call."""
    if call.conflict is None or call.conflict[0] not in call.expected:
        yield f"{call.name} was refused for {call.conflict}"
        return
    aggregate, expected, actual = call.conflict
    if expected != call.expected[aggregate]:
        yield f"{call.name} expected version {call.expected[aggregate]}, its refusal says {expected}"
    if expected == actual:
        yield f"{call.name} was refused for the version it expected, {actual}"
    reached = [one for one in there if aggregate in one.expected and _version_after(one, aggregate) == actual]
    left = [one for one in there if one.expected.get(aggregate) == actual]
    if (
        (actual != 0 and not reached)
        or any(one.began > call.ended for one in reached)
        or any(one.ended < call.began for one in left)
    ):
        yield f"{call.name} was refused for version {actual} of {aggregate}, which was never true meanwhile"


def _version_after(call: Call, aggregate: str) -> int:
    return call.expected[aggregate] + len(call.events[aggregate])
