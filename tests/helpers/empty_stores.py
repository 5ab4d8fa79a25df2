"""Where a native store can be made. A new database is one more line in `PLACES`: all tests of a place run on it."""

from collections.abc import Callable
from pathlib import Path

import pytest


def _in_a_file(request: pytest.FixtureRequest) -> str:
    folder: Path = request.getfixturevalue("tmp_path")
    return f"sqlite:///{folder / 'orders.db'}"


def _on_a_server(request: pytest.FixtureRequest) -> str:
    url: str = request.getfixturevalue("postgres_url")
    return url


PLACES: dict[str, Callable[[pytest.FixtureRequest], str]] = {
    "sqlite": _in_a_file,
    "postgresql": _on_a_server,
}


@pytest.fixture(params=PLACES)
def store_url(request: pytest.FixtureRequest) -> str:
    """The URL of a place where nothing is yet, once for each database."""
    return PLACES[request.param](request)
