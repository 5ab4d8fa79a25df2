"""The token by which an asker stops what was asked."""

import threading

from auditor.core.errors import Cancelled


class CancelToken:
    """May be cancelled from any thread or signal handler; work asks between batches."""

    def __init__(self) -> None:
        self._event = threading.Event()

    def cancel(self) -> None:
        self._event.set()

    @property
    def cancelled(self) -> bool:
        return self._event.is_set()

    def raise_if_cancelled(self) -> None:
        """Raises: Cancelled."""
        if self._event.is_set():
            raise Cancelled
