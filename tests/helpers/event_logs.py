"""Logs of newline-delimited JSON made for a test, and a store's rows as plain SQL sees them."""

import json
import sqlite3
from collections.abc import Iterable
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

_SPACE = UUID("6f1d3c52-6ad3-5b43-8a0e-2f2f4f0c9d11")


def event_line(aggregate: str = "order-1", version: int = 1, **changes: Any) -> bytes:
    """One event; its id follows from aggregate and version."""
    members: dict[str, Any] = {
        "event_id": str(uuid5(_SPACE, f"{aggregate}/{version}")),
        "aggregate_id": aggregate,
        "aggregate_type": "Order",
        "event_type": "OrderCreated" if version == 1 else "ItemAdded",
        "version": version,
        "timestamp": f"2026-03-01T12:{version // 60 % 60:02}:{version % 60:02}+01:00",
        "data": {"number": version, "price": "1.50"},
        "metadata": {
            "correlation_id": aggregate,
            "causation_id": None,
            "user_id": "ada",
            "schema_version": 1,
        },
    }
    return json.dumps(members | changes).encode()


def event_lines(aggregates: int, each: int) -> list[bytes]:
    """The aggregates' events in turn, so that every batch has events of all of them."""
    return [
        event_line(f"order-{number}", version)
        for version in range(1, each + 1)
        for number in range(aggregates)
    ]


def write_log(path: Path, lines: Iterable[bytes]) -> Path:
    path.write_bytes(b"".join(line + b"\n" for line in lines))
    return path


def stored_rows(store: Path) -> tuple[list[tuple[Any, ...]], list[tuple[Any, ...]]]:
    """All rows of `events` and of `streams`, every column."""
    connection = sqlite3.connect(f"{store.absolute().as_uri()}?mode=ro", uri=True)
    try:
        return (
            connection.execute("SELECT * FROM events ORDER BY position").fetchall(),
            connection.execute("SELECT * FROM streams ORDER BY aggregate_id").fetchall(),
        )
    finally:
        connection.close()
