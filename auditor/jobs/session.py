"""An open store, with what answers questions about it."""

from collections.abc import Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import Self

from auditor.core.ports import NeverStopped
from auditor.guest.fold_service import FoldService
from auditor.jobs.models import choose_model
from auditor.jobs.workspace_code import WorkspaceCode
from auditor.stores.reader import StoreReader
from auditor.tasks.cancel import CancelToken


class Session:
    """One viewed store, its workspace and the fold services that were asked for. A context manager."""

    def __init__(self, reader: StoreReader, workspace_code: WorkspaceCode) -> None:
        self.reader = reader
        self.workspace_code = workspace_code
        self._services: dict[str | None, FoldService] = {}

    def fold_service(self, aggregate_type: str, model: str | None = None) -> FoldService:
        """The service of the model that folds such aggregates; started when it is asked for first.

        Raises: WrongRequest for an unknown model, ModelError, NotTrusted.
        """
        code = choose_model(self.reader.domain, self.workspace_code, aggregate_type, model)
        key = None if code is None else code.target
        if key not in self._services:
            self._services[key] = FoldService(code)
        return self._services[key]

    @contextmanager
    def stopped_by(self, token: CancelToken) -> Iterator[None]:
        """Within the block the store's queries end when the token is cancelled."""
        self.reader.set_token(token)
        try:
            yield
        finally:
            self.reader.set_token(NeverStopped())

    def close(self) -> None:
        """Ends the workers and lets the store go."""
        for service in self._services.values():
            service.close()
        self.reader.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
