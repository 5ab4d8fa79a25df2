"""The static checks as they run in `./dev check`, so that the one line of the README runs them too."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.helpers.house.tree import REPOSITORY

SCRIPTS = Path(sys.executable).parent


@pytest.mark.timeout(600)  # mypy without its cache, beside other tests
@pytest.mark.parametrize("command", ["ruff format --check", "ruff check", "mypy", "lint-imports"])
def test_the_check_finds_nothing(command: str) -> None:
    program, *arguments = command.split()
    done = subprocess.run(
        [SCRIPTS / program, *arguments],
        cwd=REPOSITORY,
        env={**os.environ, "NO_COLOR": "1"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
