"""A store on a real server that wants a password, and one whose role may only read. The password is a canary: where it
turns up, somebody let it out."""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import psycopg
import pytest
from psycopg import sql
from sqlalchemy import URL, make_url

from auditor.stores.native_store import EventStore
from tests.helpers.postgres_server import PostgresServer, as_text, drop_database, new_database
from tests.helpers.small_stores import events_of

SECRET_ROLE: Final = "secret_role"  # noqa: S105 - its name
READING_ROLE: Final = "reading_role"
PASSWORD: Final = "canary-Pa$$ w/ö:@?#r&d%41"  # noqa: S105 - of a server that lives for a test
_PATIENCE: Final = 20.0


@dataclass(frozen=True, slots=True)
class SecretStore:
    """One store of three events, as different roles find it. Addresses are without a password."""

    owner: str
    """Who may do everything, and is not asked."""
    asked: str
    """Who is asked for `PASSWORD`, and may write."""
    reading: str
    """Who may only read, and is not asked."""

    @property
    def asked_with_password(self) -> str:
        return as_text(make_url(self.asked).set(password=PASSWORD))

    @property
    def database(self) -> str:
        return str(make_url(self.owner).database)


@pytest.fixture
def secret_store(postgres_server: PostgresServer) -> Iterator[SecretStore]:
    url = new_database(postgres_server.url)
    store = make_secret_store(postgres_server, url)
    yield store
    drop_database(url)


def make_secret_store(server: PostgresServer, url: URL) -> SecretStore:
    """In an empty database of that server."""
    _make_roles(server)
    with EventStore(as_text(url)) as store:
        store.append(
            "thing-1", events_of("thing-1", [("Made", {"n": 1}), ("Made", {"n": 2}), ("Sold", {})]), 0
        )
    with psycopg.connect(as_text(url), autocommit=True) as connection:
        connection.execute(f"GRANT ALL ON ALL TABLES IN SCHEMA public TO {SECRET_ROLE}")
        connection.execute(f"GRANT ALL ON ALL SEQUENCES IN SCHEMA public TO {SECRET_ROLE}")
        connection.execute(f"GRANT SELECT ON ALL TABLES IN SCHEMA public TO {READING_ROLE}")
    return SecretStore(
        owner=as_text(url),
        asked=as_text(url.set(username=SECRET_ROLE)),
        reading=as_text(url.set(username=READING_ROLE)),
    )


def _make_roles(server: PostgresServer) -> None:
    """Once for a server."""
    access = Path(server.data, "pg_hba.conf")
    rule = f"local all {SECRET_ROLE} scram-sha-256\n"
    before = access.read_text()
    if rule in before:
        return
    access.write_text(rule + before)
    with psycopg.connect(as_text(server.url), autocommit=True) as connection:
        password = sql.SQL("CREATE ROLE {} LOGIN PASSWORD {}").format(
            sql.Identifier(SECRET_ROLE), sql.Literal(PASSWORD)
        )
        connection.execute(password)
        connection.execute(f"CREATE ROLE {READING_ROLE} LOGIN")
        connection.execute("SELECT pg_reload_conf()")
    _await_asking(as_text(server.url.set(username=SECRET_ROLE)))


def _await_asking(url: str) -> None:
    """The server reads its rules some time after it was told to."""
    deadline = time.monotonic() + _PATIENCE
    while time.monotonic() < deadline:
        try:
            psycopg.connect(url).close()
        except psycopg.OperationalError:
            return
        time.sleep(0.02)
    raise RuntimeError("the server does not ask for a password")
