"""The frozen program that tests start: made once a run, where there is time for it, or given by AUDITOR_FROZEN."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.helpers import budget
from tests.helpers.house.tree import REPOSITORY
from tests.helpers.left_out import leave_out

GIVEN = os.environ.get("AUDITOR_FROZEN")
ENOUGH_MINUTES = 30
BUILD_SECONDS = 600


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    if not GIVEN and budget.MINUTES < ENOUGH_MINUTES:
        leave_out(
            items,
            "frozen_program",
            f"nothing frozen below AUDITOR_TEST_BUDGET={ENOUGH_MINUTES}: ./dev package",
        )


@pytest.fixture(scope="session")
def frozen_program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The program file of a frozen folder."""
    if GIVEN:
        return Path(GIVEN).absolute() / "auditor"
    folder = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        folder = folder.parent  # one build for all of them
    with _alone(folder / "frozen.lock"):
        program = folder / "frozen/auditor/auditor"
        if not program.exists():
            build(folder / "frozen")
    return program


def build(folder: Path) -> None:
    """Makes `folder`/auditor; it appears only when it is whole."""
    unfinished = folder.with_suffix(".unfinished")
    subprocess.run(
        [sys.executable, REPOSITORY / "packaging/build.py", unfinished],
        stdout=subprocess.DEVNULL,
        check=True,
        timeout=BUILD_SECONDS,
    )
    unfinished.rename(folder)


@contextmanager
def _alone(lock: Path) -> Iterator[None]:
    import fcntl  # not on Windows, where nothing is frozen yet

    with lock.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
