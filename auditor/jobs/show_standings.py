"""How a model stands to the types of an aggregate's events: which it handles, ignores, or does not know."""

from collections.abc import Mapping
from dataclasses import dataclass

from auditor.jobs.check_aggregate import TypeStanding, ordered
from auditor.jobs.origin import Origin
from auditor.jobs.session import Session
from auditor.tasks.context import TaskContext


@dataclass(frozen=True, slots=True, kw_only=True)
class StandingsRequest:
    """`counts`: the types, with how many events there are of each."""

    origin: Origin
    aggregate_type: str
    counts: Mapping[str, int]
    model: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StandingsResult:
    """Most events first."""

    types: tuple[TypeStanding, ...]


def run(session: Session, request: StandingsRequest, context: TaskContext) -> StandingsResult:
    """Raises: WrongRequest for an unknown model, ModelError, NotTrusted."""
    context.token.raise_if_cancelled()
    service = session.fold_service(request.aggregate_type, request.model)
    return StandingsResult(types=ordered(request.counts, service.standings(list(request.counts))))
