"""Running commands: a fresh aggregate, a decision, an append, and again if somebody was faster."""

from collections.abc import Callable
from typing import Any, Generic, TypeVar

from .aggregate import AggregateRoot, Stamp
from .errors import ConcurrencyError
from .repository import Repository

Root = TypeVar("Root", bound=AggregateRoot)


class CommandHandler(Generic[Root]):
    """Runs commands on aggregates of one type.

    A command that meets a `ConcurrencyError` runs again on the fresh aggregate, `attempts` times in all; then the
    error goes to the caller. Rules that the aggregate breaks (`InvalidOperationError`) are never retried. So `decide`
    may run several times: it does nothing but call the aggregate. `stamp` is on all events of the command.
    """

    # No pause between attempts: each conflict is somebody's success, and with eight processes on one aggregate random
    # pauses of 2 to 30 ms changed neither how many commands fail nor how long all take.

    def __init__(self, repository: Repository[Root], attempts: int = 5) -> None:
        if attempts < 1:
            raise ValueError(f"a command needs at least one of its attempts, not {attempts}")
        self._repository = repository
        self._attempts = attempts

    def create(self, aggregate_id: str, decide: Callable[[Root], Any], stamp: Stamp | None = None) -> Root:
        """Runs `decide` on an aggregate that must not exist yet.

        Raises: ConcurrencyError if it does; there is nothing to retry.
        """
        return self._run(self._repository.new(aggregate_id), decide, stamp)

    def change(self, aggregate_id: str, decide: Callable[[Root], Any], stamp: Stamp | None = None) -> Root:
        """Runs `decide` on the aggregate as it is now.

        Raises: AggregateNotFound, ConcurrencyError, InvalidOperationError, StoreBusy.
        """
        for _ in range(self._attempts - 1):
            try:
                return self._run(self._repository.get(aggregate_id), decide, stamp)
            except ConcurrencyError:
                continue
        return self._run(self._repository.get(aggregate_id), decide, stamp)

    def _run(self, aggregate: Root, decide: Callable[[Root], Any], stamp: Stamp | None) -> Root:
        if stamp is not None:
            aggregate.stamp_with(stamp)
        decide(aggregate)
        self._repository.save(aggregate)
        return aggregate
