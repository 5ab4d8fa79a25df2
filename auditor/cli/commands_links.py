"""`event … --links`: causes and effects as a tree."""

from typing import TYPE_CHECKING

from auditor.cli.output import GAP, Span, Tone
from auditor.cli.terminal import Terminal
from auditor.core.causation import Effect
from auditor.core.text import tr
from auditor.jobs.show_links import LinksResult

if TYPE_CHECKING:
    from auditor.stores.pages import EventLink

_STEP = "  "


def show_links(terminal: Terminal, result: LinksResult) -> None:
    """The first cause at the top, the event itself marked, its effects below it, each under its cause."""
    if terminal.output.as_json:
        terminal.output.document(result.document())
        return
    line = terminal.output.line
    if said := result.end_said():
        terminal.diagnostics.warning(said)
    causes = result.causes.chain
    line(Span(tr("causes, {count:,}", count=len(causes)), Tone.QUIET))
    for link in reversed(causes):
        _line(terminal, link, _STEP)
    if not causes:
        line(_STEP, said or tr("none is named"))
    terminal.output.blank()
    line(Span(tr("event"), Tone.QUIET))
    _line(terminal, result.event, _STEP, Tone.STRONG)
    terminal.output.blank()
    line(Span(tr("effects, {count:,}", count=len(result.tree.effects) + result.tree.more), Tone.QUIET))
    _show_effects(terminal, result.tree)
    if not result.tree.effects and not result.tree.more:
        line(_STEP, tr("no event of this store names it as its cause"))
    if result.correlation_id is not None:
        count = len(result.correlated) + result.more_correlated
        terminal.output.blank()
        title = tr("correlation {id}, events: {count:,}", id=result.correlation_id, count=count)
        line(Span(title, Tone.QUIET))
        for link in result.correlated:
            _line(terminal, link, _STEP, Tone.STRONG if link == result.event else Tone.PLAIN)
        if result.more_correlated:
            said = tr("… {count:,} more", count=result.more_correlated)
            way = f"--id {result.event.event_id} --links"
            if result.correlated:
                way += f" --correlated-after {result.correlated[-1].position}"
            line(_STEP, Span(said, Tone.QUIET), GAP, Span(way, Tone.QUIET))


def _show_effects(terminal: Terminal, tree: "Effect[EventLink]") -> None:
    pending: list[tuple[Effect[EventLink], int, bool]] = [(tree, 0, False)]
    while pending:
        effect, depth, is_end = pending.pop()
        indent = _STEP * depth
        if is_end:
            _say_more(terminal, effect, indent + _STEP)
            continue
        if depth:
            _line(terminal, effect.link, indent)
        if effect.repeats:
            said = tr("it stands above already: the causes go round in a circle")
            terminal.output.line(indent + _STEP, Span(said, Tone.WARNING))
        if effect.more:
            pending.append((effect, depth, True))
        pending += [(one, depth + 1, False) for one in reversed(effect.effects)]


def _say_more(terminal: Terminal, effect: "Effect[EventLink]", indent: str) -> None:
    """How many effects are not listed, and what lists them."""
    said = tr("… {count:,} more", count=effect.more)
    way = f"--id {effect.link.event_id} --links"
    if effect.effects:
        way += f" --after {effect.effects[-1].link.position}"
    terminal.output.line(indent, Span(said, Tone.QUIET), GAP, Span(way, Tone.QUIET))


def _line(terminal: Terminal, link: "EventLink", indent: str, tone: Tone = Tone.PLAIN) -> None:
    said = tr(
        "{type}, version {version} of {aggregate_type} {aggregate}",
        type=link.event_type,
        version=link.version,
        aggregate_type=link.aggregate_type,
        aggregate=link.aggregate_id,
    )
    where = tr("position {position:,} ({id})", position=link.position, id=link.event_id)
    terminal.output.line(indent, Span(said, tone), GAP, Span(where, Tone.QUIET))
