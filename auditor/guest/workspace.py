"""`auditor.toml`: which store, which models and projections, and under which interpreter and limits they run.

Reading it runs nothing and opens nothing that it names.
"""

import os
import re
import stat
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple, NoReturn
from urllib.parse import parse_qsl, urlsplit

from auditor.core.errors import WorkspaceError
from auditor.core.server_address import server_address
from auditor.core.text import tr
from auditor.guest.limits import Limits

FILE_NAME = "auditor.toml"
MAX_BYTES = 1 << 20
LEAST_MEMORY_MB = 64
_GUEST_KEYS = ("interpreter", "timeout_seconds", "cpu_seconds", "memory_mb", "keyframe_mb")
LONGEST_SECONDS = 24 * 3600

_TARGET = re.compile(r"[^\W\d]\w*(\.[^\W\d]\w*)*:[^\W\d]\w*(\.[^\W\d]\w*)*")


class WorkspaceProjection(NamedTuple):
    """`package.module:Name`, and where its read model stands if that is named: an absolute path or a URL without a
    password."""

    target: str
    place: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Workspace:
    """What the file says, its paths made absolute. `models` are targets by aggregate type.

    `store` is an absolute path or a URL without a password, None where the file names no store.
    """

    path: Path
    store: str | None
    section: str | None
    tenant: str | None
    layout: str | None
    models: Mapping[str, str]
    projections: Mapping[str, WorkspaceProjection]
    interpreter: Path | None
    limits: Limits
    import_paths: tuple[Path, ...]
    effective_time: tuple[str, ...] | None = None
    """The way, within an event's metadata, to the time from which it counts."""

    @property
    def targets(self) -> tuple[str, ...]:
        """All code that is named, each once, sorted."""
        named = {*self.models.values(), *(projection.target for projection in self.projections.values())}
        return tuple(sorted(named))


def read_workspace(path: Path) -> Workspace:
    """Reads the file; a symbolic link is followed, and paths count from where it leads.

    Raises: WorkspaceError, naming the key and, where it can be found, the line.
    """
    real = Path(os.path.realpath(path))
    text = _text_of(real, path)
    try:
        content = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        why = error if isinstance(error, ValueError) else tr("it is nested too deeply")
        raise WorkspaceError(
            tr("{path} is no TOML file that we can read: {why}.", path=path, why=why),
            tr("Correct that line; the form of the file is in the documentation."),
        ) from None
    return _Reading(real, text).workspace(content)


def _text_of(real: Path, shown: Path) -> str:
    hint = tr("Name another workspace file with --workspace.")
    try:
        found = real.stat()
        if not stat.S_ISREG(found.st_mode):
            raise WorkspaceError(tr("{path} is not a file.", path=shown), hint)
        if found.st_size > MAX_BYTES:
            raise WorkspaceError(
                tr(
                    "{path} is too large for a workspace file: {size} bytes, at most {most} are read.",
                    path=shown,
                    size=found.st_size,
                    most=MAX_BYTES,
                ),
                hint,
            )
        return real.read_bytes().decode()
    except UnicodeDecodeError:
        raise WorkspaceError(tr("{path} is not UTF-8 text.", path=shown), hint) from None
    except OSError as error:
        raise WorkspaceError(
            tr("{path} cannot be read: {why}.", path=shown, why=error.strerror), hint
        ) from None


class _Reading:
    """One file being read; every complaint names the key and its line."""

    def __init__(self, path: Path, text: str) -> None:
        self._path = path
        self._folder = path.parent
        self._lines = text.splitlines()

    def workspace(self, content: dict[str, Any]) -> Workspace:
        self._only(content, (), ("store", "guest", "models", "projections"))
        store, guest = self._table(content, "store"), self._table(content, "guest")
        self._only(store, ("store",), ("url", "section", "tenant", "layout", "effective_time"))
        self._only(guest, ("guest",), _GUEST_KEYS)
        interpreter = self._value(guest, ("guest", "interpreter"), str)
        return Workspace(
            path=self._path,
            store=self._place(store, ("store", "url")),
            section=self._value(store, ("store", "section"), str),
            tenant=self._value(store, ("store", "tenant"), str),
            layout=self._value(store, ("store", "layout"), str),
            effective_time=self._effective_time(store),
            models=self._models(self._table(content, "models")),
            projections=self._projections(self._table(content, "projections")),
            # Not resolved: a virtual environment is found by where the link lies, not by where it leads.
            interpreter=None if interpreter is None else self._absolute(interpreter),
            limits=self._limits(guest),
            import_paths=(self._folder,),
        )

    def _place(self, table: dict[str, Any], key: tuple[str, ...]) -> str | None:
        url: str | None = self._value(table, key, str)
        if url is None:
            return None
        if "://" not in url:
            return str(self._absolute(url))
        try:
            secret = _holds_password(url)
        except ValueError:
            self._complain(key, tr("it is no URL"))
        if secret:  # the text is not repeated: it would show the password
            self._complain(
                key,
                tr("a workspace file must not hold a password"),
                tr("Remove it from the URL: it is asked for, or taken from PGPASSWORD or PGPASSFILE."),
            )
        return url

    def _effective_time(self, store: dict[str, Any]) -> tuple[str, ...] | None:
        key = ("store", "effective_time")
        way: str | None = self._value(store, key, str)
        if way is None:
            return None
        first, *names = way.split(".")
        if first != "metadata" or not names or not all(names):
            self._complain(key, tr("it must be written like metadata.effective_at"))
        return tuple(names)

    def _models(self, models: dict[str, Any]) -> dict[str, str]:
        found = {}
        for aggregate_type in models:
            model = self._table(models, aggregate_type, "models")
            place = ("models", aggregate_type)
            self._only(model, place, ("python",))
            found[aggregate_type] = self._target(model, (*place, "python"))
        return found

    def _projections(self, projections: dict[str, Any]) -> dict[str, WorkspaceProjection]:
        found = {}
        for name in projections:
            projection = self._table(projections, name, "projections")
            place = ("projections", name)
            self._only(projection, place, ("python", "target"))
            target = self._target(projection, (*place, "python"))
            found[name] = WorkspaceProjection(target, self._place(projection, (*place, "target")))
        return found

    def _limits(self, guest: dict[str, Any]) -> Limits:
        given: dict[str, Any] = {}
        for name in ("timeout_seconds", "cpu_seconds"):
            seconds = self._value(guest, ("guest", name), int, float)
            if seconds is not None:
                if not 0 < seconds <= LONGEST_SECONDS:
                    self._complain(
                        ("guest", name), tr("it must lie between 0 and {most}", most=LONGEST_SECONDS)
                    )
                given[name] = seconds
        for name, least in (("memory_mb", LEAST_MEMORY_MB), ("keyframe_mb", 0)):
            memory = self._value(guest, ("guest", name), int)
            if memory is not None:
                if not least <= memory <= 1 << 20:
                    self._complain(("guest", name), tr("it must be at least {least}", least=least))
                given[name] = memory
        return Limits(**given)

    # -- single values -------------------------------------------------------------------------------------

    def _absolute(self, text: str) -> Path:
        return Path(os.path.abspath(self._folder / Path(text).expanduser()))  # noqa: PTH100 - links stay

    def _table(self, parent: dict[str, Any], key: str, *above: str) -> dict[str, Any]:
        table = parent.get(key, {})
        if not isinstance(table, dict):
            self._complain((*above, key), tr("a table is expected"))
        return table

    def _value(self, table: dict[str, Any], key: tuple[str, ...], *types: type) -> Any:
        value = table.get(key[-1])
        if value is None:
            return None
        if type(value) not in types:
            names = {str: tr("a text"), int: tr("a whole number"), float: tr("a number")}
            self._complain(key, tr("{what} is expected", what=names[types[-1]]))
        if isinstance(value, str) and (not value or "\0" in value):
            self._complain(key, tr("it is empty or holds a NUL character"))
        return value

    def _target(self, table: dict[str, Any], key: tuple[str, ...]) -> str:
        target = self._value(table, key, str)
        if target is None or not _TARGET.fullmatch(target):
            self._complain(key, tr("it must be written like package.module:Name"))
        return str(target)

    def _only(self, table: dict[str, Any], place: tuple[str, ...], known: tuple[str, ...]) -> None:
        for key in table:
            if key not in known:
                self._complain(
                    (*place, key),
                    tr("this key is not known"),
                    tr("Known here: {names}.", names=", ".join(known)),
                )

    def _complain(self, key: tuple[str, ...], why: str, hint: str = "") -> NoReturn:
        line = self._line_of(key)
        where = f"{self._path}:{line}" if line else str(self._path)
        raise WorkspaceError(
            tr("{where}: {key}: {why}.", where=where, key=".".join(key), why=why),
            hint or tr("Correct the workspace file."),
        )

    def _line_of(self, key: tuple[str, ...]) -> int | None:
        """Good for the usual way of writing; None for inline tables and the like."""
        table = ""
        for number, line in enumerate(self._lines, 1):
            header = re.match(r"\s*\[\s*([^\[\]]+?)\s*\]", line)
            if header:
                table = _bare(header[1])
                if table == ".".join(key):
                    return number
            name, equals, _ = line.partition("=")
            if equals and ".".join(filter(None, (table, _bare(name)))) == ".".join(key):
                return number
        return None


def _holds_password(url: str) -> bool:
    """Raises: ValueError for what is no URL."""
    server = server_address(url)
    parts = urlsplit(url)
    names = [name.lower() for name, _ in parse_qsl(parts.query)]
    if server is not None:
        return server[1] is not None or "sslpassword" in names
    return parts.password is not None or any(re.search("pass|pwd|secret", name) for name in names)


def _bare(name: str) -> str:
    return re.sub(r"\s*\.\s*", ".", name.replace('"', "").replace("'", "").strip())
