"""Stores of events that were thrown together, and what they hold as Python values."""

import json
import random
import sqlite3
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

from tests.helpers.native_files import Row, create_tables, insert

TYPES = ("Order", "Basket", "Cus_tomer")
USERS = ('{"user_id": "ada"}', '{"userId": "bob"}', '{"user_id": 7}', "{}", "[]", "{broken", '"eve"')


def random_rows(seed: int, count: int) -> list[Row]:
    """Rows of `events`: aggregates take turns at random, versions have no holes, positions do; a third has a cause,
    which now and then is not in the store."""
    choose = random.Random(seed)
    ids = [f"{choose.choice(('a', 'a%', 'ab', 'b', 'é', ''))}{number}" for number in range(count // 4 + 1)]
    types = {one: choose.choice(TYPES) for one in ids}
    versions: dict[str, int] = defaultdict(int)
    rows: list[Row] = []
    position = 0
    for number in range(count):
        position += choose.choice((1, 1, 1, 3))
        aggregate_id = choose.choice(ids)
        versions[aggregate_id] += 1
        cause = None
        if rows and choose.random() < 0.4:
            cause = choose.choice(rows[:5])[1] if choose.random() < 0.9 else f"lost-{number}"
        rows.append(
            (
                position,
                f"event-{number:05}",
                aggregate_id,
                types[aggregate_id],
                choose.choice(("Began", "WentOn", "Ended")),
                versions[aggregate_id],
                f"2026-03-{1 + number // 1440 % 28:02}T{number // 60 % 24:02}:{number % 60:02}:00.000000Z",
                None,
                json.dumps({"text": "ü" * choose.randrange(9)}, ensure_ascii=False),
                choose.choice(USERS),
                choose.choice((None, "c-1", "c-2")),
                cause,
            )
        )
    return rows


def write_rows(path: Path, rows: Sequence[Row], *pragmas: str) -> Path:
    """A closed store of these events."""
    connection = sqlite3.connect(path, isolation_level=None)
    for pragma in pragmas:
        connection.execute(f"PRAGMA {pragma}")
    connection.execute("BEGIN")
    create_tables(connection)
    insert(connection, rows)
    connection.execute("COMMIT")
    connection.close()
    return path
