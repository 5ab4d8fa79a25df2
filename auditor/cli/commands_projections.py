"""The verbs that look at read models: projections, rows."""

import argparse
from typing import Any

from auditor.cli.commands_view import named, opened, say_page, table_time
from auditor.cli.diagnostics import ExitCode
from auditor.cli.output import Cell, Column, Span, Tone
from auditor.cli.terminal import Terminal
from auditor.core.presenter import display_value
from auditor.core.text import tr
from auditor.jobs import list_projections, list_rows
from auditor.jobs.list_projections import ProjectionRow, ProjectionsResult, ProjectionState
from auditor.jobs.list_rows import RowsResult
from auditor.jobs.perform import perform
from auditor.jobs.projections import where_to_name_them


def projections(options: argparse.Namespace, terminal: Terminal) -> ExitCode:
    with terminal.context() as context, opened(options, terminal, context) as session:
        request = list_projections.ListProjectionsRequest(origin=terminal.origin())
        result = perform(list_projections.run, session, request, context)
        where = where_to_name_them(session)
    if terminal.output.as_json:
        terminal.output.document(result.document())
        return ExitCode.ANSWERED
    show_projections(terminal, result, where)
    return ExitCode.ANSWERED


def show_projections(terminal: Terminal, result: ProjectionsResult, where: str) -> None:
    if not result.projections:
        terminal.output.line(tr("No projection is known for this store."))
        terminal.output.line(Span(where, Tone.QUIET))
        return
    columns = [
        Column(title=tr("projection")),
        Column(title=tr("state")),
        Column(title=tr("events behind"), right=True),
        Column(title=tr("position"), right=True),
        Column(title=tr("table")),
        Column(title=tr("rows"), right=True),
        Column(title=tr("built (UTC)")),
        Column(title=tr("seconds"), right=True),
    ]
    rows = [row for projection in result.projections for row in _rows_of(projection)]
    terminal.output.table(columns, rows)
    for projection in result.projections:
        for note in _notes_on(projection):
            terminal.diagnostics.warning(note)


def _rows_of(row: ProjectionRow) -> list[list[Cell]]:
    """A line a table; what holds for the projection stands on the first."""
    tables: list[tuple[str, int | None]] = list(row.tables.items()) or [("–", None)]
    seconds = "–" if row.built_seconds is None else f"{row.built_seconds:.1f}"
    first: list[Cell] = [
        named(row.name),
        _state(row.state),
        _number(row.lag),
        _number(row.checkpoint),
    ]
    lines: list[list[Cell]] = []
    for at, (table, count) in enumerate(tables):
        before: list[Cell] = ["", "", "", ""]
        after: list[Cell] = ["", ""]
        if at == 0:
            before, after = first, [table_time(row.built_at), seconds]
        lines.append([*before, table, _number(count), *after])
    return lines


def _state(state: ProjectionState) -> Span:
    return {
        "up to date": Span(tr("up to date"), Tone.GOOD),
        "behind": Span(tr("behind"), Tone.WARNING),
        "code changed": Span(tr("code changed"), Tone.WARNING),
        "never run": Span(tr("never run"), Tone.QUIET),
        "other store": Span(tr("other store"), Tone.BAD),
        "unreadable": Span(tr("unreadable"), Tone.BAD),
    }[state]


def _notes_on(row: ProjectionRow) -> list[str]:
    notes = [tr("{name}: {problem}", name=row.name, problem=row.problem)] if row.problem else []
    if row.unfinished is not None:
        said = (
            tr("a rebuild is at work, at position {position:,} now", position=row.unfinished)
            if row.at_work
            else tr("a rebuild was stopped at position {position:,}", position=row.unfinished)
        )
        notes.append(tr("{name}: {said}; the rows are those before it.", name=row.name, said=said))
    if row.trusted is False:
        notes.append(tr("{name}: its code is not trusted as it is now; a rebuild will ask.", name=row.name))
    return notes


def _number(number: int | None) -> str:
    return "–" if number is None else f"{number:,}"


def rows(options: argparse.Namespace, terminal: Terminal) -> ExitCode:
    with terminal.context() as context, opened(options, terminal, context) as session:
        request = list_rows.ListRowsRequest(
            origin=terminal.origin(),
            name=options.name,
            limit=options.limit,
            table=options.table,
            prefix=options.prefix,
            after=options.after,
        )
        result = perform(list_rows.run, session, request, context)
    for note in result.notes:
        terminal.diagnostics.warning(note)
    if terminal.output.as_json:
        terminal.output.document(result.document())
        return ExitCode.ANSWERED
    show_rows(terminal, result)
    say_page(terminal, len(result.rows), result.after)
    return ExitCode.ANSWERED


def show_rows(terminal: Terminal, result: RowsResult) -> None:
    if result.rows:
        columns = [
            Column(title=column.name, right=column.kind in ("integer", "real")) for column in result.columns
        ]
        terminal.output.table(columns, [list(map(_cell, row)) for row in result.rows])
        terminal.output.blank()
    else:
        terminal.output.line(tr("No row matches."))
    true_at = tr(
        "Table {table}, true at position {position:,} of {head:,}.",
        table=result.table,
        position=result.position,
        head=result.head or 0,
    )
    others = [name for name in result.tables if name != result.table]
    if others:
        true_at += " " + tr("Other tables: {names}.", names=", ".join(others))
    terminal.output.line(Span(true_at, Tone.QUIET))


def _cell(value: Any) -> Cell:
    if value is None:
        return Span("–", Tone.QUIET)
    return display_value(list_rows.json_value(value))


COMMANDS = {"projections": projections, "rows": rows}
