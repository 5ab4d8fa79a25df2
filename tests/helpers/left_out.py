"""Tests that cannot run here are left out, and the last line of the run says how many and why.

A test asks for a fixture; whoever provides the fixture knows whether it can, and calls `leave_out` with the reason.
"""

from collections.abc import Generator
from dataclasses import dataclass
from typing import Any

import pytest

_left_out: dict[str, set[str]] = {}


@dataclass(frozen=True)
class LeftOut:
    """One test among pytest's results."""

    nodeid: str


def leave_out(items: list[pytest.Item], fixture: str, reason: str) -> None:
    """Takes the tests that ask for `fixture` off the list. `reason` follows their number in the last line."""
    wanting = {item.nodeid for item in items if fixture in getattr(item, "fixturenames", ())}
    if wanting:
        _left_out.setdefault(reason, set()).update(wanting)
        items[:] = [item for item in items if item.nodeid not in wanting]


@pytest.hookimpl(wrapper=True)
def pytest_sessionfinish(session: pytest.Session) -> Generator[None]:
    output: dict[str, Any] | None = getattr(session.config, "workeroutput", None)
    if output is not None:
        output["left_out"] = {reason: sorted(tests) for reason, tests in _left_out.items()}
    yield


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """Of xdist, in the controlling process: gathers what the workers did."""
    for reason, tests in getattr(node, "workeroutput", {}).get("left_out", {}).items():
        _left_out.setdefault(reason, set()).update(tests)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    for reason, tests in sorted(_left_out.items()):
        # pytest's own list of results, so that the closing line counts these too
        terminalreporter._add_stats(f"left out ({reason})", [LeftOut(nodeid) for nodeid in sorted(tests)])
