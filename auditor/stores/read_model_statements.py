"""The statements by which rows of one declared table are written and looked up, live or in the shadow."""

from collections.abc import Sequence

from sqlalchemy import bindparam, delete, false, insert, literal_column, select
from sqlalchemy.dialects import sqlite
from sqlalchemy.schema import CreateTable

from auditor.core.rows import Table
from auditor.stores.dialects.sqlite import Sqlite
from auditor.stores.read_model_schema import Checkpoint, shadow_name, sql_table


class TableStatements:
    """A row is put whole. In a live table it takes the place of the row with its key and of no other, also where the
    user has made an index by which another row would have to go."""

    def __init__(self, dialect: Sqlite, declared: Table, *, live: bool) -> None:
        self.name = declared.name if live else shadow_name(declared.name)
        table = sql_table(declared, self.name)
        keys = [table.c[f"c{list(declared.columns).index(column)}"] for column in declared.key]
        names = [f"key{at}" for at in range(len(keys))]
        where = [column == bindparam(name) for column, name in zip(keys, names, strict=True)]
        every = [column.key for column in table.columns]
        put = insert(table).prefix_with("OR REPLACE")
        if live:
            stated = sqlite.insert(table)
            in_key = {column.key for column in keys}
            others = {name: stated.excluded[name] for name in every if name not in in_key}
            put = (
                stated.on_conflict_do_update(index_elements=keys, set_=others)
                if others
                else stated.on_conflict_do_nothing(index_elements=keys)
            )
        self.create = dialect.ddl(CreateTable(table))
        self.put = dialect.compiled(put, *every)
        self.delete = dialect.compiled(delete(table).where(*where), *names)
        self.fetch = dialect.compiled(select(table).where(*where), *names)
        self.no_row = dialect.compiled(select(literal_column("*")).select_from(table).where(false()))
        self.booleans = [kind == "boolean" for kind in declared.columns.values()]


class RunStatements:
    """One run of a projection: its checkpoint as it was left last, and the statements for its tables."""

    def __init__(
        self, dialect: Sqlite, checkpoint: Checkpoint, tables: Sequence[Table], *, live: bool
    ) -> None:
        self.checkpoint = checkpoint
        self.tables = tables
        self.live = live
        self.stage = "live" if live else "shadow"
        self.of = {table.name: TableStatements(dialect, table, live=live) for table in tables}
