"""The verb `state`: the whole state of one moment, or a part of it."""

import argparse
from typing import Any

from auditor.cli.arguments import aggregate_id
from auditor.cli.commands_view import named, opened
from auditor.cli.diagnostics import ExitCode
from auditor.cli.moments import asked_moment_of
from auditor.cli.output import Cell, Column, Span, Tone
from auditor.cli.terminal import Terminal
from auditor.core import exact_json
from auditor.core.presenter import display, display_time
from auditor.core.state_model import ModelInfo
from auditor.core.text import tr
from auditor.core.version_faults import hole_notes
from auditor.jobs import find_fields, show_changes, show_field, show_state
from auditor.jobs.asked_state import DatedAnswer
from auditor.jobs.perform import perform
from auditor.jobs.session import Session
from auditor.tasks.context import TaskContext


def state(options: argparse.Namespace, terminal: Terminal) -> ExitCode:
    asked = {
        "origin": terminal.origin(),
        "aggregate_id": aggregate_id(options) or "",
        "aggregate_type": options.type,
        **asked_moment_of(options),
        "model": options.model,
    }
    with terminal.context() as context, opened(options, terminal, context) as session:
        result = _answer(options, asked, session, context)
    say_incomplete(terminal, result)
    if terminal.output.as_json:
        terminal.output.document(result.document())
        return ExitCode.ANSWERED
    show_facts(terminal, result)
    terminal.output.blank()
    if isinstance(result, show_field.FieldResult):
        terminal.output.block(_readable(result.text))
    elif isinstance(result, find_fields.FoundFields):
        show_found(terminal, result)
    elif isinstance(result, show_changes.ChangesResult):
        show_changed(terminal, result)
    elif result.state_text is None:
        terminal.output.line(Span(tr("No state yet."), Tone.QUIET))
    else:
        terminal.output.block(_readable(result.state_text))
    return ExitCode.ANSWERED


Answer = (
    show_state.StateResult | show_field.FieldResult | find_fields.FoundFields | show_changes.ChangesResult
)


def _answer(
    options: argparse.Namespace, asked: dict[str, Any], session: Session, context: TaskContext
) -> Answer:
    if options.field is not None:
        field = show_field.ShowFieldRequest(**asked, pointer=options.field)
        return perform(show_field.run, session, field, context)
    if options.find is not None:
        find = find_fields.FindFieldsRequest(**asked, text=options.find)
        return perform(find_fields.run, session, find, context)
    if options.changes:
        return perform(show_changes.run, session, show_changes.ShowChangesRequest(**asked), context)
    return perform(show_state.run, session, show_state.ShowStateRequest(**asked), context)


def _readable(text: str) -> str:
    return exact_json.dump(exact_json.parse(text), indent=2)


def show_facts(terminal: Terminal, result: DatedAnswer) -> None:
    """Which state it is, and whose."""
    terminal.output.facts(
        [
            (tr("aggregate"), Span(result.aggregate_id, Tone.STRONG)),
            (tr("type"), named(result.aggregate_type)),
            (tr("version"), tr("before the first event") if result.version is None else str(result.version)),
            (tr("time"), "–" if result.timestamp is None else display_time(result.timestamp)),
            (tr("model"), model_text(result.model)),
            (tr("complete"), completeness(result)),
        ]
    )


def show_found(terminal: Terminal, result: find_fields.FoundFields) -> None:
    if not result.total:
        terminal.output.line(Span(tr("No field matches."), Tone.QUIET))
        return
    for pointer in result.pointers:
        terminal.output.line(pointer)
    _say_more(terminal, len(result.pointers), result.total)


LONGEST_VALUE = 200
_SIGNS = {"added": ("+", Tone.GOOD), "removed": ("-", Tone.BAD), "changed": ("~", Tone.WARNING)}


def show_changed(terminal: Terminal, result: show_changes.ChangesResult) -> None:
    if not result.total:
        terminal.output.line(Span(tr("Nothing has changed."), Tone.QUIET))
        return
    columns = [
        Column(title=""),
        Column(title=tr("field")),
        Column(title=tr("before")),
        Column(title=tr("after")),
    ]
    rows: list[list[Cell]] = [
        [
            Span(*_SIGNS[one.kind]),
            one.pointer or tr("(the whole state)"),
            _cut(one.before),
            _cut(one.after),
        ]
        for one in result.changes
    ]
    terminal.output.table(columns, rows)
    _say_more(terminal, len(result.changes), result.total)


def _cut(text: str | None) -> str:
    """`--json` and `--field` have it whole."""
    return "–" if text is None else display(text, longest=LONGEST_VALUE)


def _say_more(terminal: Terminal, shown: int, total: int) -> None:
    if total > shown:
        terminal.output.blank()
        terminal.output.line(
            Span(tr("Showing {shown:,} of {total:,}.", shown=shown, total=total), Tone.QUIET)
        )


def model_text(model: ModelInfo) -> str:
    """Name, kind, module and hash in a line."""
    if model.kind == "merge" or model.module is None:
        return model.name
    short = f", sha256 {model.sha256[:12]}…" if model.sha256 else ""
    return tr(
        "{name} ({kind} in {module}{hash})", name=model.name, kind=model.kind, module=model.module, hash=short
    )


def completeness(result: DatedAnswer) -> Cell:
    if result.complete:
        return Span(tr("yes"), Tone.GOOD)
    return Span(tr("no: incomplete from version {version}", version=result.incomplete_from), Tone.BAD)


MOST_UNAPPLIED_SAID = 3


def say_incomplete(terminal: Terminal, result: DatedAnswer) -> None:
    """On stderr, also beside `--json`."""
    for note in result.notes:
        terminal.diagnostics.warning(note)
    if result.complete:
        return
    parts = [
        tr("the state is incomplete from version {version}.", version=result.incomplete_from),
        *hole_notes(result.holes),
    ]
    for one in result.unapplied[:MOST_UNAPPLIED_SAID]:
        parts.append(
            tr(
                "Event {version} ({type}) was not applied: {reason}.",
                version=one.version,
                type=one.event_type,
                reason=one.reason.rstrip("."),
            )
        )
    if len(result.unapplied) > MOST_UNAPPLIED_SAID:
        parts.append(
            tr("{count:,} more events were not applied.", count=len(result.unapplied) - MOST_UNAPPLIED_SAID)
        )
    terminal.diagnostics.warning(" ".join(parts))


COMMANDS = {"state": state}
