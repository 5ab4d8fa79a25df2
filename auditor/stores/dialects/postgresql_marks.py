"""How read models on a server are known: the mark of their tables, and whose rebuild is at work."""

import contextlib
import hashlib
import re
from typing import Final

from auditor.core.presenter import display
from auditor.stores.dialects.postgresql import DriverConnection, DriverCursor, PostgreSql, connected
from auditor.stores.location import ServerLocation
from auditor.stores.read_model_schema import APPLICATION_ID, checkpoints

_MARK: Final = re.compile(r"auditor read models, version (\d+)")
_LONGEST_APPLICATION: Final = 63
_AT_WORK: Final = (
    "SELECT application_name FROM pg_locks JOIN pg_stat_activity USING (pid)"
    " WHERE locktype = 'advisory' AND granted AND objsubid = 2"
    " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
    " AND classid = %s::oid"
    " AND objid = (SELECT oid FROM pg_namespace WHERE nspname = %s)"
)


def mark_of(version: int) -> str:
    """The comment on the table of checkpoints."""
    return f"auditor read models, version {version}"


def application_name(projection: str) -> str:
    """What a rebuild of this projection calls itself at the server, where only ASCII and few characters have room."""
    name = f"auditor rebuild of {projection.encode('ascii', 'backslashreplace').decode()}"
    if len(name) <= _LONGEST_APPLICATION and projection.isprintable():
        return name
    digest = hashlib.sha256(projection.encode("utf-8", "surrogatepass")).hexdigest()[:12]
    plain = "".join(one for one in name if one.isprintable())
    return f"{plain[: _LONGEST_APPLICATION - len(digest) - 1]} {digest}"


def projection_in(name: str) -> str | None:
    """What stands for the projection in an application's name; None for one that is at work on none."""
    _, found, projection = name.partition("auditor rebuild of ")
    return display(projection) if found else None


def at_work(connection: DriverConnection | DriverCursor, schema: str) -> str | None:
    """The application's name of the one who has the read models of the schema now; None for nobody."""
    row = connection.execute(_AT_WORK, (APPLICATION_ID, schema)).fetchone()
    return None if row is None else str(row[0] or "")


def marked_version(connection: DriverConnection | DriverCursor, schema: str) -> int | None:
    """Of the read models in this schema; None where there are none of ours."""
    row = connection.execute(
        "SELECT obj_description(pg_class.oid, 'pg_class') FROM pg_class"
        " JOIN pg_namespace ON pg_namespace.oid = relnamespace"
        " WHERE nspname = %s AND relname = %s AND relkind = 'r'",
        (schema, checkpoints.name),
    ).fetchone()
    found = _MARK.fullmatch(row[0] or "") if row else None
    return int(found[1]) if found else None


def schema_of_stores(server: ServerLocation) -> str | None:
    """The schema in which a store stands, or would stand, for this role. Raises: PasswordNeeded, StoreError."""
    with contextlib.closing(connected(server)) as connection, PostgreSql(server, 1.0).told():
        row = connection.execute("SELECT current_schema()").fetchone()
    return None if row is None or row[0] is None else str(row[0])
