"""How much heavy tests do: kill counts, examples and sizes grow with AUDITOR_TEST_BUDGET (minutes)."""

import os
import sys
from collections.abc import Generator, Iterable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

DEFAULT_MINUTES = 12.0
MINUTES = float(os.environ.get("AUDITOR_TEST_BUDGET") or DEFAULT_MINUTES)

_used: dict[str, int] = {}


def count(at_default: int, what: str = "") -> int:
    """`at_default` scaled with the budget, at least 1. The summary names `what`, else the asking test."""
    scaled = max(1, round(at_default * MINUTES / DEFAULT_MINUTES))
    _used[what or _asker()] = scaled
    return scaled


def _asker() -> str:
    test = os.environ.get("PYTEST_CURRENT_TEST", "")
    if test:
        return test.rpartition("::")[2].partition("[")[0].partition(" ")[0]
    return Path(sys._getframe(2).f_code.co_filename).stem


def pytest_configure(config: pytest.Config) -> None:
    settings.register_profile(
        "budget",
        max_examples=count(50, "examples of each law"),
        derandomize=bool(os.environ.get("CI")),
        deadline=None,
        print_blob=True,
    )
    # Whoever names a profile on the command line gets that one.
    if not config.getoption("--hypothesis-profile", default=None):
        settings.load_profile("budget")


@pytest.hookimpl(wrapper=True)
def pytest_sessionfinish(session: pytest.Session) -> Generator[None]:
    output: dict[str, Any] | None = getattr(session.config, "workeroutput", None)
    if output is not None:
        output["budget_used"] = dict(_used)
    yield


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """Of xdist, in the controlling process: gathers what the workers did."""
    _used.update(getattr(node, "workeroutput", {}).get("budget_used", {}))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Says what this run did, so that two runs can be compared."""
    terminalreporter.section("what was run", sep="-")
    terminalreporter.write_line(f"AUDITOR_TEST_BUDGET: {MINUTES:g} minutes (default {DEFAULT_MINUTES:g})")
    for line in _lines(f"{what}: {number:,}" for what, number in sorted(_used.items())):
        terminalreporter.write_line(line)


def _lines(parts: Iterable[str], width: int = 100) -> list[str]:
    lines = [""]
    for part in parts:
        if lines[-1] and len(lines[-1]) + len(part) + 3 > width:
            lines.append("")
        lines[-1] += f" · {part}" if lines[-1] else part
    return [line for line in lines if line]
