"""What the list is, or what it leaves out, in a sentence."""

from auditor.core.presenter import display
from auditor.core.text import tr
from auditor.gui.navigator_feed import AggregateFeed, Listed
from auditor.gui.navigator_model import AggregateModel
from auditor.gui.navigator_parts import LONGEST_SHOWN
from auditor.gui.store_counts import StoreCounts


def what_is_listed(feed: AggregateFeed, model: AggregateModel, counts: StoreCounts) -> str:
    """*41,022 aggregates, newest first*; *filter “abc”: 12 of 41,022*; with *counting…* while a number is missing."""
    total = _total(feed.listed, counts)
    if feed.listed.prefix:
        return _what_is_filtered(feed, model, total)
    order = tr("newest first") if feed.listed.order == "last" else tr("sorted by id")
    if total is None and model.is_whole and not feed.is_replacing:
        total = model.rowCount()
    if total is None and counts.problem:
        return tr("not counted, {order}", order=order)
    if total is None:
        return tr("counting…, {order}", order=order)
    if total == 0:
        return tr("no aggregates")
    if total == 1:
        return tr("1 aggregate")
    return tr("{count:,} aggregates, {order}", count=total, order=order)


def _total(listed: Listed, counts: StoreCounts) -> int | None:
    """Of the type, without the filter."""
    if counts.types is None or listed.aggregate_type is None:
        return counts.aggregates
    return counts.types.get(listed.aggregate_type, 0)


def _what_is_filtered(feed: AggregateFeed, model: AggregateModel, total: int | None) -> str:
    name = tr("filter “{text}”", text=display(feed.listed.prefix, longest=LONGEST_SHOWN))
    if feed.is_replacing:
        return tr("{filter}: reading…", filter=name)
    if model.is_whole:
        rows = f"{model.rowCount():,}"
    elif feed.matching is not None:
        rows = f"{feed.matching:,}"
    else:
        rows = tr("more than {count:,}", count=max(model.rowCount() - 1, 0))
    if total is None:
        return tr("{filter}: {rows}", filter=name, rows=rows)
    return tr("{filter}: {rows} of {total:,}", filter=name, rows=rows, total=total)
