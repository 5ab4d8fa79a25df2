"""The worker's zip: the same for the same sources, made once, whole or not there."""

import tempfile
import threading
import zipfile
from pathlib import Path

import pytest

from auditor.guest import bundle
from auditor.guest.fold_service import FoldService


def test_it_holds_core_and_the_workers_part_under_a_private_name(cache: Path) -> None:
    made = bundle.provide(cache)
    assert not made.temporary
    with zipfile.ZipFile(made.path) as archive:
        names = set(archive.namelist())
    assert {"__main__.py", "_auditor_guest/core/timeline.py", "_auditor_guest/guest/worker.py"} <= names
    assert "_auditor_guest/guest/wire.py" in names
    assert not any("fold_service" in name or "process" in name or "trust" in name for name in names)
    assert {name.partition("/")[0] for name in names} == {"__main__.py", "_auditor_guest"}


def test_it_is_made_once(tmp_path: Path) -> None:
    first = bundle.provide(tmp_path / "new" / "cache").path
    made = first.stat().st_ino
    assert bundle.provide(tmp_path / "new" / "cache").path == first
    assert first.stat().st_ino == made
    assert list(first.parent.iterdir()) == [first]


def test_a_spoilt_one_is_made_again(tmp_path: Path) -> None:
    first = bundle.provide(tmp_path).path
    content = first.read_bytes()
    first.write_bytes(content[: len(content) // 2])
    assert bundle.provide(tmp_path).path.read_bytes() == content


def test_without_a_folder_to_write_it_is_temporary_and_does_not_stay(tmp_path: Path) -> None:
    blocked = tmp_path / "a file"
    blocked.write_text("in the way")
    made = bundle.provide(blocked)
    assert made.temporary
    assert made.path.exists()
    made.discard()
    assert not made.path.exists()


def test_a_service_works_without_a_cache_and_leaves_no_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    blocked, temporary = tmp_path / "a file", tmp_path / "temporary"
    blocked.write_text("in the way")
    temporary.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    with FoldService(None, cache=blocked) as service:
        assert service.model.kind == "merge"
        assert [path.suffix for path in temporary.iterdir()] == [".zip"]
    assert list(temporary.iterdir()) == []


def test_many_at_once_find_a_whole_one(tmp_path: Path) -> None:
    found: list[bytes] = []
    threads = [
        threading.Thread(target=lambda: found.append(bundle.provide(tmp_path).path.read_bytes()))
        for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(found)) == 1
    assert [path.suffix for path in tmp_path.iterdir()] == [".zip"]
