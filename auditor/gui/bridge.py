"""The only way from another thread to Qt's."""

import threading
from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, Signal, Slot


class MainThreadBridge(QObject):
    """Runs what is posted from any thread on the thread on which the bridge was made, in order."""

    _posted = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._open = threading.Event()
        self._open.set()
        self._posted.connect(self._run, Qt.ConnectionType.QueuedConnection)

    def post(self, call: Callable[[], None]) -> None:
        """May be called from any thread. After `close` nothing happens."""
        if self._open.is_set():
            self._posted.emit(call)

    def close(self) -> None:
        """What was posted and has not run yet is dropped."""
        self._open.clear()

    @Slot(object)
    def _run(self, call: Callable[[], None]) -> None:
        if self._open.is_set():
            call()
