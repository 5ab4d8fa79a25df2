"""What a store is and how much is in it."""

from dataclasses import dataclass
from typing import Any

from auditor.jobs.origin import Origin
from auditor.jobs.session import Session
from auditor.tasks.context import TaskContext


@dataclass(frozen=True, slots=True, kw_only=True)
class StoreInfoRequest:
    """`estimate` asks for numbers that may be off and cost nothing."""

    origin: Origin
    estimate: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class StoreInfoResult:
    """Counts include what lists hide."""

    location: str
    product: str
    """The database with its version."""
    layout: str
    store_id: str
    events: int
    aggregates: int
    hidden_events: int
    hidden_aggregates: int
    types: dict[str, int]
    """Number of aggregates by type."""
    head: int | None
    estimated: bool
    capabilities: dict[str, Any]
    access: tuple[str, ...]
    """How read-only is ensured, a sentence each."""
    warnings: tuple[str, ...]

    def document(self) -> dict[str, Any]:
        """As JSON has it."""
        return {
            "product": self.product,
            "layout": self.layout,
            "store_id": self.store_id,
            "events": self.events,
            "aggregates": self.aggregates,
            "hidden": {"events": self.hidden_events, "aggregates": self.hidden_aggregates},
            "types": self.types,
            "head": self.head,
            "estimated": self.estimated,
            "capabilities": self.capabilities,
            "access": list(self.access),
            "warnings": list(self.warnings),
        }


def run(session: Session, request: StoreInfoRequest, context: TaskContext) -> StoreInfoResult:
    reader = session.reader
    context.token.raise_if_cancelled()
    info = reader.info(estimate=request.estimate)
    return StoreInfoResult(
        location=reader.location.name,
        product=reader.product,
        layout=reader.layout,
        store_id=reader.store_id,
        events=info.events,
        aggregates=info.aggregates,
        hidden_events=info.hidden_events,
        hidden_aggregates=info.hidden_aggregates,
        types=dict(info.types),
        head=info.head,
        estimated=request.estimate,
        capabilities=dict(reader.capabilities),
        access=tuple(reader.access),
        warnings=tuple(reader.warnings),
    )
