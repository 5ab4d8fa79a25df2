"""Where the real event logs and the public test suites are: AUDITOR_DATA, by default `../shared/data`.

A test that wants them asks for the fixture `real_data`. Without the folder such tests are left out, and the
last line of the run says how many.
"""

import gzip
import json
import os
from collections.abc import Generator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]
FOLDER = Path(os.environ.get("AUDITOR_DATA") or REPOSITORY.parent / "shared" / "data").absolute()

LEFT_OUT = "left out (no real logs: AUDITOR_DATA)"
_left_out: set[str] = set()


@dataclass(frozen=True)
class LeftOut:
    """One test among pytest's results."""

    nodeid: str


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
    if available():
        return
    wanting = [item for item in items if "real_data" in getattr(item, "fixturenames", ())]
    _left_out.update(item.nodeid for item in wanting)
    items[:] = [item for item in items if item.nodeid not in _left_out]


@pytest.hookimpl(wrapper=True)
def pytest_sessionfinish(session: pytest.Session) -> Generator[None]:
    output: dict[str, Any] | None = getattr(session.config, "workeroutput", None)
    if output is not None:
        output["left_out"] = sorted(_left_out)
    yield


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """Of xdist, in the controlling process: gathers what the workers did."""
    _left_out.update(getattr(node, "workeroutput", {}).get("left_out", []))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if _left_out:
        # pytest's own list of results, so that the closing line counts these too
        terminalreporter._add_stats(LEFT_OUT, [LeftOut(nodeid) for nodeid in sorted(_left_out)])
