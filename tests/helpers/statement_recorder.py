"""Records every statement that a viewing connection runs, and fails the test if one is no reading."""

import re
import sqlite3
from collections.abc import Iterator
from typing import Any

import pytest

READING = re.compile(
    r"SELECT\b(?!.*\bINTO\b)|BEGIN$|ROLLBACK$"
    r"|PRAGMA (?:application_id|encoding|page_count|page_size|user_version|query_only)$"
    r'|PRAGMA table_xinfo\((?:\w+|"(?:[^"]|"")+")\)$',
    re.DOTALL,
)

_statements: list[str] = []


def pytest_configure() -> None:
    from sqlalchemy import event
    from sqlalchemy.pool import Pool

    event.listen(Pool, "connect", _record_viewing)


def _record_viewing(connection: Any, _record: object) -> None:
    """Viewing connections come with `query_only` on; a test of its own sees to it that all of them do."""
    if isinstance(connection, sqlite3.Connection) and connection.execute("PRAGMA query_only").fetchone()[0]:
        connection.set_trace_callback(_statements.append)


def not_reading(statements: list[str]) -> list[str]:
    """Those that may not run through a viewing connection."""
    return [one for one in statements if not READING.match(one.strip())]


@pytest.fixture(autouse=True)
def recorded_statements() -> Iterator[list[str]]:
    """What viewing connections of this test ran so far; the test fails at its end if anything was no reading."""
    _statements.clear()
    yield _statements
    refused = not_reading(_statements)
    if refused:
        pytest.fail("a viewed store was sent: " + "; ".join(refused), pytrace=False)
