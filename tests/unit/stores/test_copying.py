"""Work on a copy."""

import contextlib
import hashlib
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from auditor.core.errors import Cancelled, StoreBusy, StoreError, WrongRequest
from auditor.stores import copying
from auditor.stores.copying import copy_store
from auditor.stores.reader import open_reader
from auditor.tasks.cancel import CancelToken
from tests.helpers import budget
from tests.helpers.broken_files import told_when_leaving_write_ahead_mode, write_ahead_store
from tests.helpers.native_files import make_store
from tests.helpers.viewing import look, unchanged


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_a_copy_has_the_same_bytes_and_says_their_hashes(tmp_path: Path) -> None:
    store = make_store(tmp_path / "store.db")
    (tmp_path / "to").mkdir()
    heard: list[tuple[int, int | None]] = []
    before = digest(store)
    report = copy_store(
        store, tmp_path / "to" / "copy.db", progress=lambda done, total, _: heard.append((done, total))
    )
    size = store.stat().st_size
    assert [tuple(file) for file in report.files] == [("store.db", size, before, before)]
    assert not report.written_meanwhile
    assert not report.recovered
    assert report.notes == []
    assert digest(store) == before == digest(report.target)
    assert [path.name for path in (tmp_path / "to").iterdir()] == ["copy.db"]
    assert heard[-1] == (2 * size, 2 * size)
    assert heard == sorted(heard)


def test_a_copy_takes_the_log_with_it(tmp_path: Path) -> None:
    (tmp_path / "from").mkdir()
    (tmp_path / "to").mkdir()
    store = write_ahead_store(tmp_path / "from" / "store.db", closed=False)
    with unchanged(tmp_path / "from"):
        report = copy_store(store, tmp_path / "to" / "copy.db")
    assert [file.name for file in report.files] == ["store.db", "store.db-wal"]
    assert digest(tmp_path / "to" / "copy.db-wal") == digest(tmp_path / "from" / "store.db-wal")
    assert look(report.target).scanned == 50


def test_a_store_that_is_viewed_stays_locked_while_it_is_copied_and_after(tmp_path: Path) -> None:
    """Else a writer that ends would take the log away under the viewer, who would never see another event."""
    store = write_ahead_store(tmp_path / "store.db")
    with open_reader(store) as reader:
        copy_store(store, tmp_path / "copy.db")
        assert told_when_leaving_write_ahead_mode(store) == "database is locked"
        assert reader.head() == 50
    assert look(tmp_path / "copy.db").scanned == 50


@pytest.mark.parametrize("suffix", ["", "-wal", "-shm", "-journal"])
def test_a_copy_never_goes_over_what_is_there(tmp_path: Path, suffix: str) -> None:
    store = make_store(tmp_path / "store.db")
    (tmp_path / f"copy.db{suffix}").write_text("mine")
    with unchanged(tmp_path), pytest.raises(WrongRequest, match="exists already"):
        copy_store(store, tmp_path / "copy.db")


def test_a_dangling_link_is_not_written_through(tmp_path: Path) -> None:
    store = make_store(tmp_path / "store.db")
    (tmp_path / "copy.db").symlink_to(tmp_path / "elsewhere.db")
    with pytest.raises(WrongRequest):
        copy_store(store, tmp_path / "copy.db")
    assert not (tmp_path / "elsewhere.db").exists()


def test_a_cancelled_copy_leaves_nothing(tmp_path: Path) -> None:
    store = make_store(tmp_path / "store.db", aggregates=100, each=20)
    token = CancelToken()
    before = list(tmp_path.iterdir())
    with pytest.raises(Cancelled):
        copy_store(store, tmp_path / "copy.db", token=token, progress=lambda *_: token.cancel())
    assert list(tmp_path.iterdir()) == before


def test_a_place_that_is_not_there_is_told(tmp_path: Path) -> None:
    store = make_store(tmp_path / "store.db")
    with unchanged(tmp_path), pytest.raises(StoreError) as caught:
        copy_store(store, tmp_path / "no folder" / "copy.db")
    assert caught.value.hint


def test_an_absent_store_is_told_and_no_copy_made(tmp_path: Path) -> None:
    with unchanged(tmp_path), pytest.raises(StoreError, match="There is no file"):
        copy_store(tmp_path / "absent.db", tmp_path / "copy.db")


def test_a_store_written_meanwhile_is_said(tmp_path: Path) -> None:
    store = make_store(tmp_path / "store.db")

    def write(*_: object) -> None:
        with store.open("ab") as file:
            file.write(bytes(4096))

    report = copy_store(store, tmp_path / "copy.db", progress=write)
    assert report.written_meanwhile
    assert any("written while it was copied" in note for note in report.notes)
    assert report.files[0].sha256_before != report.files[0].sha256_after


def test_a_store_written_once_is_copied_again(tmp_path: Path) -> None:
    store = make_store(tmp_path / "store.db")
    once = threading.Event()

    def write(*_: object) -> None:
        if not once.is_set():
            once.set()
            with store.open("ab") as file:
                file.write(bytes(4096))

    report = copy_store(store, tmp_path / "copy.db", progress=write)
    assert not report.written_meanwhile
    assert digest(store) == digest(report.target)


_WRITING = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None, timeout=30)
print("writing", flush=True)
while True:
    connection.execute("UPDATE events SET data = random() WHERE position % 7 = 0")
"""


@contextlib.contextmanager
def written_by_another(path: Path) -> Iterator[None]:
    """Within the block another process commits again and again, with a rollback journal each time."""
    child = subprocess.Popen([sys.executable, "-c", _WRITING, path], stdout=subprocess.PIPE)
    assert child.stdout is not None
    try:
        assert child.stdout.readline() == b"writing\n"
        yield
    finally:
        child.kill()
        child.wait()
        child.stdout.close()


def test_beside_a_busy_writer_a_copy_is_made_or_the_writer_is_named(tmp_path: Path) -> None:
    """Journals come and go; what is torn is said, and nothing is called damaged."""
    store = make_store(tmp_path / "store.db", aggregates=20, each=20)
    (tmp_path / "to").mkdir()
    with written_by_another(store):
        for number in range(budget.count(40)):
            target = tmp_path / "to" / f"copy-{number}.db"
            try:
                report = copy_store(store, target)
            except StoreBusy as error:
                assert "written all the while" in error.message  # noqa: PT017 - either end is right
                assert not target.exists()
            else:
                assert report.target == target
                assert bool(report.notes) == (report.written_meanwhile or report.recovered)
    assert not [path for path in (tmp_path / "to").iterdir() if path.name.startswith(".")]


def test_a_journal_that_always_goes_away_is_no_endless_copy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The writer's journal is there whenever one looks, and gone whenever one reads."""
    monkeypatch.setattr(copying, "_PATIENCE_SECONDS", 0.2)
    monkeypatch.setattr(copying._Parts, "_present", lambda _: ["-journal", ""])
    store = make_store(tmp_path / "store.db")
    (tmp_path / "to").mkdir()
    with pytest.raises(StoreBusy, match="written all the while"):
        copy_store(store, tmp_path / "to" / "copy.db")
    assert list((tmp_path / "to").iterdir()) == []
    shutil.rmtree(tmp_path / "to")
    with pytest.raises(StoreError, match="cannot be copied"):
        copy_store(store, tmp_path / "to" / "copy.db")
