"""Parts of reading statements that each database says in its own words. A further database is one more of each."""

from typing import Any, Final

from sqlalchemy import Boolean, LargeBinary, Text, case, cast, func
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from auditor.stores.dialects.postgresql_json import IS_OBJECT

_NAMES: Final = ("user_id", "userId")
_MOST_BRACKETS: Final = 1_000
"""A text with more of them may be too deep for a parser; SQLite's own limit is as many levels."""


class user_in(FunctionElement[str]):  # noqa: N801 - stands in statements as a function does
    """Who did it, by an event's metadata under either name; NULL where they are no JSON or name nobody."""

    type = Text()
    inherit_cache = True


class is_user_in(FunctionElement[bool]):  # noqa: N801
    """Whether `user_in` the metadata is that user; what is neither may be found out at less cost."""

    type = Boolean()
    inherit_cache = True

    def __init__(self, metadata: Any, user: Any) -> None:
        super().__init__(metadata, user)


class bytes_in(FunctionElement[int]):  # noqa: N801
    """The number of bytes of a text as stored."""

    inherit_cache = True


class unindexed(FunctionElement[Any]):  # noqa: N801
    """The same value, of which the database should not know that an index has it: the order of a join stays as
    written. Where the planner knows what rows there are, it is left to decide."""

    inherit_cache = True

    def __init__(self, column: Any) -> None:
        super().__init__(column)
        self.type = column.type


# -- SQLite ------------------------------------------------------------------------------------------------


@compiles(user_in, "sqlite")
def _user_in_sqlite(element: user_in, compiler: SQLCompiler, **options: Any) -> str:
    (metadata,) = element.clauses
    found = func.coalesce(*(func.json_extract(metadata, f"$.{name}") for name in _NAMES))
    # CASE, because SQLite may evaluate the sides of AND in any order, and json_extract raises on what is no JSON.
    safe = case((func.json_valid(metadata) == 1, cast(found, Text)), else_=None)
    return compiler.process(safe, **options)


@compiles(is_user_in, "sqlite")
def _is_user_in_sqlite(element: is_user_in, compiler: SQLCompiler, **options: Any) -> str:
    metadata, user = element.clauses
    return compiler.process(user_in(metadata) == user, **options)


@compiles(bytes_in, "sqlite")
def _bytes_in_sqlite(element: bytes_in, compiler: SQLCompiler, **options: Any) -> str:
    (text,) = element.clauses
    return compiler.process(func.length(cast(text, LargeBinary)), **options)


@compiles(unindexed, "sqlite")
def _unindexed_sqlite(element: unindexed, compiler: SQLCompiler, **options: Any) -> str:
    return f"+{compiler.process(element.clauses, **options)}"


# -- PostgreSQL --------------------------------------------------------------------------------------------

IS_JSON_SINCE: Final = (16,)
# A JSON string may spell characters that a text cannot hold: NUL, and half of a pair. They are read as U+FFFD.
_UNTELLABLE: Final = (
    r"'\\u(?:0000|[dD][89abAB][0-9a-fA-F]{2}(?!\\u[dD][c-fC-F])"
    r"|(?<!\\u[dD][89abAB][0-9a-fA-F]{2}\\u)[dD][c-fC-F][0-9a-fA-F]{2})'"
)


@compiles(user_in, "postgresql")
def _user_in_postgresql(element: user_in, compiler: SQLCompiler, **options: Any) -> str:
    text = compiler.process(element.clauses, **options)
    brackets = f"length({text}) - length(translate({text}, '[{{', ''))"
    tellable = (
        rf"(CASE WHEN strpos({text}, '\u') = 0 THEN {text}"
        rf" ELSE regexp_replace({text}, {_UNTELLABLE}, '\ufffd', 'g') END)::json"
    )
    found = ", ".join(f"{tellable} ->> '{name}'" for name in _NAMES)
    has_is_json = (compiler.dialect.server_version_info or IS_JSON_SINCE) >= IS_JSON_SINCE
    is_object = f"{text} IS JSON OBJECT" if has_is_json else f"{text} ~ '{IS_OBJECT}'"
    return (
        f"CASE WHEN length({text}) > {_MOST_BRACKETS} AND {brackets} > {_MOST_BRACKETS} THEN NULL"
        f" WHEN {is_object} THEN coalesce({found}) END"
    )


@compiles(is_user_in, "postgresql")
def _is_user_in_postgresql(element: is_user_in, compiler: SQLCompiler, **options: Any) -> str:
    metadata, user = element.clauses
    found = compiler.process(user_in(metadata), **options)
    text, wanted = (compiler.process(one, **options) for one in (metadata, user))
    # A name is found as it is written, unless something in the text is written in another way.
    return rf"CASE WHEN strpos({text}, {wanted}) > 0 OR strpos({text}, '\') > 0 THEN {found} = {wanted} END"


@compiles(bytes_in, "postgresql")
def _bytes_in_postgresql(element: bytes_in, compiler: SQLCompiler, **options: Any) -> str:
    return f"octet_length({compiler.process(element.clauses, **options)})"


@compiles(unindexed, "postgresql")
def _unindexed_postgresql(element: unindexed, compiler: SQLCompiler, **options: Any) -> str:
    return compiler.process(element.clauses, **options)
