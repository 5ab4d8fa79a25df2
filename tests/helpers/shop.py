"""A store beside a workspace with a projection of a user's."""

import json
from pathlib import Path
from typing import Any

from auditor.stores.read_model_file import default_path
from tests.helpers.command_line import Ended, auditor
from tests.helpers.guest_code import write_module
from tests.helpers.small_stores import write_store

SOURCE = """
    import time

    class Things:
        name = "things"
        tables = ({"name": "things", "columns": {"id": "text", "n": "integer"}},)
        ignores = {"Noticed"}

        def on_made(self, event, envelope):
            self.rows.put("things", {"id": envelope.aggregate_id, "n": event.n})

        def on_slept(self, event):
            time.sleep(event.seconds)

        def on_failed(self, event):
            raise ValueError("\\x1b[31mnot today")

        def on_looped(self, event):
            while True:
                pass
"""


class Shop:
    """A store beside a workspace that is trusted as it is."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.store = folder / "s.db"
        self.read_model = default_path(self.store)
        write_module(folder, SOURCE, "shop")
        (folder / "auditor.toml").write_text(
            '[store]\nurl = "s.db"\n[guest]\ntimeout_seconds = 3\n[projections.things]\npython = "shop:Things"\n'
        )

    def write(self, **aggregates: list[tuple[str, dict[str, Any]]]) -> None:
        self.store.unlink(missing_ok=True)
        write_store(self.store, aggregates)

    @property
    def arguments(self) -> tuple[str, ...]:
        return self.arguments_for("rebuild")

    def arguments_for(self, verb: str) -> tuple[str, ...]:
        return (verb, str(self.store), "things", "--trust-code", self._sha256)

    @property
    def _sha256(self) -> str:
        """Of the code as it is now; asked for where nothing is ever trusted, so that nothing is run."""
        nobody = {"AUDITOR_HOME": str(self.folder / "nobody")}
        refused = auditor("rebuild", self.store, "things", env=nobody)
        (sha256,) = [line for line in refused.err.splitlines() if len(line) == 64]
        return sha256

    def project(self, *more: str) -> Ended:
        return auditor(*self.arguments_for("project"), *more)

    def rebuild(self, *more: str) -> Ended:
        return auditor(*self.arguments, *more)

    def said(self, ended: Ended) -> list[dict[str, Any]]:
        return [json.loads(line) for line in ended.out.splitlines()]


MADE = ("Made", {"n": 1})
