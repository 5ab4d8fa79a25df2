"""What is known of one rebuild, or of one run that catches up, from the lines that its process tells. No Qt, no clock
of its own."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from auditor.core.presenter import display
from auditor.core.server_address import server_address
from auditor.core.text import tr
from auditor.gui.projections.rate import Samples
from auditor.gui.projections.run_steps import Step, steps_of

Phase = Literal["waiting", "running", "cancelling", "finished", "cancelled", "failed", "died"]
LAST_KINDS = ("finished", "paused", "error")
MOST_LOGGED = 5_000


@dataclass(frozen=True, slots=True)
class LogLine:
    """`at` is fixed-width UTC."""

    at: str
    text: str
    is_warning: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class FailedEvent:
    """The event at which a handler raised; `data_text` is its payload as stored, perhaps cut."""

    position: int
    event_id: str
    event_type: str
    aggregate_type: str
    aggregate_id: str
    version: int
    data_text: str
    data_length: int

    @property
    def is_cut(self) -> bool:
        return len(self.data_text) < self.data_length


@dataclass(slots=True, kw_only=True)
class Failure:
    """Why it stopped. Without an event it never came to one, or the fault is not an event's."""

    message: str
    hint: str = ""
    event: FailedEvent | None = None
    handler: str | None = None
    error: str = ""
    traceback: str = ""


@dataclass(slots=True)
class RebuildRun:
    """`take` each line of the child's stdout, then `end` once. Counts are those of committed events."""

    name: str
    catches_up: bool = False
    """Goes on from the checkpoint in the live tables, instead of from the beginning in shadow tables."""
    phase: Phase = "waiting"
    began_at: str = ""
    done: int = 0
    total: int = 0
    position: int | None = None
    rows: int = 0
    seconds: float = 0.0
    head: int | None = None
    began_from: int = 0
    """The checkpoint from which it goes on, where it catches up."""
    made_tables: bool = False
    """It found no rows to go on with."""
    target: str = ""
    tables: tuple[str, ...] = ()
    """Its shadow tables, or the live ones where it catches up, once they are there."""
    built: dict[str, int] = field(default_factory=dict)
    """Number of live rows by table, once it has finished."""
    message: str = ""
    hint: str = ""
    failure: Failure | None = None
    warnings: int = 0
    log: list[LogLine] = field(default_factory=list)
    samples: Samples = field(default_factory=Samples)
    has_started: bool = False
    _last_kind: str = ""
    _last_words: str = ""

    # -- what is asked of it ---------------------------------------------------------------------------------------

    @property
    def is_over(self) -> bool:
        return self.phase in ("finished", "cancelled", "failed", "died")

    @property
    def is_at_work(self) -> bool:
        return self.phase in ("running", "cancelling")

    @property
    def share(self) -> float:
        """From 0 to 1."""
        if self.total:
            return min(1.0, self.done / self.total)
        return 1.0 if self.phase == "finished" else 0.0

    @property
    def rate(self) -> float | None:
        """Events a second, lately; at its end over all of it. None until it can be said."""
        return self.average if self.is_over else self.samples.recent_rate

    @property
    def average(self) -> float | None:
        return self.samples.average

    @property
    def seconds_left(self) -> float | None:
        rate = self.samples.recent_rate
        if not rate or self.is_over:
            return None
        return max(0.0, (self.total - self.done) / rate)

    @property
    def steps(self) -> tuple[Step, ...]:
        """The steps in their order; nothing is told as done before the process said so."""
        return steps_of(self)

    # -- what it is told -------------------------------------------------------------------------------------------

    def begin(self, at: str) -> None:
        self.phase, self.began_at = "running", at
        began = (
            tr("Catching up of {name} began.", name=display(self.name))
            if self.catches_up
            else tr("The rebuild of {name} began.", name=display(self.name))
        )
        self._note(at, began)

    def ask_to_stop(self, at: str) -> None:
        if self.phase == "running":
            self.phase = "cancelling"
            self._note(at, tr("It was asked to stop."))

    def take(self, line: str, at: str) -> None:
        """A line of stdout; `at` is when it came, fixed-width UTC."""
        try:
            told = json.loads(line)
            self._count(told)
        except (ValueError, TypeError, KeyError, AttributeError):
            if line.strip():
                self._note(at, display(line, longest=400))
            return
        kind = told["kind"]
        if kind == "started":
            self._take_started(told, at)
        elif "tables" in told and kind == "progress":
            self._take_opened(told, at)
        elif kind == "warning":
            self.warnings += 1
            self._note(at, display(str(told.get("message", ""))), is_warning=True)
        elif kind in LAST_KINDS:
            self._take_last(kind, told, at)

    def _count(self, told: Mapping[str, Any]) -> None:
        done, total, rows = int(told["done"]), int(told["total"]), int(told["rows"])
        seconds, position = float(told["seconds"]), told["position"]
        str(told["kind"])
        self.done, self.total, self.rows, self.seconds = done, total, rows, seconds
        if position is not None:
            self.position = int(position)
        if self.tables:
            self.samples.add(seconds, done)

    def _take_started(self, told: Mapping[str, Any], at: str) -> None:
        self.has_started = True
        self.head = told.get("head")
        self.began_from, self.made_tables = int(told.get("began", 0)), bool(told.get("made", False))
        self._note(at, self._where_it_goes())

    def _where_it_goes(self) -> str:
        head = self.head or 0
        if not self.catches_up:
            return tr("The target is fixed at position {head:,}.", head=head)
        if self.made_tables:
            return tr(
                "There were no rows; it begins at the first event and ends at position {head:,}.", head=head
            )
        return tr(
            "It goes on from position {began:,} and ends at position {head:,}.",
            began=self.began_from,
            head=head,
        )

    def _take_opened(self, told: Mapping[str, Any], at: str) -> None:
        self.target, self.tables = str(told.get("target", "")), tuple(map(str, told["tables"]))
        self.samples.add(self.seconds, self.done)
        names = display(", ".join(self.tables))
        opened = (
            tr("Live tables in {file}: {names}.", file=self.file, names=names)
            if self.catches_up
            else tr("Shadow tables were created in {file}: {names}.", file=self.file, names=names)
        )
        self._note(at, opened)

    @property
    def file(self) -> str:
        """The read model's file without its folder, or its schema on a server."""
        server = server_address(self.target)
        if server is not None:
            return display(server[0].schema or server[0].database)
        return display(self.target.replace("\\", "/").rpartition("/")[2])

    def _take_last(self, kind: str, told: Mapping[str, Any], at: str) -> None:
        self._last_kind = kind
        self.message, self.hint = str(told.get("message", "")), str(told.get("hint", ""))
        if kind == "finished":
            of_this = told.get("tables", {}).get(self.name, {})
            self.built = {str(name): int(rows) for name, rows in of_this.items()}
        elif kind == "error":
            self.failure = _failure(told, self.message, self.hint)
        if self.message:
            self._note(at, display(self.message), is_warning=kind == "error")

    def end(self, at: str, *, last_words: str = "", never_began: bool = False, killed: bool = False) -> None:
        """The process is gone. `killed`: by us, since it did not stop when it was asked to."""
        self._last_words = last_words.strip()
        if self._last_kind == "finished":
            self.phase = "finished"
            done = tr("The rows have caught up.") if self.catches_up else tr("The new tables are in place.")
            self._note(at, done)
        elif self._last_kind == "error" and self.failure is not None:
            self.phase = "failed"
        elif self._last_kind == "paused" or killed or never_began or self.phase == "cancelling":
            self.phase = "cancelled"
            if killed:
                self._note(at, tr("It did not stop by itself and was ended."))
        else:
            self.phase = "died"
            self._note(at, tr("The process ended without saying how."), is_warning=True)
            if self._last_words:
                self._note(at, display(self._last_words, longest=2_000), is_warning=True)

    def _note(self, at: str, text: str, *, is_warning: bool = False) -> None:
        if len(self.log) < MOST_LOGGED:
            self.log.append(LogLine(at, text, is_warning))


def _failure(told: Mapping[str, Any], message: str, hint: str) -> Failure:
    event = told.get("event")
    handler, error = told.get("handler"), str(told.get("error", ""))
    return Failure(
        message=message,
        hint=hint,
        event=_event(event) if isinstance(event, dict) else None,
        handler=None if handler is None else str(handler),
        error=error,
        traceback=_traceback(told.get("traceback") or (), error),
    )


def _traceback(lines: Iterable[Any], error: str) -> str:
    """As Python prints it; empty where there is none."""
    texts = [str(line) for line in lines]
    if not texts:
        return ""
    return "\n".join(["Traceback (most recent call last):", *texts, *([error] if error else [])])


def _event(told: Mapping[str, Any]) -> FailedEvent | None:
    try:
        return FailedEvent(
            position=int(told["position"]),
            event_id=str(told["event_id"]),
            event_type=str(told["event_type"]),
            aggregate_type=str(told["aggregate_type"]),
            aggregate_id=str(told["aggregate_id"]),
            version=int(told["version"]),
            data_text=str(told["data_text"]),
            data_length=int(told["data_length"]),
        )
    except (KeyError, TypeError, ValueError):
        return None
