"""Causes and effects as rows: the next ones beside the fields, all of them as a tree."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from auditor.core.presenter import display
from auditor.core.text import tr
from auditor.gui.clock import Clock
from auditor.gui.event.fact import Fact

if TYPE_CHECKING:
    from auditor.gui.event.link_tree import Branch, LinkTree
    from auditor.jobs.show_event import EventResult
    from auditor.stores.pages import EventLink

MOST_BESIDE = 10
TREE, CORRELATED = "tree", "correlated"
"""What the row leads to, or asks for more of."""


def linked_facts(result: "EventResult") -> Iterator[Fact]:
    """The cause and the first effects; a row that opens all of them."""
    yield Fact("group", tr("Causation"), has_times=result.cause is not None or bool(result.effects))
    if result.cause is not None:
        yield link_fact(result.cause, is_cause=True)
    elif result.cause_missing:
        yield Fact("note", missing_cause(result), result.causation_id, "/metadata/causation_id")
    for effect in result.effects[:MOST_BESIDE]:
        yield link_fact(effect, is_cause=False)
    if result.cause is None and not result.cause_missing and not result.effects:
        yield Fact("note", tr("It names no cause, and no event of this store names it as theirs."))
    left = len(result.effects) - MOST_BESIDE + result.more_effects
    if left > 0:
        said = tr("{count:,} more effects, all as a tree", count=left)
    elif result.cause is not None or result.effects:
        said = tr("All causes and effects as a tree")
    elif result.correlated > 1:
        said = tr("All events of this correlation")
    else:
        return
    yield Fact("open", said, key=TREE)


def missing_cause(result: "EventResult") -> str:
    """Names the id that nothing in the store has."""
    return tr(
        "The causing event {id} is not in this store.", id=display(result.causation_id or "", longest=80)
    )


def link_fact(
    link: "EventLink", *, is_cause: bool, part: str = "", below: tuple[Fact, ...] = (), is_here: bool = False
) -> Fact:
    return Fact(
        "link",
        link.event_type,
        link.event_id,
        link=link,
        is_cause=is_cause,
        key=f"{part}link:{link.event_id}",
        below=below,
        is_here=is_here,
    )


def tree_facts(tree: "LinkTree") -> list[Fact]:
    """The first cause at the top, the event itself, its effects each under its cause, and its correlation."""
    result, rows = tree.result, list[Fact]()
    causes = result.causes.chain
    rows.append(Fact("group", tr("Causes, {count:,}", count=len(causes)), has_times=bool(causes)))
    if said := result.end_said():
        rows.append(Fact("note", said))
    elif not causes:
        rows.append(Fact("note", tr("It names no cause.")))
    rows += [link_fact(link, is_cause=True) for link in reversed(causes)]
    rows.append(Fact("group", tr("This event")))
    rows.append(link_fact(result.event, is_cause=False, is_here=True))
    count = len(tree.root.below) + tree.root.more
    rows.append(Fact("group", tr("Effects, {count:,}", count=count), has_times=bool(count)))
    if not count:
        rows.append(Fact("note", tr("No event of this store names it as its cause.")))
    rows += _below(tree.root)
    if result.correlation_id is not None:
        rows += _correlated(tree, result.correlation_id)
    return rows


def _below(branch: "Branch") -> tuple[Fact, ...]:
    """No deeper than the job has followed."""
    rows = []
    for one in branch.below:
        below: tuple[Fact, ...] = _below(one)
        if one.repeats:
            below = (Fact("note", tr("It stands above already: the causes go round in a circle.")),)
        rows.append(link_fact(one.link, is_cause=False, below=below))
    if branch.more:
        rows.append(more_fact(branch.more, f"effects:{branch.link.event_id}"))
    return tuple(rows)


def more_fact(count: int, key: str) -> Fact:
    return Fact("more", tr("{count:,} more", count=count), key=key)


def _correlated(tree: "LinkTree", correlation_id: str) -> Iterator[Fact]:
    count = len(tree.correlated) + tree.more_correlated
    name = tr("Same correlation, {count:,}", count=count)
    yield Fact("group", name, has_times=True)
    yield Fact("field", tr("correlation"), correlation_id, "/metadata/correlation_id")
    for link in tree.correlated:
        here = link.event_id == tree.result.event.event_id
        yield link_fact(link, is_cause=False, part="correlated-", is_here=here)
    if tree.more_correlated:
        yield more_fact(tree.more_correlated, CORRELATED)


def spoken_link(fact: Fact, clock: Clock) -> str:
    """The row for screen readers."""
    link = fact.link
    assert link is not None  # noqa: S101 - asked of links alone
    if fact.is_here:
        pattern = tr("this event: {type}, version {version:,} of {aggregate}, {time}")
    elif fact.is_cause:
        pattern = tr("caused by {type}, version {version:,} of {aggregate}, {time}")
    elif fact.key.startswith("correlated-"):
        pattern = tr("of the same correlation: {type}, version {version:,} of {aggregate}, {time}")
    else:
        pattern = tr("caused {type}, version {version:,} of {aggregate}, {time}")
    return pattern.format(
        type=display(link.event_type),
        version=link.version,
        aggregate=display(f"{link.aggregate_type} {link.aggregate_id}"),
        time=clock.second(link.timestamp),
    )
