"""The tables of a native store."""

from typing import Final

from sqlalchemy import BigInteger, Column, Index, Integer, MetaData, Table, Text, UniqueConstraint

APPLICATION_ID: Final = 0x41554454
"""Stands in the header of every native SQLite store ("AUDT")."""

SCHEMA_VERSION: Final = 2
"""Counts the shapes of these tables. A store of a higher one was made by a newer version of the program."""

_Text = Text().with_variant(
    Text(collation="C"), "postgresql"
)  # compared and sorted by code points, as SQLite does
_Number = BigInteger().with_variant(Integer, "sqlite")  # SQLite counts rows only by a column called INTEGER

metadata = MetaData()

events = Table(
    "events",
    metadata,
    Column("position", _Number, primary_key=True),
    Column("event_id", _Text, nullable=False),
    Column("aggregate_id", _Text, nullable=False),
    Column("aggregate_type", _Text, nullable=False),
    Column("event_type", _Text, nullable=False),
    Column("version", _Number, nullable=False),
    Column("timestamp", _Text, nullable=False),
    Column("timestamp_text", _Text),
    Column("data", _Text, nullable=False),
    Column("metadata", _Text, nullable=False),
    Column("correlation_id", _Text),
    Column("causation_id", _Text),
    UniqueConstraint("event_id"),
    UniqueConstraint("aggregate_id", "version"),
    sqlite_autoincrement=True,
)

Index("events_by_correlation", events.c.correlation_id)
# Most events have no cause, and an index costs for every row it holds.
Index(
    "events_by_causation",
    events.c.causation_id,
    sqlite_where=events.c.causation_id.is_not(None),
    postgresql_where=events.c.causation_id.is_not(None),
)

streams = Table(
    "streams",
    metadata,
    Column("aggregate_id", _Text, primary_key=True),
    Column("aggregate_type", _Text, nullable=False),
    Column("version", _Number, nullable=False),
    Column("first_timestamp", _Text, nullable=False),
    Column("last_timestamp", _Text, nullable=False),
    Column("last_position", _Number, nullable=False),
    sqlite_with_rowid=False,
)
"""One row per aggregate, written in the transaction of its events."""

Index("streams_by_type", streams.c.aggregate_type, streams.c.aggregate_id)

store_info = Table(
    "store_info",
    metadata,
    Column("name", _Text, primary_key=True),
    Column("value", _Text, nullable=False),
    sqlite_with_rowid=False,
)
"""`store_id`, `schema_version`, `created_by`, and `domain` where the store bears the mark of one."""

snapshots = Table(
    "snapshots",
    metadata,
    Column("aggregate_id", _Text, primary_key=True),
    Column("aggregate_type", _Text, nullable=False),
    Column("version", _Number, nullable=False),
    Column("schema_version", _Number, nullable=False),
    Column("model", _Text, nullable=False),
    Column("event_id", _Text, nullable=False),
    Column("position", _Number, nullable=False),
    Column("created_at", _Text, nullable=False),
    Column("state", _Text, nullable=False),
    Column("checksum", _Text, nullable=False),
)
"""The newest snapshot of each aggregate that has one: the fields of `Snapshot`, in their order."""

ADDED_TABLES: Final = {2: (snapshots,)}
"""By schema version: the tables that stores of an older one do not have."""

RECORDED_COLUMNS: Final = tuple(
    events.c[name]
    for name in (
        "position",
        "event_id",
        "aggregate_id",
        "aggregate_type",
        "event_type",
        "version",
        "timestamp",
        "timestamp_text",
        "data",
        "metadata",
    )
)
"""What every reader selects: the fields of `RecordedEvent`, in their order."""
