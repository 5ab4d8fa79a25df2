"""What is given to open a store, as it may be shown and remembered: without a password."""

import re
from collections.abc import Iterable

# As SQLAlchemy reads it: a password may hold / ? and #. What follows up to another @ may be more of it.
_CREDENTIALS = re.compile(r"^(\s*[A-Za-z][A-Za-z0-9+.-]*://[^:/@]*)(?::[^@]*)?@(?:[^/?#@]*@)*")
_SECRET = re.compile(r"[?&;][^=&;#]*(?:pass|pwd|secret|token)[^=&;#]*=[^&;#]*", re.IGNORECASE)

_WRITTEN = re.compile(r"://[^:/@]*:([^@]*(?:@[^/?#@]*)*)@")
_WRITTEN_BELOW = re.compile(r"[?&;]([^=&;#]*(?:pass|pwd|secret|token)[^=&;#]*)=([^&;#]*)", re.IGNORECASE)


def without_password(address: str) -> str:
    """A path as it is; a URL without its password, and without parameters that may hold one."""
    if "://" not in address:
        return address
    shown = _CREDENTIALS.sub(r"\1@", address)
    bare, mark, query = shown.partition("?")
    if not mark:
        return shown
    kept = _SECRET.sub("", f"?{query}").lstrip("?&;")
    return f"{bare}?{kept}" if kept else bare


def hide_passwords(text: str, addresses: Iterable[str]) -> str:
    """`text`, which may repeat some of these addresses or parts of them, without the passwords written in them."""
    for address in addresses:
        if "://" not in address:
            continue
        for password in _WRITTEN.findall(address):
            text = text.replace(f":{password}@", "@")
        for name, value in _WRITTEN_BELOW.findall(address):
            text = text.replace(f"{name}={value}", f"{name}=")
    return text
