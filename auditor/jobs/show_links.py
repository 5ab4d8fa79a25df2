"""What caused an event, up to the first cause, what it caused in turn, and what else has its correlation."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from auditor.core.causation import Bounds, Causes, Effect, causes_of, effects_of
from auditor.core.presenter import display
from auditor.core.text import tr
from auditor.jobs.session import Session
from auditor.jobs.show_event import ShowEventRequest, require_one_event
from auditor.tasks.context import TaskContext

if TYPE_CHECKING:
    from auditor.stores.pages import EventLink

MOST_CORRELATED = 100
DEEPEST = 100
BOUNDS = Bounds()


@dataclass(frozen=True, slots=True, kw_only=True)
class ShowLinksRequest(ShowEventRequest):
    """`depth` levels of effects, no more than 100, and at most `most` of them.

    To go on with what an answer left out, `after` is the position of the last of the event's own effects that is
    known, `correlated_after` that of the last event of its correlation.
    """

    depth: int = BOUNDS.depth
    most: int = BOUNDS.total
    after: int | None = None
    correlated_after: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LinksResult:
    """`tree` is the event itself with its effects. `correlated` are the first events of its correlation, itself among
    them, `more_correlated` how many there are beyond."""

    causes: "Causes[EventLink]"
    tree: "Effect[EventLink]"
    correlation_id: str | None
    correlated: "tuple[EventLink, ...]"
    more_correlated: int
    store_id: str
    head: int | None

    @property
    def event(self) -> "EventLink":
        return self.tree.link

    def end_said(self) -> str:
        """Why the chain of causes ends where it does, for people; empty where that is the first cause."""
        causes = self.causes
        end = display(causes.end_id or "", longest=80)
        if causes.end == "missing":
            return tr("The causing event {id} is not in this store.", id=end)
        if causes.end == "cut":
            return tr(
                "There are more causes than {count:,}; the next one is {id}.", count=len(causes.chain), id=end
            )
        if causes.end == "circle" and not causes.chain:
            return tr("This event names itself as its cause.")
        if causes.end == "circle" and causes.end_id == causes.chain[-1].event_id:
            return tr("The first one, {id}, names itself as its cause.", id=end)
        if causes.end == "circle":
            return tr(
                "The causes go round in a circle: the first one names {id}, which stands here already.",
                id=end,
            )
        return ""

    def document(self) -> dict[str, Any]:
        """As JSON has it."""
        end = {"kind": self.causes.end, "event_id": self.causes.end_id}
        return {
            "event": self.event._asdict(),
            "causes": [link._asdict() for link in self.causes.chain],
            "causes_end": end,
            "effects": [_effect_document(one) for one in self.tree.effects],
            "more": self.tree.more,
            "after": _after(self.tree),
            "correlation_id": self.correlation_id,
            "correlated": [link._asdict() for link in self.correlated],
            "more_correlated": self.more_correlated,
            "store_id": self.store_id,
            "head": self.head,
        }


def _effect_document(effect: "Effect[EventLink]") -> dict[str, Any]:
    """Not deeper than the request's bound."""
    return {
        **effect.link._asdict(),
        "repeats": effect.repeats,
        "effects": [_effect_document(one) for one in effect.effects],
        "more": effect.more,
        "after": _after(effect),
    }


def _after(effect: "Effect[EventLink]") -> int | None:
    """Where to go on with its effects; None where that is at the beginning, or all are here."""
    return effect.effects[-1].link.position if effect.more and effect.effects else None


def run(session: Session, request: ShowLinksRequest, context: TaskContext) -> LinksResult:
    """Raises: AggregateNotFound; WrongRequest for an event that is not there; StoreDamaged; Cancelled."""
    context.token.raise_if_cancelled()
    require_one_event(request)
    reader = session.reader
    with reader.one_moment():
        if request.aggregate_id is not None:
            reader.aggregate(request.aggregate_id, aggregate_type=request.aggregate_type)
        event, correlation_id = reader.links.find(
            aggregate_id=request.aggregate_id,
            ordinal=request.ordinal,
            version=request.version,
            event_id=request.event_id,
        )
        causes = causes_of(reader.links, event, BOUNDS.causes)
        bounds = Bounds(depth=min(request.depth, DEEPEST), total=request.most)
        tree = effects_of(reader.links, event.link, causes.chain, bounds, request.after)
        correlated, count = (
            ([], 0)
            if correlation_id is None
            else reader.links.correlated(correlation_id, MOST_CORRELATED, request.correlated_after)
        )
        head = reader.head()
    return LinksResult(
        causes=causes,
        tree=tree,
        correlation_id=correlation_id,
        correlated=tuple(correlated),
        more_correlated=count - len(correlated),
        store_id=reader.store_id,
        head=head,
    )
