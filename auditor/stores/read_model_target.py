"""The only writer of read models: shadow tables and the swap that puts them in place, or the live tables themselves;
always in one transaction with their checkpoint."""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from auditor.core.catch_up import CheckpointMoved, rebuild_hint
from auditor.core.errors import ModelError, RebuildNeeded
from auditor.core.rows import Key, Table, TableChanges
from auditor.core.text import tr
from auditor.stores import read_model_schema
from auditor.stores.dialects import DriverConnection, DriverCursor
from auditor.stores.location import FileLocation, StoreLocation
from auditor.stores.read_model_database import opened_for_writing
from auditor.stores.read_model_place import ReadModelPlace
from auditor.stores.read_model_schema import Build, Checkpoint, build_from, checkpoint_from, shadow_name
from auditor.stores.read_model_statements import MOST_UNDER, RunStatements


class LiveStart(NamedTuple):
    """Where live rows stand when somebody goes on with them; `made`: their tables are new and empty."""

    checkpoint: Checkpoint
    made: bool


class ReadModelTarget:
    """One projection's way into a place of read models, its own until it is closed. Each method is one transaction.

    From `begin` to `swap` rows go to shadow tables: readers see the live ones as they were until the swap is
    committed. After `begin_live` they go to the live tables: readers see each batch whole, with its checkpoint.
    """

    def __init__(self, place: ReadModelPlace | Path, *, store: StoreLocation | None = None) -> None:
        """Opens or makes the file or the schema; recovers it where an earlier run was killed.

        `store` is never a target. Raises: StoreBusy where another rebuild is at work there,
        StoreError for anything that is no place for read models.
        """
        self.place = FileLocation(place) if isinstance(place, Path) else place
        self._database = opened_for_writing(self.place, store=store)
        self._run: RunStatements | None = None

    def begin(self, checkpoint: Checkpoint, tables: Sequence[Table]) -> Checkpoint | None:
        """Makes empty shadow tables. Returns the checkpoint of an unfinished earlier run, whose shadows are gone now.

        Raises: ModelError for names that are not ours to take, StoreError.
        """
        run = self._run_of(checkpoint, tables, live=False)
        self._database.say_at_work(checkpoint.projection)
        with self._database.writing() as cursor:
            unfinished = self._checkpoint(cursor, checkpoint.projection, "shadow")
            if unfinished is not None:
                self._drop_shadows(cursor, unfinished)
            self._refuse_what_is_not_ours(cursor, checkpoint.projection, tables)
            self._make(cursor, run)
            self._state(cursor, checkpoint, "shadow")
        self._run = run
        return unfinished

    def begin_live(
        self, checkpoint: Checkpoint, tables: Sequence[Table], build: Build | None = None
    ) -> LiveStart:
        """Finds where the live rows stand; where there are none, makes their tables, empty at position 0.

        `checkpoint` says whose rows they must be, and `build` of which code, which is noted with new tables. Raises:
        RebuildNeeded for rows of another store or other code; ModelError for names that are not ours to take.
        """
        run = self._run_of(replace(checkpoint, position=0, events=0), tables, live=True)
        with self._database.writing() as cursor:
            live = self._checkpoint(cursor, checkpoint.projection, "live")
            if live is None:
                self._refuse_what_is_not_ours(cursor, checkpoint.projection, tables)
                self._make(cursor, run)
                self._state(cursor, run.checkpoint, "live")
                self._note_build(cursor, checkpoint.projection, build)
            else:
                self._refuse_other_rows(cursor, live, run, build)
                run.checkpoint = live
        self._run = run
        return LiveStart(run.checkpoint, made=live is None)

    def write(self, changes: Mapping[str, TableChanges], *, position: int, events: int) -> int:
        """Writes the rows of a batch and the checkpoint that they reach. Returns how many rows were put or deleted.

        Raises: NotStorable; CheckpointMoved where live rows are not any more as this run left them; ModelError where an
        index or a trigger of the user's does not allow one. Nothing is written then.
        """
        run, rows = self._running, 0
        reached = replace(run.checkpoint, position=position, events=events)
        if run.live:
            reached = replace(reached, target=position)
        with self._database.writing(provisional=not run.live) as cursor:
            if run.live and self._checkpoint(cursor, run.checkpoint.projection, "live") != run.checkpoint:
                raise CheckpointMoved
            with self._allowed(run), self._database.storing():
                for table, (put, gone) in changes.items():
                    statements = run.of[table]
                    if gone:
                        cursor.executemany(statements.delete, gone)
                    if put:
                        self._database.put(cursor, statements, put)
                    rows += len(put) + len(gone)
            self._state(cursor, reached, run.stage)
        run.checkpoint = reached
        return rows

    def note_build(self, build: Build) -> None:
        """How the live rows came about."""
        with self._database.writing() as cursor:
            self._note_build(cursor, self._running.checkpoint.projection, build)

    def fetch(self, table: str, key: Key) -> list[Any] | None:
        """The row under `key`, as the batches so far left it, in column order."""
        statements = self._running.of[table]
        with self._database.told():
            row = self._database.connection.execute(statements.fetch, key).fetchone()
        return None if row is None else statements.as_declared(row)

    def fetch_under(self, table: str, first: Any) -> list[list[Any]] | None:
        """All rows whose key begins with `first`, as the batches so far left them; None for more than `MOST_UNDER`."""
        statements = self._running.of[table]
        with self._database.told():
            rows = self._database.connection.execute(statements.fetch_under, (first,)).fetchall()
        return None if len(rows) > MOST_UNDER else list(map(statements.as_declared, rows))

    def swap(self, build: Build | None = None) -> list[str]:
        """Puts the shadow tables in the place of the live ones, with their checkpoint, at once.

        Returns what the user should know about it. Raises: ModelError where an index or trigger of the user does not
        fit the new table, StoreBusy; nothing is changed then.
        """
        run, projection = self._shadow, self._shadow.checkpoint.projection
        with self._database.swapping(projection) as cursor:
            live = self._checkpoint(cursor, projection, "live")
            warnings = self._database.put_in_place(cursor, live, [table.name for table in run.tables])
            self._forget(cursor, projection, "shadow")
            self._state(cursor, run.checkpoint, "live")
            self._note_build(cursor, projection, build)
        self._run = None
        return warnings

    def discard(self) -> None:
        """Drops the shadow tables and their checkpoint."""
        run = self._shadow
        with self._database.writing() as cursor:
            self._drop_shadows(cursor, run.checkpoint)
        self._run = None

    def live_checkpoint(self, projection: str) -> Checkpoint | None:
        with self._database.told():
            return self._checkpoint(self._database.connection, projection, "live")

    def count_rows(self, tables: Sequence[Table]) -> dict[str, int]:
        """Number of rows of each live table. Reads them from end to end."""
        with self._database.told():
            return {
                table.name: int(self._database.connection.execute(statements.count, ()).fetchone()[0])
                for table in tables
                for statements in [self._database.table_statements(table, live=True)]
            }

    def close(self) -> None:
        """Lets the next one in, and leaves a file without any beside it."""
        self._database.close()

    def __enter__(self) -> "ReadModelTarget":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # -- inside a transaction ----------------------------------------------------------------------------------

    @property
    def _running(self) -> RunStatements:
        if self._run is None:
            raise RuntimeError("nothing has begun")
        return self._run

    @property
    def _shadow(self) -> RunStatements:
        if self._running.live:
            raise RuntimeError("live rows have no shadow")
        return self._running

    def _run_of(self, checkpoint: Checkpoint, tables: Sequence[Table], *, live: bool) -> RunStatements:
        """Raises: ModelError for names that are not free."""
        read_model_schema.check_names(checkpoint.projection, tables)
        self._database.check_names(checkpoint.projection, tables)
        return RunStatements(
            checkpoint, tables, partial(self._database.table_statements, live=live), live=live
        )

    def _make(self, cursor: DriverCursor, run: RunStatements) -> None:
        for statements in run.of.values():
            cursor.execute(statements.create, ())

    def _note_build(self, cursor: DriverCursor, projection: str, build: Build | None) -> None:
        cursor.execute(self._database.statements.forget_build, (projection,))
        if build is not None:
            facts = (build.built_at, build.seconds, build.events, build.rows, build.code_sha256)
            cursor.execute(self._database.statements.state_build, (projection, *facts))

    @contextmanager
    def _allowed(self, run: RunStatements) -> Iterator[None]:
        try:
            yield
        except self._database.row_refused as error:
            if not run.live:
                raise
            raise ModelError(
                tr(
                    "An index or a trigger in {file} does not allow a row of {projection}: {why}.",
                    file=self.place.short_name,
                    projection=run.checkpoint.projection,
                    why=error,
                ),
                tr("The rows were left as they are. Drop it and try again."),
            ) from error

    def _refuse_other_rows(
        self, cursor: DriverCursor, live: Checkpoint, run: RunStatements, build: Build | None
    ) -> None:
        wanted, name = run.checkpoint, run.checkpoint.projection
        if live.store_id != wanted.store_id:
            raise RebuildNeeded(
                tr("The rows of {name} came from another store ({id}).", name=name, id=live.store_id),
                rebuild_hint(name),
            )
        if self._is_other_code(cursor, live, wanted, build):
            raise RebuildNeeded(
                tr("The rows of {name} were made by other code than it has now.", name=name),
                rebuild_hint(name),
            )
        for table in run.tables:
            if self._database.columns_of(cursor, table.name) != list(table.columns):
                raise RebuildNeeded(
                    tr("The table {table} of {name} is not as it was made.", table=table.name, name=name),
                    rebuild_hint(name),
                )

    def _is_other_code(
        self, cursor: DriverCursor, live: Checkpoint, wanted: Checkpoint, build: Build | None
    ) -> bool:
        """By all files of the code where both sides know them, else by the module's own."""
        if sorted(live.tables) != sorted(wanted.tables):
            return True
        row = cursor.execute(self._database.statements.build, (live.projection,)).fetchone()
        before, now = (row and build_from(row).code_sha256), (build and build.code_sha256)
        if not (before and now):
            before, now = live.model_sha256, wanted.model_sha256
        return bool(before and now and before != now)

    def _refuse_what_is_not_ours(
        self, cursor: DriverCursor, projection: str, tables: Sequence[Table]
    ) -> None:
        as_compared = self._database.as_compared
        owners = {
            as_compared(table): found.projection
            for row in cursor.execute(self._database.statements.all_checkpoints, ()).fetchall()
            for found in [checkpoint_from(row)]
            for table in (found.tables if row[1] == "live" else map(shadow_name, found.tables))
        }
        taken = {as_compared(name): kind for name, kind in self._database.relations(cursor).items()}
        for name in (name for table in tables for name in (table.name, shadow_name(table.name))):
            kind, owner = taken.get(as_compared(name)), owners.get(as_compared(name))
            if owner is not None and owner != projection:
                raise ModelError(
                    tr("The table {table} belongs to the projection {owner}.", table=name, owner=owner),
                    tr(
                        "Give {projection} a target of its own, or its table another name.",
                        projection=projection,
                    ),
                )
            if kind is not None and owner is None:
                raise ModelError(
                    tr(
                        "{path} has a {kind} {table} that no rebuild made.",
                        path=self.place.short_name,
                        kind=kind,
                        table=name,
                    ),
                    tr(
                        "Nothing was changed. Rename or remove it, or give {projection} another target.",
                        projection=projection,
                    ),
                )

    def _checkpoint(
        self, cursor: DriverCursor | DriverConnection, projection: str, stage: str
    ) -> Checkpoint | None:
        row = cursor.execute(self._database.statements.checkpoint, (projection, stage)).fetchone()
        return None if row is None else checkpoint_from(row)

    def _state(self, cursor: DriverCursor, checkpoint: Checkpoint, stage: str) -> None:
        cursor.execute(
            self._database.statements.state_checkpoint,
            (
                checkpoint.projection,
                stage,
                checkpoint.store_id,
                checkpoint.position,
                checkpoint.events,
                checkpoint.target,
                checkpoint.model_sha256,
                json.dumps(checkpoint.tables),
            ),
        )

    def _forget(self, cursor: DriverCursor, projection: str, stage: str) -> None:
        cursor.execute(self._database.statements.forget_checkpoint, (projection, stage))

    def _drop_shadows(self, cursor: DriverCursor, checkpoint: Checkpoint) -> None:
        for table in checkpoint.tables:
            cursor.execute(f"DROP TABLE IF EXISTS {self._database.dialect.quoted(shadow_name(table))}")
        self._forget(cursor, checkpoint.projection, "shadow")
