"""Errors of PostgreSQL met by one who only reads."""

import psycopg
from psycopg import errors

from auditor.core.errors import AuditorError, Cancelled, StoreBusy, StoreDamaged, StoreError, StoreReplaced
from auditor.core.presenter import display
from auditor.core.text import tr
from auditor.stores.dialects.postgresql_errors import reason, told
from auditor.stores.dialects.viewing import PlaceLost
from auditor.stores.gate import Gate
from auditor.stores.sqlite_errors import TooLong

_ENDED = (errors.AdminShutdown, errors.CrashShutdown, errors.CannotConnectNow, errors.IdleSessionTimeout)


def is_lost(error: psycopg.Error, connection: "psycopg.Connection[object] | None" = None) -> bool:
    """Whether the connection is gone, so that only a new one can answer."""
    if connection is not None and connection.closed:
        return True
    if isinstance(error, (*_ENDED, errors.IdleInTransactionSessionTimeout)):
        return True
    state = error.sqlstate
    return isinstance(error, psycopg.OperationalError) and (state is None or state.startswith("08"))


def is_damage(error: psycopg.Error) -> bool:
    return isinstance(error, errors.DataCorrupted | errors.IndexCorrupted)


def told_to_reader(error: psycopg.Error, name: str, gate: Gate) -> AuditorError | Cancelled:
    """The error to raise for one met while the database called `name` was read."""
    if gate.token.cancelled and (is_lost(error) or isinstance(error, errors.QueryCanceled)):
        return Cancelled()
    if isinstance(error, errors.QueryCanceled) or gate.late:
        return _stopped(error, name, gate)
    if isinstance(error, errors.SerializationFailure | errors.DeadlockDetected):
        return StoreBusy(
            tr("{name} could not be read just now: {why}.", name=name, why=reason(error)), tr("Try again.")
        )
    if isinstance(error, errors.LockNotAvailable):
        return StoreBusy(
            tr("{name} is locked by another program.", name=name),
            tr("Try again when the other program has finished."),
        )
    if is_damage(error):
        return StoreDamaged(
            tr("{name} is damaged: {why}.", name=name, why=reason(error)),
            tr("Have the server's log looked at, and restore the database from a backup."),
        )
    if isinstance(error, errors.InsufficientPrivilege):
        return StoreError(
            tr("{name} may not be read: {why}.", name=name, why=reason(error)),
            tr("Ask the owner of the database for the right to SELECT from events, streams and store_info."),
        )
    if isinstance(error, errors.UndefinedTable | errors.UndefinedColumn):
        return replaced(name, tr("its tables are gone"))
    if is_lost(error):
        return PlaceLost(
            tr("The connection to {name} was lost: {why}.", name=name, why=reason(error)),
            tr(
                "Check that the server runs and can be reached, and try again: a new connection will be made."
            ),
        )
    return told(error, name)


def replaced(name: str, why: str) -> StoreReplaced:
    return StoreReplaced(
        tr("{name} is not the store any more that was opened: {why}.", name=name, why=display(why)),
        tr("What is shown was read before. Open the store again to see what is there now."),
    )


def _stopped(error: psycopg.Error, name: str, gate: Gate) -> StoreError:
    if gate.late:
        return TooLong(
            tr("Reading {path} took longer than it may.", path=name),
            tr("The server may be busy, or the network slow. Try again."),
        )
    return StoreError(
        tr("The server stopped the question to {name}: {why}.", name=name, why=reason(error)),
        tr("Try again, or ask the owner of the database for more time (statement_timeout)."),
    )
