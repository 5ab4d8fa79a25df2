"""The verbs that look at events: events, timeline, event."""

import argparse
from typing import TYPE_CHECKING, Any

from auditor.cli.arguments import aggregate_id, take_operand, whole_number
from auditor.cli.commands_links import show_links as show_links_of
from auditor.cli.commands_state import model_text
from auditor.cli.commands_view import named, opened, say_page, table_time
from auditor.cli.diagnostics import ExitCode
from auditor.cli.options import DEFAULT_LIMIT
from auditor.cli.output import GAP, Cell, Column, Span, Tone
from auditor.cli.terminal import Terminal
from auditor.core import exact_json
from auditor.core.errors import WrongRequest
from auditor.core.events import RecordedEvent
from auditor.core.presenter import display_time
from auditor.core.text import tr
from auditor.jobs import (
    copy_event,
    follow_events,
    list_events,
    show_event,
    show_links,
    show_timeline,
    show_upcast,
)
from auditor.jobs.perform import perform

if TYPE_CHECKING:
    from auditor.stores.pages import EventLink


Result = (
    list_events.ListEventsResult
    | show_timeline.TimelineResult
    | show_event.EventResult
    | show_upcast.UpcastResult
)


def _is_shown(terminal: Terminal, result: Result) -> bool:
    """Says what is wrong with values of the result. With --json it writes the document, and nothing is left to show."""
    for note in result.notes:
        terminal.diagnostics.warning(note)
    if terminal.output.as_json:
        terminal.output.document(result.document())
    return not terminal.output.as_json


def events(options: argparse.Namespace, terminal: Terminal) -> ExitCode:
    if options.follow:
        return follow(options, terminal)
    named_id = aggregate_id(options)
    with terminal.context() as context, opened(options, terminal, context) as session:
        request = list_events.ListEventsRequest(
            origin=terminal.origin(),
            limit=DEFAULT_LIMIT if options.limit is None else options.limit,
            aggregate_id=named_id,
            event_type=options.type,
            user=options.user,
            since=options.since,
            until=options.until,
            after=options.after,
        )
        result = perform(list_events.run, session, request, context)
    if _is_shown(terminal, result):
        show_events(terminal, result, with_aggregate=named_id is None)
        say_page(terminal, len(result.events), result.after)
    return ExitCode.ANSWERED


def show_events(terminal: Terminal, result: list_events.ListEventsResult, *, with_aggregate: bool) -> None:
    if not result.events:
        terminal.output.line(tr("No event matches."))
        return
    columns = [
        Column(title=tr("position"), right=True),
        Column(title=tr("time (UTC)")),
        *([Column(title=tr("aggregate"))] if with_aggregate else []),
        Column(title=tr("version"), right=True),
        Column(title=tr("event")),
        Column(title=tr("user")),
    ]
    rows = [_cells(event, with_aggregate=with_aggregate) for event in result.events]
    terminal.output.table(columns, rows)


def _cells(event: RecordedEvent, *, with_aggregate: bool) -> list[Cell]:
    return [
        str(event.position),
        table_time(event.timestamp_utc),
        *([named(event.aggregate_id)] if with_aggregate else []),
        str(event.version),
        named(event.event_type),
        Span(list_events.user_of(event) or "–", Tone.QUIET),
    ]


def follow(options: argparse.Namespace, terminal: Terminal) -> ExitCode:
    """A line an event, each lot at once; with `--json` one object a line."""
    named_id = aggregate_id(options)

    def tell(appended: list[RecordedEvent]) -> None:
        for event in appended:
            if terminal.output.as_json:
                document = list_events.event_document(event, event.version)
                terminal.output.record(exact_json.dump(document))
            else:
                cells = _cells(event, with_aggregate=named_id is None)
                terminal.output.line(*(part for cell in cells for part in (cell, GAP)))
        terminal.output.flush()

    with terminal.context() as context, opened(options, terminal, context) as session:
        request = follow_events.FollowEventsRequest(
            origin=terminal.origin(),
            on_events=tell,
            most=options.limit,
            aggregate_id=named_id,
            event_type=options.type,
            user=options.user,
            since=options.since,
            until=options.until,
            after=options.after,
        )
        perform(follow_events.run, session, request, context)
    return ExitCode.ANSWERED


def timeline(options: argparse.Namespace, terminal: Terminal) -> ExitCode:
    named_id = aggregate_id(options)
    with terminal.context() as context, opened(options, terminal, context) as session:
        request = show_timeline.ShowTimelineRequest(
            origin=terminal.origin(),
            aggregate_id=named_id or "",
            aggregate_type=options.type,
            after=options.after,
        )
        result = perform(show_timeline.run, session, request, context)
    if _is_shown(terminal, result):
        show_timeline_of(terminal, result)
    return ExitCode.ANSWERED


def show_timeline_of(terminal: Terminal, result: show_timeline.TimelineResult) -> None:
    facts: list[tuple[str, Cell]] = [
        (tr("aggregate"), Span(result.aggregate.aggregate_id, Tone.STRONG)),
        (tr("type"), named(result.aggregate.aggregate_type)),
        (tr("events"), f"{result.length:,}"),
    ]
    if result.length:
        facts += [
            (tr("versions"), tr("{first} to {last}", first=result.versions[0], last=result.versions[-1])),
            (tr("first"), display_time(result.times[0])),
            (tr("last"), display_time(result.times[-1])),
            (tr("data"), tr("{bytes:,} bytes", bytes=sum(result.sizes))),
        ]
    terminal.output.facts(facts)
    if not result.length:
        return
    for title, counts in ((tr("event"), result.counts_by_type()), (tr("user"), result.counts_by_user())):
        terminal.output.blank()
        columns = [Column(title=title), Column(title=tr("events"), right=True)]
        rows = sorted(counts.items(), key=lambda one: -one[1])
        terminal.output.table(columns, [(_who_or_what(name), f"{count:,}") for name, count in rows])


def _who_or_what(name: str | None) -> Cell:
    return Span(tr("(nobody is named)"), Tone.QUIET) if name is None else named(name)


def event(options: argparse.Namespace, terminal: Terminal) -> ExitCode:
    named_id, version = _event_named(options)
    _require_fitting(options)
    asked = {
        "origin": terminal.origin(),
        "aggregate_id": named_id,
        "aggregate_type": options.type,
        "version": version,
        "event_id": options.event_id,
    }
    with terminal.context() as context, opened(options, terminal, context) as session:
        if options.upcast:
            request = show_upcast.ShowUpcastRequest(**asked, model=options.model)
            show_upcast_form(terminal, perform(show_upcast.run, session, request, context))
        elif options.form is not None:
            copied = copy_event.CopyEventRequest(**asked, form=options.form, model=options.model)
            show_copied(terminal, perform(copy_event.run, session, copied, context))
        elif options.links:
            show_links_of(terminal, perform(show_links.run, session, _links_request(options, asked), context))
        else:
            result = perform(show_event.run, session, show_event.ShowEventRequest(**asked), context)
            if _is_shown(terminal, result):
                show_event_whole(terminal, result)
    return ExitCode.ANSWERED


def _links_request(options: argparse.Namespace, asked: dict[str, Any]) -> show_links.ShowLinksRequest:
    given = {
        "depth": options.depth,
        "most": options.limit,
        "after": options.after,
        "correlated_after": options.correlated_after,
    }
    return show_links.ShowLinksRequest(
        **asked, **{name: value for name, value in given.items() if value is not None}
    )


def _require_fitting(options: argparse.Namespace) -> None:
    """Raises: WrongRequest for options that would be left unheard."""
    if options.model is not None and not options.upcast and options.form != "pytest":
        raise WrongRequest(
            tr("An event as it is stored has no model."),
            tr("Add --upcast to see what the model reads it as, or --as pytest to test the model."),
        )
    for name in ("depth", "limit", "after", "correlated-after"):
        if getattr(options, name.replace("-", "_")) is not None and not options.links:
            raise WrongRequest(
                tr("--{name} is for causes and effects.", name=name), tr("Add --links to see these.")
            )


def show_copied(terminal: Terminal, copied: copy_event.CopiedEvent) -> None:
    """The text alone on stdout, so that it can be sent to a file."""
    for note in copied.notes:
        terminal.diagnostics.warning(note)
    if terminal.output.as_json:
        terminal.output.document(copied.document())
    else:
        terminal.output.source(copied.text)


def show_upcast_form(terminal: Terminal, result: show_upcast.UpcastResult) -> None:
    """The stored event, and below it what the model reads it as."""
    if result.finding is not None:
        said = tr(
            "{model} cannot read this event: {finding}.", model=result.model.name, finding=result.finding
        )
        terminal.diagnostics.warning(said)
    if not _is_shown(terminal, result):
        return
    show_event_whole(terminal, result.stored)
    terminal.output.blank()
    facts: list[tuple[str, Cell]] = [(tr("read by"), model_text(result.model))]
    for at, step in enumerate(result.steps):
        facts.append((tr("steps") if at == 0 else "", step))
    if result.finding is not None:
        facts.append((tr("becomes"), Span(result.finding, Tone.BAD)))
    elif not result.is_upcast:
        facts.append((tr("becomes"), tr("what is stored: the model has no upcasters for this type")))
    elif not result.events:
        facts.append((tr("becomes"), tr("nothing: the model takes no change from it")))
    terminal.output.facts(facts)
    for one in result.events if result.is_upcast else ():
        terminal.output.blank()
        title = tr("{type}, schema version {version}", type=one.event_type, version=one.schema_version)
        terminal.output.line(Span(title, Tone.STRONG))
        terminal.output.block(exact_json.dump(exact_json.parse(one.data_text), indent=2))


def _event_named(options: argparse.Namespace) -> tuple[str | None, int | None]:
    """Aggregate and version, or neither where the event's id is given. Raises: WrongRequest."""
    take_operand(options, "version")
    named_id = aggregate_id(options)
    given = named_id is not None, options.version is not None
    if given != ((True, True) if options.event_id is None else (False, False)):
        raise WrongRequest(
            tr("No single event is named."),
            tr("`auditor event STORE ID VERSION`, or `auditor event STORE --id EVENT_ID`."),
        )
    return named_id, None if options.version is None else whole_number(options.version)


def show_event_whole(terminal: Terminal, result: show_event.EventResult) -> None:
    one = result.event
    facts: list[tuple[str, Cell]] = [
        (tr("event"), Span(one.event_type, Tone.STRONG)),
        (tr("id"), one.event_id_text),
        (tr("aggregate"), named(one.aggregate_id)),
        (tr("type"), named(one.aggregate_type)),
        (tr("version"), _counted_version(result)),
        (tr("position"), f"{one.position:,}"),
        (tr("time"), display_time(one.timestamp_utc)),
    ]
    if one.timestamp_text is not None:
        facts.append((tr("as written"), one.timestamp_text))
    facts += [
        (tr("schema"), result.schema_said),
        (tr("user"), result.user or "–"),
        (tr("correlation"), _correlation(result)),
        (tr("cause"), _cause(result)),
    ]
    facts += [(tr("effects") if at == 0 else "", _link(link)) for at, link in enumerate(result.effects)] or [
        (tr("effects"), "–")
    ]
    if result.more_effects:
        facts.append(("", tr("and {count:,} more", count=result.more_effects)))
    terminal.output.facts(facts)
    for name, values in (("data", result.data), ("metadata", result.metadata)):
        terminal.output.blank()
        terminal.output.line(Span(name, Tone.QUIET))
        problem = values.get(f"{name}_problem")
        if problem is None:
            terminal.output.block(exact_json.dump(values[name], indent=2))
        else:
            terminal.diagnostics.warning(
                tr("The {name} is shown as it is stored: {problem}.", name=name, problem=problem)
            )
            terminal.output.block(values[f"{name}_text"])


def _counted_version(result: show_event.EventResult) -> str:
    if result.ordinal == result.event.version:
        return str(result.ordinal)
    return tr("{version} (event number {ordinal})", version=result.event.version, ordinal=result.ordinal)


def _correlation(result: show_event.EventResult) -> str:
    if result.correlation_id is None:
        return "–"
    return tr("{id} ({count:,} events)", id=result.correlation_id, count=result.correlated)


def _cause(result: show_event.EventResult) -> Cell:
    if result.cause is not None:
        return _link(result.cause)
    if result.causation_id is None:
        return "–"
    said = tr("{id}: no event of this store has that id", id=result.causation_id)
    return Span(said, Tone.WARNING) if result.cause_missing else said


def _link(link: "EventLink") -> str:
    return tr(
        "{type}, version {version} of {aggregate}, position {position:,} ({id})",
        type=link.event_type,
        version=link.version,
        aggregate=link.aggregate_id,
        position=link.position,
        id=link.event_id,
    )


COMMANDS = {"events": events, "timeline": timeline, "event": event}
