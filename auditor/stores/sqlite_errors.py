"""What SQLite's result codes mean to somebody who reads a store."""

import sqlite3

from auditor.core.errors import Cancelled, StoreBusy, StoreDamaged, StoreError
from auditor.core.presenter import display
from auditor.core.text import tr

_DAMAGE = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_FORMAT)


class TooLong(StoreError):
    """SQLite was stopped because the work passed the time allowed for it."""


def primary_code(error: sqlite3.Error) -> int:
    """The result code without its extension; 0 for errors of the driver itself, which have none."""
    return int(getattr(error, "sqlite_errorcode", 0)) & 0xFF


def extended_code(error: sqlite3.Error) -> int:
    return int(getattr(error, "sqlite_errorcode", 0))


def is_damage(error: sqlite3.Error) -> bool:
    return primary_code(error) in _DAMAGE


def is_bad_text(error: sqlite3.Error) -> bool:
    """Text that is not UTF-8; the driver's own error, without a code."""
    return isinstance(error, sqlite3.OperationalError) and str(error).startswith("Could not decode to UTF-8")


def why(error: sqlite3.Error) -> str:
    """SQLite's own words, which may quote names from a damaged file."""
    return display(str(error), longest=200)


def unreadable_name(error: UnicodeDecodeError) -> sqlite3.DatabaseError:
    """SQLite's error for a schema with names that are no text. The driver fails already at wording it."""
    damage = sqlite3.DatabaseError(str(error))
    damage.sqlite_errorcode = sqlite3.SQLITE_CORRUPT
    damage.sqlite_errorname = "SQLITE_CORRUPT"
    return damage


def told(error: sqlite3.Error, name: str) -> StoreError | Cancelled:
    """The error to raise for one that SQLite gave while the store called `name` was read.

    An interruption is a wish of the asker's; who stops SQLite for another reason tells it before asking here.
    """
    code = primary_code(error)
    if code == sqlite3.SQLITE_INTERRUPT:
        return Cancelled()
    if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_PROTOCOL):
        return busy(name)
    if is_damage(error):
        return StoreDamaged(tr("{path} is damaged: {why}.", path=name, why=why(error)), damaged_hint())
    if code in (sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN):
        return StoreError(
            tr("{path} can no longer be read: {why}.", path=name, why=why(error)),
            tr("Check the disk or the connection to the network share, then open the store again."),
        )
    if code == sqlite3.SQLITE_NOMEM or code == sqlite3.SQLITE_TOOBIG:
        return StoreError(
            tr("{path} has a value that is too large to read: {why}.", path=name, why=why(error)),
            damaged_hint(),
        )
    return StoreError(tr("{path} cannot be read: {why}.", path=name, why=why(error)), damaged_hint())


def busy(name: str) -> StoreBusy:
    return StoreBusy(
        tr("{path} is locked by another program.", path=name),
        tr("Try again when the other program has finished, or work on a copy (`auditor copy STORE TO`)."),
    )


def damaged_hint() -> str:
    return tr(
        "Keep the file as it is and work on a copy (`auditor copy STORE TO`), or restore it from a backup."
    )
