"""Where a store lies, and whether what lies there can be one: asked of the system before a database driver sees it."""

import errno
import os
import re
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from auditor.core.errors import StoreError
from auditor.core.presenter import display
from auditor.core.server_address import (
    are_server_settings,
    is_server_address,
    server_address,
    without_its_password,
)
from auditor.core.text import tr

_URL = re.compile(r"([A-Za-z][A-Za-z0-9]*)(?:\+[A-Za-z0-9]+)?:(?://|$)")
_FILE_BACKEND: Final = "sqlite"
# In bytes: SQLite wants room for `-journal` within its 512.
_LONGEST_PATH = 504


@dataclass(frozen=True, slots=True)
class FileLocation:
    """A store's file. `path` is absolute, symbolic links followed: side files stand beside the real file."""

    path: Path

    @property
    def name(self) -> str:
        """The path as a person may read it; holds no secrets and no control characters."""
        return display(str(self.path))

    @property
    def short_name(self) -> str:
        """For titles."""
        return display(self.path.name)

    @property
    def address(self) -> str:
        """What opens it again."""
        return str(self.path)

    def beside(self, suffix: str) -> Path:
        """The side file that SQLite would use: `-wal`, `-shm` or `-journal`."""
        return self.path.with_name(self.path.name + suffix)


@dataclass(frozen=True, slots=True)
class ServerLocation:
    """A database on a server. `url` may hold a password, which nothing else here gives away."""

    url: URL

    @property
    def name(self) -> str:
        """The address as a person may read it; holds no secrets and no control characters."""
        return display(self.address)

    @property
    def short_name(self) -> str:
        """For titles."""
        return display(self.url.database or self.url.username or self.name)

    @property
    def address(self) -> str:
        """What opens it again, but for the password."""
        return without_its_password(self.url.render_as_string())[0]

    @property
    def has_password(self) -> bool:
        return self.url.password is not None

    def with_password(self, password: str) -> "ServerLocation":
        return ServerLocation(self.url.set(password=password))


StoreLocation = FileLocation | ServerLocation


def store_location(location: str | Path | StoreLocation) -> StoreLocation:
    """The place that a path or an SQLAlchemy URL names; a place stays as it is. Touches nothing.

    Raises: StoreError for URLs of databases that cannot be opened and for texts that name no file.
    """
    if isinstance(location, FileLocation | ServerLocation):
        return location
    if isinstance(location, str) and is_server_address(location):
        return _server(location)
    if isinstance(location, str) and _URL.match(location):
        return _file(_path_of(_parsed(location)))
    if isinstance(location, str) and are_server_settings(location):
        raise StoreError(
            tr("A store on a server is named by a URL, not by settings like host=… and dbname=…."),
            tr("Write it like postgresql://user@host/database."),
        )
    return _file(location)


def file_location(location: str | Path | StoreLocation) -> FileLocation:
    """The file that a path or an SQLite URL names. Touches nothing.

    Raises: StoreError for URLs of databases on a server as well.
    """
    found = store_location(location)
    if not isinstance(found, FileLocation):
        raise StoreError(
            tr("{name} is a database on a server, not a file.", name=found.name),
            tr("Give the path of an SQLite file, or a URL like sqlite:///folder/store.db."),
        )
    return found


def _server(text: str) -> ServerLocation:
    found = server_address(text)
    if found is None:
        raise _no_url()
    address, password = found
    if address.problem:
        raise StoreError(
            tr("{name} cannot be understood: {why}", name=display(address.url), why=address.problem),
            tr("Write it like postgresql://user@host/database."),
        )
    url = make_url(address.url)
    return ServerLocation(url if password is None else url.set(password=password))


def _file(path: str | Path) -> FileLocation:
    if not str(path):
        raise StoreError(tr("The store's path is empty."), tr("Give the path of a store's file."))
    if "\0" in str(path):
        raise StoreError(
            tr("{path} is no path: it has a NUL character in it.", path=display(str(path))),
            tr("Give the path of a store's file."),
        )
    return FileLocation(Path(os.path.realpath(path)))


def _parsed(url: str) -> URL:
    # Never the URL itself in a message: it may hold a password.
    try:
        return make_url(url)
    except (ArgumentError, ValueError):  # a port that is no number is a ValueError
        raise _no_url() from None


def _no_url() -> StoreError:
    return StoreError(
        tr("The store's address is no URL that can be understood."),
        tr(
            "Write it like sqlite:///folder/store.db or postgresql://user@host/database, or give a path. In a password "
            "the signs / ? # @ are written as %2F %3F %23 %40."
        ),
    )


def _path_of(url: URL) -> str:
    if url.get_backend_name() != _FILE_BACKEND:
        raise StoreError(
            tr(
                "Stores in {kind} cannot be opened, only SQLite files and PostgreSQL.",
                kind=url.get_backend_name(),
            ),
            tr("Give a path, or a URL like sqlite:///folder/store.db or postgresql://user@host/database."),
        )
    if not url.database or url.database == ":memory:":
        raise StoreError(
            tr("The store's address names a database in memory, which nobody else can have written."),
            tr("Give the path of an SQLite file, or a URL like sqlite:///folder/store.db."),
        )
    return url.database


def require_file(location: FileLocation) -> os.stat_result:
    """The state of the store's file, which is a regular, readable, non-empty one.

    Never opens it: a FIFO would hang, and closing a database's file drops the locks this process holds on it.
    Raises: StoreError, one sentence for each problem.
    """
    found = _stat(location)
    kind = _kind(found.st_mode)
    if kind is not None:
        raise StoreError(
            tr("{path} is {kind}, not a file.", path=location.name, kind=kind),
            tr("Give the path of a store's file."),
        )
    if not readable(location.path):
        raise _not_permitted(location)
    if found.st_size == 0:
        raise StoreError(
            tr("{path} is an empty file, not a store.", path=location.name),
            tr("If a store was here, its content is lost: look for a copy or a backup."),
        )
    if len(os.fsencode(location.path)) > _LONGEST_PATH:
        raise StoreError(
            tr("{path} is too long a path for SQLite.", path=location.name),
            tr("Move or copy the store to a folder with a shorter path."),
        )
    return found


def _stat(location: FileLocation) -> os.stat_result:
    try:
        return location.path.stat()
    except (FileNotFoundError, NotADirectoryError):
        raise StoreError(
            tr("There is no file {path}.", path=location.name), tr("Check the path. Nothing was created.")
        ) from None
    except PermissionError:
        raise _not_permitted(location) from None
    except OSError as error:
        if error.errno == errno.ENAMETOOLONG:
            raise StoreError(
                tr("{path} is too long for a path.", path=location.name), tr("Check the path.")
            ) from None
        raise StoreError(
            tr("{path} cannot be reached: {why}.", path=location.name, why=error.strerror),
            tr("Check the path, the disk, or the connection to the network share."),
        ) from None


def _kind(mode: int) -> str | None:
    if stat.S_ISREG(mode):
        return None
    kinds = (
        (stat.S_ISDIR, tr("a folder")),
        (stat.S_ISFIFO, tr("a named pipe")),
        (stat.S_ISSOCK, tr("a socket")),
        (stat.S_ISCHR, tr("a device")),
        (stat.S_ISBLK, tr("a device")),
    )
    return next((kind for is_kind, kind in kinds if is_kind(mode)), tr("something else"))


def _not_permitted(location: FileLocation) -> StoreError:
    for folder in reversed(location.path.parents):
        if not _allowed(folder, os.X_OK):
            return StoreError(
                tr(
                    "Permission denied for {user}: the folder {folder} may not be entered.",
                    user=user_name(),
                    folder=display(str(folder)),
                ),
                tr("Ask the folder's owner for permission, or copy the store to a folder of your own."),
            )
    return StoreError(
        tr("Permission denied for {user}: {path} may not be read.", user=user_name(), path=location.name),
        tr("Ask the file's owner for permission to read it."),
    )


def readable(path: Path) -> bool:
    return _allowed(path, os.R_OK)


def writable(folder: Path) -> bool:
    """Whether files can be made in the folder: permissions and read-only file systems are both asked."""
    return _allowed(folder, os.W_OK | os.X_OK)


def _allowed(path: Path, mode: int) -> bool:
    effective = os.access in os.supports_effective_ids
    return os.access(path, mode, effective_ids=effective)


def user_name() -> str:
    """Whose permissions count: of the process's effective user, whatever the environment says."""
    try:
        import pwd
    except ImportError:
        return os.environ.get("USERNAME", "?")
    user = os.geteuid()
    try:
        return pwd.getpwuid(user).pw_name
    except KeyError:
        return tr("user {number}", number=user)
