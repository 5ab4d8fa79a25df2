"""The verb `diff`: two states against each other, and the events that made the difference."""

import argparse
from collections.abc import Sequence

from auditor.cli.arguments import aggregate_id
from auditor.cli.commands_state import completeness, model_text, say_incomplete
from auditor.cli.commands_view import named, opened, say_cut, table_time
from auditor.cli.diagnostics import ExitCode
from auditor.cli.output import Cell, Column, Span, Tone
from auditor.cli.parser import whole
from auditor.cli.terminal import Terminal
from auditor.core import exact_json
from auditor.core.errors import WrongRequest
from auditor.core.presenter import display, display_time
from auditor.core.text import tr
from auditor.jobs import diff_states
from auditor.jobs.asked_state import DatedAnswer
from auditor.jobs.perform import perform

LONGEST_VALUE = 60
MOST_EVENTS = 100
_SIGNS = {
    "added": ("+", Tone.GOOD),
    "removed": ("-", Tone.BAD),
    "changed": ("~", Tone.WARNING),
    "moved": ("↕", Tone.WARNING),
}


def diff(options: argparse.Namespace, terminal: Terminal) -> ExitCode:
    a, b = _versions(options)
    request = diff_states.DiffRequest(
        origin=terminal.origin(),
        aggregate_id=aggregate_id(options) or "",
        aggregate_type=options.type,
        version=a,
        other_version=b,
        other_aggregate=None if options.other is None else (options.other, options.type),
        model=options.model,
    )
    with terminal.context() as context, opened(options, terminal, context) as session:
        result = perform(diff_states.run, session, request, context)
    for state in (result.a, result.b) if _say_of_both(result) else (result.b,):
        say_incomplete(terminal, state)
    if options.patch:
        terminal.output.document(exact_json.parse(result.patch_text))
    elif terminal.output.as_json:
        terminal.output.document(result.document())
    else:
        _show(terminal, result)
    differs = result.patch_text != "[]"
    return ExitCode.FINDING if options.exit_code and differs else ExitCode.ANSWERED


def _say_of_both(result: diff_states.DiffResult) -> bool:
    """What is to be said of the later state of one aggregate holds for the earlier one too, where it has it."""
    return not result.is_of_one or result.a.ordinal > result.b.ordinal


def _versions(options: argparse.Namespace) -> tuple[int, int]:
    """With --id-json the two operands behind the store are the versions.

    Raises: WrongRequest.
    """
    given = [options.a, options.b]
    if options.id_json is not None and options.b is None:
        given, options.id = [options.id, options.a], None
    if None in given:
        raise WrongRequest(
            tr("Two versions are needed, and fewer are given."),
            tr("Name both: `auditor diff STORE ID 31 57`; 0 is before the first event."),
        )
    try:
        return whole(given[0]), whole(given[1])
    except argparse.ArgumentTypeError as error:
        raise WrongRequest(
            tr("{a} and {b} are not two versions: {why}.", a=given[0], b=given[1], why=error),
            tr("Give versions as the lists show them; 0 is before the first event."),
        ) from None


# -- for people ------------------------------------------------------------------------------------------------


def _show(terminal: Terminal, result: diff_states.DiffResult) -> None:
    output = terminal.output
    output.facts(
        [
            (tr("A"), _state_line(result.a)),
            (tr("B"), _state_line(result.b)),
            (tr("type"), named(result.b.aggregate_type)),
            (tr("model"), model_text(result.b.model)),
            (tr("complete"), completeness(result.b if result.b.unapplied else result.a)),
        ]
    )
    output.blank()
    if not result.changes:
        output.line(Span(tr("No difference."), Tone.QUIET))
    else:
        _show_changes(terminal, result)
    if result.events:
        _show_events(terminal, result.events)


def _state_line(state: DatedAnswer) -> str:
    version = (
        tr("before the first event")
        if state.version is None
        else tr("version {version}", version=state.version)
    )
    if state.timestamp is None:
        return f"{display(state.aggregate_id)}, {version}"
    return f"{display(state.aggregate_id)}, {version}, {display_time(state.timestamp)}"


def _show_changes(terminal: Terminal, result: diff_states.DiffResult) -> None:
    types = {one.ordinal: one.event_type for one in result.events}
    columns = [
        Column(title=""),
        Column(title=tr("field")),
        Column(title=tr("at A")),
        Column(title=tr("at B")),
        *([Column(title=tr("set by"), right=True), Column(title=""), Column(title="")] if types else []),
    ]
    rows: list[list[Cell]] = []
    for one in result.changes:
        row: list[Cell] = [
            Span(*_SIGNS[one.kind]),
            one.pointer or tr("(the whole state)"),
            _value(one.before, one, in_b=False),
            _value(one.after, one, in_b=True),
        ]
        if types:
            several = tr("{count:,} events", count=one.events) if one.events > 1 else ""
            row += [
                "–" if one.version is None else str(one.version),
                "" if one.ordinal is None else named(types[one.ordinal]),
                Span(several, Tone.QUIET),
            ]
        rows.append(row)
    terminal.output.table(columns, rows)
    terminal.output.blank()
    terminal.output.line(Span(_counted(result.changes), Tone.QUIET))
    for path, field in result.matched:
        said = (
            tr("{path}: items matched by place, counted from both ends", path=path)
            if field is None
            else tr("{path}: items matched by {field}", path=path, field=field)
        )
        terminal.output.line(Span(said, Tone.QUIET))


def _value(text: str | None, change: diff_states.FieldDifference, *, in_b: bool) -> Cell:
    """`--json` has it whole. Of an item that was moved, where it stands."""
    if change.kind == "moved":
        pointer = change.pointer if in_b else change.pointer_a or ""
        return tr("place {place}", place=pointer.rpartition("/")[2])
    return "–" if text is None else display(text, longest=LONGEST_VALUE)


def _counted(changes: Sequence[diff_states.FieldDifference]) -> str:
    counts = {kind: sum(one.kind == kind for one in changes) for kind in _SIGNS}
    names = {
        "added": tr("{count:,} added", count=counts["added"]),
        "removed": tr("{count:,} removed", count=counts["removed"]),
        "changed": tr("{count:,} changed", count=counts["changed"]),
        "moved": tr("{count:,} moved", count=counts["moved"]),
    }
    return ", ".join(name for kind, name in names.items() if counts[kind]) + "."


def _show_events(terminal: Terminal, events: Sequence[diff_states.EventInBetween]) -> None:
    output = terminal.output
    output.blank()
    title = (
        tr("1 event in between") if len(events) == 1 else tr("{count:,} events in between", count=len(events))
    )
    output.line(Span(title, Tone.STRONG))
    columns = [
        Column(title=tr("version"), right=True),
        Column(title=tr("event")),
        Column(title=tr("time (UTC)")),
        Column(title=tr("user")),
    ]
    rows: list[list[Cell]] = [
        [
            str(one.version),
            named(one.event_type),
            table_time(one.timestamp),
            Span(one.user_id or "–", Tone.QUIET),
        ]
        for one in events[:MOST_EVENTS]
    ]
    output.table(columns, rows)
    say_cut(terminal, len(rows), len(events))


COMMANDS = {"diff": diff}
