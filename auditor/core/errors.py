"""What can go wrong, told to the reader: what happened, why, and what to do."""

from collections.abc import Mapping, Sequence
from typing import Any

from .text import tr


class AuditorError(Exception):
    """Anything a user can meet and act on. `message` says what happened and why, `hint` what to do."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __reduce__(self) -> tuple[Any, ...]:
        # by its attributes, since a subclass may make its message from other arguments
        return _again, (type(self), self.args, vars(self))


def _again(kind: type[AuditorError], args: tuple[Any, ...], attributes: Mapping[str, Any]) -> AuditorError:
    error = kind.__new__(kind, *args)
    vars(error).update(attributes)
    return error


class Cancelled(Exception):
    """The asker does not want the answer any more. Never shown, never logged."""


# -- asking ------------------------------------------------------------------------------------------------


class WrongRequest(AuditorError):
    """What was asked cannot be answered as asked: a malformed time, an unknown version, a foreign cursor token."""


class AggregateNotFound(WrongRequest):
    """No event of that aggregate is in the store."""

    def __init__(self, aggregate_id: str, hint: str = "", *, aggregate_type: str | None = None) -> None:
        message = (
            tr("There is no aggregate {id!r} in this store.", id=aggregate_id)
            if aggregate_type is None
            else tr(
                "There is no aggregate {id!r} of type {type!r} in this store.",
                id=aggregate_id,
                type=aggregate_type,
            )
        )
        super().__init__(message, hint)
        self.aggregate_id = aggregate_id


class AmbiguousAggregate(WrongRequest):
    """The id alone names several aggregates; the hint lists them."""


# -- the store ---------------------------------------------------------------------------------------------


class StoreError(AuditorError):
    """The store cannot be opened or read."""


class StoreBusy(StoreError):
    """Another program holds a lock for longer than we wait. Nothing was changed; the same call may succeed later."""


class StoreDamaged(StoreError):
    """The store's own structure is broken; what was read before that is said in the message."""


class StoreReplaced(StoreError):
    """The file behind an open store is another one now, or gone."""


class NoStoreHere(StoreError):
    """The database is there, and no event store in it."""


class PasswordNeeded(StoreError):
    """The server wants a password, or another one than was given."""


class OutcomeUnknown(StoreError):
    """The connection broke while a transaction was committed: it is in the store whole, or not at all."""


class StoreFull(StoreError):
    """The disk or a quota is full. The transaction was rolled back."""


# -- the domain --------------------------------------------------------------------------------------------


class ConcurrencyError(AuditorError):
    """Somebody else appended first. `actual` is the version the aggregate has, `expected` the one it should have."""

    def __init__(self, expected: int, actual: int, aggregate_id: "str | None" = None) -> None:
        super().__init__(
            tr(
                "Version {expected} was expected, but {aggregate} is at version {actual}.",
                expected=expected,
                aggregate=tr("the aggregate") if aggregate_id is None else repr(aggregate_id),
                actual=actual,
            ),
            tr("Load the aggregate again and repeat the command."),
        )
        self.expected = expected
        self.actual = actual
        self.aggregate_id = aggregate_id


class InvalidOperationError(AuditorError):
    """The aggregate's rules forbid the command in its present state."""


class DuplicateEvent(AuditorError):
    """An event with this id is in the store already."""


# -- models, projections, trust ----------------------------------------------------------------------------


class ModelError(AuditorError):
    """A state model or a projection cannot be loaded."""


class UpcastError(ModelError):
    """An event cannot be brought into the form that the code knows. `finding` says why in half a sentence; `steps` are
    those that were taken before; `schema_version` is None where it is not known."""

    def __init__(
        self,
        message: str,
        hint: str = "",
        *,
        finding: str = "",
        schema_version: "int | None" = None,
        steps: Sequence[str] = (),
    ) -> None:
        super().__init__(message, hint)
        self.finding = finding or message
        self.schema_version = schema_version
        self.steps = tuple(steps)


class WorkspaceError(ModelError):
    """A workspace file is missing or wrong."""


class ProjectionFailed(ModelError):
    """A projection's handler raised, or its worker ended, at a named event.

    `details` are the facts of the message, for programs: `event`, `handler`, `error`, `traceback`.
    """

    def __init__(self, message: str, hint: str = "", *, details: Mapping[str, Any] | None = None) -> None:
        super().__init__(message, hint)
        self.details: Mapping[str, Any] = details or {}


class RebuildNeeded(ModelError):
    """The live rows of a projection cannot be gone on with: they are those of another store, of other code, or of
    events that the store does not have any more."""


class NotYetProjected(AuditorError):
    """A projection did not reach a position in time. `reached` is how far it has come, `wanted` what was waited for."""

    def __init__(self, message: str, hint: str = "", *, wanted: int = 0, reached: int = 0) -> None:
        super().__init__(message, hint)
        self.wanted = wanted
        self.reached = reached


class NotTrusted(ModelError):
    """A workspace names code that its user has not trusted."""


class ImportStopped(AuditorError):
    """An import ended before the end of its file; `stored` events of it are in the store, whole batches.

    `line` counts from 1; 0 and an empty `field` where the file as a whole is at fault.
    """

    def __init__(
        self, message: str, hint: str = "", *, line: int = 0, field: str = "", stored: int = 0
    ) -> None:
        super().__init__(message, hint)
        self.line = line
        self.field = field
        self.stored = stored


class ImportConflict(ImportStopped):
    """The store has an event with this id and other content. A finding, where a malformed line is a mistake."""
