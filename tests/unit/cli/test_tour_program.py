"""The words with which the tour's commands begin: what the user can type again from where they stand."""

import sys
from pathlib import Path

import pytest

from auditor.cli.tour import program

PYTHON = ".venv/bin/python"


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with an environment below it that has no script of ours yet."""
    (tmp_path / ".venv/bin").mkdir(parents=True)
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("UV_RUN_RECURSION_DEPTH", raising=False)
    monkeypatch.setenv("PATH", "/nowhere")
    monkeypatch.setattr(sys, "executable", str(tmp_path / PYTHON))
    return tmp_path


@pytest.mark.parametrize(
    ("typed", "by_uv", "expected"),
    [
        (["python", "-m", "auditor", "demo"], False, ["python", "-m", "auditor"]),
        (["/a b/python", "-P", "-m", "auditor", "demo"], False, ["/a b/python", "-P", "-m", "auditor"]),
        (["python", "-m", "auditor", "demo"], True, [PYTHON, "-m", "auditor"]),
        ([PYTHON, "-m", "auditor"], True, [PYTHON, "-m", "auditor"]),
        ([PYTHON, ".venv/bin/auditor", "demo"], False, [".venv/bin/auditor"]),
        ([PYTHON, "-m", "pytest", "auditor"], False, [".venv/bin/auditor"]),
    ],
)
def test_what_was_typed_is_told(
    here: Path, monkeypatch: pytest.MonkeyPatch, typed: list[str], by_uv: bool, expected: list[str]
) -> None:
    (here / ".venv/bin/auditor").touch()
    monkeypatch.setattr(sys, "orig_argv", typed)
    if by_uv:
        monkeypatch.setenv("UV_RUN_RECURSION_DEPTH", "1")
    assert program() == expected


def test_a_script_on_the_path_needs_no_path_and_without_one_there_is_the_module(
    here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "orig_argv", ["python", "start.py"])
    assert program() == [PYTHON, "-m", "auditor"]
    script = here / ".venv/bin/auditor"
    script.touch(mode=0o755)
    monkeypatch.setenv("PATH", str(script.parent))
    assert program() == ["auditor"]
    monkeypatch.setenv("UV_RUN_RECURSION_DEPTH", "1")
    assert program() == [".venv/bin/auditor"]


def test_a_frozen_program_is_itself(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr(sys, "executable", str(here / "auditor/auditor"))
    assert program() == ["auditor/auditor"]
    monkeypatch.setattr(sys, "executable", str(here / "auditor"))
    assert program() == ["./auditor"]
