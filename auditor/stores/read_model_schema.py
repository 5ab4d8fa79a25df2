"""What stands in a read-model file: our mark, checkpoints, and the tables that projections declare."""

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import (
    REAL,
    BigInteger,
    Boolean,
    Column,
    Integer,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    Text,
)
from sqlalchemy.types import DOUBLE_PRECISION, TypeEngine

from auditor.core import rows
from auditor.core.errors import ModelError, StoreDamaged
from auditor.core.presenter import display
from auditor.core.text import tr

APPLICATION_ID: Final = 0x41554452
"""Stands in the header of every read-model file ("AUDR")."""

SCHEMA_VERSION: Final = 2
"""Files of version 1 have no `auditor_builds`; the next rebuild makes it."""
SHADOW_SUFFIX: Final = "__shadow"
OWN_PREFIX: Final = "auditor_"

_SERVER: Final = "postgresql"
_Text = Text().with_variant(Text(collation="C"), _SERVER)  # ordered by code points everywhere
_Number = Integer().with_variant(BigInteger(), _SERVER)
_Real: TypeEngine[Any] = REAL().with_variant(DOUBLE_PRECISION(), _SERVER)

metadata = MetaData()

checkpoints = Table(
    "auditor_checkpoints",
    metadata,
    Column("projection", _Text, nullable=False),
    Column("stage", _Text, nullable=False),  # live or shadow
    Column("store_id", _Text, nullable=False),
    Column("position", _Number, nullable=False),
    Column("events", _Number, nullable=False),
    Column("target", _Number, nullable=False),
    Column("model_sha256", _Text),
    Column("tables", _Text, nullable=False),
    PrimaryKeyConstraint("projection", "stage"),
    sqlite_with_rowid=False,
)
"""How far the rows of a projection have come. Written in the transaction of the rows."""

builds = Table(
    "auditor_builds",
    metadata,
    Column("projection", _Text, primary_key=True, nullable=False),
    Column("built_at", _Text, nullable=False),
    Column("seconds", _Real, nullable=False),
    Column("events", _Number, nullable=False),
    Column("rows", _Number, nullable=False),
    Column("code_sha256", _Text),
    sqlite_with_rowid=False,
)
"""How the live rows came about. Apart from them, since two builds of the same events have the same rows."""

_TYPES: dict[str, TypeEngine[Any]] = {
    "text": _Text,
    "integer": _Number,
    "real": _Real,
    "boolean": Boolean(create_constraint=False),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkpoint:
    """Rows are true at `position` of the store; `events` were seen up to there, `target` is where the run ends."""

    projection: str
    store_id: str
    position: int
    events: int
    target: int
    model_sha256: str | None
    tables: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Build:
    """The rebuild that put the live rows in place: when it ended (fixed-width UTC), how long it took, how many events
    it read and how many rows it wrote or deleted, and the hash over the files of its code."""

    built_at: str
    seconds: float
    events: int
    rows: int
    code_sha256: str | None


def build_from(row: Sequence[object]) -> Build:
    """From the columns of `builds` in their order. Raises: StoreDamaged."""
    _, built_at, seconds, events, written, code_sha256 = row
    if not isinstance(seconds, int | float) or not math.isfinite(seconds):
        raise _damaged(builds, seconds)
    return Build(
        built_at=str(built_at),
        seconds=float(seconds),
        events=_whole(builds, events),
        rows=_whole(builds, written),
        code_sha256=None if code_sha256 is None else str(code_sha256),
    )


def checkpoint_from(row: Sequence[object]) -> Checkpoint:
    """From the columns of `checkpoints` in their order. Raises: StoreDamaged."""
    projection, _, store_id, position, events, target, sha256, tables = row
    return Checkpoint(
        projection=str(projection),
        store_id=str(store_id),
        position=_whole(checkpoints, position),
        events=_whole(checkpoints, events),
        target=_whole(checkpoints, target),
        model_sha256=None if sha256 is None else str(sha256),
        tables=_names(tables),
    )


def _whole(table: Table, value: object) -> int:
    if not isinstance(value, int):
        raise _damaged(table, value)
    return value


def _names(stored: object) -> tuple[str, ...]:
    try:
        names = json.loads(str(stored))
    except (ValueError, RecursionError):
        names = None
    if not isinstance(names, list) or not names or not all(isinstance(name, str) for name in names):
        raise _damaged(checkpoints, stored)
    return tuple(names)


def _damaged(table: Table, value: object) -> StoreDamaged:
    return StoreDamaged(
        tr(
            "The read-model file is damaged: its table {table} holds {value}, which no rebuild has put there.",
            table=table.name,
            value=display(repr(value), longest=80),
        ),
        tr("Remove the file and rebuild: its rows are made from the store's events."),
    )


def shadow_name(table: str) -> str:
    return f"{table}{SHADOW_SUFFIX}"


def sql_table(declared: rows.Table, name: str) -> Table:
    """The table under `name`. Its columns' keys are c0, c1, …: parameters have these names, whatever a user's are.

    Without rowid: rows lie in the order of their keys, so that equal rows make equal tables.
    """
    keys = {column: f"c{at}" for at, column in enumerate(declared.columns)}
    return Table(
        name,
        MetaData(),
        *(
            Column(column, _TYPES[kind], key=keys[column], nullable=column not in declared.key)
            for column, kind in declared.columns.items()
        ),
        PrimaryKeyConstraint(*(keys[column] for column in declared.key)),
        sqlite_with_rowid=False,
    )


def check_names(projection: str, tables: Sequence[rows.Table]) -> None:
    """SQLite's names do not know upper from lower case, and some are not free.

    Raises: ModelError.
    """
    for table in tables:
        lowered = table.name.lower()
        if lowered.startswith((OWN_PREFIX, "sqlite_")) or lowered.endswith(SHADOW_SUFFIX):
            raise ModelError(
                tr(
                    "{projection} declares a table {table}, a name that is taken.",
                    projection=projection,
                    table=table.name,
                ),
                tr(
                    "Names that begin with {own} or sqlite_, or end with {shadow}, are not free.",
                    own=OWN_PREFIX,
                    shadow=SHADOW_SUFFIX,
                ),
            )
        for name in (table.name, *table.columns):
            if not name or "\0" in name:
                raise ModelError(
                    tr(
                        "{projection} declares an empty name in {table}.",
                        projection=projection,
                        table=table.name,
                    )
                )
        if len({column.lower() for column in table.columns}) < len(table.columns):
            raise ModelError(
                tr("Two columns of {table} differ in upper and lower case only.", table=table.name)
            )
    if len({table.name.lower() for table in tables}) < len(tables):
        raise ModelError(
            tr("Two tables of {projection} differ in upper and lower case only.", projection=projection)
        )
