"""The worker under other interpreters: another environment's, and other versions of Python."""

import subprocess
import sys
from pathlib import Path

import pytest

from auditor.core.errors import ModelError
from auditor.guest.fold_service import FoldService
from auditor.guest.starting import own_code
from tests.helpers.guest_code import history, other_pythons, trusted_code, write_module

FOUND = other_pythons()
COUNTING = """
    import sys
    class Thing:
        def __init__(self, id):
            self.id = id
            self.count = 0
        def onCounted(self, event, envelope):
            self.count += event["by"]
            self.by = envelope.metadata.user_id
        def to_state(self):
            return {"id": self.id, "count": self.count, "by": self.by, "python": list(sys.version_info[:2])}
"""


def environment(folder: Path, python: Path = Path(sys.executable)) -> Path:
    """A virtual environment without anything installed; its interpreter."""
    subprocess.run([python, "-m", "venv", "--without-pip", folder], check=True)
    return folder / "bin" / "python"


def descriptors() -> set[str]:
    """Those that are open, and what each is."""
    return {f"{entry.name} {entry.readlink()}" for entry in Path("/proc/self/fd").iterdir() if entry.exists()}


def packages_of(interpreter: Path) -> Path:
    return next(interpreter.parent.parent.glob("lib/python3*/site-packages"))


@pytest.mark.parametrize("version", ["own", *FOUND])
def test_a_class_folds_under_every_python_from_3_10_on(tmp_path: Path, cache: Path, version: str) -> None:
    interpreter = None if version == "own" else FOUND[version]
    code = trusted_code(tmp_path, COUNTING, interpreter=interpreter)
    with FoldService(code, cache=cache) as service:
        state = service.open("a-1", [history(("Counted", {"by": 2}), ("Counted", {"by": 3}))]).state_at(2)
    major, minor = sys.version_info[:2] if version == "own" else map(int, version.split("."))
    assert state.state_text == f'{{"id":"a-1","count":5,"by":"ada","python":[{major},{minor}]}}'


def test_a_class_that_only_another_environment_has(tmp_path: Path, cache: Path) -> None:
    interpreter = environment(tmp_path / "venv")
    write_module(packages_of(interpreter), "class Rule:\n    answer = 42\n", "onlythere")
    source = """
        import sys
        from onlythere import Rule
        class Thing:
            def on_fine(self, event):
                self.answer = Rule.answer
                try:
                    import auditor
                except ImportError:
                    self.auditor = None
                self.prefix = sys.prefix
    """
    with pytest.raises(ModelError, match="No module named 'onlythere'"):
        FoldService(trusted_code(tmp_path / "here", source), cache=cache)
    with FoldService(
        trusted_code(tmp_path / "here", source, interpreter=interpreter), cache=cache
    ) as service:
        state = service.open("a-1", [history("Fine")]).state_at(1)
    assert state.state_text == f'{{"answer":42,"auditor":null,"prefix":"{tmp_path / "venv"}"}}'


def test_start_up_files_of_an_environment_cannot_reach_the_wire(tmp_path: Path, cache: Path) -> None:
    interpreter = environment(tmp_path / "venv")
    packages = packages_of(interpreter)
    (packages / "noise.pth").write_text("import os; os.write(1, b'noise from a pth file\\n')\n")
    write_module(packages, "print('noise from sitecustomize', flush=True)", "sitecustomize")
    code = trusted_code(
        tmp_path / "here",
        """
        import sys
        class Thing:
            def on_fine(self, event): self.noisy = "sitecustomize" in sys.modules
        """,
        interpreter=interpreter,
    )
    with FoldService(code, cache=cache) as service:
        state = service.open("a-1", [history("Fine")]).state_at(1)
    assert state.state_text == '{"noisy":true}'


def test_variables_for_python_do_not_reach_the_worker(
    tmp_path: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_module(tmp_path / "planted", "raise SystemExit('planted')", "sitecustomize")
    write_module(tmp_path / "planted", "raise SystemExit('planted')", "decimal")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path / "planted"))
    monkeypatch.setenv("PYTHONSTARTUP", str(tmp_path / "planted" / "decimal.py"))
    monkeypatch.chdir(tmp_path / "planted")
    with FoldService(None, cache=cache) as service:
        assert service.open("a", [history(("Any", {"x": 1}))]).state_at(1).state_text == '{"x":1}'


def test_an_interpreter_that_is_too_old_is_named(tmp_path: Path, cache: Path) -> None:
    old = tmp_path / "old-python"
    old.write_text("#!/bin/sh\nexit 99\n")
    old.chmod(0o755)
    with pytest.raises(ModelError, match=f"The interpreter {old} is too old for a worker"):
        FoldService(trusted_code(tmp_path, COUNTING, interpreter=old), cache=cache)


def test_an_interpreter_that_is_none_says_what_it_printed(tmp_path: Path, cache: Path) -> None:
    other = tmp_path / "other"
    other.write_text("#!/bin/sh\necho 'I am no Python' >&2\nexit 3\n")
    other.chmod(0o755)
    with pytest.raises(ModelError) as caught:
        FoldService(trusted_code(tmp_path, COUNTING, interpreter=other), cache=cache)
    assert caught.value.message == "The worker could not be started: worker exited with code 3."
    assert caught.value.hint == "It last printed: I am no Python"


def test_an_interpreter_that_is_not_there_is_named(tmp_path: Path, cache: Path) -> None:
    with pytest.raises(ModelError) as caught:
        FoldService(trusted_code(tmp_path, COUNTING, interpreter=tmp_path / "none"), cache=cache)
    assert caught.value.message == (
        f"The interpreter {tmp_path / 'none'} cannot be started: No such file or directory."
    )


def test_the_programs_own_code_needs_no_trust(cache: Path) -> None:
    with FoldService(own_code("auditor.demo:Order"), cache=cache) as service:
        assert service.model.name == "Order"
        assert service.model.kind == "aggregate"
        assert service.model.module == "auditor.demo"


def test_nothing_is_left_after_closing(tmp_path: Path, cache: Path) -> None:
    before = descriptors()
    with FoldService(trusted_code(tmp_path, COUNTING), cache=cache) as service:
        service.open("a-1", [history(("Counted", {"by": 2}))]).state_at(1)
        assert len(descriptors()) > len(before)
    assert descriptors() == before
