"""The statements by which rows of declared tables, live or in the shadow, and checkpoints are written and looked up."""

from collections.abc import Callable, Sequence
from typing import Any, Protocol

from sqlalchemy import Insert, bindparam, delete, func, insert, literal_column, select
from sqlalchemy import Table as SqlTable
from sqlalchemy.schema import CreateTable, ExecutableDDLElement
from sqlalchemy.sql import ClauseElement

from auditor.core.rows import Table
from auditor.stores.read_model_schema import Checkpoint, builds, checkpoints, shadow_name, sql_table

MOST_UNDER = 1000
"""So many rows may begin with one key and yet be fetched together."""

Upsert = Callable[[SqlTable], Insert]
"""The statement that puts a row in the place of the one with its key, if there is one, and of no other."""


class StatementText(Protocol):
    """A dialect, as far as statements are concerned."""

    def compiled(self, statement: ClauseElement, *names: str) -> str: ...
    def ddl(self, statement: ExecutableDDLElement) -> str: ...
    def quoted(self, name: str) -> str: ...


def upsert(dialects_insert: Callable[[SqlTable], Any], table: SqlTable) -> Insert:
    """By a dialect's own `insert` with its ON CONFLICT."""
    statement = dialects_insert(table)
    keys = list(table.primary_key.columns)
    others = {
        column.key: statement.excluded[column.key] for column in table.columns if not column.primary_key
    }
    made: Insert = (
        statement.on_conflict_do_update(index_elements=keys, set_=others)
        if others
        else statement.on_conflict_do_nothing(index_elements=keys)
    )
    return made


class TableStatements:
    """A row is put whole. In a live table it takes the place of the row with its key and of no other, also where the
    user has made an index by which another row would have to go."""

    def __init__(self, dialect: StatementText, declared: Table, *, live: bool, put: Upsert) -> None:
        self.name = declared.name if live else shadow_name(declared.name)
        self.quoted = dialect.quoted(self.name)
        self._dialect, self._declared = dialect, declared
        table = self._table = sql_table(declared, self.name)
        keys = [table.c[f"c{list(declared.columns).index(column)}"] for column in declared.key]
        names = [f"key{at}" for at in range(len(keys))]
        where = [column == bindparam(name) for column, name in zip(keys, names, strict=True)]
        self.create = dialect.ddl(CreateTable(table))
        self.put = dialect.compiled(put(table), *(column.key for column in table.columns))
        self.delete = dialect.compiled(delete(table).where(*where), *names)
        self.fetch = dialect.compiled(select(table).where(*where), *names)
        under = select(table).where(where[0]).limit(literal_column(str(MOST_UNDER + 1)))
        self.fetch_under = dialect.compiled(under.offset(literal_column("0")), names[0])
        self.count = dialect.compiled(select(func.count()).select_from(table))
        self.booleans = [kind == "boolean" for kind in declared.columns.values()]

    def as_declared(self, row: Sequence[Any]) -> list[Any]:
        """The values with booleans as such."""
        return [
            bool(value) if is_boolean and value is not None else value
            for value, is_boolean in zip(row, self.booleans, strict=True)
        ]

    def put_all_from(self, name: str, put: Upsert) -> str:
        """The statement that puts every row of another table with the same columns."""
        other = sql_table(self._declared, name)
        return self._dialect.compiled(put(self._table).from_select(list(self._table.columns), select(other)))


class RunStatements:
    """One run of a projection: its checkpoint as it was left last, and the statements for its tables."""

    def __init__(
        self,
        checkpoint: Checkpoint,
        tables: Sequence[Table],
        statements: Callable[[Table], TableStatements],
        *,
        live: bool,
    ) -> None:
        self.checkpoint = checkpoint
        self.tables = tables
        self.live = live
        self.stage = "live" if live else "shadow"
        self.of = {table.name: statements(table) for table in tables}


class CheckpointStatements:
    """Of our own tables."""

    def __init__(self, dialect: StatementText, put: Upsert) -> None:
        columns = [column.name for column in checkpoints.columns]
        where = [checkpoints.c.projection == bindparam("name"), checkpoints.c.stage == bindparam("of_stage")]
        self.all_checkpoints = dialect.compiled(select(checkpoints))
        self.checkpoint = dialect.compiled(select(checkpoints).where(*where), "name", "of_stage")
        self.state_checkpoint = dialect.compiled(put(checkpoints), *columns)
        self.forget_checkpoint = dialect.compiled(delete(checkpoints).where(*where), "name", "of_stage")
        built = [column.name for column in builds.columns]
        self.build = dialect.compiled(select(builds).where(builds.c.projection == bindparam("name")), "name")
        self.state_build = dialect.compiled(insert(builds), *built)
        self.forget_build = dialect.compiled(
            delete(builds).where(builds.c.projection == bindparam("name")), "name"
        )
