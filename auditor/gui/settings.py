"""What the window remembers between two starts: one JSON file in the user's state folder."""

import contextlib
import json
import os
import tempfile
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from auditor import folders
from auditor.core.server_address import without_its_password
from auditor.core.type_marks import TypeMark

FILE_NAME = "window.json"
MOST_RECENT = 9
MOST_MARKED_STORES = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class RecentStore:
    """A store that was opened: what was given to open it (never with a password), and what it was then."""

    location: str
    name: str
    opened_at: str
    """Fixed-width UTC."""
    events: int | None = None
    workspace: str | None = None
    """The workspace file where one was named beside the store."""


class Settings:
    """Values by name. Changes are kept until `flush`, which writes them into the file as it is then: two windows do
    not undo each other's. A file or value that cannot be read counts as not there."""

    def __init__(self) -> None:
        self._path = folders.state_folder() / FILE_NAME
        self._values = self._read()
        self._changed: set[str] = set()

    def text(self, name: str, usual: str) -> str:
        value = self._values.get(name)
        return value if isinstance(value, str) else usual

    def number(self, name: str, usual: int) -> int:
        value = self._values.get(name)
        return value if type(value) is int else usual

    def flag(self, name: str, usual: bool) -> bool:
        value = self._values.get(name)
        return value if isinstance(value, bool) else usual

    def value(self, name: str) -> Any:
        """Whatever JSON has under that name; None where there is nothing."""
        return self._values.get(name)

    def set(self, name: str, value: Any) -> None:
        """`value` is anything that JSON has."""
        self._values[name] = value
        self._changed.add(name)

    def flush(self) -> None:
        """Writes what has changed, all or nothing. A folder that cannot be written is no reason to fail."""
        if not self._changed:
            return
        values = self._read() | {name: self._values[name] for name in self._changed}
        with contextlib.suppress(OSError):
            _replace(self._path, json.dumps(values, indent=1))
            self._changed.clear()

    def _read(self) -> dict[str, Any]:
        try:
            values = json.loads(self._path.read_bytes())
        except (OSError, ValueError, RecursionError):
            return {}
        return values if isinstance(values, dict) else {}

    # -- stores --------------------------------------------------------------------------------------------------

    @property
    def recent(self) -> tuple[RecentStore, ...]:
        """The newest first."""
        values = self._values.get("recent")
        found = map(_recent, values if isinstance(values, list) else [])
        return tuple(one for one in found if one is not None)[:MOST_RECENT]

    def remember(self, location: str, name: str, opened_at: str, workspace: str | None = None) -> None:
        """Puts a store at the head of the list; what else is known of it stays. A password is never kept."""
        location, _ = without_its_password(location)
        known = [one for one in self.recent if one.location == location]
        events = known[0].events if known else None
        newest = RecentStore(
            location=location, name=name, opened_at=opened_at, events=events, workspace=workspace
        )
        self._set_recent([newest, *(one for one in self.recent if one.location != location)])

    def note_events(self, location: str, events: int) -> None:
        self._set_recent(
            [replace(one, events=events) if one.location == location else one for one in self.recent]
        )

    def forget(self, location: str) -> None:
        self._set_recent([one for one in self.recent if one.location != location])

    def _set_recent(self, recent: list[RecentStore]) -> None:
        self.set("recent", [asdict(one) for one in recent[:MOST_RECENT]])

    # -- marks of event types --------------------------------------------------------------------------------------

    def type_marks(self, store_id: str) -> dict[str, TypeMark]:
        """How the event types of that store were drawn the last time."""
        values = self._stores_marks().get(store_id)
        if not isinstance(values, dict):
            return {}
        return {name: mark for name, pair in values.items() if (mark := _mark(pair)) is not None}

    def set_type_marks(self, store_id: str, marks: Mapping[str, TypeMark]) -> None:
        stores = self._stores_marks()
        stores.pop(store_id, None)
        stores[store_id] = {name: list(mark) for name, mark in marks.items()}
        self.set("type_marks", dict(list(stores.items())[-MOST_MARKED_STORES:]))

    def _stores_marks(self) -> dict[str, Any]:
        values = self._values.get("type_marks")
        return dict(values) if isinstance(values, dict) else {}


def _recent(value: Any) -> RecentStore | None:
    try:
        recent = RecentStore(**value)
    except TypeError:
        return None
    texts = (recent.location, recent.name, recent.opened_at)
    return recent if all(isinstance(text, str) for text in texts) else None


def _mark(pair: Any) -> TypeMark | None:
    if isinstance(pair, list) and len(pair) == 2 and all(type(number) is int for number in pair):
        return TypeMark(pair[0] % 8, pair[1] % 6)
    return None


def _replace(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=FILE_NAME)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
        Path(name).replace(path)
    except OSError:
        Path(name).unlink()
        raise
