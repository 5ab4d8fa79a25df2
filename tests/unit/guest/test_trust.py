"""Which files a user is asked to trust, and what makes that void."""

import json
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from auditor.guest.fold_service import FoldService
from auditor.guest.trust import CodeFiles, files_of, is_trusted, remember
from auditor.guest.workspace import read_workspace
from tests.helpers.guest_code import history, write_module

Layout = dict[str, str]
SHOP: Layout = {
    "auditor.toml": '[models.Order]\npython = "shop.orders:Order"\n',
    "shop/__init__.py": "",
    "shop/orders.py": (
        "from .base import Base\nimport rates\n\n\n"
        "class Order(Base):\n    def on_fine(self, event): self.rate = rates.RATE\n"
    ),
    "shop/base.py": "import json\n\n\nclass Base: ...\n",
    "shop/unused.py": "raise RuntimeError\n",
    "rates.py": "RATE = 3\n",
    "json.py": "raise RuntimeError\n",
}


def lay_out(folder: Path, files: Layout) -> Path:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return folder / "auditor.toml"


def code_of(path: Path) -> CodeFiles:
    return files_of(read_workspace(path))


def names(code: CodeFiles) -> list[str]:
    return [file.name for file in code.files]


def test_the_files_are_those_that_the_code_imports(tmp_path: Path) -> None:
    code = code_of(lay_out(tmp_path, SHOP))
    assert names(code) == ["rates.py", "shop/__init__.py", "shop/base.py", "shop/orders.py"]
    assert code.missing == ()


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("import lib.one", ["lib/__init__.py", "lib/one.py"]),
        ("import lib.one.Name", ["lib/__init__.py", "lib/one.py"]),
        ("from lib import one", ["lib/__init__.py", "lib/one.py"]),
        ("from lib.sub import two as x", ["lib/__init__.py", "lib/sub/__init__.py", "lib/sub/two.py"]),
        ("from lib.sub.two import up", ["lib/__init__.py", "lib/sub/__init__.py", "lib/sub/two.py"]),
        ("def f():\n    if x:\n        import lib", ["lib/__init__.py"]),
        ("from lib import *", ["lib/__init__.py", "lib/one.py", "lib/sub/__init__.py"]),
        ("import importlib\nimportlib.import_module('lib.one')", ["lib/__init__.py", "lib/one.py"]),
        ("from spaces.inner import deep", ["spaces/inner/deep.py"]),
        ("from lib.sub import three", ["lib/__init__.py", "lib/one.py", "lib/sub/__init__.py", "lib/sub/three.py"]),
        ("import nothing_of_the_kind", []),
        ("this is not python", []),
    ],
)  # fmt: skip
def test_every_form_of_import_is_followed(tmp_path: Path, line: str, found: list[str]) -> None:
    library = {
        "lib/__init__.py": "",
        "lib/one.py": "",
        "lib/sub/__init__.py": "",
        "lib/sub/two.py": "",
        "lib/sub/three.py": "from .. import one\n",
        "spaces/inner/deep.py": "",
    }
    path = lay_out(tmp_path, {**library, "auditor.toml": "[models.A]\npython = 'start:A'", "start.py": line})
    assert names(code_of(path)) == sorted([*found, "start.py"])


def test_reading_runs_nothing(tmp_path: Path) -> None:
    witness = tmp_path / "witness"
    python = tmp_path / "python"
    python.write_text(f"#!/bin/sh\ntouch {witness}\n")
    python.chmod(0o755)
    source = f"open({str(witness)!r}, 'w')"
    path = lay_out(
        tmp_path,
        {
            "auditor.toml": "[guest]\ninterpreter = 'python'\n[models.A]\npython = 'start:A'",
            "start.py": source,
        },
    )
    remember(code_of(path))
    assert not witness.exists()


def test_trust_is_remembered_for_just_this_code(tmp_path: Path) -> None:
    code = code_of(lay_out(tmp_path, SHOP))
    assert not is_trusted(code)
    remember(code)
    assert is_trusted(code)


def edit(name: str, text: str) -> Callable[[Path], None]:
    def change(folder: Path) -> None:
        lay_out(folder, {name: text})

    return change


@pytest.mark.parametrize(
    "change",
    [
        edit("rates.py", "RATE = 4\n"),
        edit("shop/base.py", "import json, shop.unused\n"),
        edit("shop/__init__.py", "\n"),
        edit("auditor.toml", '[models.Order]\npython = "shop.orders:Base"\n'),
        edit("auditor.toml", f'{SHOP["auditor.toml"]}[guest]\ninterpreter = "python"\n'),
        edit("rates/__init__.py", "RATE = 5\n"),  # a package comes before the module of that name
    ],
)
def test_b097_any_edit_makes_trust_void(tmp_path: Path, change: Callable[[Path], None]) -> None:
    path = lay_out(tmp_path, SHOP)
    remember(code_of(path))
    change(tmp_path)
    assert not is_trusted(code_of(path))


def test_an_edit_of_what_does_not_run_leaves_trust_alone(tmp_path: Path) -> None:
    path = lay_out(tmp_path, SHOP)
    remember(code_of(path))
    lay_out(tmp_path, {"shop/unused.py": "# new", "auditor.toml": f"# a word\n{SHOP['auditor.toml']}"})
    assert is_trusted(code_of(path))


def test_the_same_code_at_another_place_has_the_same_hash_but_no_trust(tmp_path: Path) -> None:
    here, there = code_of(lay_out(tmp_path / "a", SHOP)), code_of(lay_out(tmp_path / "b", SHOP))
    remember(here)
    assert here.sha256 == there.sha256
    assert len(here.sha256) == 64
    assert not is_trusted(there)


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"null", b'{"sha256": 3}', b"\xff"])
def test_a_record_that_cannot_be_read_trusts_nothing(
    tmp_path: Path, auditor_home: Path, content: bytes
) -> None:
    code = code_of(lay_out(tmp_path, SHOP))
    remember(code)
    (record,) = (auditor_home / "state" / "trust").iterdir()
    record.write_bytes(content)
    assert not is_trusted(code)
    remember(code)
    assert is_trusted(code)


def test_the_record_is_the_users_alone_and_outside_the_workspace(tmp_path: Path, auditor_home: Path) -> None:
    code = code_of(lay_out(tmp_path, SHOP))
    remember(code)
    (record,) = (auditor_home / "state" / "trust").iterdir()
    assert json.loads(record.read_text())["workspace"] == str(tmp_path / "auditor.toml")
    assert stat.S_IMODE(record.stat().st_mode) == 0o600
    assert sorted(entry.name for entry in tmp_path.iterdir()) == [
        "auditor.toml",
        "json.py",
        "rates.py",
        "shop",
    ]


def test_trusted_code_folds(tmp_path: Path, cache: Path) -> None:
    code = code_of(lay_out(tmp_path, SHOP))
    with FoldService(code.guest_code("shop.orders:Order"), cache=cache) as service:
        assert service.open("a", [history("Fine")]).state_at(1).state_text == '{"rate":3}'


# -- installed code ----------------------------------------------------------------------------------------


def workspace_with_environment(folder: Path, target: str) -> tuple[Path, Path]:
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder / ".venv"], check=True)
    text = f"[guest]\ninterpreter = '.venv/bin/python'\n[models.A]\npython = '{target}'\n"
    return lay_out(folder, {"auditor.toml": text}), next(
        (folder / ".venv").glob("lib/python3*/site-packages")
    )


def test_a_named_module_that_is_installed_is_found_and_shown(tmp_path: Path, cache: Path) -> None:
    path, packages = workspace_with_environment(tmp_path, "installed:Thing")
    write_module(packages, "class Thing:\n    def on_fine(self, event): self.fine = True\n", "installed")
    code = code_of(path)
    assert names(code) == [str((packages / "installed.py").relative_to(tmp_path))]
    with FoldService(code.guest_code("installed:Thing"), cache=cache) as service:
        assert service.open("a", [history("Fine")]).state_at(1).state_text == '{"fine":true}'
        assert service.model.sha256 == code.files[0].sha256


def test_the_workspaces_own_code_installed_for_editing_is_followed_and_guarded(
    tmp_path: Path, cache: Path
) -> None:
    path, packages = workspace_with_environment(tmp_path, "editable:Thing")
    (packages / "editable.pth").write_text(f"{tmp_path / 'src'}\n")
    source = "import beside\n\n\nclass Thing:\n    def on_fine(self, event): self.x = beside.x\n"
    lay_out(tmp_path, {"src/editable.py": source, "src/beside.py": "x = 1\n"})
    code = code_of(path)
    assert names(code) == ["src/beside.py", "src/editable.py"]
    with FoldService(code.guest_code("editable:Thing"), cache=cache) as service:
        assert service.open("a", [history("Fine")]).state_at(1).state_text == '{"x":1}'
    lay_out(tmp_path, {"src/beside.py": "x = 2\n"})
    with pytest.raises(Exception, match=r"beside\.py was changed after it had been trusted"):
        FoldService(code.guest_code("editable:Thing"), cache=cache)


def test_a_module_that_is_nowhere_is_missing(tmp_path: Path) -> None:
    path = lay_out(tmp_path, {"auditor.toml": "[models.A]\npython = 'nowhere.at_all:A'"})
    assert code_of(path).missing == ("nowhere.at_all",)
