"""The README, `dev` and `.ci/run`: what a newcomer and the gate rely on."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.helpers.house.tree import REPOSITORY

README = (REPOSITORY / "README.md").read_text()


def code_blocks(language: str) -> list[str]:
    return re.findall(rf"(?ms)^```{language}\n(.*?)^```$", README)


def run(*command: str | Path, cwd: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command, cwd=cwd, env={**os.environ, **variables}, capture_output=True, text=True, check=False
    )


def test_the_first_code_block_is_the_two_commands() -> None:
    first = README.index("```")
    assert README[first:].split("```")[1] == "sh\n./dev demo\n./dev test\n"
    assert README[:first].count("\n") + 4 <= 40


def test_the_example_of_the_library_runs(tmp_path: Path) -> None:
    example = next(block for block in code_blocks("python") if "EventStore(" in block)
    (tmp_path / "example.py").write_text(example)

    done = run(sys.executable, "-W", "error", "example.py", cwd=tmp_path)

    assert (done.returncode, done.stderr) == (0, "")
    state = run(
        sys.executable,
        "-m",
        "auditor",
        "state",
        "tasks.db",
        "task-1",
        "--version",
        "1",
        "--json",
        cwd=tmp_path,
    )
    assert '"title":"Write it down"' in state.stdout


def test_the_example_of_a_workspace_is_one(tmp_path: Path) -> None:
    import tomllib

    workspace = tomllib.loads(code_blocks("toml")[0])
    assert set(workspace) == {"store", "guest", "models", "projections"}


def test_the_commands_of_the_readme_are_those_that_exist() -> None:
    from auditor.cli.main import COMMANDS

    assert set(re.findall(r"(?m)^\| `auditor ([\w-]+)", README)) == set(COMMANDS)


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """The front door alone, so that a mistake in it cannot touch the real environment."""
    for name in ("dev", ".ci/run", "README.md", "pyproject.toml"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        shutil.copy(REPOSITORY / name, tmp_path / name)
    return tmp_path


def test_dev_says_what_it_can_do(checkout: Path) -> None:
    asked, mistaken = run("./dev", cwd=checkout), run("./dev", "tset", cwd=checkout)

    assert (asked.returncode, mistaken.returncode, mistaken.stdout) == (0, 2, "")
    for word in ("demo", "test", "check", "bench", "shots", "package", "run", "pins"):
        assert f"./dev {word}" in asked.stdout
    assert mistaken.stderr == asked.stdout


@pytest.mark.parametrize(
    ("fake", "said"),
    [
        ("#!/bin/sh\ncase $1 in -V) echo Python 3.9.2;; *) exit 1;; esac\n", "needs Python 3.11 or newer"),
        ("#!/bin/sh\ncase $2 in *ensurepip*) exit 1;; esac\n", "apt-get install python3-venv"),
    ],
    ids=["too old", "without venv"],
)
def test_dev_says_what_is_missing(fake: str, said: str, checkout: Path) -> None:
    """A PATH that holds the system's small tools and that Python alone."""
    tools = checkout / "bin"
    tools.mkdir()
    for tool in ("sh", "dirname", "cksum", "cat", "uname", "id"):
        (tools / tool).symlink_to(shutil.which(tool) or "")
    (tools / "python3").write_text(fake)
    (tools / "python3").chmod(0o755)

    done = run("./dev", "test", cwd=checkout, PATH=str(tools))

    assert (done.returncode, done.stdout) == (1, "")
    assert said in done.stderr
    assert not (checkout / ".venv").exists()


@pytest.fixture
def set_up(checkout: Path) -> Path:
    """The same, with an environment that looks finished; its programs say where and how they were called."""
    programs = checkout / ".venv/bin"
    programs.mkdir(parents=True)
    for name in ("python", "auditor"):
        write_program(programs / name, 'echo "$PWD: $*"')
    sums = run("sh", "-c", "cksum < pyproject.toml", cwd=checkout).stdout.strip()
    (checkout / ".venv/made-from").write_text(f"{sums} {checkout}\n")
    return checkout


def write_program(path: Path, text: str) -> None:
    path.parent.mkdir(exist_ok=True)
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)


def test_dev_needs_no_network_once_it_is_set_up(set_up: Path) -> None:
    """Neither uv nor Python is on PATH: what .venv was made from still holds, so nothing is looked for."""
    elsewhere = set_up / "elsewhere"
    elsewhere.mkdir()

    done = run(set_up / "dev", "run", "info", "a b.db", cwd=elsewhere, PATH="/usr/bin:/bin")

    assert (done.returncode, done.stderr, done.stdout) == (0, "", f"{elsewhere}: info a b.db\n")


def test_dev_package_tries_out_what_it_has_built(set_up: Path) -> None:
    write_program(set_up / ".venv/bin/python", 'echo "${AUDITOR_FROZEN-}: $*"')

    done = run("./dev", "package", "-x", cwd=set_up)

    built, tried = ": packaging/build.py dist", "dist/auditor: -m pytest tests/frozen -x"
    assert (done.returncode, done.stdout) == (0, f"{built}\n{tried}\n")


QT_LIBRARIES = ("libGL.so.1", "libEGL.so.1", "libxkbcommon.so.0", "libdbus-1.so.3", "libfontconfig.so.1")


@pytest.mark.parametrize(
    ("user", "apt", "said"),
    [
        (0, "exit 0", "installing libraries that Qt needs: libglib2.0-0"),
        (0, "exit 100", "going on with what works without a window"),
        (1000, "exit 0", "sudo apt-get install -y --no-install-recommends libglib2.0-0"),
    ],
    ids=["root", "root without a network", "somebody else"],
)
def test_dev_installs_missing_libraries_or_says_how_and_goes_on(
    user: int, apt: str, said: str, set_up: Path
) -> None:
    present = "".join(f"\t{name} (libc6,x86-64) => /usr/lib/{name}\n" for name in QT_LIBRARIES)
    write_program(set_up / "bin/ldconfig", f"cat <<'END'\n{present}END")
    write_program(set_up / "bin/id", f"echo {user}")
    write_program(set_up / "bin/uname", "echo Linux")
    write_program(set_up / "bin/apt-get", f'echo "$*" >> {set_up}/asked; {apt}')

    done = run("./dev", "demo", cwd=set_up, PATH=f"{set_up}/bin:/usr/bin:/bin")

    assert (done.returncode, done.stdout) == (0, f"{set_up}: demo\n")
    assert said in done.stderr
    asked = (set_up / "asked").read_text() if (set_up / "asked").exists() else ""
    assert ("install" in asked and "libglib2.0-0" in asked) == (user == 0 and apt == "exit 0")


@pytest.mark.parametrize("outcome", [0, 1])
def test_the_gate_runs_the_readmes_test_line(outcome: int, checkout: Path) -> None:
    (checkout / "dev").write_text(f'#!/bin/sh\necho "ran $* with $AUDITOR_TEST_BUDGET"\nexit {outcome}\n')
    environment = {"AUDITOR_TEST_BUDGET": ""}

    done = run(".ci/run", cwd=checkout, **environment)

    assert done.returncode == outcome
    assert done.stdout.splitlines() == ["+ ./dev test", "ran test with 40"]
