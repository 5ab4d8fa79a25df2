"""The verb that catches a projection up."""

import argparse
from typing import TYPE_CHECKING, Any

from auditor.cli.commands_view import opened
from auditor.cli.diagnostics import ExitCode
from auditor.cli.ndjson import Tell, in_ndjson, json_value
from auditor.cli.output import Cell, Span, Tone
from auditor.cli.terminal import Terminal
from auditor.core.presenter import display_events
from auditor.core.rebuild import RebuildEvent
from auditor.core.text import tr
from auditor.jobs.perform import perform
from auditor.tasks.context import TaskContext

if TYPE_CHECKING:
    from auditor.jobs.project import ProjectResult


def project(options: argparse.Namespace, terminal: Terminal) -> ExitCode:
    if options.progress == "ndjson":
        return in_ndjson(terminal, lambda context, tell: _projected(options, terminal, context, tell).stopped)
    with terminal.context(lines=True, plain=options.progress == "plain") as context:
        result = _projected(options, terminal, context, _Following(options, terminal))
    if terminal.output.as_json:
        terminal.output.document(project_document(result))
    else:
        show_project(terminal, result)
    if not result.stopped:
        return ExitCode.ANSWERED
    return terminal.diagnostics.interrupted(_stopped(result))


class _Following:
    """Says once that it has caught up and goes on."""

    def __init__(self, options: argparse.Namespace, terminal: Terminal) -> None:
        self._name = options.name
        self._terminal = terminal
        self._said = False

    def __call__(self, event: RebuildEvent) -> None:
        if event.kind == "caught-up" and not self._said:
            self._said = True
            said = tr(
                "{name} has caught up, at position {position:,}. Following the store; Ctrl-C ends it.",
                name=self._name,
                position=event.position or 0,
            )
            self._terminal.diagnostics.clear_bar()
            self._terminal.diagnostics.line(said)


def _projected(
    options: argparse.Namespace, terminal: Terminal, context: TaskContext, tell: Tell
) -> "ProjectResult":
    from auditor.jobs import project as project_job

    with opened(options, terminal, context) as session:
        request = project_job.ProjectRequest(
            origin=terminal.origin(), name=options.name, follow=options.follow, on_event=tell
        )
        return perform(project_job.run, session, request, context)


def project_document(result: "ProjectResult") -> dict[str, Any]:
    document: dict[str, Any] = json_value(
        {
            "name": result.name,
            "target": result.target,
            "store_id": result.store_id,
            "from": result.began,
            "position": result.position,
            "head": result.head,
            "events": result.events,
            "rows": result.rows,
            "tables": dict(result.tables),
            "unknown": dict(result.unknown),
            "made": result.made,
            "caught_up": result.at_end,
            "stopped": result.stopped,
            "seconds": round(result.seconds, 3),
            "model": None if result.model is None else result.model._asdict(),
        }
    )
    return document


def show_project(terminal: Terminal, result: "ProjectResult") -> None:
    if result.stopped and not result.events:
        return
    rate = result.events / result.seconds if result.seconds > 0 else 0
    written = tr("{rows:,} written or deleted", rows=result.rows)
    facts: list[tuple[str, Cell]] = [
        (tr("projection"), Span(result.name, Tone.STRONG)),
        (tr("before"), _before(result)),
        (tr("now"), tr("position {position:,} of {head:,}", position=result.position, head=result.head)),
        (
            tr("events"),
            tr(
                "{events} in {seconds:.1f} s ({rate:,.0f}/s)",
                events=display_events(result.events),
                seconds=result.seconds,
                rate=rate,
            ),
        ),
        (tr("rows"), written),
    ]
    facts += [
        (tr("table"), tr("{table}: {rows:,} rows", table=table, rows=rows))
        for table, rows in result.tables.items()
        if rows is not None
    ]
    terminal.output.facts(facts)
    terminal.output.blank()
    told = tr("True at position {position:,}, in {file}", position=result.position, file=result.target)
    terminal.output.line(Span(told, Tone.QUIET))


def _before(result: "ProjectResult") -> str:
    if result.made:
        return tr("no rows yet: its tables were made, and it began at the first event")
    if not result.events:
        return tr("position {position:,}: nothing was to do", position=result.began)
    return tr("position {position:,}", position=result.began)


def _stopped(result: "ProjectResult") -> str:
    if not result.position:
        return tr("Stopped before anything was written.")
    return tr(
        "Stopped between two batches. The rows of {name} are true at position {position:,}; it goes on from there.",
        name=result.name,
        position=result.position,
    )


COMMANDS = {"project": project}
