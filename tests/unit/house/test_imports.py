"""What is loaded when: measured in a process of its own, since an import may hide behind another."""

import subprocess
import sys

import pytest

HEAVY = "sqlalchemy", "rich", "numpy", "PySide6", "orjson", "pyqtgraph"

EVERY_RULE = """
import importlib, pkgutil, auditor.core
for module in pkgutil.iter_modules(auditor.core.__path__, "auditor.core."):
    importlib.import_module(module.name)
"""
EVERY_WORKER = """
import importlib, pkgutil, auditor.guest
for module in pkgutil.iter_modules(auditor.guest.__path__, "auditor.guest."):
    if module.name.rpartition(".")[2].startswith("worker") or module.name == "auditor.guest.wire":
        importlib.import_module(module.name)
"""
EVERY_JOB = """
import importlib, pkgutil, auditor.jobs
for module in pkgutil.iter_modules(auditor.jobs.__path__, "auditor.jobs."):
    importlib.import_module(module.name)
"""
HELP = "from auditor.__main__ import main; main({arguments!r})"
AGGREGATE = """
from auditor.eventsourcing import AggregateRoot, DomainEvent, Repository
import auditor.demo.order
class Basket(AggregateRoot): ...
Basket("1")
"""


def loaded_by(code: str) -> set[str]:
    """The heavy packages that a fresh interpreter has loaded after `code`."""
    ending = f"\nimport sys; sys.stderr.write(' '.join(n for n in {HEAVY!r} if n in sys.modules))"
    done = subprocess.run([sys.executable, "-c", code + ending], capture_output=True, text=True, check=True)
    return set(done.stderr.split())


@pytest.mark.parametrize(
    "code",
    [
        EVERY_RULE,
        EVERY_WORKER,
        AGGREGATE,
        HELP.format(arguments=["--help"]),
        HELP.format(arguments=["state", "--help"]),
        HELP.format(arguments=["--version"]),
    ],
    ids=["core", "the worker", "an aggregate", "--help", "help of a command", "--version"],
)
def test_starts_light(code: str) -> None:
    assert loaded_by(code) == set()


def test_a_job_loads_no_database_before_it_runs() -> None:
    """All of them together: a window imports them before it is painted."""
    assert loaded_by(EVERY_JOB) <= {"orjson"}


def test_what_is_heavy_would_be_seen() -> None:
    assert loaded_by("import auditor.stores.native_store") >= {"sqlalchemy"}
