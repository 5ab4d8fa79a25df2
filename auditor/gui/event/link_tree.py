"""Causes and effects as far as they were asked for; what was left out can be added."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from auditor.core.causation import Effect
    from auditor.jobs.show_links import LinksResult
    from auditor.stores.pages import EventLink


@dataclass(slots=True)
class Branch:
    """An event with the effects of it that are here; `more` are not."""

    link: "EventLink"
    more: int
    repeats: bool
    below: "list[Branch]" = field(default_factory=list)

    @property
    def after(self) -> int | None:
        """The position beyond which its other effects stand."""
        return self.below[-1].link.position if self.below else None


class LinkTree:
    """The answer for one event, and the answers that went on with it."""

    def __init__(self, result: "LinksResult") -> None:
        self.result = result
        self.root = _branch(result.tree)
        self.correlated = list(result.correlated)
        self.more_correlated = result.more_correlated

    def branch(self, event_id: str) -> Branch | None:
        """The one whose effects are followed; where an event stands twice, that is its first place."""
        pending = [self.root]
        for one in pending:
            if one.link.event_id == event_id and not one.repeats:
                return one
            pending.extend(one.below)
        return None

    def add_effects(self, further: "LinksResult") -> None:
        """Further ones of the event that the answer is about."""
        branch = self.branch(further.event.event_id)
        if branch is not None:
            branch.below += [_branch(one) for one in further.tree.effects]
            branch.more = further.tree.more

    def add_correlated(self, further: "LinksResult") -> None:
        self.correlated += further.correlated
        self.more_correlated = further.more_correlated


def _branch(effect: "Effect[EventLink]") -> Branch:
    """No deeper than the job has followed."""
    return Branch(effect.link, effect.more, effect.repeats, [_branch(one) for one in effect.effects])
