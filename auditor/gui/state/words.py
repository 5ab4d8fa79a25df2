"""Sentences about the state that is shown: what it lacks, whose it is, why there is none."""

from collections.abc import Sequence

from auditor.core.errors import AuditorError
from auditor.core.presenter import display
from auditor.core.state_model import ModelInfo
from auditor.core.text import tr
from auditor.core.timeline import Unapplied
from auditor.core.version_faults import Hole, hole_notes


def incomplete(holes: Sequence[Hole], unapplied: Sequence[Unapplied]) -> tuple[str, str]:
    """Title and sentence of the bar, for a state that lacks something."""
    version = min([one.first for one in holes[:1]] + [one.version for one in unapplied[:1]])
    title = tr("Incomplete from version {version:,}", version=version)
    said = hole_notes(holes)
    if holes:
        said.append(tr("What they set or changed is not known."))
    if unapplied:
        said.append(_not_applied(unapplied))
    return title, " ".join(said)


def _not_applied(unapplied: Sequence[Unapplied]) -> str:
    first = unapplied[0]
    reason = display(first.reason, longest=400).rstrip(".")
    if len(unapplied) == 1:
        said = tr("Event {version:,} was not applied: {reason}.", version=first.version, reason=reason)
        rest = tr("Which fields it would have set is not known; events after it are applied all the same.")
    else:
        said = tr(
            "{count:,} events were not applied: {versions}. The first: {reason}.",
            count=len(unapplied),
            versions=listed([one.version for one in unapplied]),
            reason=reason,
        )
        rest = tr(
            "Which fields they would have set is not known; events after them are applied all the same."
        )
    return f"{said} {rest}"


def incomplete_details(unapplied: Sequence[Unapplied], holes: Sequence[Hole] = ()) -> str:
    """One line an event, for the clipboard; what is not in the store comes first."""
    missing = (tr("{first} to {last}: not in the store", first=hole.first, last=hole.last) for hole in holes)
    return "\n".join([*missing, *(f"{one.version} {one.event_type}: {one.reason}" for one in unapplied)])


def listed(numbers: Sequence[int], most: int = 8) -> str:
    """`44, 52 and 3 more`."""
    text = ", ".join(f"{number:,}" for number in numbers[:most])
    if len(numbers) > most:
        text = tr("{some} and {count:,} more", some=text, count=len(numbers) - most)
    return text


def approximation(aggregate_type: str, version: int) -> tuple[str, str]:
    """Title and sentence of the bar for the generic merge."""
    return (
        tr("Generic merge, an approximation"),
        tr(
            "No model for {type}. {merged}",
            type=display(aggregate_type, longest=60),
            merged=_merged(version),
        ),
    )


def chosen_merge(version: int) -> tuple[str, str]:
    """The same where the user chose it."""
    return (
        tr("Generic merge, an approximation"),
        tr("{merged} The model's own rules are not used.", merged=_merged(version)),
    )


def _merged(version: int) -> str:
    if version <= 1:
        return tr("The state is the data of the first event.")
    return tr("Data of all events up to version {version:,} is merged in order.", version=version)


def ended_at(last_version: int | None, ending: Unapplied | None) -> tuple[str, str]:
    """Title and sentence where an event ended the model's process."""
    title = (
        tr("No state can be shown")
        if last_version is None
        else tr("The state can be shown up to version {version:,}", version=last_version)
    )
    if ending is None:
        return title, ""
    line = tr(
        "The model's process ended at event {version:,}, {type}: {reason}. "
        "Correct the handler, raise the limit, or use the generic merge.",
        version=ending.version,
        type=display(ending.event_type, longest=60),
        reason=display(ending.reason, longest=400).rstrip("."),
    )
    return title, line


def not_trusted() -> tuple[str, str]:
    """Title and sentence where the workspace's code may not run."""
    return (
        tr("The model is not trusted"),
        tr(
            "The workspace names code that folds these events. It runs only after you have reviewed it. "
            "The generic merge needs no code, and is an approximation."
        ),
    )


def model_name(model: ModelInfo) -> str:
    """What stands in the header; the module is in the tool tip, and in the aggregate's own header."""
    if model.kind == "merge":
        return tr("generic merge")
    return tr("model {name}", name=display(model.name, longest=60))


def model_tip(model: ModelInfo) -> str:
    """Kind, module and hash, one a line."""
    lines = [display(model.name), tr("State model: {kind}", kind=model.kind)]
    if model.module:
        lines.append(tr("Module {module}", module=display(model.module)))
    if model.sha256:
        lines.append(tr("SHA-256 of the file {sha256}", sha256=model.sha256))
    return "\n".join(lines)


def error_line(error: Exception) -> tuple[str, str]:
    """What happened, and why or what to do."""
    if isinstance(error, AuditorError):
        return error.message, error.hint
    return (
        tr("A mistake of the program: {kind}", kind=type(error).__name__),
        tr("A report was written. What you did before is not lost; the store is unchanged."),
    )


def set_by_progress(done: int, total: int) -> str:
    """In the head of the column, while a long history is gone through."""
    return tr("Set by: reading {done:,} of {total:,}", done=done, total=total)


def set_by_failed(error: Exception) -> str:
    return tr("Set by: not known. {why}", why=error_line(error)[0])


def set_by_ended(ordinal: int) -> str:
    return tr("Set by: not known, the model ended after event {ordinal:,}", ordinal=ordinal)
