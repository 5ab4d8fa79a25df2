"""What the machine can do with the same rows: the driver alone, the same tables, the same durability."""

import json
import sqlite3
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from auditor.eventsourcing import EventStore

Rows = Sequence[tuple[Any, ...]]

INSERT = "INSERT INTO events VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
SELECT = (
    "SELECT position, event_id, aggregate_id, aggregate_type, event_type, version, timestamp, timestamp_text, "
    "data, metadata FROM events ORDER BY position"
)


def all_columns(store: Path) -> list[tuple[Any, ...]]:
    """Every column of every event, as an insert takes them."""
    connection = sqlite3.connect(store)
    try:
        return connection.execute("SELECT * FROM events ORDER BY position").fetchall()
    finally:
        connection.close()


def insert(path: Path, rows: Rows, at_once: int) -> None:
    """Inserts the rows into a new native store's event table, `at_once` a transaction."""
    EventStore(str(path)).close()
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    try:
        for begin in range(0, len(rows), at_once):
            connection.execute("BEGIN IMMEDIATE")
            connection.executemany(INSERT, rows[begin : begin + at_once])
            connection.execute("COMMIT")
    finally:
        connection.close()


def read_and_decode(path: Path) -> int:
    """Every event's columns and its data as a JSON value; how many there were."""
    connection, loads, count = sqlite3.connect(path), json.loads, 0
    try:
        for row in connection.execute(SELECT):
            loads(row[8])
            count += 1
    finally:
        connection.close()
    return count


def decode_and_insert(log: Path, path: Path, rows: Rows, at_once: int) -> None:
    """Reads a log's lines as JSON and inserts the rows that they came from."""
    with log.open("rb") as lines:
        for line in lines:
            json.loads(line)
    insert(path, rows, at_once)
