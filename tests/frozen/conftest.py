"""Running the frozen program as on a machine that has no Python of ours."""

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.helpers.command_line import Ended, answer

SECONDS = 60
Run = Callable[..., Ended]


@pytest.fixture
def bare_environment(tmp_path: Path, auditor_home: Path) -> dict[str, str]:
    """No variable of ours but where the program keeps things; two that must not reach it."""
    planted = tmp_path / "planted"
    planted.mkdir()
    (planted / "json.py").write_text("raise SystemExit('planted')")
    return {
        "PATH": "/usr/bin:/bin",
        "LANG": "C.UTF-8",
        "HOME": str(tmp_path),
        "LD_LIBRARY_PATH": str(planted),
        "PYTHONPATH": str(planted),
        "AUDITOR_HOME": str(auditor_home),
        "QT_QPA_PLATFORM": "offscreen",
    }


@pytest.fixture
def run(frozen_program: Path, bare_environment: dict[str, str]) -> Run:
    def run(*arguments: str | Path) -> Ended:
        done = subprocess.run(
            [frozen_program, *arguments],
            cwd=bare_environment["PYTHONPATH"],
            env=bare_environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=SECONDS,
            check=False,
        )
        return Ended(done.returncode, done.stdout.decode(), done.stderr.decode())

    return run


@pytest.fixture(scope="session")
def orders(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A demo store made by the program in this checkout."""
    path = tmp_path_factory.mktemp("orders") / "orders.db"
    answer("demo", "--events", "2000", "--to", path, env=dict(os.environ))
    return path
