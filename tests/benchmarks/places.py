"""Where stores are made for measuring: SQLite files, or databases on a server that syncs its commits."""

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Protocol
from uuid import UUID

from eventsourcing.application import Application
from sqlalchemy import URL

from tests.benchmarks import plain_postgres, plain_sqlite
from tests.helpers.postgres_server import as_text, new_database, running_server


class Place(Protocol):
    """One kind of database: places for stores, what its driver does alone, and the peer on it."""

    @property
    def name(self) -> str: ...
    def new(self) -> str:
        """Where a store can be made."""

    def insert(self, rows: plain_sqlite.Rows, at_once: int) -> None:
        """Inserts the rows into a new store by the driver alone, `at_once` a transaction."""

    def read_and_decode(self, store: str) -> int: ...
    def peer(self) -> "Application[UUID]":
        """The peer's application on a new database, with the library's own settings."""


class Files:
    """SQLite files in one folder."""

    name = "SQLite"

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._numbers = count()

    def path(self, ending: str = ".db") -> Path:
        return self.folder / f"{next(self._numbers)}{ending}"

    def new(self) -> str:
        return str(self.path())

    def insert(self, rows: plain_sqlite.Rows, at_once: int) -> None:
        plain_sqlite.insert(self.path(), rows, at_once)

    def read_and_decode(self, store: str) -> int:
        return plain_sqlite.read_and_decode(Path(store))

    def peer(self) -> "Application[UUID]":
        return Application(
            env={
                "PERSISTENCE_MODULE": "eventsourcing.sqlite",
                "SQLITE_DBNAME": str(self.path()),
                "IS_SNAPSHOTTING_ENABLED": "y",
            }
        )


class Databases:
    """Databases on one server."""

    name = "PostgreSQL"

    def __init__(self, server: URL) -> None:
        self._server = server

    def new(self) -> str:
        return as_text(new_database(self._server))

    def insert(self, rows: plain_sqlite.Rows, at_once: int) -> None:
        plain_postgres.insert(self.new(), rows, at_once)

    def read_and_decode(self, store: str) -> int:
        return plain_postgres.read_and_decode(store)

    def peer(self) -> "Application[UUID]":
        database = new_database(self._server)
        return Application(
            env={
                "PERSISTENCE_MODULE": "eventsourcing.postgres",
                "POSTGRES_DBNAME": database.database or "",
                "POSTGRES_HOST": str(database.query["host"]),
                "POSTGRES_PORT": "5432",
                "POSTGRES_USER": database.username or "",
                "POSTGRES_PASSWORD": "unused",
                "IS_SNAPSHOTTING_ENABLED": "y",
            }
        )


@contextmanager
def databases() -> Iterator[Databases]:
    """A server of this run alone. Its commits are on disk when they return."""
    with running_server("fsync=on", "shared_buffers=128MB") as server:
        yield Databases(server.url)
