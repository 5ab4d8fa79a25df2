"""What the server can do with the same rows: the driver alone, the same tables, the same durability."""

import json
from collections.abc import Sequence
from typing import Any

import psycopg

from auditor.eventsourcing import EventStore
from tests.benchmarks.plain_sqlite import SELECT

Rows = Sequence[tuple[Any, ...]]

INSERT = "INSERT INTO events VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)"


def insert(url: str, rows: Rows, at_once: int) -> None:
    """Inserts the rows into a new native store's event table, `at_once` a transaction."""
    EventStore(url).close()
    with psycopg.connect(url, autocommit=True) as connection, connection.cursor() as cursor:
        for begin in range(0, len(rows), at_once):
            cursor.execute("BEGIN")
            cursor.executemany(INSERT, rows[begin : begin + at_once])
            cursor.execute("COMMIT")


def read_and_decode(url: str) -> int:
    """Every event's columns and its data as a JSON value; how many there were."""
    loads, count = json.loads, 0
    with psycopg.connect(url) as connection, connection.cursor("rows") as cursor:
        cursor.itersize = 2000
        for row in cursor.execute(SELECT):
            loads(row[8])
            count += 1
    return count
