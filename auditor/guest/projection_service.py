"""A projection in a worker: batches of events out, changed rows in, two batches on their way."""

import itertools
import json
import secrets
import signal
import time
from collections import Counter, deque
from collections.abc import Callable, Collection, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple, Self

import orjson

from auditor.core.catch_up import FetchRow, FetchUnder
from auditor.core.errors import ProjectionFailed
from auditor.core.events import RecordedEvent
from auditor.core.ports import StopToken
from auditor.core.projection_failure import projection_failed
from auditor.core.projection_run import Applied, BatchUndecided
from auditor.core.rows import Table, TableChanges
from auditor.core.state_model import ModelInfo
from auditor.core.text import tr
from auditor.guest import wire
from auditor.guest.process import GuestGone, GuestProcess, GuestRefused
from auditor.guest.starting import GuestCode, not_loaded, start

_ALWAYS = ("event_type", "aggregate_id")
_COLUMNS = RecordedEvent._fields
_DATA = _COLUMNS.index("data_text")
_ASKS_OFTEN = 20
"""After so many questions for rows of a table its rows are sent along."""
_MOST_ALONG = 20_000
"""So many rows of a table go along with a batch, and those of one more aggregate."""
_LOST = 0
"""Stands for the id of a request that the worker did not live to take."""


class _Sent(NamedTuple):
    """A batch on its way: the events that the worker was sent, the number of the first, what was left out, and the
    tables of which rows were sent along."""

    request: int | None
    first: int
    events: Sequence[RecordedEvent]
    unknown: Counter[str]
    along: Collection[str]


class ProjectionGuest:
    """One projection. Events of types that are known to change no row do not travel. Used from one thread.

    `fetch` answers the worker's questions for rows; it is only called from `receive`, when all batches received
    before have been written.
    """

    def __init__(
        self, code: GuestCode, fetch: FetchRow | None, token: StopToken, *, cache: Path | None = None
    ) -> None:
        """Loads the projection. Raises: ModelError."""
        self.code = code
        self._fetch = fetch
        self._cache = cache
        self._numbers = itertools.count(1)
        self._standings: dict[str, str] = {}
        self._wanted: set[str] = set()
        self._sent: deque[_Sent] = deque()
        self._mark = secrets.randbits(31)
        self._as_texts = False
        self._ahead = _LookingAhead()
        self._lost: GuestGone | None = None
        self._process: GuestProcess | None = None
        self._watch = _Watch(token)
        loaded = self._load()
        self.model = ModelInfo(*loaded["model"])
        self.tables = tuple(
            Table(name=name, columns=dict(columns), key=tuple(key)) for name, columns, key in loaded["tables"]
        )

    def start(self, *, empty: bool = True) -> None:
        """Makes the projection object. `empty`: whether its tables are. Raises: ModelError."""
        self._ask("start_projection", empty=empty)

    # -- batches -----------------------------------------------------------------------------------------

    def send(self, batch: Sequence[RecordedEvent]) -> None:
        standings = self._standings
        types = Counter([event.event_type for event in batch])
        left_out = {name for name in types if standings.get(name, "handled") != "handled"}
        events = [event for event in batch if event.event_type not in left_out] if left_out else batch
        unknown = Counter({name: types[name] for name in left_out if standings[name] == "unknown"})
        first = next(self._numbers)
        self._numbers = itertools.count(first + len(events))
        known = self._ahead.known(self.tables, [event.aggregate_id for event in events])
        request = self._send(events, first, known) if events else None
        self._sent.append(_Sent(request, first, events, unknown, known.keys()))

    def receive(self) -> Applied:
        """Raises: BatchUndecided, ProjectionFailed, Cancelled."""
        sent = self._sent[0]
        if sent.request is None:
            self._sent.popleft()
            return Applied({}, sent.unknown)
        process = self._running
        self._watch.begin(process)
        try:
            if sent.request == _LOST and self._lost is not None:
                raise self._lost
            answer = process.receive(sent.request, token=self._watch, answer_question=self._answer).values
        except GuestRefused as refused:
            raise self._refused(refused) from None
        except GuestGone as gone:
            raise self._gone(gone) from None
        self._sent.popleft()
        self._standings.update(answer["standings"])
        self._wanted.update(answer["wanted"])
        changes = {table: TableChanges(put, gone) for table, (put, gone) in answer["changes"].items()}
        return Applied(changes, sent.unknown + Counter(answer["unknown"]))

    def start_again(self) -> None:
        """With a new worker; rows are looked up where they have been written, payloads travel one by one."""
        self._as_texts = True
        self._begin_anew(empty=False)

    def look_up(self, fetch: FetchRow, fetch_under: FetchUnder | None = None) -> None:
        """From now on they answer the worker's questions for rows, also before it asks."""
        self._fetch = fetch
        self._ahead.fetch_under = fetch_under

    def restart(self, *, empty: bool) -> None:
        """Forgets rows and batches; with a new worker only where the old one has something on its way.

        Raises: ModelError.
        """
        if self._sent:
            self._begin_anew(empty=empty)
        else:
            self.start(empty=empty)

    def _begin_anew(self, *, empty: bool) -> None:
        self._sent.clear()
        self._lost = None
        self._load()
        self.start(empty=empty)

    def _send(self, events: Sequence[RecordedEvent], first: int, known: Mapping[str, Any]) -> int:
        columns = list(zip(*events, strict=True))
        names = {*_ALWAYS, *self._wanted}
        raw = {"columns": _encoded({name: columns[_COLUMNS.index(name)] for name in names})}
        texts: tuple[str, ...] = columns[_DATA]
        joined = f",{self._mark},".join(texts).encode("utf-8", "surrogatepass")
        # A line break between tokens would end the line; one within a text makes it no JSON, which must come to light.
        if self._as_texts or b"\n" in joined:
            raw["texts"] = _encoded(texts)
        else:
            raw["payloads"] = b"[%b]" % joined
        if known:
            raw["known"] = _encoded(known)
        try:
            return self._running.send("project", batch=first, first=first, mark=self._mark, raw=raw)
        except GuestGone as gone:
            self._lost = gone  # at an event of an earlier batch, whose turn comes first
            return _LOST

    def _answer(self, question: dict[str, Any]) -> Any:
        if "column" in question:
            at = _COLUMNS.index(question["column"])
            sent = next(sent for sent in self._sent if sent.first == question["batch"])
            return [event[at] for event in sent.events]
        if self._fetch is None:
            raise RuntimeError("there are no rows to look into")
        self._ahead.asked(question["table"], self._sent[0])
        return self._fetch(question["table"], tuple(question["key"]))

    # -- what went wrong ---------------------------------------------------------------------------------

    def _refused(self, refused: GuestRefused) -> Exception:
        if refused.kind != "handler_failed":
            return BatchUndecided(tr("the payloads of a batch are not all JSON"))
        values = refused.values
        event = self._event(values["number"])
        if event is None:
            return BatchUndecided(values["error"])
        return self._failure(event, values["error"], values["handler"], values["trace"])

    def _gone(self, gone: GuestGone) -> Exception:
        event = self._event(gone.ordinal)
        uncertain = gone.breach or gone.exit_code in (1, wire.EXIT_OUT_OF_MEMORY)
        timed_out = gone.exit_code in (None, -getattr(signal, "SIGXCPU", 0))
        uncertain = uncertain or (timed_out and self._watch.was_moving)
        if event is None or (uncertain and not self._is_single()):
            return BatchUndecided(gone.reason)
        return self.failed_at(event, gone.reason)

    def _is_single(self) -> bool:
        return bool(self._sent) and len(self._sent[0].events) == 1

    def _event(self, number: int) -> RecordedEvent | None:
        for sent in self._sent:
            if sent.first <= number < sent.first + len(sent.events):
                return sent.events[number - sent.first]
        return None

    def failed_at(self, event: RecordedEvent, reason: str) -> ProjectionFailed:
        return self._failure(event, reason, None, [])

    def _failure(
        self, event: RecordedEvent, error: str, handler: str | None, trace: list[str]
    ) -> ProjectionFailed:
        return projection_failed(event, error, target=self.code.target, handler=handler, trace=trace)

    # -- the worker --------------------------------------------------------------------------------------

    @property
    def _running(self) -> GuestProcess:
        if self._process is None:
            raise RuntimeError("the guest is closed")
        return self._process

    def _load(self) -> dict[str, Any]:
        self.close()
        self._process = start(self.code, self._cache).process
        try:
            return self._ask("load_projection", **self.code.load_values)
        except BaseException:
            self.close()
            raise

    def _ask(self, op: str, **values: Any) -> dict[str, Any]:
        process = self._running
        try:
            return process.request(op, **values).values
        except (GuestRefused, GuestGone) as error:
            raise not_loaded(self.code, error, process.last_words) from None

    def close(self) -> None:
        """Ends the worker within a second."""
        if self._process is not None:
            self._process.close()
            self._process = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class _LookingAhead:
    """Rows that go on from a checkpoint are looked up, and a question of the worker's takes as long as the handlers
    of several events. Most tables have the aggregate's id first in their key: where the worker asks often, all rows
    of a batch's aggregates are sent along with it, as long as that ends the questions."""

    def __init__(self) -> None:
        self.fetch_under: FetchUnder | None = None
        self._asked: Counter[str] = Counter()
        self._asked_in_vain: Counter[str] = Counter()
        self._given_up: set[str] = set()

    def asked(self, table: str, batch: "_Sent") -> None:
        (self._asked_in_vain if table in batch.along else self._asked)[table] += 1

    def known(self, tables: Sequence[Table], aggregate_ids: Sequence[str]) -> dict[str, Any]:
        """By table: ids, and all rows whose keys begin with one of them."""
        fetch_under = self.fetch_under
        if fetch_under is None:
            return {}
        ids = [name for name in dict.fromkeys(aggregate_ids) if _is_unicode(name)]
        return {
            table.name: _rows_under(ids, partial(fetch_under, table.name))
            for table in tables
            if self._is_of_use(table) and table.columns[table.key[0]] == "text"
        }

    def _is_of_use(self, table: Table) -> bool:
        asked, in_vain = self._asked[table.name], self._asked_in_vain[table.name]
        if in_vain > asked:
            self._given_up.add(table.name)
        return asked >= _ASKS_OFTEN and table.name not in self._given_up


class _Watch:
    """Looked at while an answer is waited for. Notes whether the worker still came from event to event, and lets a
    stop through only when a batch takes longer than batches should."""

    def __init__(self, token: StopToken, patience: float = 1.0) -> None:
        self._token = token
        self._patience = patience
        self._process: GuestProcess | None = None
        self._began = self._moved = 0.0
        self._at = 0

    def begin(self, process: GuestProcess) -> None:
        self._process, self._at = process, -1
        self._began = self._moved = time.monotonic()

    @property
    def cancelled(self) -> bool:
        now = time.monotonic()
        if self._process is not None and self._process.ordinal != self._at:
            self._at, self._moved = self._process.ordinal, now
        return self._token.cancelled and now - self._began > self._patience

    @property
    def was_moving(self) -> bool:
        """Whether the last event had only begun when the time of the whole batch was up."""
        now = time.monotonic()
        return now - self._moved < (now - self._began) / 2

    def raise_if_cancelled(self) -> None:
        if self.cancelled:
            self._token.raise_if_cancelled()


def _rows_under(
    ids: Sequence[str], fetch: Callable[[str], list[list[Any]] | None]
) -> tuple[list[str], list[list[Any]]]:
    """Those ids of which all rows go along, and these rows, as long as there are not too many."""
    whole, along = list[str](), list[list[Any]]()
    for one in ids:
        if len(along) >= _MOST_ALONG:
            break
        rows = fetch(one)
        if rows is not None:
            whole.append(one)
            along.extend(rows)
    return whole, along


def _is_unicode(text: str) -> bool:
    """Whether a row can be stored under it."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _encoded(values: Any) -> bytes:
    try:
        return orjson.dumps(values)
    except TypeError:  # text that is no Unicode, integers beyond 64 bits
        return json.dumps(values).encode("ascii")
