"""What differs between databases, in one place. A further database is one more class with the methods of `Dialect`.

Nothing outside asks for a dialect's name: it asks the dialect for what differs.
"""

from auditor.stores.dialects.protocol import Dialect, DriverConnection, DriverCursor, UniqueKey
from auditor.stores.location import FileLocation, StoreLocation

__all__ = ["Dialect", "DriverConnection", "DriverCursor", "UniqueKey", "dialect_for"]


def dialect_for(location: StoreLocation, busy_seconds: float) -> Dialect:
    """The dialect of the database at that place; its connections wait so long for locks. Connects to nothing."""
    if isinstance(location, FileLocation):
        from auditor.stores.dialects.sqlite import Sqlite

        return Sqlite(location.path, busy_seconds)
    from auditor.stores.dialects.postgresql import PostgreSql

    return PostgreSql(location, busy_seconds)
