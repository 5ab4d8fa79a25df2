"""What differs between databases, in one place. A further database is one more class with the methods of `Dialect`.

Nothing outside asks for a dialect's name: it asks the dialect for what differs.
"""

from auditor.core.ports import StopToken
from auditor.stores.dialects.protocol import Dialect, DriverConnection, DriverCursor, NativeHome, UniqueKey
from auditor.stores.dialects.viewing import ReadOnlyPlace, ViewedStore
from auditor.stores.location import FileLocation, StoreLocation

__all__ = [
    "Dialect",
    "DriverConnection",
    "DriverCursor",
    "NativeHome",
    "ReadOnlyPlace",
    "UniqueKey",
    "ViewedStore",
    "dialect_for",
    "native_home",
    "read_only",
    "viewed_store",
]


def dialect_for(location: StoreLocation, busy_seconds: float) -> Dialect:
    """The dialect of the database at that place; its connections wait so long for locks. Connects to nothing."""
    if isinstance(location, FileLocation):
        from auditor.stores.dialects.sqlite import Sqlite

        return Sqlite(location.path, busy_seconds)
    from auditor.stores.dialects.postgresql import PostgreSql

    return PostgreSql(location, busy_seconds)


def native_home(dialect: Dialect) -> NativeHome:
    """How a native store stands in that database."""
    from auditor.stores.dialects.sqlite import Sqlite

    if isinstance(dialect, Sqlite):
        from auditor.stores.dialects.sqlite_home import SqliteHome

        return SqliteHome(dialect)
    from auditor.stores.dialects.postgresql import PostgreSql
    from auditor.stores.dialects.postgresql_home import PostgreSqlHome

    if isinstance(dialect, PostgreSql):
        return PostgreSqlHome(dialect)
    raise TypeError(f"no native store can stand in a {type(dialect).__name__}")


def read_only(location: StoreLocation, token: StopToken | None = None) -> ReadOnlyPlace:
    """The database at that place, opened so that nothing can be written through it.

    Raises: StoreError with its own sentence for each problem; PasswordNeeded, StoreBusy, StoreDamaged; Cancelled.
    """
    if isinstance(location, FileLocation):
        from auditor.stores.readonly import ReadOnlyFile

        return ReadOnlyFile(location, token)
    from auditor.stores.dialects.postgresql_readonly import ReadOnlyServer

    return ReadOnlyServer(location, token)


def viewed_store(location: StoreLocation, token: StopToken | None = None) -> ViewedStore:
    """As `read_only`, for a place where a native store may stand."""
    if isinstance(location, FileLocation):
        from auditor.stores.dialects.sqlite_viewing import ViewedFile

        return ViewedFile(location, token)
    from auditor.stores.dialects.postgresql_viewing import ViewedServer

    return ViewedServer(location, token)
