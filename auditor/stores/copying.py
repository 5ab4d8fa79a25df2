"""Work on a copy: a store's file and all beside it that SQLite needs, copied together and compared by hash."""

import contextlib
import errno
import hashlib
import os
import shutil
import sqlite3
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final, NamedTuple

from auditor.core.errors import StoreBusy, StoreDamaged, StoreError, StoreFull, WrongRequest
from auditor.core.ports import NeverStopped, ReportProgress, StopToken
from auditor.core.presenter import display
from auditor.core.text import tr
from auditor.stores.dialects.sqlite import Sqlite
from auditor.stores.file_bytes import FileBytes
from auditor.stores.location import file_location, require_file, user_name
from auditor.stores.readonly import held_open

_SUFFIXES: Final = ("-wal", "-journal", "")
_CHUNK: Final = 1 << 20
_TRIES: Final = 3
_WAIT_SECONDS: Final = 1.0
_PATIENCE_SECONDS: Final = 10.0


class CopiedFile(NamedTuple):
    """One file of the store, under the original's name. The hashes are the original's, as it was copied and after."""

    name: str
    size: int
    sha256_before: str
    sha256_after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CopyReport:
    """What was copied. `written_meanwhile`: a program kept writing the store, so that the copy may be torn.

    `recovered`: an interrupted transaction was taken back in the copy, which is thereby not the original's bytes.
    `notes` say both as sentences.
    """

    target: Path
    files: list[CopiedFile]
    written_meanwhile: bool
    recovered: bool
    notes: list[str]


def _unheard(_done: int, _total: int | None, _unit: str) -> None:
    """Nobody listens."""


def copy_store(
    source: str | Path, target: Path, *, token: StopToken | None = None, progress: ReportProgress = _unheard
) -> CopyReport:
    """Copies a store under a new name, its `-wal` and `-journal` with it. Nothing is there before all of it is.

    The calling process may be viewing the source.
    Raises: StoreError, StoreFull, StoreDamaged, Cancelled; StoreBusy where a program writes the store all the while and
    no whole copy could be made; WrongRequest for a target that exists.
    """
    location = file_location(source)
    require_file(location)
    _refuse_existing(target)
    with _told(target), _folder_beside(target) as folder:
        parts = _Parts(location.path, folder / target.name, token or NeverStopped(), progress)
        files = parts.copy()
        written_meanwhile = not all(file.sha256_before == file.sha256_after for file in files)
        try:
            recovered = _recover(folder / target.name)
        except sqlite3.Error as error:
            if written_meanwhile:
                raise _written_all_the_while(location.path) from error
            raise
        _put_in_place(folder, target)
    return CopyReport(
        target=target,
        files=files,
        written_meanwhile=written_meanwhile,
        recovered=recovered,
        notes=_notes(written_meanwhile=written_meanwhile, recovered=recovered),
    )


def _notes(*, written_meanwhile: bool, recovered: bool) -> list[str]:
    notes = []
    if written_meanwhile:
        notes.append(
            tr(
                "The store was written while it was copied, so the copy may be torn. Stop the program that writes it "
                "and copy again."
            )
        )
    if recovered:
        notes.append(
            tr(
                "The store has an interrupted transaction. It was taken back in the copy, as SQLite does at the next "
                "opening for writing; the original still has it."
            )
        )
    return notes


class _Parts:
    """The files of one store, copied and hashed in one pass, and hashed again when all are copied."""

    def __init__(self, source: Path, copy: Path, token: StopToken, progress: ReportProgress) -> None:
        self._source = source
        self._copy = copy
        self._token = token
        self._progress = progress
        self._done = 0
        self._total = 0

    def copy(self) -> list[CopiedFile]:
        """Starts again when the store was written meanwhile, a few times. Returns the last attempt's files.

        Raises: StoreBusy where files beside the store come and go all the while.
        """
        tries, deadline = 0, time.monotonic() + _PATIENCE_SECONDS
        while True:
            self._token.raise_if_cancelled()
            tries += 1
            files = self._copy_if_it_stays()
            if files and (tries >= _TRIES or all(one.sha256_before == one.sha256_after for one in files)):
                return files
            if files is None and time.monotonic() > deadline:
                raise _written_all_the_while(self._source)

    def _copy_if_it_stays(self) -> list[CopiedFile] | None:
        """None where a file beside the store was taken away while it was copied, as a writer does with its journal."""
        try:
            return self._copy_once()
        except FileNotFoundError:
            if not self._source.is_file() or not self._copy.parent.is_dir():
                raise
            return None

    def _copy_once(self) -> list[CopiedFile]:
        present = self._present()
        self._total = self._done + 2 * sum((self._beside(suffix).stat().st_size) for suffix in present)
        before = {suffix: self._hash(suffix, copying=True) for suffix in present}
        for suffix in _SUFFIXES:
            if suffix not in present:
                self._target(suffix).unlink(missing_ok=True)  # of an attempt before
        after = {suffix: self._hash(suffix, copying=False)[0] for suffix in self._present()}
        gone = tr("gone")
        files = [
            CopiedFile(display(self._beside(suffix).name), size, digest, after.get(suffix, gone))
            for suffix, (digest, size) in before.items()
        ]
        came = [
            CopiedFile(display(self._beside(at).name), 0, gone, after[at]) for at in after if at not in before
        ]
        return sorted(files + came)

    def _present(self) -> list[str]:
        return [suffix for suffix in _SUFFIXES if self._beside(suffix).is_file()]

    def _beside(self, suffix: str) -> Path:
        return self._source.with_name(self._source.name + suffix)

    def _target(self, suffix: str) -> Path:
        return self._copy.with_name(self._copy.name + suffix)

    def _hash(self, suffix: str, *, copying: bool) -> tuple[str, int]:
        """Hash and size of a file as far as it went at the beginning: one that keeps growing must not keep us."""
        with contextlib.ExitStack() as opened:
            original = opened.enter_context(self._opened(suffix))
            copy = opened.enter_context(self._target(suffix).open("wb")) if copying else None
            digest = hashlib.sha256()
            for chunk in self._chunks(original):
                digest.update(chunk)
                if copy:
                    copy.write(chunk)
            if copy:
                copy.flush()
                os.fsync(copy.fileno())
        return digest.hexdigest(), original.size

    @contextmanager
    def _opened(self, suffix: str) -> Iterator[FileBytes]:
        """The store's file by SQLite; on those beside it nobody has a lock."""
        path = self._beside(suffix)
        with held_open(path) if not suffix else path.open("rb"):
            yield FileBytes.of(path)

    def _chunks(self, file: FileBytes) -> Iterator[bytes]:
        at = 0
        while at < file.size and (chunk := file.read(at, min(_CHUNK, file.size - at))):
            self._token.raise_if_cancelled()
            yield chunk
            at += len(chunk)
            self._done += len(chunk)
            self._progress(self._done, max(self._total, self._done), tr("bytes"))


def _written_all_the_while(source: Path) -> StoreBusy:
    return StoreBusy(
        tr("{path} was written all the while, and no whole copy could be made.", path=display(str(source))),
        tr(
            "Stop the program that writes it, or wait until it is less busy, and copy again. Nothing was left."
        ),
    )


def _refuse_existing(target: Path) -> None:
    for suffix in ("", "-wal", "-shm", "-journal"):
        path = target.with_name(target.name + suffix)
        if os.path.lexists(path):
            raise WrongRequest(
                tr("{path} exists already.", path=display(str(path))),
                tr("Give the copy another name. Nothing was written."),
            )


@contextmanager
def _told(target: Path) -> Iterator[None]:
    try:
        yield
    except PermissionError as error:
        raise StoreError(
            tr("Permission denied for {user}: {why}.", user=user_name(), why=_sentence(error)),
            tr("Give a place for the copy in a folder of your own."),
        ) from error
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise StoreFull(
                tr("There is no space left for a copy at {path}.", path=display(str(target))),
                tr("Make room or give another place. Nothing was left there."),
            ) from error
        raise StoreError(
            tr(
                "The store cannot be copied to {path}: {why}.",
                path=display(str(target)),
                why=_sentence(error),
            ),
            tr("Check the place for the copy and the disk. Nothing was left there."),
        ) from error
    except sqlite3.Error as error:
        raise StoreDamaged(
            tr(
                "The copy of the store cannot be recovered from its interrupted transaction: {why}.",
                why=error,
            ),
            tr("Restore the store from a backup, or copy its files by hand."),
        ) from error


def _sentence(error: OSError) -> str:
    name = error.filename if isinstance(error.filename, str) else ""
    return f"{error.strerror}: {display(name)}" if name else str(error.strerror)


@contextmanager
def _folder_beside(target: Path) -> Iterator[Path]:
    """A hidden folder beside the target, on the same file system; removed with all that is still in it."""
    folder = Path(tempfile.mkdtemp(prefix=".auditor-copy-", dir=target.absolute().parent))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _recover(copy: Path) -> bool:
    """Has SQLite take back an interrupted transaction of the copy, where there is one."""
    journal = copy.with_name(copy.name + "-journal")
    if not journal.is_file():
        return False
    with journal.open("rb") as file:
        if file.read(1) in (b"", b"\0"):  # SQLite takes such a journal for one of a finished transaction
            return False
    connection = Sqlite(copy, _WAIT_SECONDS).connect()
    try:
        connection.execute("PRAGMA trusted_schema = OFF")
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    finally:
        connection.close()
    return True


def _put_in_place(folder: Path, target: Path) -> None:
    """The database last: when it is there, all of it is. Never over a file that came meanwhile."""
    placed: list[Path] = []
    try:
        for suffix in _SUFFIXES:
            part = folder / (target.name + suffix)
            if part.is_file():
                place = target.with_name(target.name + suffix)
                _move_without_replacing(part, place)
                placed.append(place)
    except BaseException:
        for place in placed:
            place.unlink(missing_ok=True)
        raise
    _sync_folder(target.absolute().parent)


def _move_without_replacing(part: Path, place: Path) -> None:
    try:
        os.link(part, place)
    except FileExistsError:
        _refuse_existing(place)
        raise
    except OSError:
        # A file system without hard links.
        _refuse_existing(place)
        part.rename(place)


def _sync_folder(folder: Path) -> None:
    if os.name != "posix":
        return
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
