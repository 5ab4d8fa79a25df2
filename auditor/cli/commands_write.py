"""The verbs that make something beside the viewed store: copy, import, rebuild, demo."""

import argparse
from pathlib import Path

from auditor.cli.diagnostics import ExitCode
from auditor.cli.output import Cell, Column, Span, Tone
from auditor.cli.terminal import Terminal
from auditor.core.text import tr
from auditor.jobs import copy_store, import_events
from auditor.jobs.perform import perform_alone


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
        Column(title=tr("SHA-256, before")),
    ]
    rows: list[list[Cell]] = [[file.name, f"{file.size:,}", file.sha256_before] for file in report.files]
    terminal.output.table(columns, rows)
    same = all(file.sha256_before == file.sha256_after for file in report.files)
    after = (
        tr("The same after copying.")
        if same
        else tr("Another program wrote to the store while it was copied.")
    )
    terminal.output.line(Span(after, Tone.GOOD if same else Tone.WARNING))
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
        result = perform_alone(import_events.run, request, context)
    code = ExitCode.FINDING if result.conflicts else ExitCode.ANSWERED
    if terminal.output.as_json:
        terminal.output.document(import_document(result))
        return code
    show_import(terminal, options.store, result)
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


def show_import(terminal: Terminal, store: str, result: import_events.ImportResult) -> None:
    rate = f" ({result.stored / result.seconds:,.0f}/s)" if result.seconds > 0 and result.stored else ""
    facts: list[tuple[str, Cell]] = [
        (tr("store"), Span(store, Tone.STRONG)),
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


COMMANDS = {"copy": copy, "import": import_}
