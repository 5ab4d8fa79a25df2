"""The address of a database on a server: its parts, and the URL that says the same. No password is ever in either."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Final
from urllib.parse import parse_qsl, quote, unquote

from .store_address import without_password
from .text import tr

SCHEME: Final = "postgresql"
USUAL_PORT: Final = 5432
TLS_MODES: Final = ("disable", "allow", "prefer", "require", "verify-ca", "verify-full")
_HIGHEST_PORT: Final = 65_535

# A password may hold anything: it ends at the last @ that can be before a host.
_FORM: Final = re.compile(
    r"""\s*(?:postgresql|postgres)(?:\+\w+)?://
    (?:(?P<user>[^:/?\#]*?)(?::(?P<password>[^@]*(?:@[^/?\#@]*)*))?@(?![^/?\#:]*@))?
    (?:\[(?P<bracketed>[^]/?]*)\]|(?P<host>[^][/:?@]*))
    (?::(?P<port>[^/?@]*))?
    (?:/(?P<database>[^?@]*))?
    (?:\?(?P<query>(?!@|[^=&]*@).*))?\s*""",
    re.VERBOSE | re.IGNORECASE | re.DOTALL,
)
_BEGINS: Final = re.compile(r"\s*(?:postgresql|postgres)(?:\+\w+)?:(?://|\s*$)", re.IGNORECASE)
# The other form of libpq's: names and values.
_SETTINGS: Final = re.compile(r"\s*(?:host|hostaddr|port|dbname|user|password|passfile|service|sslmode)\s*=")
_PASSWORD_SETTING: Final = re.compile(
    r"(?:^|(?<=\s))password\s*=\s*('(?:[^'\\]|\\.)*'?|(?:[^\s\\]|\\.)*)\s*", re.DOTALL
)
_FIRST_TO_LAST_AT: Final = re.compile(r"(://[^:/@]*):.*@", re.DOTALL)
_PLAIN_HOST: Final = re.compile(r"[\w.-]*|[0-9A-Fa-f.]*:[0-9A-Fa-f:.]*:[0-9A-Fa-f.]*")
_HOST_AND_PORT: Final = re.compile(r"[^/:]*:[^/:]*")
_SEARCH_PATH: Final = re.compile(r"-c\s*search_path=((?:[^\s\\]|\\.)+)", re.DOTALL)
_PLAIN_NAME: Final = re.compile(r"[a-z_][a-z0-9_]*")
_QUOTED_NAME: Final = re.compile(r'"((?:[^"]|"")+)"', re.DOTALL)
_SEVERAL: Final = ","


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerAddress:
    """What is empty is left to the system: the host is this machine, the user the one who is logged in, and so on.

    A host that begins with a slash is the folder of a Unix socket. `port` is text, since people type it. `parameters`
    are all others that the URL had, sorted.
    """

    host: str = ""
    port: str = ""
    database: str = ""
    user: str = ""
    schema: str = ""
    tls: str = ""
    """One of `TLS_MODES`, or empty."""
    parameters: tuple[tuple[str, str], ...] = field(default=())

    @property
    def url(self) -> str:
        """What opens it, without a password."""
        user = f"{quote(self.user, safe='+')}@" if self.user else ""
        port = f":{quote(self.port, safe='')}" if self.port else ""
        database = f"/{quote(self.database, safe='+/')}" if self.database else ""
        host, parameters = self._host(), "&".join(map(_parameter, self._parameters()))
        between = "/" if parameters and not database else ""
        return f"{SCHEME}://{user}{host}{port}{database}{between}" + (f"?{parameters}" if parameters else "")

    @property
    def place(self) -> str:
        """The server as people say it: `db.shop.internal:5433`."""
        port = "" if self.port in ("", str(USUAL_PORT)) else f":{self.port}"
        return (self.host or tr("this machine")) + port

    @property
    def problem(self) -> str:
        """Why it cannot be tried, in a sentence; empty where it can."""
        if self.port and not (self.port.isascii() and self.port.isdecimal()):
            return tr("The port is a number.")
        if self.port and not 0 < int(self.port) <= _HIGHEST_PORT:
            return tr("The port is a number from 1 to {most}.", most=_HIGHEST_PORT)
        if _HOST_AND_PORT.fullmatch(self.host):
            return tr("The port has a field of its own, beside the host.")
        if "\0" in "".join((self.host, self.database, self.user, self.schema)):
            return tr("A NUL character cannot be part of an address.")
        return ""

    def _host(self) -> str:
        if not _PLAIN_HOST.fullmatch(self.host):
            return ""
        return f"[{self.host}]" if ":" in self.host else self.host

    def _parameters(self) -> Iterator[tuple[str, str]]:
        if not _PLAIN_HOST.fullmatch(self.host):
            yield "host", self.host
        yield from self.parameters
        if self.schema:
            yield "options", f"-csearch_path={_as_option(self.schema)}"
        if self.tls:
            yield "sslmode", self.tls


def is_server_address(text: str) -> bool:
    """Whether it is meant as one; it may be malformed."""
    return _BEGINS.match(text) is not None


def are_server_settings(text: str) -> bool:
    """Whether it is like `host=… dbname=…`, which the server's own programs take, and we do not."""
    return _SETTINGS.match(text) is not None


def server_address(text: str) -> tuple[ServerAddress, str | None] | None:
    """The parts of a server's URL, and the password that it had; None where the text is no such URL.

    What stands among the parameters counts more than what stands in its place, as for the driver.
    """
    found = _FORM.fullmatch(text)
    if found is None:
        return None
    given = [(name, value) for name, value in parse_qsl((found["query"] or "").rstrip()) if value]
    query = _Query(given)
    address = ServerAddress(
        host=query.take("host") or unquote(found["bracketed"] or found["host"] or ""),
        port=query.take("port") or unquote((found["port"] or "").strip()),
        database=query.take("dbname") or unquote((found["database"] or "").rstrip()),
        user=query.take("user") or unquote(found["user"] or ""),
    )
    password = query.take("password") or (None if found["password"] is None else unquote(found["password"]))
    query.take("sslpassword")
    address = replace(address, schema=query.take_schema(), tls=query.take_tls())
    return replace(address, parameters=query.rest), password


def without_its_password(location: str) -> tuple[str, str | None]:
    """What is given to open a store as it may be kept, and the password that stood in it. Paths stay as they are."""
    found = server_address(location)
    if found is not None:
        return found[0].url, found[1]
    if are_server_settings(location):
        return _settings_without_password(location)
    if is_server_address(location):  # of one that is malformed nothing is kept that may be part of a password
        location = _FIRST_TO_LAST_AT.sub(r"\1@", location)
    return without_password(location), None


def _settings_without_password(text: str) -> tuple[str, str | None]:
    found = _PASSWORD_SETTING.search(text)
    if found is None:
        return text, None
    password = re.sub(r"\\(.)", r"\1", found[1].strip("'"), flags=re.DOTALL)
    return _PASSWORD_SETTING.sub("", text).rstrip(), password


class _Query:
    """The parameters of a URL, those taken away that have a place of their own."""

    def __init__(self, given: list[tuple[str, str]]) -> None:
        self._given = given

    @property
    def rest(self) -> tuple[tuple[str, str], ...]:
        return tuple(sorted(self._given))

    def take(self, name: str) -> str:
        """Its value, if it is one: several hosts stay where they are."""
        values = [value for one, value in self._given if one == name]
        several = name in ("host", "port") and (len(values) > 1 or any(_SEVERAL in value for value in values))
        if several or not values:
            return ""
        self._given = [pair for pair in self._given if pair[0] != name]
        return values[-1]

    def take_schema(self) -> str:
        options = [value for name, value in self._given if name == "options"]
        found = _SEARCH_PATH.fullmatch(options[0].strip()) if len(options) == 1 else None
        schema = "" if found is None else _schema(re.sub(r"\\(.)", r"\1", found[1], flags=re.DOTALL))
        if schema:
            self._given = [pair for pair in self._given if pair[0] != "options"]
        return schema

    def take_tls(self) -> str:
        modes = [value for name, value in self._given if name == "sslmode"]
        return self.take("sslmode") if len(modes) == 1 and modes[0] in TLS_MODES else ""


def _schema(value: str) -> str:
    """The one schema that the setting names; empty where there are several."""
    if _PLAIN_NAME.fullmatch(value):
        return value
    quoted = _QUOTED_NAME.fullmatch(value)
    return "" if quoted is None else quoted[1].replace('""', '"')


def _as_option(schema: str) -> str:
    """A name that stays one name within a setting, within the options."""
    name = schema if _PLAIN_NAME.fullmatch(schema) else '"' + schema.replace('"', '""') + '"'
    return re.sub(r"([\s\\])", r"\\\1", name)


def _parameter(pair: tuple[str, str]) -> str:
    return f"{quote(pair[0], safe='')}={quote(pair[1], safe='/:=,')}"
