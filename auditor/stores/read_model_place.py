"""Where read models stand: a file, or a schema of a database on a server."""

import re
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from sqlalchemy.engine import URL, make_url

from auditor.core.errors import StoreError
from auditor.core.presenter import display
from auditor.core.server_address import ServerAddress, server_address
from auditor.core.text import tr
from auditor.stores.location import FileLocation, ServerLocation, StoreLocation, store_location
from auditor.stores.read_model_file import default_path

SCHEMA_SUFFIX: Final = "_readmodels"
_LONGEST_NAME: Final = 63  # in bytes, on PostgreSQL
_SEARCH_PATHS: Final = re.compile(r"-c\s*search_path=(?:[^\s\\]|\\.)+", re.DOTALL)


@dataclass(frozen=True, slots=True)
class SchemaLocation:
    """A schema on a server. `server` leads to it: its search path names the schema and no other."""

    server: ServerLocation
    schema: str

    @property
    def name(self) -> str:
        """As a person may read it; holds no secrets and no control characters."""
        return self.server.name

    @property
    def short_name(self) -> str:
        """For titles."""
        return display(self.schema)

    @property
    def address(self) -> str:
        """What opens it again, but for the password."""
        return self.server.address


ReadModelPlace = FileLocation | SchemaLocation


def place_beside(store: StoreLocation) -> ReadModelPlace:
    """Where the read models of this store stand unless its workspace names another place.

    A store on a server is asked in which schema its tables are. Raises: PasswordNeeded, StoreError.
    """
    if isinstance(store, FileLocation):
        return FileLocation(default_path(store.path))
    return _schema_beside(store)


def read_model_place(
    location: str | Path | StoreLocation | SchemaLocation, *, store: StoreLocation | None = None
) -> ReadModelPlace:
    """The place that a path or an SQLAlchemy URL names; a place stays as it is.

    A URL with a search path names that schema, one without the schema beside the one in which stores would stand there;
    the server is asked for its name. A password that is missing is that of `store`, if it stands on the same server.
    Raises: PasswordNeeded, StoreError.
    """
    if isinstance(location, SchemaLocation):
        return location
    found = store_location(location)
    if isinstance(found, FileLocation):
        return found
    if isinstance(store, ServerLocation):
        found = _with_password_of(store, found)
    schema = _schema_named(found)
    return schema_at(found, schema) if schema else _schema_beside(found)


def schema_at(server: ServerLocation, schema: str) -> SchemaLocation:
    """A schema of that database, whatever its search path was."""
    address = replace(_address(server), schema="")
    named = make_url(ServerAddress(schema=schema).url).query["options"]
    url = make_url(address.url)
    before = url.query.get("options")
    others = _SEARCH_PATHS.sub("", before).strip() if isinstance(before, str) else ""
    url = url.update_query_dict({"options": f"{others} {named}".strip()})
    return SchemaLocation(ServerLocation(_keeping_password(server.url, url)), schema)


def _schema_beside(server: ServerLocation) -> SchemaLocation:
    from auditor.stores.dialects.postgresql_marks import schema_of_stores

    schema = schema_of_stores(server)
    if schema is None:
        raise StoreError(
            tr("{name} has none of the schemas that its search path names.", name=server.name),
            tr("Name the schema of the read model in its URL: ?options=-csearch_path%3Dname"),
        )
    while len(schema.encode()) > _LONGEST_NAME - len(SCHEMA_SUFFIX):
        schema = schema[:-1]
    return schema_at(server, schema + SCHEMA_SUFFIX)


def _schema_named(server: ServerLocation) -> str:
    """The one that its search path names, also beside other options; empty where it names none, or several."""
    options = server.url.query.get("options")
    if not isinstance(options, str) or "search_path" not in options:
        return ""
    _, setting, value = options.rpartition("-csearch_path")
    alone = URL.create("postgresql", query={"options": setting + value})
    return _address(ServerLocation(alone)).schema


def _address(server: ServerLocation) -> ServerAddress:
    found = server_address(server.address)
    if found is None:
        raise StoreError(tr("{name} cannot be understood.", name=server.name))
    return found[0]


def _with_password_of(store: ServerLocation, other: ServerLocation) -> ServerLocation:
    """Only where it is the same user of the same server, who has given it already."""
    own, its = _address(store), _address(other)
    same = (own.host, own.port, own.user) == (its.host, its.port, its.user)
    password = store.url.password
    return other.with_password(str(password)) if same and password and not other.has_password else other


def _keeping_password(before: URL, url: URL) -> URL:
    return url if before.password is None else url.set(password=str(before.password))
