"""What stands beside a store's file, and what it means when the file does not open."""

import sqlite3
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from auditor.core.errors import Cancelled, StoreDamaged, StoreError
from auditor.core.presenter import display
from auditor.core.text import tr
from auditor.stores.location import FileLocation, readable, writable
from auditor.stores.sqlite_errors import damaged_hint, extended_code, primary_code, told
from auditor.stores.sqlite_format import MAGIC
from auditor.stores.write_ahead import wal_breaks_off, wal_is_used

_JOURNAL_MAGIC: Final = bytes.fromhex("d9d505f920a163d7")


@dataclass(frozen=True, slots=True)
class SideFiles:
    """The files that SQLite keeps beside a database, as they were at one moment; None where there is none."""

    wal_bytes: int | None
    shm_bytes: int | None
    journal_bytes: int | None

    @classmethod
    def of(cls, location: FileLocation) -> "SideFiles":
        return cls(*(_size(location.beside(suffix)) for suffix in ("-wal", "-shm", "-journal")))

    def may_be_left_out(self, location: FileLocation, error: sqlite3.Error) -> bool:
        """Whether the file may be read as one that nobody changes: nothing is beside it, and nothing can come."""
        refused = primary_code(error) in (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN)
        return (
            refused and not self.wal_bytes and not self.journal_bytes and not writable(location.path.parent)
        )

    def notes(self, location: FileLocation) -> list[str]:
        """What a viewer should know about them now that the store is open."""
        notes = []
        now = SideFiles.of(location)
        came = [
            display(location.beside(suffix).name)
            for suffix, before, after in (
                ("-wal", self.wal_bytes, now.wal_bytes),
                ("-shm", self.shm_bytes, now.shm_bytes),
            )
            if before is None and after is not None
        ]
        if came:
            notes.append(
                tr(
                    "The store is in write-ahead mode, so SQLite put {files} beside it for reading. The store itself "
                    "is unchanged, and the program does not remove these files. To keep a folder as it is, work on "
                    "a copy (`auditor copy STORE TO`).",
                    files=tr("{one} and {other}", one=came[0], other=came[1]) if len(came) == 2 else came[0],
                )
            )
        if now.wal_bytes and not wal_is_used(location.beside("-wal")):
            notes.append(
                tr(
                    "The file {wal} does not belong to this state of the store, and SQLite ignores it.",
                    wal=display(location.beside("-wal").name),
                )
            )
        elif now.wal_bytes and wal_breaks_off(location.beside("-wal")):
            notes.append(
                tr(
                    "The file {wal} breaks off: what stands in it after that cannot be read, and the newest events may "
                    "be missing. A program is writing it just now or was interrupted, or the file is damaged.",
                    wal=display(location.beside("-wal").name),
                )
            )
        return notes


def _size(path: Path) -> int | None:
    try:
        return path.stat().st_size
    except OSError:
        return None


def told_at_opening(
    error: sqlite3.Error, location: FileLocation, before: SideFiles
) -> StoreError | Cancelled:
    """The sentence for a file that did not open."""
    code, extended = primary_code(error), extended_code(error)
    if extended == sqlite3.SQLITE_READONLY_ROLLBACK or (
        code in (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN) and before.journal_bytes
    ):
        return _interrupted(location)
    if code in (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN):
        return _side_files_needed(location, before)
    if code == sqlite3.SQLITE_NOTADB:
        return not_a_database(location)
    if code == sqlite3.SQLITE_CORRUPT:
        return _shorter_than_said(location) or told(error, location.name)
    return told(error, location.name)


def _copy_hint() -> str:
    return tr("Work on a copy, in a folder of your own: `auditor copy STORE TO`.")


def _interrupted(location: FileLocation) -> StoreError:
    return StoreError(
        tr(
            "{path} has an interrupted transaction: a program ended while it wrote, and {journal} holds what is to be "
            "taken back before the store can be read.",
            path=location.name,
            journal=display(location.beside("-journal").name),
        ),
        tr(
            "Work on a copy, which is recovered and leaves the store as it is: `auditor copy STORE TO`. Or open the "
            "store once with the program that wrote it."
        ),
    )


def _side_files_needed(location: FileLocation, before: SideFiles) -> StoreError:
    unreadable = [
        display(path.name)
        for path in map(location.beside, ("-wal", "-shm"))
        if path.exists() and not readable(path)
    ]
    if unreadable:
        return StoreError(
            tr(
                "{path} cannot be read without {file}, which may not be read.",
                path=location.name,
                file=unreadable[0],
            ),
            tr("Ask the file's owner for permission to read it."),
        )
    if before.wal_bytes:
        return StoreError(
            tr(
                "The newest events of {path} are in {wal}, and to read them SQLite needs a file beside it in a folder "
                "that cannot be written.",
                path=location.name,
                wal=display(location.beside("-wal").name),
            ),
            _copy_hint(),
        )
    return StoreError(
        tr(
            "{path} is in write-ahead mode, and SQLite could not make the files beside it that it needs for reading.",
            path=location.name,
        ),
        _copy_hint(),
    )


def not_a_database(location: FileLocation) -> StoreError:
    kind = kind_of(_first_bytes(location.path))
    if kind is None:
        return StoreError(
            tr("{path} is not an SQLite database.", path=location.name),
            tr("Check that it is the right file."),
        )
    return StoreError(
        tr("{path} is not an SQLite database, but {kind}.", path=location.name, kind=kind),
        tr("Check that it is the right file."),
    )


def _first_bytes(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(1024)
    except OSError:
        return b""


def _kinds() -> tuple[tuple[bytes, str], ...]:
    """First bytes of files that people take for a store, and what such a file is."""
    return (
        (b"\x89PNG\r\n\x1a\n", tr("a PNG picture")),
        (b"\xff\xd8\xff", tr("a JPEG picture")),
        (b"%PDF-", tr("a PDF document")),
        (b"PK\x03\x04", tr("a zip archive")),
        (b"PK\x05\x06", tr("an empty zip archive")),
        (b"\x1f\x8b", tr("gzip-compressed data")),
        (b"\x28\xb5\x2f\xfd", tr("zstd-compressed data")),
        (b"7z\xbc\xaf\x27\x1c", tr("a 7z archive")),
        (b"PGDMP", tr("a PostgreSQL dump (custom format)")),
        (b"** This file contains an SQLite 2", tr("a database of SQLite 2")),
        (b"\x37\x7f\x06\x82", tr("the write-ahead log (-wal) of a database, not the database")),
        (b"\x37\x7f\x06\x83", tr("the write-ahead log (-wal) of a database, not the database")),
        (_JOURNAL_MAGIC, tr("the rollback journal of a database, not the database")),
    )


def kind_of(first: bytes) -> str | None:
    """What a file is by its first bytes, as a translated noun; None where they do not tell."""
    for magic, kind in _kinds():
        if first.startswith(magic):
            return kind
    if first.startswith(MAGIC):
        return tr("a damaged or encrypted one: its first page makes no sense")
    if b"PostgreSQL database dump" in first:
        return tr("a PostgreSQL dump (SQL text)")
    text = first[:-4] if len(first) == 1024 else first  # the end may stand inside a character
    try:
        if text.decode().replace("\n", "").replace("\r", "").replace("\t", "").isprintable():
            return tr("a text file")
    except UnicodeDecodeError:
        pass
    if len(first) >= 512 and len(set(first)) > 200:
        return tr("data without any order: an encrypted database, or a damaged or compressed file")
    return None


def _shorter_than_said(location: FileLocation) -> StoreError | None:
    """The sentence for a file whose header counts more pages than it has; None for others."""
    first = _first_bytes(location.path)
    size = _size(location.path) or 0
    if len(first) < 100 or first[24:28] != first[92:96]:
        return None
    page_size = int.from_bytes(first[16:18], "big")
    wanted = int.from_bytes(first[28:32], "big") * (65536 if page_size == 1 else page_size)
    return truncated(location, size, wanted) if size < wanted else None


def truncated(location: FileLocation, size: int, wanted: int) -> StoreDamaged:
    return StoreDamaged(
        tr(
            "{path} is truncated: it has {size:,} bytes, and by its header it should have {wanted:,}.",
            path=location.name,
            size=size,
            wanted=wanted,
        ),
        damaged_hint(),
    )
