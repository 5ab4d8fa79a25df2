"""What holds for every test. Each concern has a module of its own in `helpers`."""

from itertools import count
from pathlib import Path

import pytest

pytest_plugins = [
    "tests.helpers.budget",
    "tests.helpers.left_out",
    "tests.helpers.real_data",
    "tests.helpers.frozen",
    "tests.helpers.leftovers",
    "tests.helpers.statement_recorder",
    "tests.helpers.postgres_server",
    "tests.helpers.empty_stores",
    "tests.helpers.secret_server",
    "tests.helpers.read_model_places",
    # one line a concern; fixtures that only some tests want stand in a conftest.py of their folder
]

_homes = count(1)


@pytest.fixture(scope="session")
def _folder_of_homes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("homes")


@pytest.fixture(autouse=True)
def auditor_home(_folder_of_homes: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The user's folder of this test alone. It does not exist before the program makes it."""
    home = _folder_of_homes / str(next(_homes))
    monkeypatch.setenv("AUDITOR_HOME", str(home))
    return home
