"""The verbs that check: check, snapshots, compare-models."""

import argparse
from collections.abc import Sequence
from pathlib import Path

from auditor.cli.arguments import aggregate_id
from auditor.cli.commands_state import model_text
from auditor.cli.commands_view import named, opened, say_cut
from auditor.cli.diagnostics import ExitCode
from auditor.cli.output import Cell, Column, Span, Tone
from auditor.cli.terminal import Terminal
from auditor.cli.trust import trust_word
from auditor.core import exact_json
from auditor.core.errors import WrongRequest
from auditor.core.presenter import display, display_time
from auditor.core.text import tr
from auditor.core.timeline import Unapplied
from auditor.core.unapplied_kind import kind_words
from auditor.core.version_faults import notes_on
from auditor.jobs import check_aggregate, check_repeatable, check_snapshots, compare_models
from auditor.jobs.perform import perform

MOST_ROWS = 100
LONGEST = 200


def check(options: argparse.Namespace, terminal: Terminal) -> ExitCode:
    request = check_aggregate.CheckAggregateRequest(
        origin=terminal.origin(),
        aggregate_id=aggregate_id(options) or "",
        aggregate_type=options.type,
        model=options.model,
        twice=not options.quick,
    )
    with terminal.context() as context, opened(options, terminal, context) as session:
        result = perform(check_aggregate.run, session, request, context)
    if terminal.output.as_json:
        terminal.output.document(result.document())
    else:
        _show_check(terminal, result)
    return ExitCode.FINDING if result.has_findings else ExitCode.ANSWERED


def _show_check(terminal: Terminal, result: check_aggregate.CheckResult) -> None:
    output = terminal.output
    facts: list[tuple[str, Cell]] = [
        (tr("aggregate"), Span(result.aggregate_id, Tone.STRONG)),
        (tr("type"), named(result.aggregate_type)),
        (tr("model"), model_text(result.model)),
    ]
    faults = notes_on(result.faults)
    facts += _said(tr("versions"), faults, tr("{count:,} events, none missing", count=result.events))
    count = len(result.unapplied)
    bad = tr("1 not applied") if count == 1 else tr("{count:,} not applied", count=count)
    facts += _said(tr("events"), [bad] if count else [], tr("all applied"))
    for at, note in enumerate(check_aggregate.standing_notes(result.types)):
        facts.append((tr("types") if at == 0 else "", note))
    if result.snapshot is not None:
        tone = Tone.BAD if result.snapshot.is_finding else Tone.PLAIN
        facts.append((tr("snapshot"), Span(check_snapshots.verdict_text(result.snapshot), tone)))
    facts += _repeatable(result)
    output.facts(facts)
    if result.unapplied:
        output.blank()
        _show_unapplied(terminal, result.unapplied)
    for note in result.notes:
        terminal.diagnostics.warning(note)


def _said(name: str, bad: Sequence[str], good: str) -> list[tuple[str, Cell]]:
    if not bad:
        return [(name, Span(good, Tone.GOOD))]
    return [(name if at == 0 else "", Span(one, Tone.BAD)) for at, one in enumerate(bad)]


def _repeatable(result: check_aggregate.CheckResult) -> list[tuple[str, Cell]]:
    name = tr("repeated")
    if result.repeatable is None:
        return [(name, Span(tr("not checked"), Tone.QUIET))]
    if result.model.kind == "merge":
        return [(name, Span(tr("the generic merge gives the same states each time"), Tone.QUIET))]
    found = result.repeatable.found
    bad = (
        [] if found is None else [tr("not deterministic. {why}", why=check_repeatable.difference_text(found))]
    )
    return _said(name, bad, tr("two more runs gave the same states"))


def _show_unapplied(terminal: Terminal, unapplied: Sequence[Unapplied]) -> None:
    columns = [
        Column(title=tr("version"), right=True),
        Column(title=tr("event")),
        Column(title=tr("what happened")),
        Column(title=tr("reason")),
    ]
    rows: list[list[Cell]] = [
        [str(one.version), named(one.event_type), kind_words(one.kind), display(one.reason, longest=LONGEST)]
        for one in unapplied[:MOST_ROWS]
    ]
    terminal.output.table(columns, rows)
    say_cut(terminal, len(rows), len(unapplied))


def snapshots(options: argparse.Namespace, terminal: Terminal) -> ExitCode:
    request = check_snapshots.CheckSnapshotsRequest(
        origin=terminal.origin(),
        aggregate_id=aggregate_id(options),
        aggregate_type=options.type,
        model=options.model,
    )
    with terminal.context() as context, opened(options, terminal, context) as session:
        result = perform(check_snapshots.run, session, request, context)
    if terminal.output.as_json:
        terminal.output.document(result.document())
    elif not result.checks:
        terminal.output.line(Span(tr("There is no snapshot."), Tone.QUIET))
    else:
        _show_snapshots(terminal, result)
    return ExitCode.FINDING if result.findings else ExitCode.ANSWERED


_TONES = {
    check_snapshots.Verdict.AGREES: Tone.GOOD,
    check_snapshots.Verdict.DIFFERS: Tone.BAD,
    check_snapshots.Verdict.DAMAGED: Tone.BAD,
}


def _show_snapshots(terminal: Terminal, result: check_snapshots.SnapshotsResult) -> None:
    columns = [
        Column(title=tr("aggregate")),
        Column(title=tr("version"), right=True),
        Column(title=tr("kept")),
        Column(title=tr("by its events")),
    ]
    rows: list[list[Cell]] = [
        [
            one.aggregate_id,
            str(one.version),
            display_time(one.created_at) if one.created_at else "–",
            Span(_verdict_word(one.verdict), _TONES.get(one.verdict, Tone.PLAIN)),
        ]
        for one in result.checks
    ]
    terminal.output.table(columns, rows)
    told = [one for one in result.checks if one.verdict is not check_snapshots.Verdict.AGREES]
    if told:
        terminal.output.blank()
    for one in told:
        terminal.output.line(f"{display(one.aggregate_id)}: ", check_snapshots.verdict_text(one))


def _verdict_word(verdict: check_snapshots.Verdict) -> str:
    words = {
        check_snapshots.Verdict.AGREES: tr("the same"),
        check_snapshots.Verdict.DIFFERS: tr("not the same"),
        check_snapshots.Verdict.DAMAGED: tr("damaged"),
        check_snapshots.Verdict.IGNORED: tr("not used"),
        check_snapshots.Verdict.NOT_COMPARED: tr("not compared"),
    }
    return words[verdict]


def compared_models(options: argparse.Namespace, terminal: Terminal) -> ExitCode:
    if options.other is None and options.with_workspace is None:
        raise WrongRequest(
            tr("Only one model is named."),
            tr("Name the other one by --with NAME, or its workspace by --with-workspace FILE."),
        )
    other_word = argparse.Namespace(trust_code=options.trust_other_code)
    request = compare_models.CompareModelsRequest(
        origin=terminal.origin(),
        aggregate_id=aggregate_id(options) or "",
        aggregate_type=options.type,
        model=options.model,
        other=options.other,
        workspace=None if options.with_workspace is None else Path(options.with_workspace),
        trust=trust_word(other_word, terminal.diagnostics),
        version=options.version,
    )
    with terminal.context() as context, opened(options, terminal, context) as session:
        result = perform(compare_models.run, session, request, context)
    for note in result.notes:
        terminal.diagnostics.warning(note)
    if terminal.output.as_json:
        terminal.output.document(result.document())
    else:
        _show_models(terminal, result)
    return ExitCode.FINDING if result.differ else ExitCode.ANSWERED


def _show_models(terminal: Terminal, result: compare_models.ModelsResult) -> None:
    output = terminal.output
    output.facts(
        [
            (tr("aggregate"), Span(result.aggregate_id, Tone.STRONG)),
            (tr("type"), named(result.aggregate_type)),
            (tr("model A"), model_text(result.a)),
            (tr("model B"), model_text(result.b)),
            (tr("states"), compare_models.difference_text(result)),
        ]
    )
    if result.events:
        output.blank()
        columns = [
            Column(title=tr("version"), right=True),
            Column(title=tr("event")),
            Column(title=tr("by A")),
            Column(title=tr("by B")),
        ]
        rows: list[list[Cell]] = [
            [str(one.version), named(one.event_type), _applied(one.a), _applied(one.b)]
            for one in result.events[:MOST_ROWS]
        ]
        output.table(columns, rows)
        say_cut(terminal, len(rows), len(result.events))
    if result.differing:
        output.blank()
        output.line(Span(tr("At version {version}:", version=result.version), Tone.QUIET))
        columns = [Column(title=tr("field")), Column(title=tr("by A")), Column(title=tr("by B"))]
        fields: list[list[Cell]] = [
            [
                display(one.path or "/", longest=LONGEST),
                "–" if one.kind == "added" else _value(one.before),
                "–" if one.kind == "removed" else _value(one.after),
            ]
            for one in result.differences[:MOST_ROWS]
        ]
        output.table(columns, fields)
        say_cut(terminal, len(fields), result.differing)


def _applied(lack: Unapplied | None) -> Cell:
    if lack is None:
        return Span(tr("applied"), Tone.GOOD)
    return Span(display(lack.reason, longest=LONGEST), Tone.BAD)


def _value(value: object) -> str:
    return display(exact_json.dump(value), longest=LONGEST)


COMMANDS = {"check": check, "snapshots": snapshots, "compare-models": compared_models}
