"""Questions to a read model, each answered with the position at which the answer is true."""

import os
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, NamedTuple, Self

from auditor.core.errors import WrongRequest
from auditor.core.projection import Projection, declared_tables
from auditor.core.rows import Row, Table
from auditor.core.text import tr
from auditor.stores.location import StoreLocation, store_location
from auditor.stores.read_model_place import ReadModelPlace, place_beside, read_model_place
from auditor.stores.read_model_reader import ReadModelReader
from auditor.stores.read_model_waiting import Waiter


class Answer(NamedTuple):
    """Rows as they are when the projection has seen the events of that store up to `position`."""

    rows: list[Row]
    position: int
    store_id: str

    @property
    def first(self) -> Row | None:
        """The only row, or the first; None where there is none."""
        return self.rows[0] if self.rows else None


class ReadModel:
    """The live rows of one projection, for reading. May be used from any thread; a context manager.

    `location` is the place of the read model as path or SQLAlchemy URL; `beside` finds that of a store. Opened when it
    is first asked, so that it may be made before there are rows; after a fork the child opens its own.
    """

    def __init__(
        self, location: str | Path | ReadModelPlace, projection: Projection | type[Projection]
    ) -> None:
        self._location = read_model_place(location)
        self._name = projection.name
        made = projection if isinstance(projection, type) else type(projection)
        self._tables = {table.name: table for table in declared_tables(made)}
        self._reader: ReadModelReader | None = None
        self._process = 0

    @classmethod
    def beside(cls, store: str | Path | StoreLocation, projection: Projection | type[Projection]) -> Self:
        """The one that lies beside this store."""
        return cls(place_beside(store_location(store)), projection)

    def get(self, table: str, *key: Any) -> Answer:
        """The row with this key, if there is one. Raises: as `find`."""
        declared = self._declared(table)
        if len(key) != len(declared.key):
            raise WrongRequest(
                tr("The key of {table} is {columns}.", table=table, columns=", ".join(declared.key))
            )
        return self._find(declared, dict(zip(declared.key, key, strict=True)), ())

    def find(self, table: str, /, *, newest_first: Sequence[str] = (), **where: Any) -> Answer:
        """The rows in which these columns have these values, the highest of `newest_first` first.

        Cost: all rows, unless the key is named. Raises: StoreError where there are no rows yet; StoreBusy;
        WrongRequest for a table or column that is not declared.
        """
        return self._find(self._declared(table), where, newest_first)

    def _find(self, table: Table, where: dict[str, Any], newest_first: Sequence[str]) -> Answer:
        for column in (*where, *newest_first):
            if column not in table.columns:
                raise WrongRequest(
                    tr("Table {table} has no column {column}.", table=table.name, column=column),
                    tr("There is {names}.", names=", ".join(table.columns)),
                )
        checkpoint, rows = self._own_reader().find(table, where, newest_first=newest_first)
        return Answer(rows, checkpoint.position, checkpoint.store_id)

    def _own_reader(self) -> ReadModelReader:
        """One that came with a fork is the parent's: what one of them asks, the other could be answered."""
        if self._reader is None or self._process != os.getpid():
            self._reader = ReadModelReader(self._location, self._name)
            self._process = os.getpid()
        return self._reader

    def _declared(self, table: str) -> Table:
        if table not in self._tables:
            raise WrongRequest(
                tr("{projection} has no table {table!r}.", projection=self._name, table=table),
                tr("There is {names}.", names=", ".join(self._tables)),
            )
        return self._tables[table]

    @property
    def position(self) -> int:
        """Up to where the rows are true now; 0 where there are none yet. Raises: StoreError, StoreBusy."""
        with Waiter(self._location, self._name, None) as waiter:
            return waiter.position()

    def wait_for(self, position: int, timeout: float = 5.0) -> int:
        """Waits until the rows have come to `position`, whoever brings them there; returns how far they came.

        Raises: NotYetProjected after `timeout` seconds; StoreError.
        """
        with Waiter(self._location, self._name, None) as waiter:
            return waiter.wait_for(position, timeout)

    def close(self) -> None:
        reader, self._reader = self._reader, None
        if reader is not None and self._process == os.getpid():
            reader.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
