"""How the program starts itself, and the hidden word by which a frozen one becomes a worker."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from auditor.guest.fold_service import FoldService
from auditor.own_program import own_program
from tests.helpers.guest_code import history, trusted_code

WHAT_IS_LOADED = """
    import sys
    class Thing:
        def on_fine(self, event):
            self.ours = sorted(name for name in sys.modules if name.partition(".")[0] == "auditor")
            self.arguments = sys.argv[1:]
            self.main = sys.modules["__main__"].__name__
"""


@pytest.fixture
def frozen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A program that starts as a frozen one does: by one file, isolated from variables and the current folder."""
    program = tmp_path / "frozen-auditor"
    program.write_text(f'#!/bin/sh\nexec {sys.executable} -I -X utf8 -m auditor "$@"\n')
    program.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(program))
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    return program


def test_it_starts_itself_past_what_lies_in_the_current_folder(tmp_path: Path) -> None:
    (tmp_path / "auditor.py").write_text("raise SystemExit('planted')")
    (tmp_path / "json.py").write_text("raise SystemExit('planted')")

    done = subprocess.run(own_program("--version"), cwd=tmp_path, capture_output=True, text=True, check=False)

    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("auditor ")


def test_a_frozen_program_is_its_own_command(frozen: Path) -> None:
    assert own_program("info", "a b.db") == [str(frozen), "info", "a b.db"]


def test_a_frozen_program_is_its_own_worker(frozen: Path, tmp_path: Path) -> None:
    """Of the program only its first lines are there, and the user's code sees an interpreter that was given a zip."""
    with FoldService(trusted_code(tmp_path / "code", WHAT_IS_LOADED), cache=tmp_path) as service:
        state = service.open("a-1", [history("Fine")]).state_at(1)
    seen = json.loads(state.state_text or "")
    assert seen == {
        "ours": ["auditor", "auditor.own_program"],
        "arguments": [],
        "main": "__main__",
    }


def test_a_frozen_program_leaves_a_named_interpreter_as_it_is(
    frozen: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    named = Path(sys.prefix) / "bin/python"
    code = trusted_code(tmp_path / "code", WHAT_IS_LOADED, interpreter=named)
    with FoldService(code, cache=tmp_path) as service:
        state = service.open("a-1", [history("Fine")]).state_at(1)
    assert json.loads(state.state_text or "")["ours"] == []


def test_a_lone_hidden_word_is_no_command() -> None:
    done = subprocess.run(own_program("worker"), capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (2, "")
