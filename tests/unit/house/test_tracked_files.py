"""What every file in git must not hold: places of one machine, and addresses of package registries."""

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.helpers.house.tree import REPOSITORY

# Put together here so that this file does not hold them.
MACHINE = re.compile(
    r"(?<![\w.~-])/(?:" + "|".join(["home", "root", "Users", "work"]) + r")/\w|[A-Z]:\\+Users\\"
)
REGISTRY = re.compile(
    "|".join(["py" + r"pi\.org", "python" + r"hosted\.", "registry" + r"\.npm", "/opt/" + "py"])
)


def tracked(root: Path) -> list[Path]:
    listing = subprocess.run(["git", "ls-files", "-z"], cwd=root, capture_output=True, check=True).stdout
    return [path for name in listing.decode().split("\0") if name and (path := root / name).is_file()]


def findings(root: Path) -> Iterator[str]:
    for path in tracked(root):
        content = path.read_bytes()
        if b"\0" in content:
            continue
        for number, line in enumerate(content.decode("utf-8", "replace").splitlines(), start=1):
            for what, pattern in (("a path of one machine", MACHINE), ("a package registry", REGISTRY)):
                if pattern.search(line):
                    yield f"{path.relative_to(root)}:{number}: {what}: {line.strip():.100}"


def test_no_file_names_a_machine_or_a_registry() -> None:
    if not (REPOSITORY / ".git").exists():  # unpacked from an archive: what is there is what git had
        pytest.fail("this test reads what git tracks: run it in a clone")
    assert "\n".join(findings(REPOSITORY)) == ""


@pytest.mark.parametrize(
    "planted", ["open('/ho' 'me/anna/x')".replace("' '", ""), "index = https://py" + "pi.org/simple"]
)
def test_a_planted_one_is_named(planted: str, tmp_path: Path) -> None:
    (tmp_path / "odd.py").write_text(f"\n{planted}\n")
    for command in ("git init -q", "git add odd.py"):
        subprocess.run(command.split(), cwd=tmp_path, check=True)

    assert [one.split(": ")[0] for one in findings(tmp_path)] == ["odd.py:2"]


def test_nothing_large_is_tracked() -> None:
    assert [str(path) for path in tracked(REPOSITORY) if path.stat().st_size > 500_000] == []
