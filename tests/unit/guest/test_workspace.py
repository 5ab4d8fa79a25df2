"""`auditor.toml`: what it may say, and how a mistake in it is named."""

import os
from pathlib import Path

import pytest

from auditor.core.errors import ModelError
from auditor.guest.limits import Limits
from auditor.guest.workspace import MAX_BYTES, Workspace, WorkspaceProjection, read_workspace

FULL = """
[store]
url = "orders.db"
section = "main"
effective_time = "metadata.times.effective_at"

[guest]
interpreter = ".venv/bin/python"
timeout_seconds = 2.5
cpu_seconds = 3
memory_mb = 256
keyframe_mb = 16

[models.Order]
python = "shop.orders:Order"

[projections.order_totals]
python = "shop.projections:OrderTotals"
target = "totals.readmodels.db"

[projections."per day"]
python = "shop.projections:PerDay"
"""


def write(folder: Path, text: str) -> Path:
    path = folder / "auditor.toml"
    path.write_text(text)
    return path


def refused(folder: Path, text: str) -> ModelError:
    with pytest.raises(ModelError) as caught:
        read_workspace(write(folder, text))
    return caught.value


def test_everything_that_can_be_said(tmp_path: Path) -> None:
    assert read_workspace(write(tmp_path, FULL)) == Workspace(
        path=tmp_path / "auditor.toml",
        store=str(tmp_path / "orders.db"),
        section="main",
        tenant=None,
        layout=None,
        models={"Order": "shop.orders:Order"},
        projections={
            "order_totals": WorkspaceProjection(
                "shop.projections:OrderTotals", str(tmp_path / "totals.readmodels.db")
            ),
            "per day": WorkspaceProjection("shop.projections:PerDay", None),
        },
        interpreter=tmp_path / ".venv/bin/python",
        limits=Limits(timeout_seconds=2.5, cpu_seconds=3, memory_mb=256, keyframe_mb=16),
        import_paths=(tmp_path,),
        effective_time=("times", "effective_at"),
    )


def test_an_empty_file_says_nothing(tmp_path: Path) -> None:
    workspace = read_workspace(write(tmp_path, ""))
    assert (workspace.store, workspace.targets, workspace.interpreter) == (None, (), None)
    assert workspace.limits == Limits()


def test_an_url_stays_as_it_is_and_a_path_is_made_absolute(tmp_path: Path) -> None:
    assert read_workspace(write(tmp_path, '[store]\nurl = "sqlite:///x.db"')).store == "sqlite:///x.db"
    assert read_workspace(write(tmp_path, '[store]\nurl = "../x.db"')).store == str(tmp_path.parent / "x.db")
    assert read_workspace(write(tmp_path, '[store]\nurl = "/elsewhere/x.db"')).store == "/elsewhere/x.db"


def test_the_link_to_an_interpreter_is_not_resolved(tmp_path: Path) -> None:
    (tmp_path / "python").symlink_to("/usr/bin/env")
    workspace = read_workspace(write(tmp_path, '[guest]\ninterpreter = "python"'))
    assert workspace.interpreter == tmp_path / "python"


WAY = "it must be written like metadata.effective_at"


@pytest.mark.parametrize(
    ("text", "line", "key", "why"),
    [
        ("colour = 1", 1, "colour", "this key is not known"),
        ("[store]\nurl = 'x'\ncolour = 1", 3, "store.colour", "this key is not known"),
        ("[store]\neffective_time = 'effective_at'", 2, "store.effective_time", WAY),
        ("[store]\neffective_time = 'metadata.'", 2, "store.effective_time", WAY),
        ("[store]\neffective_time = 'data.at'", 2, "store.effective_time", WAY),
        ("[store]\nurl = 3", 2, "store.url", "a text is expected"),
        ("[store]\nurl = ''", 2, "store.url", "it is empty or holds a NUL character"),
        ("store = 3", 1, "store", "a table is expected"),
        ("[guest]\n\ntimeout_seconds = 'long'", 3, "guest.timeout_seconds", "a number is expected"),
        ("[guest]\ntimeout_seconds = 0", 2, "guest.timeout_seconds", "it must lie between 0 and 86400"),
        ("[guest]\ncpu_seconds = nan", 2, "guest.cpu_seconds", "it must lie between 0 and 86400"),
        ("[guest]\ncpu_seconds = true", 2, "guest.cpu_seconds", "a number is expected"),
        ("[guest]\nmemory_mb = 1.5", 2, "guest.memory_mb", "a whole number is expected"),
        ("[guest]\nmemory_mb = 1", 2, "guest.memory_mb", "it must be at least 64"),
        ("[guest]\nkeyframe_mb = -1", 2, "guest.keyframe_mb", "it must be at least 0"),
        ("[models.Order]", 1, "models.Order.python", "it must be written like package.module:Name"),
        ("[models.Order]\npython = 'a.b'", 2, "models.Order.python", "it must be written like package.module:Name"),
        ("[models.Order]\npython = '../a:B'", 2, "models.Order.python", "it must be written like package.module:Name"),
        ("[models]\nOrder = 'a:B'", 2, "models.Order", "a table is expected"),
        ("[projections.p]\npython = 'a:B'\ntarget = 'postgresql://u:p@h/d'", 3, "projections.p.target",
         "a workspace file must not hold a password"),
    ],
)  # fmt: skip
def test_b096_a_mistake_is_named_with_its_key_and_line(
    tmp_path: Path, text: str, line: int, key: str, why: str
) -> None:
    error = refused(tmp_path, text)
    at = "" if key.endswith(".python") and "python" not in text else f":{line}"
    assert error.message == f"{tmp_path / 'auditor.toml'}{at}: {key}: {why}."
    assert error.hint


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://ada:geheim@host/db",
        "postgres://ada:geh/eim@geheim@host/db",
        "postgresql://host/db?password=geheim",
        "postgresql://host/db?sslpassword=geheim",
        "x://h?sslpassword=geheim",
    ],
)
def test_b096_a_password_in_a_url_is_refused_and_not_repeated(tmp_path: Path, url: str) -> None:
    error = refused(tmp_path, f'[store]\nurl = "{url}"')
    assert "a workspace file must not hold a password" in error.message
    assert "geheim" not in error.message + error.hint
    assert "PGPASSFILE" in error.hint


def test_b096_text_that_is_no_toml_is_told_with_its_line(tmp_path: Path) -> None:
    assert "line 2" in refused(tmp_path, "[store]\nurl = \n").message


@pytest.mark.parametrize("content", [b"a = " + b"[" * 100_000, b"\xff\xfe", b"# " + b"x" * MAX_BYTES])
def test_b096_a_file_that_nobody_wrote_as_a_workspace_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "auditor.toml"
    path.write_bytes(content)
    with pytest.raises(ModelError):
        read_workspace(path)


def test_b096_only_files_are_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "fifo")
    for path in (tmp_path, tmp_path / "fifo", tmp_path / "none", Path("/dev/zero")):
        with pytest.raises(ModelError, match=str(path)):
            read_workspace(path)


def test_b096_a_link_counts_where_it_leads(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    write(tmp_path / "real", FULL)
    link = tmp_path / "auditor.toml"
    link.symlink_to(tmp_path / "real" / "auditor.toml")
    assert read_workspace(link) == read_workspace(tmp_path / "real" / "auditor.toml")
    assert read_workspace(link).import_paths == (tmp_path / "real",)
