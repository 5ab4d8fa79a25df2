"""Where read models can stand, and how tests look there. A new database is one more line in `_PLACES`."""

import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import psycopg
import pytest

from auditor.stores.location import FileLocation, store_location
from auditor.stores.read_model_place import ReadModelPlace, SchemaLocation, place_beside
from tests.helpers.rebuilding import Tables, tables_of

HOLDING = (
    "import sys\nfrom auditor.stores.read_model_place import read_model_place\n"
    "from auditor.stores.read_model_target import ReadModelTarget\n"
    "target = ReadModelTarget(read_model_place(sys.argv[1]))\nprint(flush=True)\nsys.stdin.read()"
)


class Ground(Protocol):
    """A place that is empty when a test begins, and somebody else's way to it."""

    @property
    def place(self) -> ReadModelPlace: ...
    def run(self, *statements: str) -> list[tuple[Any, ...]]:
        """Rows of all statements, each a transaction of its own."""

    def tables(self) -> Tables:
        """All tables but our own, rows by key."""

    def indexes(self) -> list[str]:
        """The names of those that somebody made, sorted."""


@dataclass(frozen=True)
class FileGround:
    """A read-model file."""

    path: Path

    @property
    def place(self) -> ReadModelPlace:
        return FileLocation(self.path)

    def run(self, *statements: str) -> list[tuple[Any, ...]]:
        with closing(sqlite3.connect(self.path, isolation_level=None, timeout=20)) as connection:
            return [row for statement in statements for row in connection.execute(statement).fetchall()]

    def tables(self) -> Tables:
        return tables_of(self.path)

    def indexes(self) -> list[str]:
        made = "SELECT name FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL ORDER BY name"
        return [name for (name,) in self.run(made)]


class ServerGround:
    """A schema in a database of this test alone."""

    def __init__(self, url: str) -> None:
        self.url = url
        place = place_beside(store_location(url))
        assert isinstance(place, SchemaLocation)
        self.place = place

    @property
    def schema(self) -> str:
        return self.place.short_name

    def run(self, *statements: str) -> list[tuple[Any, ...]]:
        with psycopg.connect(self.url, autocommit=True) as connection:
            connection.execute("SELECT set_config('search_path', %s, false)", (self.schema,))
            return _run(connection, statements)

    def tables(self) -> Tables:
        return tables_on_server(self.url, self.schema)

    def indexes(self) -> list[str]:
        made = "SELECT indexname FROM pg_indexes WHERE schemaname = current_schema() ORDER BY indexname"
        return [name for (name,) in self.run(made) if not name.endswith("_pkey")]


def ground_beside(store: str) -> Ground:
    """Where the read models of the store at this URL stand by themselves."""
    place = place_beside(store_location(store))
    return FileGround(place.path) if isinstance(place, FileLocation) else ServerGround(store)


def tables_on_server(url: str, schema: str) -> Tables:
    """All tables of a schema but our own, rows by key, booleans as SQLite has them."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("SELECT set_config('search_path', %s, false)", (schema,))
        names = connection.execute(
            "SELECT tablename FROM pg_tables WHERE schemaname = %s AND tablename NOT LIKE 'auditor~_%%' ESCAPE '~'",
            (schema,),
        ).fetchall()
        found = {}
        for (name,) in sorted(names):
            key = connection.execute(
                "SELECT string_agg(quote_ident(attname), ', ' ORDER BY array_position(conkey, attnum))"
                " FROM pg_constraint JOIN pg_attribute ON attrelid = conrelid AND attnum = ANY(conkey)"
                " WHERE conrelid = quote_ident(%s)::regclass AND contype = 'p'",
                (name,),
            ).fetchone()
            quoted = '"' + name.replace('"', '""') + '"'
            order = f" ORDER BY {key[0]}" if key and key[0] else ""
            rows = connection.execute(f"SELECT * FROM {quoted}{order}").fetchall()  # noqa: S608 - a test's own
            found[name] = [
                tuple(int(value) if isinstance(value, bool) else value for value in row) for row in rows
            ]
        return found


def _run(connection: psycopg.Connection[Any], statements: Sequence[str]) -> list[tuple[Any, ...]]:
    rows: list[tuple[Any, ...]] = []
    for statement in statements:
        cursor = connection.execute(statement)
        rows += cursor.fetchall() if cursor.description else []
    return rows


def _in_a_file(request: pytest.FixtureRequest) -> Ground:
    folder: Path = request.getfixturevalue("tmp_path")
    return FileGround(folder / "s.readmodels.db")


def _on_a_server(request: pytest.FixtureRequest) -> Ground:
    return ServerGround(request.getfixturevalue("postgres_url"))


_PLACES: dict[str, Callable[[pytest.FixtureRequest], Ground]] = {
    "sqlite": _in_a_file,
    "postgresql": _on_a_server,
}


@pytest.fixture(params=_PLACES)
def ground(request: pytest.FixtureRequest) -> Ground:
    """Once for each database."""
    return _PLACES[request.param](request)
