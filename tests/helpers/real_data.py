"""Where the real event logs and the public test suites are: AUDITOR_DATA, by default `../shared/data`.

A test that wants them asks for the fixture `real_data`. Without the folder such tests are left out, and the
last line of the run says how many.
"""

import gzip
import json
import os
from pathlib import Path
from typing import Any

import pytest

from tests.helpers.left_out import leave_out

REPOSITORY = Path(__file__).resolve().parents[2]
FOLDER = Path(os.environ.get("AUDITOR_DATA") or REPOSITORY.parent / "shared" / "data").absolute()


def available() -> bool:
    return FOLDER.is_dir()


def read_json(name: str) -> Any:
    """A JSON file of the folder, `.gz` or plain."""
    path = FOLDER / name
    return json.loads(gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes())


@pytest.fixture(scope="session")
def real_data() -> Path:
    """The folder of the real logs. A test that asks for it is left out where there is none."""
    return FOLDER


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    if not available():
        leave_out(items, "real_data", "no real logs: AUDITOR_DATA")
