"""The frozen folder as its users start it. Each run has a time limit: a frozen program that starts wrong hangs."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from textwrap import dedent

import pytest

from auditor.eventsourcing import EventStore
from tests.frozen.conftest import Run
from tests.helpers.command_line import answer, auditor
from tests.helpers.house.tree import REPOSITORY
from tests.helpers.new_events import new_events
from tests.helpers.small_stores import write_store

pytestmark = pytest.mark.timeout(900)  # the first test that runs waits for the build

WITNESS = """
    import os, sys
    import {package}
    class Thing:
        def on_began(self, event):
            self.program, self.isolated = sys.executable, sys.flags.isolated
            self.version = sys.version.split()[0]
            self.paths = [os.environ.get(name) for name in ("LD_LIBRARY_PATH", "QT_PLUGIN_PATH")]
            self.package, self.has_qt = {package}.__name__, "PySide6" in sys.modules
"""


def workspace_with(folder: Path, package: str, guest: str = "") -> Path:
    """A store of one event and a class that notes where it runs."""
    write_store(folder / "things.db", {"one": [("Began", {})]})
    (folder / "witness.py").write_text(dedent(WITNESS.format(package=package)))
    file = folder / "auditor.toml"
    file.write_text(f'[store]\nurl = "things.db"\n{guest}[models.Thing]\npython = "witness:Thing"\n')
    return file


def state_after_trusting(run: Run, workspace: Path) -> dict[str, object]:
    refused = run("state", workspace, "one")
    assert refused.code == 4, refused
    (sha256,) = re.findall(r"(?m)^[0-9a-f]{64}$", refused.err)
    ended = run("state", workspace, "one", "--json", "--trust-code", sha256)
    assert ended.code == 0, ended
    state: dict[str, object] = ended.json["state"]
    return state


def test_it_says_its_version_and_help(run: Run) -> None:
    for word in ("--version", "--help"):
        frozen, plain = run(word), auditor(word)
        assert (frozen.code, frozen.err) == (0, "")
        assert frozen.out == plain.out


def test_it_views_a_store_on_a_server(run: Run, postgres_url: str) -> None:
    with EventStore(postgres_url) as store:
        store.append("order-1", new_events("order-1", 1, 3), 0)
    ended = run("info", postgres_url, "--json")
    assert ended.code == 0, ended
    assert ended.json["events"] == 3


def test_it_makes_the_demo_and_says_what_is_in_it(run: Run, orders: Path, tmp_path: Path) -> None:
    made = run("demo", "--events", "2000", "--to", tmp_path / "orders.db", "--json")
    assert made.code == 0, made
    (frozen, plain) = run("info", tmp_path / "orders.db", "--json"), answer("info", orders)
    assert (frozen.code, frozen.err) == (0, "")
    assert frozen.json == plain


def test_it_folds_in_its_own_child_to_the_same_bytes(run: Run, orders: Path) -> None:
    """Also the model's name and the hash of its source are the same."""
    arguments = ("state", orders, "order-1001", "--json")
    frozen, plain = run(*arguments), auditor(*arguments)
    assert (frozen.code, frozen.err) == (0, "")
    assert frozen.out == plain.out
    assert frozen.json["model"]["kind"] == "aggregate"
    assert re.fullmatch("[0-9a-f]{64}", frozen.json["model"]["sha256"])


def test_a_users_class_runs_in_that_child_with_the_whole_standard_library(
    run: Run, frozen_program: Path, tmp_path: Path, bare_environment: dict[str, str]
) -> None:
    state = state_after_trusting(run, workspace_with(tmp_path, "statistics"))
    assert state == {
        "program": str(frozen_program),
        "isolated": 1,
        "version": ".".join(map(str, sys.version_info[:3])),
        "paths": [bare_environment["LD_LIBRARY_PATH"], None],
        "package": "statistics",
        "has_qt": False,
    }


def test_a_users_class_runs_under_another_interpreter_with_its_packages(
    run: Run, tmp_path: Path, bare_environment: dict[str, str]
) -> None:
    guest = f'[guest]\ninterpreter = "{sys.executable}"\n'
    state = state_after_trusting(run, workspace_with(tmp_path, "iniconfig", guest))
    assert state["program"] == sys.executable
    assert state["package"] == "iniconfig"
    assert state["paths"] == [bare_environment["LD_LIBRARY_PATH"], None]


def test_it_rebuilds_a_read_model(run: Run, orders: Path, tmp_path: Path) -> None:
    for name in ("frozen.db", "plain.db"):
        shutil.copy(orders, tmp_path / name)
    rebuilt, plain = (
        run("rebuild", tmp_path / "frozen.db", "order_summaries", "--json"),
        answer("rebuild", tmp_path / "plain.db", "order_summaries"),
    )
    assert rebuilt.code == 0, rebuilt
    assert rebuilt.json["projections"][0]["tables"] == plain["projections"][0]["tables"]


def test_its_tour_rebuilds_in_a_child(run: Run, frozen_program: Path, tmp_path: Path) -> None:
    """And ends with commands that start this very program."""
    toured = run("demo", "--terminal", "--events", "2000", "--to", tmp_path / "orders.db")
    assert (toured.code, toured.err) == (0, "")
    assert re.search(r"order_lines: [1-9][\d,]* rows", toured.out)
    assert f"{frozen_program} info " in toured.out


def test_it_carries_what_it_needs_and_says_whose_it_is(frozen_program: Path) -> None:
    inside = frozen_program.parent / "_internal"
    for name in ("resources", "LICENSE"):
        at = {"resources": "auditor/_resources"}.get(name, name)
        assert names_below(inside / at) == names_below(REPOSITORY / name)
    licences = {path.name.partition("-")[0].lower() for path in inside.glob("*.dist-info")}
    assert {"auditor", "numpy", "pyqtgraph", "pyside6_essentials", "rich", "sqlalchemy"} <= licences
    assert list(inside.glob("*.dist-info/direct_url.json")) == []  # a path of the machine that built it
    assert [path for path in inside.rglob("*") if path.is_symlink() and not path.exists()] == []


def test_no_library_in_it_misses_another(frozen_program: Path) -> None:
    """But for what a desktop with Wayland has anyway; the machine that builds need not have it."""
    inside = frozen_program.parent / "_internal"
    libraries = [path for path in inside.rglob("*.so*") if path.is_file() and not path.is_symlink()]
    environment = {**os.environ, "LD_LIBRARY_PATH": str(inside)}
    listing = subprocess.run(
        ["ldd", *libraries], env=environment, capture_output=True, text=True, check=True
    ).stdout
    missing = {line.split()[0] for line in listing.splitlines() if line.endswith("not found")}
    assert {name for name in missing if not name.startswith("libwayland-")} == set()


def names_below(place: Path) -> set[str]:
    return {path.relative_to(place).as_posix() for path in place.rglob("*") if path.is_file()}
