"""What is said of a run, a rebuild or one that catches up, in each of its phases."""

from auditor.core.presenter import display, display_events
from auditor.core.text import tr
from auditor.gui.projections.run import RebuildRun
from auditor.gui.projections.words import count_rows, took_text


def heading(run: RebuildRun) -> tuple[str, str, str, str]:
    """Title, line, icon and its tone."""
    name = display(run.name, longest=60)
    if run.phase == "waiting":
        return tr("{name} waits", name=name), tr("for the run before it"), "behind", "text2"
    if run.phase == "finished":
        title = (
            tr("{name} has caught up", name=name) if run.catches_up else tr("{name} was rebuilt", name=name)
        )
        return title, _came_to(run), "check", "add"
    if run.phase == "cancelled":
        at = tr("at event {done:,} of {total:,}", done=run.done, total=run.total)
        return _cancelled(run, name), at if run.has_started else tr("before it began"), "stopped", "text2"
    if run.phase == "died":
        at = tr("its process ended at event {done:,} of {total:,}", done=run.done, total=run.total)
        title = (
            tr("Catching up of {name} broke off", name=name)
            if run.catches_up
            else tr("Rebuild of {name} broke off", name=name)
        )
        return title, at if run.has_started else tr("its process ended at once"), "warning", "fail"
    title = work(run)
    if run.phase == "cancelling":
        return title, tr("stops after the batch at work"), "", ""
    if run.catches_up:
        return title, tr("in the live tables; each batch comes with its checkpoint"), "", ""
    return title, tr("into shadow tables; the live tables change once, at the end"), "", ""


def work(run: RebuildRun) -> str:
    """Its name as one that is under way."""
    name = display(run.name, longest=60)
    return tr("Catching up of {name}", name=name) if run.catches_up else tr("Rebuild of {name}", name=name)


def _cancelled(run: RebuildRun, name: str) -> str:
    if run.catches_up:
        return tr("Catching up of {name} stopped", name=name)
    return tr("Rebuild of {name} cancelled", name=name)


def _came_to(run: RebuildRun) -> str:
    built = ", ".join(f"{display(table)} {count_rows(rows)}" for table, rows in run.built.items())
    if run.catches_up and not run.done:
        return tr("there was nothing to do; {built}", built=built)
    return tr(
        "{events} in {time}; {built}",
        events=display_events(run.done),
        time=took_text(run.seconds),
        built=built,
    )


def failed_title(run: RebuildRun) -> str:
    name = display(run.name, longest=60)
    event = run.failure.event if run.failure else None
    if event is None:
        if run.catches_up:
            return tr("{name} cannot be caught up", name=name)
        return tr("Rebuild of {name} could not be done", name=name)
    if run.catches_up:
        return tr(
            "Catching up of {name} stopped at position {position:,}", name=name, position=event.position
        )
    return tr("Rebuild of {name} stopped at position {position:,}", name=name, position=event.position)


def what_holds(run: RebuildRun) -> str:
    """What is certain, now or afterwards. A rebuild that was stopped is not gone on with: the next starts afresh."""
    name = display(run.name, longest=60)
    if run.phase == "waiting":
        return tr("Nothing of {name} has been touched.", name=name)
    if run.phase == "finished":
        return tr("The rows are true at position {position:,} of the store.", position=run.position or 0)
    if run.phase == "cancelled":
        message = run.message or kept_rows(run)
        return f"{message} {run.hint}".strip()
    if run.phase == "died":
        if run.catches_up:
            return tr(
                "Rows and checkpoint are written in one transaction and agree. The list above says how far they came; "
                "the next run goes on from there."
            )
        return tr(
            "Tables and checkpoint are put in place in one transaction: the rows of {name} are as they were before, "
            "or, if that was done already, complete. The list above says which.",
            name=name,
        )
    if run.catches_up:
        return tr(
            "A kill now loses nothing: rows and checkpoint are written in one transaction, and the next run goes on "
            "from there."
        )
    return tr(
        "A kill now loses at most this rebuild: the live tables stay as they are until its end, and the next rebuild "
        "begins again at the first event."
    )


def kept_rows(run: RebuildRun) -> str:
    """What is true of the live rows after it stopped before its end."""
    name = display(run.name, longest=60)
    if run.catches_up and run.position:
        return tr("The rows of {name} are true at position {position:,}.", name=name, position=run.position)
    if run.catches_up:
        return tr("The rows of {name} are true at their checkpoint.", name=name)
    return tr("The rows of {name} are as they were before.", name=name)


def said(run: RebuildRun) -> str:
    """In the status bar, once it is over."""
    name = display(run.name, longest=40)
    if run.catches_up:
        told = {
            "finished": tr("{name} has caught up", name=name),
            "cancelled": tr("Catching up of {name} was stopped", name=name),
        }
        return told.get(run.phase, tr("Catching up of {name} failed", name=name))
    told = {
        "finished": tr("{name} was rebuilt", name=name),
        "cancelled": tr("The rebuild of {name} was cancelled", name=name),
    }
    return told.get(run.phase, tr("The rebuild of {name} failed", name=name))


def task_name(run: RebuildRun) -> str:
    """In the status bar, while it runs."""
    name = display(run.name, longest=40)
    return tr("Catch up {name}", name=name) if run.catches_up else tr("Rebuild {name}", name=name)
