"""The steps of a rebuild, and of catching up, with what is true of each."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from auditor.core.presenter import display
from auditor.core.text import tr

if TYPE_CHECKING:
    from auditor.gui.projections.run import RebuildRun

StepState = Literal["done", "now", "later", "stopped", "failed"]


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a run, and what is true of it."""

    title: str
    note: str
    state: StepState


def steps_of(run: "RebuildRun") -> tuple[Step, ...]:
    """The steps in their order; nothing is told as done before the process said so."""
    is_applied = run.has_started and bool(run.tables) and run.done >= run.total
    reached = [run.has_started, bool(run.tables), is_applied, run.phase == "finished"]
    at = reached.index(False) if False in reached else len(reached)
    named = _catching_up(run, is_applied) if run.catches_up else _rebuilding(run, is_applied)
    return tuple(Step(title, note, _state(run, number, at)) for number, (title, note) in enumerate(named))


def _rebuilding(run: "RebuildRun", is_applied: bool) -> tuple[tuple[str, str], ...]:
    return (
        (
            tr("Target fixed at position {head:,}", head=run.head or 0)
            if run.has_started
            else tr("Fix the target position"),
            tr("later events are not part of this rebuild"),
        ),
        (tr("Shadow tables created") if run.tables else tr("Create shadow tables"), _tables(run)),
        (tr("Events applied") if is_applied else tr("Apply events"), _applied(run)),
        (
            tr("Tables put in place") if run.phase == "finished" else tr("Put tables in place"),
            tr("one transaction, with the checkpoint"),
        ),
    )


def _catching_up(run: "RebuildRun", is_applied: bool) -> tuple[tuple[str, str], ...]:
    found = tr("No rows yet: it begins at the first event")
    if not run.made_tables:
        found = tr("Checkpoint found at position {began:,}", began=run.began_from)
    return (
        (
            found if run.has_started else tr("Find the checkpoint"),
            tr("its tables are made") if run.made_tables else tr("the rows are true there"),
        ),
        (
            tr("Live tables opened") if run.tables else tr("Open the live tables"),
            _tables(run),
        ),
        (tr("Events applied") if is_applied else tr("Apply events"), _applied(run)),
        (
            tr("Come to position {head:,}", head=run.head or 0)
            if run.has_started
            else tr("Come to the end of the store"),
            tr("each batch in one transaction with its checkpoint"),
        ),
    )


def _tables(run: "RebuildRun") -> str:
    return ", ".join(display(name) for name in run.tables)


def _applied(run: "RebuildRun") -> str:
    return tr("{done:,} of {total:,}", done=run.done, total=run.total) if run.tables else ""


def _state(run: "RebuildRun", number: int, at: int) -> StepState:
    if number < at:
        return "done"
    if number > at or run.phase == "waiting":
        return "later"
    if run.phase in ("failed", "died"):
        return "failed"
    return "stopped" if run.phase == "cancelled" else "now"
