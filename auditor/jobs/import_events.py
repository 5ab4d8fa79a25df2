"""Importing a log of newline-delimited JSON into a native store.

Order in the file becomes order of positions. Lines are stored in large transactions, so an import that was stopped,
cancelled or killed left whole batches, and the same command goes on from there: events that are stored already are
recognised by their ids and skipped. A line that cannot be stored ends the import after everything before it was
stored, unless bad lines are set aside.

A new store is made with its first batch: a file whose first line is bad leaves none behind. A line beyond
`MAX_LINE_BYTES` and damaged compression end the import in any case, since their extent is unknown.
"""

import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from auditor.core.errors import (
    AuditorError,
    Cancelled,
    ConcurrencyError,
    DuplicateEvent,
    ImportConflict,
    ImportStopped,
    NoStoreHere,
    StoreBusy,
)
from auditor.core.events import RecordedEvent
from auditor.core.import_check import CheckedLines, ReadLine, RefusedLine, check_lines
from auditor.core.import_fields import LineRefused, Refusal
from auditor.core.import_lines import read_line
from auditor.core.text import tr
from auditor.jobs.import_file import FileUnreadable, Line, LogFile
from auditor.jobs.import_set_aside import SetAside, SetAsideFile
from auditor.jobs.open_store import located
from auditor.jobs.origin import Origin
from auditor.tasks.context import TaskContext

if TYPE_CHECKING:
    from auditor.stores.native_store import EventStore

BATCH_LINES = 5_000
BATCH_BYTES = 16 * 1024 * 1024
_ATTEMPTS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportRequest:
    """`store` is a path or an SQLAlchemy URL; an absent store is made only with `create`. `password` is for a server,
    and counts more than one that stands in the URL."""

    store: str
    file: Path
    origin: Origin
    create: bool = False
    continue_on_error: bool = False
    password: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportResult:
    """What a whole file came to: every line that is not blank is stored, known or set aside.

    `known` events were in the store already, with the same content. `conflicts` counts those of the lines set aside
    whose event id is in the store with other content. `end_position` is the highest position of the file's events.
    """

    store: str
    """Its name as a person may read it: an address as typed may hold a password."""
    store_id: str
    created: bool
    lines: int
    stored: int
    known: int
    conflicts: int
    set_aside: SetAside | None
    batches: int
    end_position: int | None
    seconds: float


def run(request: ImportRequest, context: TaskContext) -> ImportResult:
    """Imports the whole file. Progress counts bytes of the file as it lies there, after each batch.

    Raises: ImportConflict, ImportStopped (both say how many events are stored), WrongRequest for a file that cannot
    be opened, StoreError, PasswordNeeded, Cancelled (between batches; what is stored is told as a warning).
    """
    begun = time.monotonic()
    with ExitStack() as stack:
        log = stack.enter_context(LogFile(request.file, context.token))
        target = stack.enter_context(_Target(request))
        set_aside = stack.enter_context(SetAsideFile(request.file))
        importing = _Import(request, target, set_aside)
        with importing.telling_what_is_stored(context):
            for batch in importing.batches_of(log):
                context.token.raise_if_cancelled()
                importing.take(batch)
                context.progress(log.read_bytes, log.total_bytes, tr("bytes"))
        store_id = target.opened().store_id
        context.progress(log.total_bytes, log.total_bytes, tr("bytes"))
        return importing.result(store_id, begun)


class _Target:
    """The store that is written, made no sooner than its first event is to be stored."""

    def __init__(self, request: ImportRequest) -> None:
        from auditor.stores.location import FileLocation

        self._location = located(request.store, request.password)
        self.name = self._location.name
        self._store: EventStore | None = None
        is_file = isinstance(self._location, FileLocation)
        try:
            if isinstance(self._location, FileLocation) and not self._location.path.exists():
                raise NoStoreHere(tr("{path} does not exist.", path=self.name))
            self._store = self._open(create=is_file and request.create)
        except NoStoreHere as error:
            if not request.create:
                raise NoStoreHere(
                    error.message, tr("With --create the import makes a new store there.")
                ) from None
        self.created = self._store is None

    def __enter__(self) -> "_Target":
        return self

    def __exit__(self, *_: object) -> None:
        if self._store is not None:
            self._store.close()

    def opened(self) -> "EventStore":
        if self._store is None:
            self._store = self._open()
        return self._store

    def _open(self, *, create: bool = True) -> "EventStore":
        from auditor.stores.native_store import EventStore

        return EventStore(self._location, create=create)

    def known(self, lines: list[ReadLine]) -> dict[str, RecordedEvent]:
        if self._store is None:
            return {}
        return self._store.find_events(
            line.event.event_id_text for line in lines if isinstance(line.event, RecordedEvent)
        )

    def heads(self, lines: list[ReadLine]) -> dict[str, tuple[int, str]]:
        if self._store is None:
            return {}
        return self._store.stream_versions(
            {line.event.aggregate_id for line in lines if isinstance(line.event, RecordedEvent)}
        )


class _Import:
    """One run: its counts so far, and what is done with a batch."""

    def __init__(self, request: ImportRequest, target: _Target, set_aside: SetAsideFile) -> None:
        self._request = request
        self._target = target
        self._set_aside = set_aside
        self._lines = 0
        self._stored = 0
        self._known = 0
        self._conflicts = 0
        self._batches = 0
        self._end_position: int | None = None

    def batches_of(self, log: LogFile) -> Iterator[list[Line]]:
        try:
            yield from log.batches(BATCH_LINES, BATCH_BYTES)
        except FileUnreadable as why:
            raise ImportStopped(
                tr("{file} cannot be read to its end: {why}.", file=log.path, why=why) + " " + self._so_far(),
                tr("Get a whole file and give the same command again: it goes on from there."),
                stored=self._stored,
            ) from None

    def take(self, batch: list[Line]) -> None:
        """Stores what can be stored of the batch, in one transaction.

        Raises: ImportStopped.
        """
        read = self._read(batch)
        checked = self._append(read)
        self._lines += len(read)
        self._stored += checked.accepted_count
        self._known += checked.known_count
        self._batches += 1 if checked.accepted_count else 0
        if not checked.refused:
            return
        if not self._request.continue_on_error:
            raise self._stopped(checked.refused[0])
        self._set_aside.add(checked.refused)
        self._conflicts += sum(line.why.refusal is Refusal.CONFLICT for line in checked.refused)

    def _read(self, batch: list[Line]) -> list[ReadLine]:
        read: list[ReadLine] = []
        for number, raw in batch:
            try:
                read.append(ReadLine(number, raw, read_line(raw, number)))
            except LineRefused as why:
                read.append(ReadLine(number, raw, why))
                if not self._request.continue_on_error:
                    break
        return read

    def _append(self, read: list[ReadLine]) -> CheckedLines:
        """Asked anew when another program appended in between, so that its events count as stored."""
        for _ in range(_ATTEMPTS):
            known = self._target.known(read)
            checked = check_lines(
                read, known, self._target.heads(read), stop_at_refused=not self._request.continue_on_error
            )
            try:
                appended = self._target.opened().append_many(checked.accepted) if checked.accepted else []
            except (ConcurrencyError, DuplicateEvent):
                continue
            self._note_positions([*known.values(), *appended[-1:]])
            return checked
        raise StoreBusy(
            tr("Another program keeps appending to the same aggregates."),
            tr("Give the same command again when it has finished."),
        )

    def _note_positions(self, events: list[RecordedEvent]) -> None:
        positions = [event.position for event in events]
        if self._end_position is not None:
            positions.append(self._end_position)
        self._end_position = max(positions, default=None)

    # -- what is told ------------------------------------------------------------------------------------------

    def _so_far(self) -> str:
        if self._known:
            return tr(
                "Events stored: {stored}; in the store already: {known}.",
                stored=self._stored,
                known=self._known,
            )
        return tr("Events stored: {stored}.", stored=self._stored)

    def _stopped(self, line: RefusedLine) -> ImportStopped:
        kind = ImportConflict if line.why.refusal is Refusal.CONFLICT else ImportStopped
        place = (
            tr("Line {line}, field {field}", line=line.number, field=line.why.field)
            if line.why.field
            else tr("Line {line}", line=line.number)
        )
        return kind(
            tr("{place}: {reason}.", place=place, reason=line.why.reason) + " " + self._so_far(),
            tr(
                "Repair the line and give the same command again: it goes on from there. "
                "With --continue-on-error such lines are set aside in a file."
            ),
            line=line.number,
            field=line.why.field,
            stored=self._stored,
        )

    @contextmanager
    def telling_what_is_stored(self, context: TaskContext) -> Iterator[None]:
        """For ends of which the error itself knows nothing of the import."""
        try:
            yield
        except ImportStopped:
            raise
        except (AuditorError, Cancelled):
            context.warn(self._so_far() + " " + tr("The same command goes on from there."))
            raise

    def result(self, store_id: str, begun: float) -> ImportResult:
        return ImportResult(
            store=self._target.name,
            store_id=store_id,
            created=self._target.created,
            lines=self._lines,
            stored=self._stored,
            known=self._known,
            conflicts=self._conflicts,
            set_aside=self._set_aside.summary(),
            batches=self._batches,
            end_position=self._end_position,
            seconds=time.monotonic() - begun,
        )
