"""Native stores written with plain SQL, so that a reader's tests need no writer of ours."""

import json
import sqlite3
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from sqlalchemy.dialects import sqlite
from sqlalchemy.schema import CreateIndex, CreateTable

from auditor.stores.native_schema import APPLICATION_ID, SCHEMA_VERSION, metadata

STORE_ID = "0190a000-0000-7000-8000-000000000001"
Row = tuple[Any, ...]
INSERT_EVENT = "INSERT INTO events VALUES (?,?,?,?,?,?,?,?,?,?,?,?)"


def create_tables(connection: sqlite3.Connection, store_id: str = STORE_ID) -> None:
    dialect = sqlite.dialect()
    for table in metadata.sorted_tables:
        connection.execute(str(CreateTable(table).compile(dialect=dialect)))
        for index in table.indexes:
            connection.execute(str(CreateIndex(index).compile(dialect=dialect)))
    facts = {"store_id": store_id, "schema_version": str(SCHEMA_VERSION), "created_by": "auditor test"}
    connection.executemany("INSERT INTO store_info VALUES (?, ?)", facts.items())
    connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")


def event_rows(aggregates: int, each: int, first_position: int = 1) -> list[Row]:
    """Events of `aggregates` orders in turn, a minute apart; users are `ada` and `bob` in turn of position."""
    rows: list[Row] = []
    for version in range(1, each + 1):
        for number in range(aggregates):
            position = first_position + len(rows)
            aggregate_id = f"order-{number:04}"
            timestamp = f"2026-03-{1 + position // 1440 % 28:02}T{position // 60 % 24:02}:{position % 60:02}:00.000000Z"
            data = {"number": position, "note": "ü" * (position % 7)}
            person = {"user_id": "ada"} if position % 2 else {"userId": "bob"}
            kind = "OrderCreated" if version == 1 else "ItemAdded"
            event_id = f"00000000-0000-7000-8000-{position:012}"
            rows.append(
                (
                    position,
                    event_id,
                    aggregate_id,
                    "Order" if number % 3 else "Basket",
                    kind,
                    version,
                    timestamp,
                    None,
                    json.dumps(data, ensure_ascii=False),
                    json.dumps({"correlation_id": "c", **person}),
                    "c",
                    None,
                )
            )
    return rows


def insert(connection: sqlite3.Connection, rows: Iterable[Sequence[Any]]) -> None:
    """Events, and the rows of `streams` that belong to them."""
    rows = list(rows)
    connection.executemany(INSERT_EVENT, rows)
    connection.executemany(
        "INSERT INTO streams VALUES (?,?,?,?,?,?) ON CONFLICT DO UPDATE SET version = excluded.version, "
        "last_timestamp = excluded.last_timestamp, last_position = excluded.last_position",
        [(row[2], row[3], row[5], row[6], row[6], row[0]) for row in rows],
    )


def make_store(
    path: Path, *, aggregates: int = 10, each: int = 5, pragmas: Sequence[str] = (), store_id: str = STORE_ID
) -> Path:
    """A closed store without side files. `pragmas` run first (page size, encoding, …)."""
    connection = sqlite3.connect(path, isolation_level=None)
    try:
        for pragma in pragmas:
            connection.execute(f"PRAGMA {pragma}")
        connection.execute("BEGIN")
        create_tables(connection, store_id)
        insert(connection, event_rows(aggregates, each))
        connection.execute("COMMIT")
    finally:
        connection.close()
    return path
