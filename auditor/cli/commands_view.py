"""The verbs that look: info, aggregates."""

import argparse
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from auditor.cli.diagnostics import ExitCode
from auditor.cli.output import Cell, Column, Span, Tone
from auditor.cli.passwords import with_password
from auditor.cli.terminal import Terminal
from auditor.cli.trust import trust_word
from auditor.core.text import tr
from auditor.jobs import list_aggregates, open_store, store_info
from auditor.jobs.perform import perform, perform_alone
from auditor.jobs.session import Session
from auditor.tasks.context import TaskContext


@contextmanager
def opened(options: argparse.Namespace, terminal: Terminal, context: TaskContext) -> Iterator[Session]:
    """The store that the options name; what is to be known about it is said on stderr."""
    request = open_store.OpenStoreRequest(
        origin=terminal.origin(),
        store=options.store,
        workspace=None if options.workspace is None else Path(options.workspace),
        trust=trust_word(options, terminal.diagnostics),
    )

    def opened_with(password: str | None) -> Session:
        return perform_alone(open_store.run, replace(request, password=password), context)

    with with_password(options.store, terminal.diagnostics, opened_with) as session:
        said = list(session.reader.warnings)
        for warning in said:
            context.warn(warning)
        yield session
        for warning in session.reader.warnings[len(said) :]:  # met while reading
            context.warn(warning)


def info(options: argparse.Namespace, terminal: Terminal) -> ExitCode:
    with terminal.context() as context, opened(options, terminal, context) as session:
        request = store_info.StoreInfoRequest(origin=terminal.origin(), estimate=options.estimate)
        result = perform(store_info.run, session, request, context)
    if terminal.output.as_json:
        terminal.output.document(result.document())
        return ExitCode.ANSWERED
    show_info(terminal, result)
    return ExitCode.ANSWERED


def show_info(terminal: Terminal, result: store_info.StoreInfoResult) -> None:
    about = tr("about ") if result.estimated else ""
    facts: list[tuple[str, Cell]] = [
        (tr("store"), Span(result.location, Tone.STRONG)),
        (tr("database"), result.product),
        (tr("layout"), result.layout),
        (tr("store id"), result.store_id),
        (tr("events"), f"{about}{result.events:,}"),
        (tr("aggregates"), f"{about}{result.aggregates:,}"),
        (tr("head"), tr("no event yet") if result.head is None else tr("position {at:,}", at=result.head)),
    ]
    if result.hidden_events or result.hidden_aggregates:
        hidden = tr(
            "{events:,} events and {aggregates:,} aggregates are left out of lists",
            events=result.hidden_events,
            aggregates=result.hidden_aggregates,
        )
        facts.append((tr("hidden"), hidden))
    ordered = result.capabilities.get("never_misses_events")
    if ordered:
        facts.append((tr("order"), tr("a reader never misses an event. {how}", how=ordered)))
    facts += [(tr("access") if at == 0 else "", sentence) for at, sentence in enumerate(result.access)]
    terminal.output.facts(facts)
    if result.types:
        terminal.output.blank()
        show_types(terminal, result.types)


def show_types(terminal: Terminal, types: dict[str, int], indent: str = "") -> None:
    columns = [Column(title=tr("type")), Column(title=tr("aggregates"), right=True)]
    rows = [(named(name), f"{count:,}") for name, count in sorted(types.items())]
    terminal.output.table(columns, rows, indent=indent)


def aggregates(options: argparse.Namespace, terminal: Terminal) -> ExitCode:
    with terminal.context() as context, opened(options, terminal, context) as session:
        request = list_aggregates.ListAggregatesRequest(
            origin=terminal.origin(),
            limit=options.limit,
            aggregate_type=options.type,
            prefix=options.prefix,
            order=options.sort,
            after=options.after,
            before=options.before,
        )
        result = perform(list_aggregates.run, session, request, context)
    if terminal.output.as_json:
        terminal.output.document(result.document())
        return ExitCode.ANSWERED
    show_aggregates(terminal, result)
    say_page(terminal, len(result.aggregates), result.after, result.before)
    return ExitCode.ANSWERED


def show_aggregates(
    terminal: Terminal, result: list_aggregates.ListAggregatesResult, indent: str = ""
) -> None:
    if not result.aggregates:
        terminal.output.line(tr("No aggregate matches."))
        return
    differ = any(row.version != row.events for row in result.aggregates)
    columns = [
        Column(title=tr("aggregate")),
        Column(title=tr("type")),
        Column(title=tr("version"), right=True),
        *([Column(title=tr("events"), right=True)] if differ else []),
        Column(title=tr("last event (UTC)")),
    ]
    rows: list[list[Cell]] = [
        [
            named(row.aggregate_id),
            named(row.aggregate_type),
            str(row.version),
            *([str(row.events)] if differ else []),
            table_time(row.last_timestamp),
        ]
        for row in result.aggregates
    ]
    terminal.output.table(columns, rows, indent=indent)


def say_page(terminal: Terminal, shown: int, after: str | None, before: str | None = None) -> None:
    """That the list goes on, and the words that show the next part and the one in front."""
    if after is None and before is None:
        return
    terminal.output.blank()
    if after is not None:
        said = tr("Showing {shown:,} of more. Next page: --after {token}", shown=shown, token=after)
        terminal.output.line(Span(said, Tone.QUIET))
    if before is not None:
        terminal.output.line(Span(tr("Page in front: --before {token}", token=before), Tone.QUIET))


def named(text: str) -> Cell:
    """A name of the store's; an empty or blank one is shown between quotes."""
    return text if text.strip(" ") == text and text else f"“{text}”"


def say_cut(terminal: Terminal, shown: int, total: int) -> None:
    """Below a table that does not have all rows."""
    if total > shown:
        said = tr("Showing {shown:,} of {total:,}; --json has all.", shown=shown, total=total)
        terminal.output.line(Span(said, Tone.QUIET))


def table_time(timestamp_utc: str | None) -> str:
    """To the second; `--json` has it whole."""
    return "–" if timestamp_utc is None else timestamp_utc[:19].replace("T", " ")


COMMANDS = {"info": info, "aggregates": aggregates}
