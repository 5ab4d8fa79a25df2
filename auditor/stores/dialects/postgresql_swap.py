"""Putting shadow tables in the place of live ones on PostgreSQL, inside the caller's transaction.

What people have made on a live table is made again on the new one: indexes, constraints, triggers, statistics, rights,
comments. Views follow the object and not the name: those on a live table are replaced by their own definitions, which
leaves the view itself, its rights and whatever stands on it as they are. What can be carried over in neither way keeps
the old table from being dropped, and the swap is refused.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Final, NamedTuple

import psycopg
from psycopg import errors

from auditor.core.errors import ModelError
from auditor.core.presenter import display
from auditor.core.text import tr
from auditor.stores.dialects.postgresql_errors import reason
from auditor.stores.read_model_schema import shadow_name

DriverCursor = psycopg.Cursor[Any]

LOCK_MILLISECONDS: Final = 500
"""Who waits for a table keeps later readers waiting too."""
_OLD: Final = "auditor_old_"
_NOT_FITTING: Final = (
    psycopg.ProgrammingError,
    psycopg.IntegrityError,
    psycopg.DataError,
    psycopg.NotSupportedError,
    errors.ObjectNotInPrerequisiteState,
)

_TABLE: Final = (
    "FROM pg_class t JOIN pg_namespace s ON s.oid = t.relnamespace"
    " WHERE s.nspname = %(schema)s AND t.relname = ANY(%(tables)s) AND t.relkind IN ('r', 'p')"
)
_VIEWS: Final = f"""
WITH live AS (SELECT t.oid, t.relname {_TABLE})
SELECT DISTINCT v.oid, v.relname, live.relname,
    format('ALTER VIEW %%I.%%I OWNER TO %%I', n.nspname, v.relname, pg_get_userbyid(v.relowner)),
    format('CREATE OR REPLACE VIEW %%I.%%I %%s AS %%s', n.nspname, v.relname,
        'WITH (' || array_to_string(v.reloptions, ', ') || ')', pg_get_viewdef(v.oid))
FROM live
JOIN pg_depend d ON d.refclassid = 'pg_class'::regclass AND d.refobjid = live.oid
JOIN pg_rewrite r ON d.classid = 'pg_rewrite'::regclass AND r.oid = d.objid AND r.rulename = '_RETURN'
JOIN pg_class v ON v.oid = r.ev_class AND v.relkind = 'v'
JOIN pg_namespace n ON n.oid = v.relnamespace
ORDER BY v.oid
"""  # noqa: S608 - no value is in it
_CARRIED_OVER: Final = f"""
WITH live AS (SELECT t.*, format('%%I.%%I', s.nspname, t.relname) AS named {_TABLE})
SELECT relname, name, statement FROM (
    SELECT 1 AS step, live.relname, pg_get_userbyid(relowner) AS name, 0::oid AS made,
        format('ALTER TABLE %%s OWNER TO %%I', named, pg_get_userbyid(relowner)) AS statement
    FROM live WHERE pg_get_userbyid(relowner) <> current_user
UNION ALL
    SELECT 2, live.relname, i.relname, i.oid, pg_get_indexdef(i.oid)
    FROM live JOIN pg_index x ON x.indrelid = live.oid JOIN pg_class i ON i.oid = x.indexrelid
    WHERE NOT EXISTS (SELECT FROM pg_constraint c WHERE c.conindid = i.oid AND c.conrelid = live.oid)
UNION ALL
    SELECT 3, live.relname, conname, c.oid,
        format('ALTER TABLE %%s ADD CONSTRAINT %%I %%s', named, conname, pg_get_constraintdef(c.oid))
    FROM live JOIN pg_constraint c ON c.conrelid = live.oid WHERE contype IN ('u', 'x', 'c', 'f')
UNION ALL
    SELECT 4, live.relname, stxname, x.oid, pg_get_statisticsobjdef(x.oid)
    FROM live JOIN pg_statistic_ext x ON x.stxrelid = live.oid
UNION ALL
    SELECT 5, live.relname, tgname, g.oid, pg_get_triggerdef(g.oid)
    FROM live JOIN pg_trigger g ON g.tgrelid = live.oid AND NOT tgisinternal
UNION ALL
    SELECT 6, live.relname, tgname, g.oid, format('ALTER TABLE %%s %%s TRIGGER %%I', named,
        CASE tgenabled WHEN 'D' THEN 'DISABLE' WHEN 'R' THEN 'ENABLE REPLICA' ELSE 'ENABLE ALWAYS' END, tgname)
    FROM live JOIN pg_trigger g ON g.tgrelid = live.oid AND NOT tgisinternal AND tgenabled <> 'O'
UNION ALL
    SELECT 7, live.relname, grantee, 0, format('GRANT %%s ON %%s TO %%s%%s', privilege_type, named, grantee, again)
    FROM live, LATERAL (SELECT privilege_type, CASE WHEN is_grantable THEN ' WITH GRANT OPTION' END AS again,
        CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(a.grantee)) END AS grantee
        FROM aclexplode(relacl) a WHERE a.grantee <> relowner) rights
UNION ALL
    SELECT 8, live.relname, grantee, 0,
        format('GRANT %%s (%%I) ON %%s TO %%s%%s', privilege_type, attname, named, grantee, again)
    FROM live JOIN pg_attribute ON attrelid = live.oid AND attnum > 0 AND NOT attisdropped,
        LATERAL (SELECT privilege_type, CASE WHEN is_grantable THEN ' WITH GRANT OPTION' END AS again,
        CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(a.grantee)) END AS grantee
        FROM aclexplode(attacl) a WHERE a.grantee <> relowner) rights
UNION ALL
    SELECT 9, live.relname, coalesce(attname, live.relname), 0, CASE WHEN attname IS NULL
        THEN format('COMMENT ON TABLE %%s IS %%L', named, description)
        ELSE format('COMMENT ON COLUMN %%s.%%I IS %%L', named, attname, description) END
    FROM live JOIN pg_description d ON d.classoid = 'pg_class'::regclass AND d.objoid = live.oid
    LEFT JOIN pg_attribute ON attrelid = live.oid AND attnum = objsubid AND objsubid > 0
) made ORDER BY step, made
"""  # noqa: S608 - no value is in it
_RIGHTS_BY_DEFAULT: Final = f"""
WITH live AS (SELECT t.*, format('%%I.%%I', s.nspname, t.relname) AS named {_TABLE})
SELECT DISTINCT format('REVOKE ALL ON %%s FROM %%s', named,
    CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(a.grantee)) END)
FROM live, LATERAL aclexplode(relacl) a WHERE a.grantee <> relowner
"""  # noqa: S608 - no value is in it
_OBSTACLES: Final = f"""
WITH live AS (SELECT t.* {_TABLE})
SELECT relname, pg_describe_object('pg_rewrite'::regclass, r.oid, 0)
    FROM live JOIN pg_rewrite r ON r.ev_class = live.oid
UNION ALL
SELECT relname, pg_describe_object('pg_policy'::regclass, p.oid, 0)
    FROM live JOIN pg_policy p ON p.polrelid = live.oid
UNION ALL
SELECT relname, 'row level security' FROM live WHERE relrowsecurity
UNION ALL
SELECT relname, pg_describe_object('pg_publication_rel'::regclass, p.oid, 0)
    FROM live JOIN pg_publication_rel p ON p.prrelid = live.oid
LIMIT 1
"""  # noqa: S608 - no value is in it
_NAMES: Final = f"""
SELECT format('ALTER TABLE %%I.%%I RENAME CONSTRAINT %%I TO %%I', nspname, relname, conname, wanted)
FROM (SELECT s.nspname, t.relname, t.relnamespace, c.conname, c.contype, CASE c.contype WHEN 'p'
        THEN t.relname || '_pkey' ELSE t.relname || '_' || a.attname || '_not_null' END AS wanted
    FROM pg_class t JOIN pg_namespace s ON s.oid = t.relnamespace JOIN pg_constraint c ON c.conrelid = t.oid
    LEFT JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = c.conkey[1]
    WHERE t.oid IN (SELECT t.oid {_TABLE}) AND c.contype IN ('p', 'n')) named
WHERE conname <> wanted AND octet_length(wanted) < 64
    AND (contype = 'n' OR NOT EXISTS (SELECT FROM pg_class i WHERE i.relnamespace = named.relnamespace
        AND i.relname = wanted))
"""  # noqa: S608 - no value is in it
_LOCKS: Final = f"""
SELECT format('LOCK TABLE %%I.%%I IN ACCESS EXCLUSIVE MODE', s.nspname, t.relname) {_TABLE} ORDER BY t.oid
"""


class _View(NamedTuple):
    oid: int
    name: str
    table: str
    lock: str
    replace: str


class InUse(Exception):
    """Somebody holds a table or a view that the swap needs, or makes a view on one just now."""


def take_tables(cursor: DriverCursor, schema: str, tables: Sequence[str]) -> None:
    """Locks the tables and the views on them, in the order in which readers of a view lock them.

    Raises: InUse after a moment, for a new try in a new transaction; ModelError for somebody else's view.
    """
    before = cursor.execute("SELECT current_setting('lock_timeout')").fetchone()
    cursor.execute(f"SET LOCAL lock_timeout = {LOCK_MILLISECONDS}")
    try:
        views = _views(cursor, schema, tables)
        for view in views:
            with _fitting(view.table, view.name):
                cursor.execute(view.lock)
        for (statement,) in cursor.execute(_LOCKS, _named(schema, tables)).fetchall():
            cursor.execute(statement)
    except (errors.LockNotAvailable, errors.DeadlockDetected) as error:
        raise InUse from error
    if [view.oid for view in _views(cursor, schema, tables)] != [view.oid for view in views]:
        raise InUse
    cursor.execute("SELECT set_config('lock_timeout', %s, true)", before or ("0",))


def put_in_place(cursor: DriverCursor, schema: str, tables: Sequence[str], no_more: Sequence[str]) -> None:
    """After `take_tables`. `no_more` are live tables without a shadow, which are dropped.

    Raises: ModelError where something on a live table does not fit the new one or cannot be carried over.
    """
    before = cursor.execute("SELECT current_setting('search_path')").fetchone()
    cursor.execute("SET LOCAL search_path = ''")  # so that definitions name all schemas
    live, every = _named(schema, tables), _named(schema, [*tables, *no_more])
    for table, obstacle in cursor.execute(_OBSTACLES, every).fetchall():
        raise _not_carried_over(table, obstacle)
    views = _views(cursor, schema, tables)
    carried_over = cursor.execute(_CARRIED_OVER, live).fetchall()
    there = {name for (name,) in cursor.execute(f"SELECT t.relname {_TABLE}", every).fetchall()}
    old = {f"{_OLD}{at}": table for at, table in enumerate([*tables, *no_more]) if table in there}
    for name, table in old.items():
        _rename(cursor, schema, table, name)
    for table in tables:
        _rename(cursor, schema, shadow_name(table), table)
    for view in views:
        with _fitting(view.table, view.name):
            cursor.execute(view.replace)
    for name, table in old.items():
        _drop(cursor, schema, name, table)
    for (statement,) in cursor.execute(_NAMES, live).fetchall():
        cursor.execute(statement)
    for (statement,) in cursor.execute(_RIGHTS_BY_DEFAULT, _named(schema, list(old.values()))).fetchall():
        cursor.execute(statement)
    for table, name, statement in carried_over:
        with _fitting(table, name):
            cursor.execute(statement)
    cursor.execute("SELECT set_config('search_path', %s, true)", before or ("",))


def _views(cursor: DriverCursor, schema: str, tables: Sequence[str]) -> list[_View]:
    """The views on these tables, in the order in which they were made."""
    return [_View._make(row) for row in cursor.execute(_VIEWS, _named(schema, tables)).fetchall()]


def _named(schema: str, tables: Sequence[str]) -> dict[str, Any]:
    return {"schema": schema, "tables": list(tables)}


def _rename(cursor: DriverCursor, schema: str, table: str, name: str) -> None:
    _run_formatted(cursor, "ALTER TABLE %I.%I RENAME TO %I", schema, table, name)


def _drop(cursor: DriverCursor, schema: str, name: str, table: str) -> None:
    try:
        _run_formatted(cursor, "DROP TABLE %I.%I", schema, name)
    except errors.DependentObjectsStillExist as error:
        first = (error.diag.message_detail or reason(error)).splitlines()[0]
        what, _, _ = first.partition(" depends on ")
        raise _not_carried_over(table, what) from error


def _run_formatted(cursor: DriverCursor, form: str, *names: str) -> None:
    marks = ", ".join(["%s::text"] * len(names))
    row = cursor.execute(f"SELECT format(%s, {marks})", (form, *names)).fetchone()
    if row is not None:
        cursor.execute(row[0])


def _not_carried_over(table: str, what: str) -> ModelError:
    return ModelError(
        tr(
            "The table {table} cannot be replaced: {what} stands on it, and cannot be carried over to the rebuilt one.",
            table=table,
            what=display(what, longest=200),
        ),
        tr("The read model was left as it is. Drop it, rebuild, and make it again."),
    )


@contextmanager
def _fitting(table: str, name: str) -> Iterator[None]:
    try:
        yield
    except errors.InsufficientPrivilege as error:
        raise ModelError(
            tr(
                "{name} on the table {table} cannot be carried over: {why}.",
                name=name,
                table=table,
                why=reason(error),
            ),
            tr(
                "The read model was left as it is. Have its owner drop it, or rebuild as a role that may change it."
            ),
        ) from error
    except _NOT_FITTING as error:
        raise ModelError(
            tr(
                "{name} does not fit the rebuilt table {table}: {why}.",
                name=name,
                table=table,
                why=reason(error),
            ),
            tr("The read model was left as it is. Drop {name} and rebuild again.", name=name),
        ) from error
