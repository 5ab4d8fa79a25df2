"""The one module that writes to the event tables."""

from typing import Any

from sqlalchemy import bindparam, insert, select, update

from auditor.core.errors import ConcurrencyError, DuplicateEvent, StoreDamaged, StoreError
from auditor.core.events import RecordedEvent, as_event
from auditor.core.text import tr
from auditor.stores.dialects import Dialect, DriverConnection, DriverCursor, UniqueKey
from auditor.stores.native_batch import Batch, StreamChange, unholdable_text
from auditor.stores.native_schema import RECORDED_COLUMNS, events, streams

_ATTEMPTS = 3


class Appender:
    """Writes prepared batches through connections of one dialect."""

    def __init__(self, dialect: Dialect) -> None:
        self._dialect = dialect
        self._insert_event = dialect.compiled(insert(events), *events.c.keys())
        self._insert_stream = dialect.compiled(insert(streams), *streams.c.keys())
        self._update_stream = dialect.compiled(
            update(streams)
            .where(
                streams.c.aggregate_id == bindparam("id"),
                streams.c.version == bindparam("expected"),
                streams.c.aggregate_type == bindparam("type"),
            )
            .values(
                version=bindparam("new_version"),
                last_timestamp=bindparam("new_timestamp"),
                last_position=bindparam("new_position"),
            ),
            *("new_version", "new_timestamp", "new_position", "id", "expected", "type"),
        )
        self._stream = dialect.compiled(
            select(streams.c.version, streams.c.aggregate_type).where(
                streams.c.aggregate_id == bindparam("id")
            ),
            "id",
        )
        self._event_exists = dialect.compiled(
            select(events.c.position).where(events.c.event_id == bindparam("id")), "id"
        )

    def append(self, connection: DriverConnection, batch: Batch) -> list[RecordedEvent]:
        """Stores the whole batch, or raises and stores nothing of it."""
        for _ in range(_ATTEMPTS):
            error: Exception | None = None
            try:
                return self._write(connection, batch)
            except _UnexpectedVersion:
                pass
            except self._dialect.integrity_error as refused:
                error = refused
            except (StoreError, UnicodeEncodeError) as failed:
                unholdable = unholdable_text(batch, self._dialect.holds)
                if unholdable is None:
                    raise
                raise unholdable from failed
            refusal = self._refusal(connection, batch, error)
            if refusal is not None:
                raise refusal from error
            # Somebody appended since, so that the aggregate has the expected version now.
        # Its stream agrees, and yet the store refuses the rows.
        raise StoreDamaged(
            tr(
                "The events of {path} do not agree with its table of aggregates.",
                path=self._dialect.shown_name,
            ),
            tr("Nothing was changed. Work on a copy of the store, and restore it from a backup."),
        )

    def _write(self, connection: DriverConnection, batch: Batch) -> list[RecordedEvent]:
        with self._dialect.writing(connection) as cursor:
            first = self._dialect.next_positions(cursor, len(batch.rows))
            self._write_streams(cursor, batch, first)
            rows = [(position, *columns) for position, columns in enumerate(batch.rows, first)]
            cursor.executemany(self._insert_event, rows)
        width = len(RECORDED_COLUMNS)
        return [as_event(row[:width]) for row in rows]

    def _write_streams(self, cursor: DriverCursor, batch: Batch, first: int) -> None:
        new, old = [], []
        for change in batch.changes:
            last_position = first + batch.last_rows[change.aggregate_id]
            if change.expected_version == 0:
                new.append(_new_stream(change, last_position))
            else:
                old.append(_changed_stream(change, last_position))
        if new:
            cursor.executemany(self._insert_stream, new)
        if old:
            cursor.executemany(self._update_stream, old)
            if cursor.rowcount != len(old):
                raise _UnexpectedVersion

    def _refusal(
        self, connection: DriverConnection, batch: Batch, error: Exception | None
    ) -> Exception | None:
        """Why the batch was refused: looked up after it was rolled back, since it hides what was there before. None
        where nothing is to be seen any more."""
        with self._dialect.told():
            for change in batch.changes:
                refusal = self._stream_refusal(connection, change)
                if refusal is not None:
                    return refusal
            if error is not None and self._dialect.violated_key(error) is UniqueKey.EVENT_ID:
                return self._duplicate(connection, batch)
        return None

    def _stream_refusal(self, connection: DriverConnection, change: StreamChange) -> Exception | None:
        row = connection.execute(self._stream, (change.aggregate_id,)).fetchone()
        actual, aggregate_type = row or (0, change.aggregate_type)
        if aggregate_type != change.aggregate_type:
            return ValueError(
                f"{change.aggregate_id!r} is a {aggregate_type} in this store and cannot be a {change.aggregate_type}"
            )
        if actual != change.expected_version:
            return ConcurrencyError(change.expected_version, actual, change.aggregate_id)
        return None

    def _duplicate(self, connection: DriverConnection, batch: Batch) -> DuplicateEvent:
        seen: set[str] = set()
        for event_id, *_ in batch.rows:
            if event_id in seen or connection.execute(self._event_exists, (event_id,)).fetchone():
                return DuplicateEvent(
                    tr("An event with the id {id} is in the store already.", id=event_id)
                    if event_id not in seen
                    else tr("Two events of one append have the id {id}.", id=event_id),
                    tr("Nothing was stored. Give every event an id of its own."),
                )
            seen.add(event_id)
        raise AssertionError("the database named a duplicate that is not there")


class _UnexpectedVersion(Exception):
    """A stream's row is not as expected."""


def _new_stream(change: StreamChange, last_position: int) -> tuple[Any, ...]:
    return (
        change.aggregate_id,
        change.aggregate_type,
        change.version,
        change.first_timestamp,
        change.last_timestamp,
        last_position,
    )


def _changed_stream(change: StreamChange, last_position: int) -> tuple[Any, ...]:
    return (
        change.version,
        change.last_timestamp,
        last_position,
        change.aggregate_id,
        change.expected_version,
        change.aggregate_type,
    )
