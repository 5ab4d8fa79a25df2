"""Stores whose events lack versions, have one twice, or came out of order: made by others, or damaged."""

import re
import sqlite3
from contextlib import closing
from pathlib import Path

from tests.helpers.small_stores import write_store


def write_faulty_store(path: Path, *, versions: list[int], positions: list[int] | None = None) -> Path:
    """Thing `t-1` with an event a version; event n sets the member `n`. The table has no unique keys."""
    write_store(path, {"t-1": [("Set", {f"n{number}": number}) for number in range(1, len(versions) + 1)]})
    places = positions or list(range(1, len(versions) + 1))
    with closing(sqlite3.connect(path)) as connection, connection:
        (made,) = connection.execute("SELECT sql FROM sqlite_master WHERE name = 'events'").fetchone()
        connection.execute("ALTER TABLE events RENAME TO strict")
        connection.execute(re.sub(r",\s*UNIQUE \([^)]*\)", "", made))
        connection.execute("INSERT INTO events SELECT * FROM strict")
        connection.execute("DROP TABLE strict")
        rows = enumerate(zip(versions, places, strict=True), 1)
        # Far away first, so that no two rows have the same place in between.
        changes = [(version, 1000 + place, number) for number, (version, place) in rows]
        connection.executemany("UPDATE events SET version = ?, position = ? WHERE position = ?", changes)
        connection.execute("UPDATE events SET position = position - 1000")
        connection.execute("UPDATE streams SET version = ?", (max(versions),))
    return path
