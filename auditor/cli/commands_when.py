"""The verb `when`: at which versions a condition held."""

import argparse

from auditor.cli.arguments import aggregate_id, take_operand
from auditor.cli.commands_state import say_incomplete, show_facts
from auditor.cli.commands_view import named, opened, say_cut
from auditor.cli.diagnostics import ExitCode
from auditor.cli.output import Cell, Column, Span, Tone
from auditor.cli.terminal import Terminal
from auditor.core.errors import WrongRequest
from auditor.core.presenter import display, display_time
from auditor.core.text import tr
from auditor.jobs import find_when
from auditor.jobs.perform import perform

MOST_ROWS = 200


def when(options: argparse.Namespace, terminal: Terminal) -> ExitCode:
    expression = _expression(options)
    request = find_when.WhenRequest(
        origin=terminal.origin(),
        aggregate_id=aggregate_id(options) or "",
        aggregate_type=options.type,
        expression=expression,
        model=options.model,
        with_events=True,
    )
    find_when.check(expression)  # before a store is opened
    with terminal.context() as context, opened(options, terminal, context) as session:
        result = perform(find_when.run, session, request, context)
    say_incomplete(terminal, result)
    if terminal.output.as_json:
        terminal.output.document(result.document())
        return ExitCode.ANSWERED
    show_facts(terminal, result)
    terminal.output.blank()
    _show(terminal, result)
    return ExitCode.ANSWERED


def _expression(options: argparse.Namespace) -> str:
    take_operand(options, "expression")
    if options.expression is None:
        raise WrongRequest(
            tr("No condition is given."), tr("Write one in quotes: auditor when STORE ID 'total > 500'.")
        )
    expression: str = options.expression
    return expression


def _show(terminal: Terminal, result: find_when.WhenResult) -> None:
    output = terminal.output
    if not result.ranges:
        output.line(Span(tr("It never held, at none of {total:,} versions.", total=result.total), Tone.QUIET))
        return
    columns = [
        Column(title=tr("versions")),
        Column(title=tr("how many"), right=True),
        Column(title=tr("from")),
        Column(title=tr("until")),
        Column(title=tr("began with")),
        Column(title=tr("by")),
    ]
    rows: list[list[Cell]] = []
    for interval, (first, last), began in zip(result.intervals, result.ranges, result.began, strict=True):
        rows.append(
            [
                _versions(*interval),
                f"{last - first + 1:,}",
                display_time(began.timestamp),
                tr("still so") if began.ended is None else display_time(began.ended),
                named(began.event_type),
                "–" if began.user_id is None else display(began.user_id, longest=80),
            ]
        )
    output.table(columns, rows[:MOST_ROWS])
    output.blank()
    output.line(Span(_held(result), Tone.QUIET))
    say_cut(terminal, min(len(rows), MOST_ROWS), len(rows))


def _held(result: find_when.WhenResult) -> str:
    ranges = tr("1 range") if len(result.ranges) == 1 else tr("{count:,} ranges", count=len(result.ranges))
    return tr(
        "{ranges}, {held:,} of {total:,} versions.", ranges=ranges, held=result.held, total=result.total
    )


def _versions(first: int, last: int) -> str:
    return str(first) if first == last else f"{first}–{last}"


COMMANDS = {"when": when}
