"""Errors of PostgreSQL and of the way to it, told to the reader."""

import re

import psycopg
from psycopg import errors

from auditor.core.errors import OutcomeUnknown, PasswordNeeded, StoreBusy, StoreDamaged, StoreError, StoreFull
from auditor.core.presenter import display
from auditor.core.text import tr

_NO_PASSWORD = "no password supplied"  # noqa: S105 - libpq's words; it has no code for them
_NO_PASSWORD_HELPS = re.compile(r"(?i)\b(?:peer|ident|certificate) authentication failed")
# What the driver puts around the reason: the place, which our own sentences name, and what it guesses.
_PLACE = re.compile(
    r'^(?:connection failed: )?connection to server (?:at|on socket) "[^"]*"[^:]* failed: (?:FATAL: )?'
)
_GUESSES = (
    "Is the server running on that host and accepting TCP/IP connections?",
    "Is the server running locally and accepting connections on that socket?",
    "This probably means the server terminated abnormally before or while processing the request.",
)


def told(error: psycopg.Error, name: str) -> StoreError:
    """`name` is how people call the database."""
    if isinstance(error, errors.LockNotAvailable | errors.DeadlockDetected):
        return locked(name)
    if isinstance(error, errors.DiskFull | errors.OutOfMemory | errors.ConfigurationLimitExceeded):
        return StoreFull(
            tr("There is no space left on the server of {name}.", name=name),
            tr("Nothing of this transaction was stored. Make room and repeat it."),
        )
    if isinstance(error, errors.DataCorrupted | errors.IndexCorrupted):
        return StoreDamaged(
            tr("{name} is damaged: {why}.", name=name, why=reason(error)),
            tr("Restore it from a backup, and see the server's log."),
        )
    no_right = errors.InsufficientPrivilege | errors.ReadOnlySqlTransaction | errors.InvalidSchemaName
    if isinstance(error, no_right):  # a schema that one may not enter is none
        return StoreError(
            tr("{name} may not be changed: {why}.", name=name, why=reason(error)),
            tr("Ask the owner of the database for the right, or connect as another role."),
        )
    if ends_connection(error) or (isinstance(error, psycopg.OperationalError) and error.sqlstate is None):
        return StoreError(
            tr("The connection to {name} was lost: {why}.", name=name, why=reason(error)),
            tr("Check that the server runs and can be reached, and try again."),
        )
    return StoreError(tr("{name} cannot be used: {why}.", name=name, why=reason(error)))


def locked(name: str) -> StoreBusy:
    return StoreBusy(
        tr("{name} is locked by another program.", name=name),
        tr("Nothing was changed. Try again when the other program has finished."),
    )


def ends_connection(error: psycopg.Error) -> bool:
    """Whether it is the last that the server says on this connection."""
    return error.diag.severity_nonlocalized in ("FATAL", "PANIC")


def not_connected(error: psycopg.Error, name: str) -> StoreError:
    """Why no connection came about."""
    why = reason(error)
    if _NO_PASSWORD in why:
        return PasswordNeeded(
            tr("{name} wants a password.", name=name),
            tr("Give it when asked, or in the variable PGPASSWORD or the file ~/.pgpass."),
        )
    if _NO_PASSWORD_HELPS.search(why):
        return StoreError(
            tr("{name} refuses this user: {why}.", name=name, why=why),
            tr(
                "The server lets this role in only for the user of that name on its machine. Name its host, as in "
                "postgresql://user@localhost/database, where a password may do instead, or connect as another role."
            ),
        )
    if isinstance(error, errors.InvalidPassword | errors.InvalidAuthorizationSpecification) or (
        "authentication failed" in why
    ):
        return PasswordNeeded(
            tr("{name} refuses this user or password: {why}.", name=name, why=why),
            tr("Check the user's name and the password."),
        )
    return StoreError(tr("{name} cannot be reached: {why}.", name=name, why=why), _way_in(why))


def _way_in(why: str) -> str:
    if "pg_hba.conf" in why:
        return tr(
            "Ask the server's owner to let this user in from here (pg_hba.conf), or try another TLS mode."
        )
    if "too many" in why or "remaining connection slots" in why:
        return tr("Try again when others have left, or ask the server's owner for more connections.")
    if "starting up" in why or "shutting down" in why or "recovery" in why:
        return tr("Try again in a moment.")
    if "permission denied" in why or "not permitted" in why:
        return tr("Ask the owner of the database for the right to CONNECT, or connect as another role.")
    return tr("Check host, port and the database's name, and that the server runs.")


def outcome_unknown(error: psycopg.Error, name: str, hint: str) -> OutcomeUnknown:
    return OutcomeUnknown(
        tr(
            "The connection to {name} was lost while the transaction was committed: {why}.",
            name=name,
            why=reason(error),
        ),
        hint,
    )


def reason(error: psycopg.Error) -> str:
    """The server's own words, or the driver's, on one line and without values."""
    said = error.diag.message_primary or str(error) or type(error).__name__
    line = _PLACE.sub("", " ".join(said.split()))
    for guess in _GUESSES:
        line = line.replace(guess, "")
    return display(line.strip() or said, longest=300).rstrip(".")
