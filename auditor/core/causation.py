"""What caused an event and what it caused: the chain up to the first cause and the tree down, both within bounds."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, Literal, Protocol, TypeVar


class Link(Protocol):
    """An event, as one can be led to it."""

    @property
    def event_id(self) -> str: ...


L = TypeVar("L", bound=Link)

ChainEnd = Literal["first", "missing", "circle", "cut"]
"""The last cause names none itself; the one it names is not there; it is one that stands in the chain already; there
are more of them than were asked for."""


@dataclass(frozen=True, slots=True)
class NamedCause(Generic[L]):
    """An event with the id of the event that it names as its cause."""

    link: L
    cause_id: str | None


@dataclass(frozen=True, slots=True)
class Causes(Generic[L]):
    """From the direct cause up. `end_id` is the id of the event at which the chain is not followed, None at `first`."""

    chain: tuple[L, ...]
    end: ChainEnd
    end_id: str | None


@dataclass(frozen=True, slots=True)
class Effect(Generic[L]):
    """An event that was caused. Of its own effects the first ones stand here, `more` is how many do not.

    `repeats`: it stands above already, as the causes go round in a circle; its effects are not followed again.
    """

    link: L
    effects: "tuple[Effect[L], ...]"
    more: int
    repeats: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """How far is followed: causes up, levels down, effects of one event, effects in all."""

    causes: int = 100
    depth: int = 20
    breadth: int = 100
    total: int = 1000


class LinkSource(Protocol[L]):
    """Where events are found by what links them."""

    def by_id(self, event_id: str) -> NamedCause[L] | None: ...

    def count_effects(self, event_ids: Sequence[str], after: int | None) -> Mapping[str, int]:
        """How many events name each of these as their cause, beyond a position; without those that have none."""

    def effects(
        self, wanted: Mapping[str, int], counts: Mapping[str, int], after: int | None
    ) -> Mapping[str, Sequence[L]]:
        """By cause, the first `wanted` of its `counts` effects in the order of positions."""


def causes_of(source: LinkSource[L], event: NamedCause[L], most: int) -> Causes[L]:
    """Cost: one question a cause."""
    chain: list[L] = []
    seen, wanted = {event.link.event_id}, event.cause_id
    while wanted is not None:
        if wanted in seen:
            return Causes(tuple(chain), "circle", wanted)
        found = source.by_id(wanted)
        if found is None:
            return Causes(tuple(chain), "missing", wanted)
        if len(chain) >= most:
            return Causes(tuple(chain), "cut", wanted)
        seen.add(wanted)
        chain.append(found.link)
        wanted = found.cause_id
    return Causes(tuple(chain), "first", None)


class _Node(Generic[L]):
    def __init__(self, link: L, repeats: bool = False) -> None:
        self.link = link
        self.repeats = repeats
        self.count = 0
        self.below: list[_Node[L]] = []


def effects_of(
    source: LinkSource[L], event: L, above: Sequence[L], bounds: Bounds, after: int | None = None
) -> Effect[L]:
    """The event with its effects, level by level; of its own only those beyond the position `after`.

    `above` are its causes: one of them among the effects closes a circle. Where not all can be had, earlier events get
    their effects first. Cost: two questions a level, and one for each event that has more effects than are wanted.
    """
    root: _Node[L] = _Node(event)
    seen = {event.event_id, *(link.event_id for link in above)}
    level, left = [root], bounds.total
    for depth in range(bounds.depth + 1):
        counts = source.count_effects([node.link.event_id for node in level], after if depth == 0 else None)
        wanted: dict[str, int] = {}
        for node in level:
            node.count = counts.get(node.link.event_id, 0)
            share = min(node.count, bounds.breadth, left) if depth < bounds.depth else 0
            if share:
                wanted[node.link.event_id] = share
                left -= share
        found = source.effects(wanted, counts, after if depth == 0 else None) if wanted else {}
        for node in level:
            for link in found.get(node.link.event_id, ()):
                node.below.append(_Node(link, link.event_id in seen))
                seen.add(link.event_id)
        level = [child for node in level for child in node.below if not child.repeats]
        if not level:
            break
    return _frozen(root)


def _frozen(root: "_Node[L]") -> "Effect[L]":
    """From the bottom up: no recursion, whatever the bounds."""
    order = [root]
    for node in order:
        order.extend(node.below)
    made: dict[int, Effect[L]] = {}
    for node in reversed(order):
        effects = tuple(made.pop(id(child)) for child in node.below)
        made[id(node)] = Effect(node.link, effects, max(node.count - len(effects), 0), node.repeats)
    return made[id(root)]
