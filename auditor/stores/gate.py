"""Whether to go on: asked while a database works on an answer."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from auditor.core.ports import StopToken


class Gate:
    """Asked by the database or by its driver: whether to go on. Serves all connections of one store."""

    def __init__(self, token: StopToken) -> None:
        self.token = token
        self.late = False
        """Whether work was stopped because its time was up."""
        self._deadline: float | None = None

    @contextmanager
    def within(self, seconds: float) -> Iterator[None]:
        """Work in the block is stopped after so many seconds."""
        self.late = False
        self._deadline = time.monotonic() + seconds
        try:
            yield
        finally:
            self._deadline = None

    def wants_stop(self) -> bool:
        if self._deadline is not None and time.monotonic() > self._deadline:
            self.late = True
        return self.late or self.token.cancelled
