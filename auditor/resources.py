"""Icons, fonts and help: files that come with the program."""

from pathlib import Path

_PACKAGE = Path(__file__).parent
_PLACES = (
    _PACKAGE / "_resources",
    _PACKAGE.parent / "resources",
)  # in a wheel or frozen folder; in a checkout


def resource(*parts: str) -> Path:
    """The file or folder that is `parts` below `resources/`, wherever the program was installed.

    Raises: FileNotFoundError.
    """
    for place in _PLACES:
        found = place.joinpath(*parts)
        if found.exists():
            return found
    raise FileNotFoundError(f"no {'/'.join(parts)} in {' or '.join(map(str, _PLACES))}")
