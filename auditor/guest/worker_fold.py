"""Operations that fold the events of aggregates into states. The rules are in `core.timeline`."""

import json
import os
from functools import partial
from itertools import islice
from typing import Any, NoReturn

from ..core import exact_json
from ..core.blame import with_last_values
from ..core.class_model import model_from
from ..core.diff import ABSENT
from ..core.diff import changes as changes_between
from ..core.errors import ModelError
from ..core.event_log import Payloads
from ..core.event_standing import standings
from ..core.events import as_event
from ..core.fields import NoSuchField, field_at, fields_of, fields_with
from ..core.item_keys import KnownKeys
from ..core.logical_path import logical_path, to_wire
from ..core.newest_form import newest_form
from ..core.outline import outline
from ..core.questions import question_of
from ..core.state_model import MergeModel, StateModel
from ..core.state_text import safe_error
from ..core.timeline import MemoryExhausted, SharedState, Timeline
from ..core.trace import Trace
from . import wire, worker_compare, worker_loading, worker_truth
from .worker import Operation, Refusal, Reply, Worker

MOST_TRACES = 12  # whose answers are kept, of all aggregates


def operations(worker: Worker) -> dict[str, Operation]:
    folding = Folding(worker)
    return {
        "load": folding.load,
        "open": folding.open,
        "extend": folding.extend,
        "remarks": folding.remarks,
        "state": folding.state,
        "outline": folding.outline,
        "field": partial(_field, folding),
        "find": partial(_find, folding),
        "paths": folding.paths,
        "changes": folding.changes,
        **worker_compare.operations(folding),
        "newest_form": partial(_newest_form, folding),
        "event_types": partial(_event_types, folding),
        **{op: folding.answering(answer) for op, answer in worker_truth.ANSWERS.items()},
        "trace": folding.trace,
        "drop": folding.drop,
    }


class Folding:
    """The timelines of one model, by handle."""

    def __init__(self, worker: Worker) -> None:
        self._worker = worker
        self.model: StateModel = MergeModel()
        self._timelines: dict[int, Timeline] = {}
        self._ids: dict[int, str] = {}  # of the aggregates, by handle
        self._traces: dict[
            tuple[int, str], Trace
        ] = {}  # by handle and question, the one used last at the end
        self._looked_at: tuple[int, int] | None = None  # handle and ordinal of the value asked for last
        self._keyframe_bytes = 0
        self._shares_state = False  # found out when nobody asked
        worker.when_idle = self.prepare
        self._last: int | None = None  # the timeline that folded last: the others may be out of step with it
        self._first: tuple[str, str] | None = None  # the first aggregate's id, and its state before any event

    def load(self, request: dict[str, Any]) -> Reply:
        self._keyframe_bytes = request["keyframe_bytes"]
        if not request["merge"]:
            self.model = self._load(request)
        types = getattr(self.model.upcasters, "types", ())
        folds_payloads = self.model.apply_payload is not None
        return Reply(
            {"model": self.model.info, "upcast_types": sorted(types), "folds_payloads": folds_payloads}
        )

    def _load(self, request: dict[str, Any]) -> StateModel:
        target = request["target"]
        code, info = worker_loading.load(target, request["import_paths"], request["trusted"])
        try:
            return model_from(code, info)
        except ModelError as error:
            raise Refusal("unfit", message=error.message, hint=error.hint) from None

    def open(self, request: dict[str, Any]) -> Reply:
        """Refuses with `shared_state` if the model does not begin as it did for the first aggregate."""
        aggregate_id = request["aggregate_id"]
        try:
            first = self._first or (aggregate_id, self._start_text(aggregate_id))
            as_before = self._start_text(first[0]) == first[1]
            timeline = Timeline(self.model, aggregate_id, self._worker.at_event)
        except MemoryError:
            raise
        except BaseException as error:  # noqa: BLE001 - the user's constructor
            place = worker_loading.place_of(error)
            raise Refusal("start_failed", error=safe_error(error), where=place) from None
        if not as_before:
            raise Refusal("shared_state")
        self._first = first
        self._timelines[request["handle"]] = timeline
        self._share_memory()
        self._ids[request["handle"]] = aggregate_id
        self._last = request["handle"]
        return Reply({})

    def _share_memory(self) -> None:
        for timeline in self._timelines.values():
            timeline.keep_at_most(self._keyframe_bytes // len(self._timelines))

    def _start_text(self, aggregate_id: str) -> str:
        if self.model.always_restores:
            return ""
        return self.model.to_text(self.model.start(aggregate_id))

    def extend(self, request: dict[str, Any]) -> Reply:
        timeline = self._timeline(request["handle"])
        if "joined" in request:
            timeline.extend_by_payloads(_payloads(request["joined"], request["line"]))
        else:
            timeline.extend(map(as_event, request["events"]))
        try:
            timeline.advance(request["fold_to"])
        except (SharedState, MemoryExhausted) as stop:
            _stop(stop)
        return Reply({"length": timeline.length})

    def remarks(self, request: dict[str, Any]) -> Reply:
        return Reply(_remarks(self._timeline(request["handle"]), request))

    def state(self, request: dict[str, Any]) -> Reply:
        timeline = self._timeline(request["handle"])
        try:
            text = timeline.text_at(request["ordinal"])
        except (SharedState, MemoryExhausted) as stop:
            _stop(stop)
        return Reply({"odd": '{"$repr":' in text, **_remarks(timeline, request)}, (text,))

    def outline(self, request: dict[str, Any]) -> Reply:
        values, before, after = self.two_values(request)
        rows, added, removed, changed = outline(after, before, request["open"])
        counts = {"added": added, "removed": removed, "changed": changed}
        return Reply({"rows": rows, **counts, **values})

    def changes(self, request: dict[str, Any]) -> Reply:
        values, before, after = self.two_values(request)
        found = changes_between(before, after)
        first = [
            (
                one.path,
                one.kind,
                _text(one.before, one.kind != "added"),
                _text(one.after, one.kind != "removed"),
            )
            for one in islice(found, request["most"])
        ]
        return Reply({"changes": first, "total": len(first) + sum(1 for _ in found), **values})

    def paths(self, request: dict[str, Any]) -> Reply:
        values, after = self.value(request)
        found: list[list[Any] | None] = []
        lists: dict[str, str | None] = {}
        key_of = KnownKeys()
        for pointer in fields_of(after) if request["pointers"] is None else request["pointers"]:
            try:
                named = logical_path(after, pointer, key_of)
            except NoSuchField:
                found.append(None)
                continue
            found.append([pointer, to_wire(named.path)])
            lists.update(named.lists)
        return Reply({"paths": found, "lists": list(lists.items()), **values})

    def value(self, request: dict[str, Any]) -> tuple[dict[str, Any], Any]:
        """What every answer says, and the value after `ordinal` events."""
        timeline = self._timeline(request["handle"])
        try:
            value, odd = timeline.value_at(request["ordinal"])
        except (SharedState, MemoryExhausted) as stop:
            _stop(stop)
        return {"odd": odd, **_remarks(timeline, request)}, value

    def two_values(self, request: dict[str, Any]) -> tuple[dict[str, Any], Any, Any]:
        """Likewise, and before it the value after `against` events: there is none after no event."""
        timeline, against = self._timeline(request["handle"]), request["against"]
        before: Any = ABSENT
        try:
            if 0 < against < request["ordinal"]:  # forwards, for a model that cannot go back
                before = timeline.value_at(against).value
            timeline.value_at(request["ordinal"])
            if against > request["ordinal"]:
                before = timeline.value_at(against).value
        except (SharedState, MemoryExhausted) as stop:
            _stop(stop)
        values, after = self.value(request)
        self._looked_at = (request["handle"], request["ordinal"])
        return values, after if against == request["ordinal"] else before, after

    def prepare(self) -> bool:
        """The next state is made while one looks at this one; whether there was anything to make."""
        handle, ordinal = self._looked_at or (None, 0)
        timeline = self._timelines.get(handle) if handle is not None and handle == self._last else None
        try:
            return timeline is not None and timeline.prepare(ordinal)
        except SharedState:
            self._looked_at, self._shares_state = None, True
            return False
        except MemoryExhausted:
            os._exit(wire.EXIT_OUT_OF_MEMORY)

    def _timeline(self, handle: int) -> Timeline:
        timeline = self._timelines[handle]
        if self._shares_state:
            raise Refusal("shared_state")
        if handle != self._last:
            self._last = handle
            try:
                timeline.resume()
            except SharedState as stop:
                _stop(stop)
        return timeline

    def trace(self, request: dict[str, Any]) -> Reply:
        """A model whose first state is not what it was keeps state outside its objects."""
        timeline, handle = self._timeline(request["handle"]), request["handle"]
        key = (handle, json.dumps(request["question"]))
        ms = request["ms"]
        try:
            found = self._traces.pop(key, None)
            if found is None or found.done > request["ordinal"]:  # an answer cannot go back
                found = self._begin_trace(handle, request["question"])
            if not self.model.always_restores:
                self._last = None  # what other objects share with this fold is not as they left it
            found.advance(timeline.events, request["ordinal"], None if ms is None else ms / 1000)
        except (SharedState, MemoryExhausted) as stop:
            _stop(stop)
        self._traces[key] = found
        if len(self._traces) > MOST_TRACES:
            del self._traces[next(iter(self._traces))]
        is_wanted = request["wanted"] or found.done >= request["ordinal"]
        answer = with_last_values(found.question.answer(), request["last"]) if is_wanted else None
        values = {"done": found.done, "answer": answer, "odd": False}
        return Reply({**values, **_remarks(timeline, request)})

    def _begin_trace(self, handle: int, question: dict[str, Any]) -> Trace:
        if self._first is not None and self._start_text(self._first[0]) != self._first[1]:
            raise SharedState
        asked = question_of(question["kind"], question)
        return Trace(self.model, self._ids[handle], asked, self._worker.at_event)

    def answering(self, answer: worker_truth.Check) -> Operation:
        """An operation that is answered from a timeline, which it may walk through."""

        def reply(request: dict[str, Any]) -> Reply:
            timeline = self._timeline(request["handle"])
            self._last = None  # what other objects share with this timeline may be not as they left it
            try:
                values = answer(self.model, timeline, request, self._worker.at_event)
            except (SharedState, MemoryExhausted) as stop:
                _stop(stop)
            return Reply({"odd": False, **values, **_remarks(timeline, request)})

        return reply

    def drop(self, request: dict[str, Any]) -> Reply:
        handle = request["handle"]
        self._timelines.pop(handle, None)
        self._share_memory()
        self._ids.pop(handle, None)
        for key in [key for key in self._traces if key[0] == handle]:
            del self._traces[key]
        return Reply({})


def _payloads(head: dict[str, Any], line: bytes) -> Payloads:
    if "versions" in head:
        versions = head["versions"]
    else:
        versions = range(head["first_version"], head["first_version"] + head["count"])
    return Payloads(head["types"], head.get("type_of"), versions, line[1:-1], keys_differ=head["keys_differ"])


def _field(folding: Folding, request: dict[str, Any]) -> Reply:
    values, after = folding.value(request)
    try:
        text = exact_json.dump(field_at(after, request["pointer"]))
    except NoSuchField as error:
        return Reply({"missing": str(error), **values})
    return Reply(values, (text,))


def _find(folding: Folding, request: dict[str, Any]) -> Reply:
    values, after = folding.value(request)
    pointers, total = fields_with(after, request["text"], request["most"])
    return Reply({"pointers": pointers, "total": total, **values})


def _newest_form(folding: Folding, request: dict[str, Any]) -> Reply:
    """Of an event that comes with the request: no timeline is needed for it."""
    form = newest_form(folding.model.upcasters, as_event(request["event"]))
    return Reply(form._replace(texts=[])._asdict(), form.texts)


def _event_types(folding: Folding, request: dict[str, Any]) -> Reply:
    """How the model stands to these types."""
    return Reply({"standings": standings(folding.model, request["types"])})


def _remarks(timeline: Timeline, request: dict[str, Any]) -> dict[str, Any]:
    """The ordinal, and the remarks that the program does not know yet: `known` says how many it has of each kind."""
    remarks = timeline.remarks()
    known = request.get("known", [0] * len(remarks))
    values = {name: found[have:] for (name, found), have in zip(remarks._asdict().items(), known)}  # noqa: B905 - 3.10
    return {"ordinal": request["ordinal"], **values}


def _text(value: Any, is_there: bool) -> "str | None":
    return exact_json.dump(value) if is_there else None


def _stop(stop: Exception) -> NoReturn:
    if isinstance(stop, MemoryExhausted):
        os._exit(wire.EXIT_OUT_OF_MEMORY)  # at the event that the counter names
    raise Refusal("shared_state") from None
