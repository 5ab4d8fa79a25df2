"""How a caller of the library stops what would go on for ever."""

from .errors import Cancelled


class StopSignal:
    """`stop()` ends whatever was given this signal, soon and between two steps; from any thread or signal handler.

    Nothing in it takes a lock, so that a signal handler may call it wherever it meets the program.
    """

    def __init__(self) -> None:
        self._stopped = False

    def stop(self, *_: object) -> None:
        """Takes and forgets what a signal handler is given."""
        self._stopped = True

    @property
    def cancelled(self) -> bool:
        return self._stopped

    def raise_if_cancelled(self) -> None:
        """Raises: Cancelled."""
        if self._stopped:
            raise Cancelled
