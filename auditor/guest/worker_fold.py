"""Operations that fold the events of aggregates into states. The rules are in `core.timeline`."""

import os
from itertools import islice
from typing import Any, NoReturn

from ..core import exact_json
from ..core.class_model import model_from
from ..core.diff import ABSENT
from ..core.diff import changes as changes_between
from ..core.errors import ModelError
from ..core.events import as_event
from ..core.fields import NoSuchField, field_at, fields_with
from ..core.newest_form import newest_form
from ..core.outline import outline
from ..core.state_model import MergeModel, StateModel
from ..core.state_text import safe_error
from ..core.timeline import MemoryExhausted, SharedState, Timeline
from . import wire, worker_loading
from .worker import Operation, Refusal, Reply, Worker


def operations(worker: Worker) -> dict[str, Operation]:
    folding = Folding(worker)
    return {
        "load": folding.load,
        "open": folding.open,
        "extend": folding.extend,
        "remarks": folding.remarks,
        "state": folding.state,
        "outline": folding.outline,
        "field": folding.field,
        "find": folding.find,
        "changes": folding.changes,
        "newest_form": folding.newest_form,
        "drop": folding.drop,
    }


class Folding:
    """The timelines of one model, by handle."""

    def __init__(self, worker: Worker) -> None:
        self._worker = worker
        self._model: StateModel = MergeModel()
        self._timelines: dict[int, Timeline] = {}
        self._last: int | None = None  # the timeline that folded last: the others may be out of step with it
        self._first: tuple[str, str] | None = None  # the first aggregate's id, and its state before any event

    def load(self, request: dict[str, Any]) -> Reply:
        if not request["merge"]:
            self._model = self._load(request)
        types = getattr(self._model.upcasters, "types", ())
        return Reply({"model": self._model.info, "upcast_types": sorted(types)})

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
            timeline = Timeline(self._model, aggregate_id, self._worker.at_event)
        except MemoryError:
            raise
        except BaseException as error:  # noqa: BLE001 - the user's constructor
            place = worker_loading.place_of(error)
            raise Refusal("start_failed", error=safe_error(error), where=place) from None
        if not as_before:
            raise Refusal("shared_state")
        self._first = first
        self._timelines[request["handle"]] = timeline
        self._last = request["handle"]
        return Reply({})

    def _start_text(self, aggregate_id: str) -> str:
        if self._model.always_restores:
            return ""
        return self._model.to_text(self._model.start(aggregate_id))

    def extend(self, request: dict[str, Any]) -> Reply:
        timeline = self._timeline(request["handle"])
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
        values, before, after = self._two_values(request)
        rows, added, removed, changed = outline(after, before, request["open"])
        counts = {"added": added, "removed": removed, "changed": changed}
        return Reply({"rows": rows, **counts, **values})

    def changes(self, request: dict[str, Any]) -> Reply:
        values, before, after = self._two_values(request)
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

    def field(self, request: dict[str, Any]) -> Reply:
        values, after = self._value(request)
        try:
            text = exact_json.dump(field_at(after, request["pointer"]))
        except NoSuchField as error:
            return Reply({"missing": str(error), **values})
        return Reply(values, (text,))

    def find(self, request: dict[str, Any]) -> Reply:
        values, after = self._value(request)
        pointers, total = fields_with(after, request["text"], request["most"])
        return Reply({"pointers": pointers, "total": total, **values})

    def newest_form(self, request: dict[str, Any]) -> Reply:
        """Of an event that comes with the request: no timeline is needed for it."""
        form = newest_form(self._model.upcasters, as_event(request["event"]))
        return Reply(form._replace(texts=[])._asdict(), form.texts)

    def _value(self, request: dict[str, Any]) -> tuple[dict[str, Any], Any]:
        """What every answer says, and the value after `ordinal` events."""
        timeline = self._timeline(request["handle"])
        try:
            value, odd = timeline.value_at(request["ordinal"])
        except (SharedState, MemoryExhausted) as stop:
            _stop(stop)
        return {"odd": odd, **_remarks(timeline, request)}, value

    def _two_values(self, request: dict[str, Any]) -> tuple[dict[str, Any], Any, Any]:
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
        values, after = self._value(request)
        return values, after if against == request["ordinal"] else before, after

    def _timeline(self, handle: int) -> Timeline:
        timeline = self._timelines[handle]
        if handle != self._last:
            self._last = handle
            try:
                timeline.resume()
            except SharedState as stop:
                _stop(stop)
        return timeline

    def drop(self, request: dict[str, Any]) -> Reply:
        self._timelines.pop(request["handle"], None)
        return Reply({})


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
