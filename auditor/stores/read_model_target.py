"""The only writer of read models: shadow tables, their checkpoint, and the swap that puts them in place."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import bindparam, delete, insert, select
from sqlalchemy.schema import CreateTable

from auditor.core.errors import ModelError
from auditor.core.rows import Key, Table, TableChanges
from auditor.core.text import tr
from auditor.stores import read_model_schema
from auditor.stores.dialects import DriverCursor
from auditor.stores.read_model_file import ReadModelFile
from auditor.stores.read_model_schema import Build, Checkpoint, checkpoint_from, shadow_name, sql_table
from auditor.stores.read_model_swap import put_in_place


class ReadModelTarget:
    """One projection's way into a read-model file, from `begin` to `swap`. Owns the file until it is closed.

    Readers see the live tables as they were until the swap is committed. Each method is one transaction.
    """

    def __init__(self, path: Path, *, store_path: Path | None) -> None:
        """Opens or makes the file; recovers it where an earlier run was killed.

        Raises: StoreBusy where another rebuild has the file, StoreError for anything that is no read-model file.
        """
        self._file = ReadModelFile(path, store_path=store_path)
        self._run: _Run | None = None

    @property
    def path(self) -> Path:
        return self._file.path

    def begin(self, checkpoint: Checkpoint, tables: Sequence[Table]) -> Checkpoint | None:
        """Makes empty shadow tables. Returns the checkpoint of an unfinished earlier run, whose shadows are gone now.

        Raises: ModelError for names that are not ours to take, StoreError.
        """
        read_model_schema.check_names(checkpoint.projection, tables)
        run = _Run(self._file, checkpoint, tables)
        self._file.say_at_work(checkpoint.projection)
        with self._file.writing() as cursor:
            unfinished = self._checkpoint(cursor, checkpoint.projection, "shadow")
            if unfinished is not None:
                self._drop_shadows(cursor, unfinished)
            self._refuse_what_is_not_ours(cursor, checkpoint.projection, tables)
            for statement in run.create:
                cursor.execute(statement)
            self._state(cursor, checkpoint, "shadow")
        self._run = run
        return unfinished

    def write(self, changes: Mapping[str, TableChanges], *, position: int, events: int) -> int:
        """Writes the rows of a batch and the checkpoint that they reach. Returns how many rows were put or deleted."""
        run, rows = self._running, 0
        with self._file.writing() as cursor:
            for table, (put, gone) in changes.items():
                statements = run.statements[table]
                if gone:
                    cursor.executemany(statements.delete, gone)
                if put:
                    cursor.executemany(statements.put, put)
                rows += len(put) + len(gone)
            run.checkpoint = _moved(run.checkpoint, position, events)
            self._state(cursor, run.checkpoint, "shadow")
        return rows

    def fetch(self, table: str, key: Key) -> list[Any] | None:
        """The row under `key`, as the batches so far left it, in column order."""
        statements = self._running.statements[table]
        with self._file.told():
            row = self._file.connection.execute(statements.fetch, key).fetchone()
        if row is None:
            return None
        return [
            bool(value) if is_boolean and value is not None else value
            for value, is_boolean in zip(row, statements.booleans, strict=True)
        ]

    def swap(self, build: Build | None = None) -> list[str]:
        """Puts the shadow tables in the place of the live ones, with their checkpoint, at once.

        Returns what the user should know about it. Raises: ModelError where an index or trigger of the user does not
        fit the new table, StoreBusy; nothing is changed then.
        """
        run, projection = self._running, self._running.checkpoint.projection
        with self._file.writing() as cursor:
            live = self._checkpoint(cursor, projection, "live")
            warnings = put_in_place(self._file.dialect, cursor, live, [table.name for table in run.tables])
            self._forget(cursor, projection, "shadow")
            self._state(cursor, run.checkpoint, "live")
            cursor.execute(self._file.statements.forget_build, (projection,))
            if build is not None:
                facts = (build.built_at, build.seconds, build.events, build.rows, build.code_sha256)
                cursor.execute(self._file.statements.state_build, (projection, *facts))
        self._run = None
        return warnings

    def discard(self) -> None:
        """Drops the shadow tables and their checkpoint."""
        run = self._running
        with self._file.writing() as cursor:
            self._drop_shadows(cursor, run.checkpoint)
        self._run = None

    def live_checkpoint(self, projection: str) -> Checkpoint | None:
        with self._file.told():
            return self._checkpoint(self._file.connection.cursor(), projection, "live")

    def count_rows(self, tables: Sequence[Table]) -> dict[str, int]:
        """Number of rows of each live table. Reads them from end to end."""
        with self._file.told():
            return {
                table.name: int(self._file.connection.execute(self._file.counting(table.name)).fetchone()[0])
                for table in tables
            }

    def close(self) -> None:
        """Leaves one file without any beside it."""
        self._file.close()

    def __enter__(self) -> "ReadModelTarget":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # -- inside a transaction ----------------------------------------------------------------------------------

    @property
    def _running(self) -> "_Run":
        if self._run is None:
            raise RuntimeError("no rebuild has begun")
        return self._run

    def _refuse_what_is_not_ours(
        self, cursor: DriverCursor, projection: str, tables: Sequence[Table]
    ) -> None:
        owners = {
            table.lower(): found.projection
            for row in cursor.execute(self._file.statements.all_checkpoints).fetchall()
            for found in [checkpoint_from(row)]
            for table in (found.tables if row[1] == "live" else map(shadow_name, found.tables))
        }
        taken = {name.lower(): kind for name, kind in cursor.execute("SELECT name, type FROM sqlite_schema")}
        for name in (name for table in tables for name in (table.name, shadow_name(table.name))):
            kind, owner = taken.get(name.lower()), owners.get(name.lower())
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
                        path=self.path.name,
                        kind=kind,
                        table=name,
                    ),
                    tr(
                        "Nothing was changed. Rename or remove it, or give {projection} another target.",
                        projection=projection,
                    ),
                )

    def _checkpoint(self, cursor: DriverCursor, projection: str, stage: str) -> Checkpoint | None:
        row = cursor.execute(self._file.statements.checkpoint, (projection, stage)).fetchone()
        return None if row is None else checkpoint_from(row)

    def _state(self, cursor: DriverCursor, checkpoint: Checkpoint, stage: str) -> None:
        cursor.execute(
            self._file.statements.state_checkpoint,
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
        cursor.execute(self._file.statements.forget_checkpoint, (projection, stage))

    def _drop_shadows(self, cursor: DriverCursor, checkpoint: Checkpoint) -> None:
        for table in checkpoint.tables:
            cursor.execute(f"DROP TABLE IF EXISTS {self._file.dialect.quoted(shadow_name(table))}")
        self._forget(cursor, checkpoint.projection, "shadow")


class _TableStatements:
    def __init__(self, file: ReadModelFile, declared: Table) -> None:
        table = sql_table(declared, shadow_name(declared.name))
        keys = [table.c[f"c{list(declared.columns).index(column)}"] for column in declared.key]
        names = [f"key{at}" for at in range(len(keys))]
        where = [column == bindparam(name) for column, name in zip(keys, names, strict=True)]
        compiled, every = file.dialect.compiled, [column.key for column in table.columns]
        self.create = file.dialect.ddl(CreateTable(table))
        self.put = compiled(insert(table).prefix_with("OR REPLACE"), *every)
        self.delete = compiled(delete(table).where(*where), *names)
        self.fetch = compiled(select(table).where(*where), *names)
        self.booleans = [kind == "boolean" for kind in declared.columns.values()]


class _Run:
    def __init__(self, file: ReadModelFile, checkpoint: Checkpoint, tables: Sequence[Table]) -> None:
        self.checkpoint = checkpoint
        self.tables = tables
        self.statements = {table.name: _TableStatements(file, table) for table in tables}
        self.create = [statements.create for statements in self.statements.values()]


def _moved(checkpoint: Checkpoint, position: int, events: int) -> Checkpoint:
    return Checkpoint(
        projection=checkpoint.projection,
        store_id=checkpoint.store_id,
        position=position,
        events=events,
        target=checkpoint.target,
        model_sha256=checkpoint.model_sha256,
        tables=checkpoint.tables,
    )
