"""The verbs that make something beside the viewed store: copy, import, rebuild, demo."""

import argparse
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from auditor.cli.commands_view import opened
from auditor.cli.commands_window import NoWindow, show
from auditor.cli.diagnostics import ExitCode
from auditor.cli.ndjson import in_ndjson, json_value
from auditor.cli.output import Cell, Column, Span, Tone
from auditor.cli.passwords import with_password
from auditor.cli.terminal import Terminal
from auditor.core.errors import WrongRequest
from auditor.core.rebuild import RebuildEvent
from auditor.core.server_address import is_server_address
from auditor.core.text import tr
from auditor.jobs import copy_store, import_events
from auditor.jobs.perform import perform, perform_alone
from auditor.tasks.context import TaskContext

if TYPE_CHECKING:
    from auditor.jobs.rebuild import RebuildResult


def copy(options: argparse.Namespace, terminal: Terminal) -> ExitCode:
    request = copy_store.CopyStoreRequest(
        origin=terminal.origin(), source=options.store, target=Path(options.to)
    )
    with terminal.context(lines=True) as context:
        report = perform_alone(copy_store.run, request, context)
    for note in report.notes:
        terminal.diagnostics.warning(note)
    if terminal.output.as_json:
        terminal.output.document(
            {
                "target": str(report.target),
                "files": [file._asdict() for file in report.files],
                "written_meanwhile": report.written_meanwhile,
                "recovered": report.recovered,
                "notes": list(report.notes),
            }
        )
        return ExitCode.ANSWERED
    terminal.output.line(tr("The copy is {path}.", path=report.target))
    terminal.output.blank()
    columns = [
        Column(title=tr("file")),
        Column(title=tr("bytes"), right=True),
        Column(title=tr("SHA-256")),
    ]
    rows: list[list[Cell]] = [[file.name, f"{file.size:,}", file.sha256_before] for file in report.files]
    terminal.output.table(columns, rows)
    after = (
        tr("Another program wrote to the store while it was copied.")
        if report.written_meanwhile
        else tr("The same after copying.")
    )
    terminal.output.line(Span(after, Tone.WARNING if report.written_meanwhile else Tone.GOOD))
    return ExitCode.ANSWERED


def import_(options: argparse.Namespace, terminal: Terminal) -> ExitCode:
    request = import_events.ImportRequest(
        origin=terminal.origin(),
        store=options.store,
        file=Path(options.file),
        create=options.create,
        continue_on_error=options.continue_on_error,
    )
    with terminal.context(lines=True) as context:

        def imported_with(password: str | None) -> import_events.ImportResult:
            return perform_alone(import_events.run, replace(request, password=password), context)

        result = with_password(options.store, terminal.diagnostics, imported_with)
    code = ExitCode.FINDING if result.conflicts else ExitCode.ANSWERED
    if terminal.output.as_json:
        terminal.output.document(import_document(result))
        return code
    show_import(terminal, result)
    return code


def import_document(result: import_events.ImportResult) -> dict[str, object]:
    aside = result.set_aside
    return {
        "store_id": result.store_id,
        "created": result.created,
        "lines": result.lines,
        "stored": result.stored,
        "known": result.known,
        "conflicts": result.conflicts,
        "set_aside": None
        if aside is None
        else {
            "path": str(aside.path),
            "lines": aside.lines,
            "reasons": aside.reasons,
            "first": [
                {"line": one.line, "field": one.field, "refusal": one.refusal, "reason": one.reason}
                for one in aside.first
            ],
        },
        "end_position": result.end_position,
        "seconds": round(result.seconds, 3),
    }


def show_import(terminal: Terminal, result: import_events.ImportResult) -> None:
    rate = f" ({result.stored / result.seconds:,.0f}/s)" if result.seconds > 0 and result.stored else ""
    facts: list[tuple[str, Cell]] = [
        (tr("store"), Span(result.store, Tone.STRONG)),
        (tr("stored"), tr("{count:,} events{rate}", count=result.stored, rate=rate)),
    ]
    if result.known:
        facts.append((tr("known"), tr("{count:,} events were in the store already", count=result.known)))
    if result.end_position is not None:
        facts.append((tr("end"), tr("position {at:,}", at=result.end_position)))
    if result.set_aside is not None:
        aside = tr("{count:,} lines, in {path}", count=result.set_aside.lines, path=result.set_aside.path)
        facts.append((tr("set aside"), Span(aside, Tone.WARNING)))
    if result.conflicts:
        conflicts = tr("{count:,} known event ids with other content", count=result.conflicts)
        facts.append((tr("conflicts"), Span(conflicts, Tone.BAD)))
    terminal.output.facts(facts)
    if result.set_aside is None:
        return
    terminal.output.blank()
    columns = [Column(title=tr("line"), right=True), Column(title=tr("field")), Column(title=tr("reason"))]
    rows: list[list[Cell]] = [
        [f"{one.line:,}", one.field or "–", one.reason] for one in result.set_aside.first
    ]
    terminal.output.table(columns, rows)
    if result.set_aside.lines > len(rows):
        terminal.output.line(
            Span(tr("Showing {shown:,} of {all:,}.", shown=len(rows), all=result.set_aside.lines), Tone.QUIET)
        )


def rebuild(options: argparse.Namespace, terminal: Terminal) -> ExitCode:
    if options.progress == "ndjson":
        return in_ndjson(terminal, lambda context, tell: _rebuilt(options, terminal, context, tell).paused)
    with terminal.context(lines=True, plain=options.progress == "plain") as context:
        result = _rebuilt(options, terminal, context, lambda _: None)
    if terminal.output.as_json:
        terminal.output.document(rebuild_document(result))
    else:
        show_rebuild(terminal, result)
    if not result.paused:
        return ExitCode.ANSWERED
    terminal.diagnostics.line(result.stopped)
    return terminal.diagnostics.interrupted()


def _rebuilt(
    options: argparse.Namespace,
    terminal: Terminal,
    context: TaskContext,
    on_event: Callable[[RebuildEvent], None],
) -> "RebuildResult":
    from auditor.jobs import rebuild as rebuild_job

    with opened(options, terminal, context) as session:
        request = rebuild_job.RebuildRequest(
            origin=terminal.origin(), names=tuple(options.names), on_event=on_event
        )
        return perform(rebuild_job.run, session, request, context)


def rebuild_document(result: "RebuildResult") -> dict[str, Any]:
    document: dict[str, Any] = json_value(
        {
            "store_id": result.store_id,
            "position": result.position,
            "events": result.events,
            "seconds": round(result.seconds, 3),
            "paused": result.paused,
            "stopped": result.stopped or None,
            "projections": [
                {
                    "name": one.name,
                    "target": one.target,
                    "tables": one.tables,
                    "events": one.events,
                    "rows": one.rows,
                    "position": one.position,
                    "seconds": round(one.seconds, 3),
                    "model": one.model._asdict(),
                    "unknown": one.unknown,
                }
                for one in result.projections
            ],
        }
    )
    return document


def show_rebuild(terminal: Terminal, result: "RebuildResult") -> None:
    columns = [
        Column(title=tr("projection")),
        Column(title=tr("table")),
        Column(title=tr("rows"), right=True),
        Column(title=tr("events"), right=True),
        Column(title=tr("seconds"), right=True),
    ]
    rows: list[list[Cell]] = [
        [one.name, table, f"{count:,}", f"{one.events:,}", f"{one.seconds:.1f}"]
        for one in result.projections
        for table, count in one.tables.items()
    ]
    if not rows:
        return
    terminal.output.table(columns, rows)
    terminal.output.blank()
    for file in dict.fromkeys(one.target for one in result.projections):
        position = result.position or 0
        told = tr("True at position {position:,}, in {file}", position=position, file=file)
        terminal.output.line(Span(told, Tone.QUIET))


def demo(options: argparse.Namespace, terminal: Terminal) -> ExitCode:
    from auditor.cli.tour import tour
    from auditor.jobs import make_demo

    if options.to is not None and is_server_address(options.to):
        raise WrongRequest(
            tr("The demo store is made as a file."),
            tr("Give a path. `auditor import` puts events into a store on a server."),
        )
    request = make_demo.MakeDemoRequest(
        origin=terminal.origin(),
        events=options.events,
        seed=options.seed,
        to=None if options.to is None else Path(options.to),
    )
    with terminal.context(lines=True) as context:
        made = perform_alone(make_demo.run, request, context)
    if terminal.output.as_json:
        terminal.output.document(
            json_value(
                {
                    "path": str(made.path),
                    "store_id": made.store_id,
                    "events": made.events,
                    "seed": made.seed,
                    "reused": made.reused,
                    "seconds": round(made.seconds, 3),
                }
            )
        )
        return ExitCode.ANSWERED
    if not options.terminal and terminal.open_window is not None:
        try:
            return show(terminal, str(made.path))
        except NoWindow as problem:
            terminal.diagnostics.line(tr("{why} The tour follows in this terminal.", why=problem.message))
    tour(terminal, made, TaskContext(token=terminal.token, on_warning=terminal.diagnostics.warning))
    return ExitCode.ANSWERED


COMMANDS = {"copy": copy, "import": import_, "rebuild": rebuild, "demo": demo}
