"""The events between two states as rows: runs that changed nothing are folded into one."""

from collections.abc import Container, Mapping
from typing import TYPE_CHECKING, NamedTuple

from auditor.core.presenter import display
from auditor.core.text import tr
from auditor.gui.compare.words import path_text
from auditor.gui.history import History

if TYPE_CHECKING:
    from auditor.jobs.changes_between import EventChanges

LEAST_FOLDED = 2


class BetweenRow(NamedTuple):
    """One event, or a run of events without a change; `first` is `last` for one. `text` says what was changed, and
    nothing while that is not known."""

    first: int
    last: int
    event_type: str
    """Of a run the type, if all have the same."""
    text: str
    has_changes: bool
    is_applied: bool = True

    @property
    def is_run(self) -> bool:
        return self.first != self.last


def between_rows(
    history: History,
    ordinals: range,
    changes: "Mapping[int, EventChanges]",
    known: Container[int],
    *,
    has_ended: bool = False,
) -> list[BetweenRow]:
    """In the order of the events. Of those not in `known` nothing is known yet (or never, if it `has_ended`)."""
    rows: list[BetweenRow] = []
    run: list[int] = []

    def close_run() -> None:
        if len(run) >= LEAST_FOLDED:
            types = {history.event_type(ordinal) for ordinal in run}
            name = types.pop() or "" if len(types) == 1 else ""
            text = tr("{count:,} events, no field changed", count=len(run))
            rows.append(BetweenRow(run[0], run[-1], name, text, has_changes=False))
        else:
            rows.extend(
                BetweenRow(one, one, history.event_type(one) or "", tr("no field changed"), has_changes=False)
                for one in run
            )
        run.clear()

    for ordinal in ordinals:
        found = changes.get(ordinal)
        if ordinal in history.unapplied:
            close_run()
            rows.append(_unapplied(history, ordinal, found))
            continue
        if found is None and ordinal in known:
            if run and history.event_type(run[-1]) != history.event_type(ordinal):
                close_run()
            run.append(ordinal)
            continue
        close_run()
        unknown = tr("not known: the model's process ended") if has_ended else ""
        text = unknown if found is None else changes_text(found)
        name = history.event_type(ordinal) or ""
        rows.append(BetweenRow(ordinal, ordinal, name, text, has_changes=found is not None))
    close_run()
    return rows


def _unapplied(history: History, ordinal: int, found: "EventChanges | None") -> BetweenRow:
    """What a handler had changed before it raised stays."""
    text = tr("not applied")
    if found is not None:
        text = tr("not applied, but {fields}", fields=changes_text(found))
    name = history.event_type(ordinal) or ""
    return BetweenRow(ordinal, ordinal, name, text, has_changes=True, is_applied=False)


def changes_text(found: "EventChanges") -> str:
    """`total, items[1].quantity and 2 more`."""
    text = ", ".join(path_text(pointer) for _, pointer in found.named)
    if found.total > len(found.named):
        return tr("{some} and {count:,} more", some=text, count=found.total - len(found.named))
    return text


def versions_text(history: History, row: BetweenRow) -> str:
    """`52`, or of a run `32–39`."""
    first = f"{history.version(row.first) or 0:,}"
    return first if not row.is_run else f"{first}\N{EN DASH}{history.version(row.last) or 0:,}"


def type_text(row: BetweenRow) -> str:
    return display(row.event_type) if row.event_type else tr("several types")
