"""What is given to open a store, as it may be shown and remembered: without a password."""

import re

# As SQLAlchemy reads it: a password may hold / ? and #. What follows up to another @ may be more of it.
_CREDENTIALS = re.compile(r"^(\s*[A-Za-z][A-Za-z0-9+.-]*://[^:/@]*)(?::[^@]*)?@(?:[^/?#@]*@)*")
_SECRET = re.compile(r"[?&;][^=&;#]*(?:pass|pwd|secret|token)[^=&;#]*=[^&;#]*", re.IGNORECASE)


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
