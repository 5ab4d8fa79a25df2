"""Operations that fold the events of aggregates into states. The rules are in `core.timeline`."""

import os
from typing import Any, NoReturn

from ..core.class_model import model_from
from ..core.errors import ModelError
from ..core.events import as_event
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
        "state": folding.state,
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
        return Reply({"model": self._model.info})

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

    def state(self, request: dict[str, Any]) -> Reply:
        try:
            at = self._timeline(request["handle"]).state_at(request["ordinal"])
        except (SharedState, MemoryExhausted) as stop:
            _stop(stop)
        return Reply(
            {"ordinal": at.ordinal, "unapplied": at.unapplied, "changed_types": at.changed_types},
            (at.state_text,),
        )

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


def _stop(stop: Exception) -> NoReturn:
    if isinstance(stop, MemoryExhausted):
        os._exit(wire.EXIT_OUT_OF_MEMORY)  # at the event that the counter names
    raise Refusal("shared_state") from None
