"""Rows 1 to 8 of the hostile inputs: what is no readable store is refused by its own sentence, and nothing changes."""

import os
import random
import zipfile
from pathlib import Path

import pytest

from auditor.core.errors import StoreError
from auditor.stores.reader import open_reader
from tests.helpers.broken_files import write_ahead_store
from tests.helpers.native_files import make_store
from tests.helpers.viewing import Seen, bind_socket, folder_for_nobody, look, look_in_child, unchanged


def refused(location: str | Path, *words: str) -> Seen:
    """The refusal, which has these words in its sentence and a hint beside it."""
    seen = look(location)
    assert_refused(seen, *words)
    return seen


def assert_refused(seen: Seen, *words: str) -> None:
    assert seen.error in ("StoreError", "StoreDamaged"), seen
    assert seen.hint
    for word in words:
        assert word in seen.message


@pytest.mark.parametrize("name", ["absent.db", "no folder/absent.db"])
@pytest.mark.parametrize("form", ["{}", "sqlite:///{}"])
def test_b001_an_absent_path_is_named_and_nothing_is_created(tmp_path: Path, name: str, form: str) -> None:
    with unchanged(tmp_path):
        refused(form.format(tmp_path / name), "There is no file", "absent.db")


def test_b001_a_file_taken_for_a_folder_is_absent_too(tmp_path: Path) -> None:
    make_store(tmp_path / "store.db")
    with unchanged(tmp_path):
        refused(tmp_path / "store.db" / "inner.db", "There is no file")


@pytest.mark.parametrize("kind", ["a folder", "a named pipe", "a socket", "a device"])
def test_b002_what_is_no_file_is_refused_by_its_kind_without_hanging(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "thing"
    bound = None
    match kind:
        case "a folder":
            path.mkdir()
        case "a named pipe":
            os.mkfifo(path)
        case "a socket":
            bound = bind_socket(path)
        case _:
            path = Path("/dev/zero")
    with unchanged(tmp_path):
        assert_refused(look_in_child(path), kind)
    if bound:
        bound.close()


def test_b003_an_empty_file_is_no_store(tmp_path: Path) -> None:
    (tmp_path / "store.db").touch()
    with unchanged(tmp_path):
        refused(tmp_path / "store.db", "empty file")


def _zip(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("store.db", "x" * 2000)


def _random(path: Path) -> None:
    path.write_bytes(random.Random(4).randbytes(8192))


@pytest.mark.parametrize(
    ("make", "kind"),
    [
        pytest.param(lambda path: path.write_text("Dear reader,\n" * 300 + "ü"), "a text file", id="text"),
        pytest.param(
            lambda path: path.write_text("x" * 1023 + "ü"), "a text file", id="text cut in a character"
        ),
        pytest.param(
            lambda path: path.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(2000)), "a PNG picture", id="png"
        ),
        pytest.param(_zip, "a zip archive", id="zip"),
        pytest.param(
            lambda path: path.write_text("--\n-- PostgreSQL database dump\n--\n" * 40),
            "a PostgreSQL dump",
            id="dump",
        ),
        pytest.param(
            lambda path: path.write_bytes(b"PGDMP" + bytes(2000)), "a PostgreSQL dump", id="custom dump"
        ),
        pytest.param(_random, "encrypted", id="encrypted"),
        pytest.param(
            lambda path: path.write_bytes(b"SQLite format 3\0" + random.Random(5).randbytes(8176)),
            "damaged or encrypted",
            id="encrypted after the header",
        ),
        pytest.param(lambda path: path.write_bytes(bytes(4096)), "not an SQLite database", id="zeros"),
        pytest.param(lambda path: path.write_bytes(b"\x01"), "not an SQLite database", id="one byte"),
    ],
)
def test_b004_no_database_is_told_and_named_by_its_first_bytes(
    tmp_path: Path, make: object, kind: str
) -> None:
    path = tmp_path / "store.db"
    assert callable(make)
    make(path)
    with unchanged(tmp_path):
        refused(path, "not an SQLite database", kind)


ODD_NAMES = [
    b"what?mode=rwc.db",
    b"number#1.db",
    b"percent%41%00.db",
    b'it\'s "quoted".db',
    b"two\nlines.db",
    b"caf\xe9 \xff.db",
    b"-option.db",
    b"file:name.db",
    b"a&immutable=1&b.db",
    "größe ☃ 📦.db".encode(),
    b" blank .db",
    b"back\\slash.db",
]


@pytest.mark.parametrize("name", ODD_NAMES, ids=repr)
def test_b005_exactly_the_named_file_is_opened(tmp_path: Path, name: bytes) -> None:
    path = tmp_path / os.fsdecode(name)
    make_store(tmp_path / "plain.db").rename(path)
    with unchanged(tmp_path):
        assert look(path).scanned == 50
        assert look(str(path)).scanned == 50
        with open_reader(path) as reader:
            assert reader.location.name.isprintable()


@pytest.mark.parametrize("name", ODD_NAMES, ids=repr)
def test_b005_an_absent_odd_name_creates_nothing(tmp_path: Path, name: bytes) -> None:
    with unchanged(tmp_path):
        assert_refused(look(tmp_path / os.fsdecode(name)), "There is no file")


def test_b005_a_name_that_looks_like_an_option_opens_where_one_stands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_store(tmp_path / "-rf.db")
    monkeypatch.chdir(tmp_path)
    with unchanged(tmp_path):
        assert look("-rf.db").scanned == 50


def _at_length(folder: Path, length: int) -> Path:
    """A path of so many characters below `folder`, its folders made."""
    while length - len(str(folder)) > 200:
        folder /= "f" * 100
    folder.mkdir(parents=True, exist_ok=True)
    return folder / ("s" * (length - len(str(folder)) - 1))


@pytest.mark.parametrize("length", [300, 504])
def test_b005_a_long_path_opens(tmp_path: Path, length: int) -> None:
    store = make_store(_at_length(tmp_path, length))
    with unchanged(tmp_path):
        assert look(store).scanned == 50


def test_b005_a_path_too_long_for_sqlite_says_so(tmp_path: Path) -> None:
    store = _at_length(tmp_path, 505)
    make_store(tmp_path / "store.db").rename(store)
    with unchanged(tmp_path):
        refused(store, "too long a path for SQLite")


def test_b005_a_name_too_long_for_the_system_says_so(tmp_path: Path) -> None:
    refused(tmp_path / ("n" * 300), "too long")


def test_b005_a_symbolic_link_opens_the_real_file_and_what_is_beside_that(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    write_ahead_store(tmp_path / "real" / "store.db", closed=False)
    (tmp_path / "link.db").symlink_to(tmp_path / "real" / "store.db")
    assert look(tmp_path / "link.db").scanned == 50


def test_b005_a_path_with_nul_is_no_path() -> None:
    with pytest.raises(StoreError, match="NUL"):
        open_reader("a\0b")


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("postgresql://user:secret@host/db", "postgresql"),
        ("mysql+pymysql://user:secret@host/db", "mysql"),
        ("sqlite://", "in memory"),
        ("sqlite:///:memory:", "in memory"),
        ("nonsense://user:secret@host", "nonsense"),
        ("", "empty"),
    ],
)
def test_addresses_that_name_no_file_are_refused_without_their_secrets(url: str, said: str) -> None:
    with pytest.raises(StoreError) as caught:
        open_reader(url)
    assert said in caught.value.message
    assert caught.value.hint
    assert "secret" not in caught.value.message + caught.value.hint


def _user() -> str:
    return "nobody" if os.geteuid() == 0 else ""


def test_b006_no_permission_to_read_names_the_user() -> None:
    with folder_for_nobody() as folder:
        store = make_store(folder / "store.db")
        store.chmod(0o000)
        seen = look_in_child(store, as_nobody=True)
        assert_refused(seen, "Permission denied for", _user(), "store.db may not be read")
        assert [path.name for path in folder.iterdir()] == ["store.db"]


def test_b006_a_folder_that_may_not_be_entered_is_named() -> None:
    with folder_for_nobody() as folder:
        (folder / "closed").mkdir()
        store = make_store(folder / "closed" / "store.db")
        (folder / "closed").chmod(0o600)
        seen = look_in_child(store, as_nobody=True)
        assert_refused(seen, "Permission denied for", _user(), "the folder", "closed may not be entered")


def test_b007_a_cleanly_closed_write_ahead_store_in_a_read_only_folder_is_read_and_says_how() -> None:
    with folder_for_nobody() as folder:
        store = write_ahead_store(folder / "store.db")
        store.chmod(0o644)
        folder.chmod(0o555)
        with unchanged(folder):
            seen = look_in_child(store, as_nobody=True)
        assert (seen.error, seen.scanned, seen.counted) == ("", 50, 50)
        assert any("nobody changes" in sentence for sentence in seen.access)


def test_b007_a_store_without_a_log_needs_no_such_help() -> None:
    with folder_for_nobody() as folder:
        store = make_store(folder / "store.db")
        folder.chmod(0o555)
        with unchanged(folder):
            seen = look_in_child(store, as_nobody=True)
        assert (seen.error, seen.scanned) == ("", 50)
        assert not any("nobody changes" in sentence for sentence in seen.access)


@pytest.mark.parametrize("keep_shm", [False, True])
def test_b008_a_log_in_a_read_only_folder_is_read_whole_or_not_at_all(*, keep_shm: bool) -> None:
    with folder_for_nobody() as folder:
        store = write_ahead_store(folder / "store.db", closed=False)
        if not keep_shm:
            (folder / "store.db-shm").unlink()
        for file in folder.iterdir():
            file.chmod(0o444)
        folder.chmod(0o555)
        with unchanged(folder):
            seen = look_in_child(store, as_nobody=True)
        if keep_shm:
            assert (seen.error, seen.scanned, seen.counted) == ("", 50, 50)
        else:
            assert_refused(seen, "store.db-wal", "newest events")
            assert "auditor copy" in seen.hint


def test_a_write_ahead_store_in_a_writable_folder_says_which_files_sqlite_put_there(tmp_path: Path) -> None:
    store = write_ahead_store(tmp_path / "store.db")
    content = store.read_bytes()
    seen = look(store)
    assert seen.scanned == 50
    assert sorted(path.name for path in tmp_path.iterdir()) == ["store.db", "store.db-shm", "store.db-wal"]
    assert any("store.db-wal" in said and "store.db-shm" in said for said in seen.warnings)
    assert store.read_bytes() == content


def test_viewing_a_closed_store_leaves_bytes_times_and_listing_as_they_are(tmp_path: Path) -> None:
    store = make_store(tmp_path / "store.db")
    with unchanged(tmp_path):
        seen = look(store)
    assert (seen.listed, seen.paged, seen.scanned, seen.counted) == (10, 50, 50, 50)
    assert seen.warnings == []
    assert seen.access
