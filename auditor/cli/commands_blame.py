"""The verb `blame`: which event set a field, and every value that it had."""

import argparse
from typing import Any

from auditor.cli.arguments import aggregate_id, take_operand
from auditor.cli.commands_state import LONGEST_VALUE, say_incomplete, show_facts
from auditor.cli.commands_view import named, opened, say_cut
from auditor.cli.diagnostics import ExitCode
from auditor.cli.moments import asked_moment_of
from auditor.cli.output import Cell, Column, Span, Tone
from auditor.cli.terminal import Terminal
from auditor.core.presenter import display, display_time
from auditor.core.text import tr
from auditor.jobs import blame_fields, show_blame
from auditor.jobs.perform import perform
from auditor.jobs.show_blame import FieldChange

MOST_ROWS = 200


def blame(options: argparse.Namespace, terminal: Terminal) -> ExitCode:
    take_operand(options, "pointer")
    asked = {
        "origin": terminal.origin(),
        "aggregate_id": aggregate_id(options) or "",
        "aggregate_type": options.type,
        **asked_moment_of(options),
        "model": options.model,
    }
    result: show_blame.BlameResult | blame_fields.BlameFieldsResult
    with terminal.context() as context, opened(options, terminal, context) as session:
        if options.pointer is None:
            of_all = blame_fields.BlameFieldsRequest(**asked)
            result = perform(blame_fields.run, session, of_all, context)
        else:
            of_one = show_blame.BlameRequest(**asked, pointer=options.pointer)
            result = perform(show_blame.run, session, of_one, context)
    say_incomplete(terminal, result)
    if terminal.output.as_json:
        terminal.output.document(result.document())
        return ExitCode.ANSWERED
    show_facts(terminal, result)
    if isinstance(result, show_blame.BlameResult):
        _show_field(terminal, result)
    else:
        _show_fields(terminal, result)
    return ExitCode.ANSWERED


def _show_field(terminal: Terminal, result: show_blame.BlameResult) -> None:
    terminal.output.facts(
        [
            (tr("field"), Span(result.logical or tr("(the whole state)"), Tone.STRONG)),
            *_matched_facts(result.matched),
        ]
    )
    terminal.output.blank()
    rows = [[*_event_cells(one), _value(one)] for one in result.changes]
    columns = [*_event_columns(), Column(title=tr("value"))]
    _table(terminal, columns, rows, newest=True)


def _show_fields(terminal: Terminal, result: blame_fields.BlameFieldsResult) -> None:
    terminal.output.facts(_matched_facts(result.matched))
    terminal.output.blank()
    rows = [
        [pointer, _value(one), *_event_cells(one)]
        for pointer, one in result.fields.items()
        if not _is_container(one)
    ]
    if not rows:
        terminal.output.line(Span(tr("The state has no fields."), Tone.QUIET))
        return
    _table(terminal, [Column(title=tr("field")), Column(title=tr("value")), *_event_columns()], rows)


def _is_container(change: FieldChange) -> bool:
    """Its members stand below it; an empty one stands for itself."""
    return change.text is not None and change.text[:1] in ("{", "[") and change.text not in ("{}", "[]")


def _matched_facts(matched: tuple[tuple[str, str | None], ...]) -> list[tuple[str, Cell]]:
    return [
        (
            tr("items of"),
            tr("{list}, matched by {field}", list=pointer or "/", field=display(field))
            if field is not None
            else tr("{list}, matched by place", list=pointer or "/"),
        )
        for pointer, field in matched
    ]


def _event_columns() -> list[Column]:
    return [
        Column(title=tr("version"), right=True),
        Column(title=tr("event")),
        Column(title=tr("by")),
        Column(title=tr("time")),
    ]


def _event_cells(change: FieldChange) -> list[Cell]:
    return [
        str(change.version),
        named(change.event_type),
        "–" if change.user_id is None else display(change.user_id, longest=80),
        display_time(change.timestamp),
    ]


def _value(change: FieldChange) -> Cell:
    if change.is_removal:
        return Span(tr("removed"), Tone.BAD)
    if change.text is None:
        return Span(tr("({length:,} characters, not kept)", length=change.length), Tone.QUIET)
    return display(change.text, longest=LONGEST_VALUE)


def _table(terminal: Terminal, columns: list[Column], rows: list[Any], *, newest: bool = False) -> None:
    shown = rows[-MOST_ROWS:] if newest else rows[:MOST_ROWS]
    terminal.output.table(columns, shown)
    if len(rows) > len(shown):
        terminal.output.blank()
    if len(rows) > len(shown) and newest:
        text = tr("The last {shown:,} of {total:,}; --json has all.", shown=len(shown), total=len(rows))
        terminal.output.line(Span(text, Tone.QUIET))
    else:
        say_cut(terminal, len(shown), len(rows))


COMMANDS = {"blame": blame}
