"""Operations that run a projection: batches of events in, changed rows out. The rules are in `core.projection`."""

import json
import os
import traceback
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, NamedTuple, NoReturn
from uuid import UUID

from ..core.errors import ModelError
from ..core.events import EventMetadata, metadata_from
from ..core.handlers import NoHandler
from ..core.projection import Projector, Rows, declared_tables
from ..core.state_text import safe_error
from ..core.text import tr
from ..core.timestamps import parse_timestamp
from . import wire, worker_loading
from .worker import Operation, Refusal, Reply, Worker

_MOST_FRAMES = 20


def operations(worker: Worker) -> dict[str, Operation]:
    projecting = Projecting(worker)
    return {
        "load_projection": projecting.load,
        "start_projection": projecting.start,
        "project": projecting.project,
    }


class SentEvent(NamedTuple):
    """What a handler receives as its envelope. Columns that did not come with the batch are asked for."""

    aggregate_id: str
    event_type: str
    data: Any
    at: int
    batch: "Batch"

    @property
    def position(self) -> int:
        return int(self.batch.column("position")[self.at])

    @property
    def event_id(self) -> UUID:
        return UUID(self.batch.column("event_id_text")[self.at])

    @property
    def aggregate_type(self) -> str:
        return str(self.batch.column("aggregate_type")[self.at])

    @property
    def version(self) -> int:
        return int(self.batch.column("version")[self.at])

    @property
    def timestamp(self) -> datetime:
        return parse_timestamp(self.batch.column("timestamp_utc")[self.at])

    @property
    def metadata_text(self) -> str:
        return str(self.batch.column("metadata_text")[self.at])

    @property
    def metadata(self) -> EventMetadata:
        return metadata_from(json.loads(self.metadata_text))


class Batch:
    """The columns of the events that are being applied."""

    def __init__(self, columns: dict[str, list[Any]], ask: Callable[[str], list[Any]]) -> None:
        self._columns = columns
        self._ask = ask

    def column(self, name: str) -> list[Any]:
        try:
            return self._columns[name]
        except KeyError:
            values = self._columns[name] = self._ask(name)
            return values


class Projecting:
    """The one projection of this worker."""

    def __init__(self, worker: Worker) -> None:
        self._worker = worker
        self._code: Any = None
        self._tables: Sequence[Any] = ()
        self._wanted: set[str] = set()
        self._standings: dict[str, str] = {}

    def load(self, request: dict[str, Any]) -> Reply:
        target = request["target"]
        code, info = worker_loading.load(target, request["import_paths"], request["trusted"])
        if not isinstance(code, type):
            raise Refusal(
                "unfit", message=tr("{name} is no class.", name=target), hint=tr("A projection is a class.")
            )
        try:
            self._tables = declared_tables(code)
        except ModelError as error:
            raise Refusal("unfit", message=error.message, hint=error.hint) from None
        self._code = code
        tables = [[table.name, list(table.columns.items()), table.key] for table in self._tables]
        return Reply({"model": info._replace(kind="projection"), "tables": tables})

    def start(self, request: dict[str, Any]) -> Reply:
        """`empty`: whether the tables are, so that unknown rows need not be asked for."""
        self._rows = Rows(self._tables, self._fetch, empty=request["empty"])
        try:
            projection = self._code()
            self._projector = Projector(projection, self._rows)
        except MemoryError:
            raise
        except BaseException as error:  # noqa: BLE001 - the user's constructor
            place = worker_loading.place_of(error)
            raise Refusal("start_failed", error=safe_error(error), where=place) from None
        return Reply({})

    def project(self, request: dict[str, Any]) -> Reply:
        """Applies a batch. `first` is the number of its first event, by which the counter names events."""
        columns = request["columns"]
        batch = Batch(columns, lambda name: self._column(request["batch"], name))
        types, payloads = columns["event_type"], self._payloads(request)
        standings = self._new_standings(types)
        count = len(types)
        fields = (columns["aggregate_id"], types, payloads, range(count), [batch] * count)
        events = map(SentEvent._make, zip(*fields))  # noqa: B905 - Python 3.10
        for table, (firsts, rows) in request.get("known", {}).items():
            self._rows.know(table, firsts, rows)
        unknown = self._apply(events, request["first"])
        changes = self._rows.take_changes()
        return Reply(
            {"changes": changes, "unknown": unknown, "standings": standings, "wanted": sorted(self._wanted)}
        )

    def _apply(self, events: Any, number: int) -> dict[str, int]:
        at_event, step = self._worker.at_event, self._projector.step
        unknown: dict[str, int] = {}
        for event in events:
            at_event(number)
            number += 1
            try:
                step(event.event_type)(event)
            except NoHandler:
                unknown[event.event_type] = unknown.get(event.event_type, 0) + 1
            except MemoryError:
                os._exit(wire.EXIT_OUT_OF_MEMORY)  # at the event that the counter names
            except BaseException as error:  # noqa: BLE001 - the user's handler
                self._failed(event, number - 1, error)
        return unknown

    def _payloads(self, request: dict[str, Any]) -> Any:
        """What the events hold. They come as one array, with a number that none of them knows between each two: a
        text that is no JSON value by itself cannot pass as one, nor as several. Else they come as texts."""
        if "texts" in request:
            return self._one_by_one(request["texts"], request["first"])
        values = request["payloads"]
        if values[1::2] != [request["mark"]] * (len(request["columns"]["event_type"]) - 1):
            raise Refusal("broken_payload")
        return values[::2]

    def _one_by_one(self, texts: list[str], number: int) -> Any:
        for text in texts:
            try:
                yield json.loads(text)
            except (ValueError, RecursionError) as error:
                raise Refusal(
                    "handler_failed", number=number, error=safe_error(error), handler=None, trace=[]
                ) from None
            number += 1

    def _new_standings(self, types: list[str]) -> dict[str, str]:
        new: dict[str, str] = {
            event_type: self._projector.standing(event_type)
            for event_type in set(types)
            if event_type not in self._standings
        }
        self._standings.update(new)
        return new

    def _column(self, batch: int, name: str) -> list[Any]:
        self._wanted.add(name)
        values: list[Any] = self._worker.ask(column=name, batch=batch)
        return values

    def _fetch(self, table: str, key: tuple[Any, ...]) -> "list[Any] | None":
        row: list[Any] | None = self._worker.ask(table=table, key=key)
        return row

    def _failed(self, event: SentEvent, number: int, error: BaseException) -> NoReturn:
        try:
            handler = self._projector.handler_name(event.event_type)
        except Exception:  # noqa: BLE001 - a method whose parameters cannot be looked at
            handler = None
        raise Refusal(
            "handler_failed",
            number=number,
            error=_told(error),
            handler=handler,
            trace=_trace(error),
        ) from None


def _told(error: BaseException) -> str:
    """Of an event that cannot be upcast the finding alone: the answer names the event."""
    finding = getattr(error, "finding", None)
    return finding if isinstance(finding, str) and _is_upcast_error(error) else safe_error(error)


def _is_upcast_error(error: BaseException) -> bool:
    return type(error).__name__ == "UpcastError"  # it may be of the user's own copy of the library


def _trace(error: BaseException) -> list[str]:
    """The user's part of the traceback, innermost last; frames of ours are left out."""
    if _is_upcast_error(error) and error.__cause__ is not None:
        error = error.__cause__  # what the step raised
    frames = [
        frame
        for frame in traceback.extract_tb(error.__traceback__)
        if not worker_loading.is_ours(frame.filename)
    ]
    return [line.rstrip("\n") for line in traceback.format_list(frames[-_MOST_FRAMES:])]
