"""One model in one worker, which is started again when it has ended."""

import contextlib
from pathlib import Path

from auditor.core.ports import StopToken
from auditor.core.state_model import ModelInfo
from auditor.guest.limits import Limits
from auditor.guest.process import GuestGone, GuestProcess, GuestRefused
from auditor.guest.starting import GuestCode, not_loaded, start

MOST_OPEN = 8  # aggregates whose keyframes the worker keeps


class FoldWorker:
    """Keeps the process, and which aggregates are open in it."""

    def __init__(self, code: GuestCode | None, cache: Path | None, keyframe_mb: int | None = None) -> None:
        """Raises: ModelError."""
        self._code = code
        limits = code.limits if code else Limits()
        self._keyframe_bytes = (limits.keyframe_mb if keyframe_mb is None else keyframe_mb) << 20
        self._cache = cache
        self._process: GuestProcess | None = None
        self._open: list[int] = []  # handles, the one used last at the end
        self.shares_state = False
        """Whether the model keeps state outside its objects, so that each state needs a worker of its own."""
        self.notes: tuple[str, ...] = ()
        self.upcast_types: frozenset[str] = frozenset()
        """Event types that the model's upcasters read otherwise than they are stored."""
        self.folds_payloads = False
        """Whether the model looks at nothing of an event but its type and its data."""
        self.model, _ = self._start()

    def process(self) -> GuestProcess:
        """One that has the model, whatever is open in it. Raises: ModelError."""
        if self._process is None or self._process.gone:
            return self._start()[1]
        return self._process

    def process_with(
        self, handle: int, aggregate_id: str, token: StopToken | None
    ) -> tuple[GuestProcess, bool]:
        """The process in which that aggregate is open, and whether it was opened only now and has no events yet.

        Raises: ModelError, GuestRefused, GuestGone, Cancelled.
        """
        process, is_new = self._process, False
        if process is None or process.gone:
            _, process = self._start()
            is_new = True
        if handle in self._open:
            self._open.remove(handle)
            self._open.append(handle)
            return process, False
        if len(self._open) >= MOST_OPEN:
            process.request("drop", handle=self._open.pop(0))
        try:
            process.request("open", token=token, handle=handle, aggregate_id=aggregate_id)
        except GuestRefused as refusal:
            if refusal.kind == "start_failed" and self._code is not None:
                raise not_loaded(self._code, refusal) from None
            raise
        except GuestGone as gone:
            if is_new and self._code is not None:
                raise not_loaded(self._code, gone, process.last_words) from None
            raise
        self._open.append(handle)
        return process, True

    def forget(self, handle: int) -> None:
        """What the worker has of that aggregate is let go, and requests under way are for nobody."""
        if handle not in self._open:
            return
        self._open.remove(handle)
        if self._process is not None and not self._process.gone:
            with contextlib.suppress(GuestGone):  # then nothing of it is left anyway
                self._process.send("drop", handle=handle)
            self._process.abandon()

    def end(self) -> None:
        """Ends the process, if there is one; the next request starts another."""
        self._open.clear()
        if self._process is not None:
            self._process.close()
            self._process = None

    def _start(self) -> tuple[ModelInfo, GuestProcess]:
        self.end()
        started = start(self._code, self._cache)
        process = self._process = started.process
        self.notes = started.notes
        values = {"merge": True} if self._code is None else {"merge": False, **self._code.load_values}
        try:
            loaded = process.request("load", keyframe_bytes=self._keyframe_bytes, **values)
        except (GuestRefused, GuestGone) as error:
            words = process.last_words
            self.end()
            if self._code is None:
                raise
            raise not_loaded(self._code, error, words) from None
        except BaseException:
            self.end()
            raise
        self.upcast_types = frozenset(loaded.values["upcast_types"])
        self.folds_payloads = loaded.values["folds_payloads"]
        return ModelInfo(*loaded.values["model"]), process
