"""Code that a workspace names, and the user's word on it."""

from pathlib import Path

from auditor.guest.starting import GuestCode


class WorkspaceCode:
    def __init__(self, path: Path | None) -> None:
        self.path = path
        self.model_names: tuple[str, ...] = ()

    def model(self, name: str) -> GuestCode | None:
        return None
