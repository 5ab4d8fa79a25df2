"""A ledger that grows by a line with each event."""

from typing import Any


class Ledger:
    def __init__(self) -> None:
        self.lines: dict[str, Any] = {}
        self.count = 0

    def on_entered(self, event: Any) -> None:
        self.lines.update(event["lines"])
        self.count = event["count"]
