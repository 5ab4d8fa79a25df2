"""What comes with the program is found in a checkout and in a wheel. The frozen folder has its own tests."""

import json
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from auditor.resources import resource
from tests.helpers.house.tree import REPOSITORY

_WHERE = """
import json, auditor
from auditor.resources import resource
print(json.dumps([auditor.__file__, str(resource("fonts")), str(resource("icons", "play.svg"))]))
"""


def test_a_checkout_has_them_in_place() -> None:
    assert resource() == REPOSITORY / "resources"
    assert resource("icons", "play.svg").is_file()


def test_what_is_missing_is_named() -> None:
    with pytest.raises(FileNotFoundError, match=r"no icons/none\.svg in "):
        resource("icons", "none.svg")


@pytest.fixture
def installed(tmp_path: Path) -> Path:
    """A wheel of this tree, unpacked: for one of pure Python that is all that installing does."""
    build = "import sys, hatchling.build; hatchling.build.build_wheel(sys.argv[1])"
    subprocess.run(
        [sys.executable, "-c", build, str(tmp_path)], cwd=REPOSITORY, capture_output=True, check=True
    )
    (wheel,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path / "installed")
    return tmp_path / "installed"


def test_a_wheel_has_them_inside_its_package(installed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", str(installed))

    done = subprocess.run(
        [sys.executable, "-c", _WHERE], cwd=installed, capture_output=True, text=True, check=True
    )

    package = installed / "auditor"
    assert json.loads(done.stdout) == [
        str(package / "__init__.py"),
        str(package / "_resources/fonts"),
        str(package / "_resources/icons/play.svg"),
    ]
    assert _files(package / "_resources") == _files(REPOSITORY / "resources")


def _files(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
