"""An open store, with what answers questions about it."""

from collections.abc import Hashable, Iterator
from contextlib import ExitStack, contextmanager
from types import TracebackType
from typing import TYPE_CHECKING, Self

from auditor.core.ports import NeverStopped
from auditor.guest.fold_service import FoldService
from auditor.guest.starting import GuestCode
from auditor.jobs.folded_twice import FoldedTwice
from auditor.jobs.history import History
from auditor.jobs.models import choose_model, usable_models
from auditor.jobs.workspace_code import WorkspaceCode
from auditor.tasks.cancel import CancelToken

if TYPE_CHECKING:
    from auditor.stores.reader import StoreReader

MOST_HISTORIES = 8


class Session:
    """One viewed store, its workspace and the fold services that were asked for. A context manager."""

    def __init__(self, reader: "StoreReader", workspace_code: WorkspaceCode) -> None:
        self.reader = reader
        self.workspace_code = workspace_code
        workspace_code.has_worked = lambda code: code.identity in self._services
        self._services: dict[Hashable, FoldService] = {}
        self._histories: dict[tuple[str, Hashable], History] = {}  # the one used last at the end
        self._twice: tuple[Hashable, FoldedTwice] | None = None

    def models_for(self, aggregate_type: str) -> tuple[str, ...]:
        """The names that can be given as `model`: that of the type itself first where there is one, then `merge`.

        Raises: ModelError for a workspace file that is wrong.
        """
        return usable_models(self.reader.domain, self.workspace_code, aggregate_type)

    def fold_service(self, aggregate_type: str, model: str | None = None) -> FoldService:
        """The service of the model that folds such aggregates; started when it is asked for first.

        Raises: WrongRequest for an unknown model, ModelError, NotTrusted.
        """
        return self._service_of(choose_model(self.reader.domain, self.workspace_code, aggregate_type, model))

    def _service_of(self, code: GuestCode | None) -> FoldService:
        key = None if code is None else code.identity
        if key not in self._services:
            self._services[key] = FoldService(code, keyframe_mb=self.workspace_code.keyframe_mb)
        return self._services[key]

    def history(self, aggregate_id: str, aggregate_type: str, model: str | None = None) -> History:
        """That aggregate's events in the worker of that model, as far as they were read. The last `MOST_HISTORIES`
        that were asked for are kept.

        Raises: as `fold_service`.
        """
        return self.history_by(self.code_of(aggregate_type, model), aggregate_id)

    def code_of(self, aggregate_type: str, model: str | None = None) -> GuestCode | None:
        """What folds such aggregates; None for the generic merge. Raises: as `fold_service`."""
        return choose_model(self.reader.domain, self.workspace_code, aggregate_type, model)

    def history_by(self, code: GuestCode | None, aggregate_id: str) -> History:
        """As `history`, for code that is chosen already: also for code that is on the disk no more, as long as its
        worker runs. Raises: ModelError."""
        key = (aggregate_id, None if code is None else code.identity)
        found = self._histories.pop(key, None) or History(self.reader, self._service_of(code), aggregate_id)
        self._histories[key] = found
        if len(self._histories) > MOST_HISTORIES:
            self._histories.pop(next(iter(self._histories))).close()
        return found

    def forget_history(self, aggregate_id: str, aggregate_type: str, model: str | None = None) -> None:
        """The next one who asks for it has it read and folded from the beginning. Raises: as `fold_service`."""
        code = choose_model(self.reader.domain, self.workspace_code, aggregate_type, model)
        known = self._histories.pop((aggregate_id, None if code is None else code.identity), None)
        if known is not None:
            known.close()

    def folded_twice(self, code: GuestCode, aggregate_id: str) -> FoldedTwice:
        """Two workers of their own that fold the aggregate by that code; only the last ones that were asked for are
        kept."""
        key = (aggregate_id, code.identity)
        if self._twice is None or self._twice[0] != key:
            self.forget_folded_twice()
            self._twice = (key, FoldedTwice(self.reader, code, aggregate_id))
        return self._twice[1]

    def forget_folded_twice(self) -> None:
        """Ends these workers."""
        if self._twice is not None:
            self._twice[1].close()
            self._twice = None

    @contextmanager
    def stopped_by(self, token: CancelToken) -> Iterator[None]:
        """Within the block the store's queries end when the token is cancelled."""
        self.reader.set_token(token)
        try:
            yield
        finally:
            self.reader.set_token(NeverStopped())

    def close(self) -> None:
        """Ends the workers and lets the store go, all of them also where one raises."""
        with ExitStack() as closing:
            closing.callback(self.reader.close)
            closing.callback(self.forget_folded_twice)
            for service in self._services.values():
                closing.callback(service.close)
        self._histories.clear()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
