"""The library's public names."""

import subprocess
import sys

import pytest

from auditor import eventsourcing


@pytest.mark.parametrize("name", eventsourcing.__all__)
def test_every_public_name_is_there(name: str) -> None:
    assert getattr(eventsourcing, name).__name__ == name
    assert name in dir(eventsourcing)


def test_all_names_the_lazy_ones() -> None:
    assert sorted(eventsourcing._MODULE_OF) == eventsourcing.__all__


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="Aggregat"):
        eventsourcing.Aggregat  # noqa: B018 - the look-up is the test


def test_an_aggregate_needs_no_database_library() -> None:
    code = """
import sys
from auditor.eventsourcing import AggregateRoot, CommandHandler, DomainEvent, Projection, Repository, Table
print(sorted(name for name in sys.modules if name.startswith(("sqlalchemy", "sqlite3", "auditor.stores"))))
"""
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert answer.stdout.strip() == "[]"
