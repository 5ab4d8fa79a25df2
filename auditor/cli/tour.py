"""The demo in a terminal: what is in the store, a story in it, a rebuild, and what to type next."""

import os
import shlex
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

from auditor.cli.commands_view import show_aggregates, show_types, table_time
from auditor.cli.output import GAP, Cell, Span, Tone, cell_width, padded
from auditor.cli.rebuild_child import rebuild_in_child
from auditor.cli.terminal import Terminal
from auditor.cli.window_pictures import leave_pictures
from auditor.core import exact_json
from auditor.core.diff import Change, pointer
from auditor.core.presenter import display_value
from auditor.core.text import tr
from auditor.jobs import demo_story, list_aggregates, list_events, make_demo, open_store, store_info
from auditor.jobs.demo_story import Chapter, DemoStoryResult
from auditor.jobs.perform import perform, perform_alone
from auditor.jobs.workspace_code import TrustWord
from auditor.own_program import is_frozen
from auditor.tasks.context import TaskContext

INDENT = "   "
FEW = 5
PROJECTION = "order_summaries"
_SIGNS = {"added": ("+", Tone.GOOD), "removed": ("-", Tone.BAD), "changed": ("~", Tone.WARNING)}


def tour(terminal: Terminal, made: make_demo.MakeDemoResult, context: TaskContext) -> None:
    """Shows the store that was made; everything but the rebuild's read model stays as it is."""
    _welcome(terminal, made)
    story = _look(terminal, made.path, context)
    next_number = 2 if story is None else 3
    _heading(terminal, next_number, tr("A read model, rebuilt from the events"))
    rebuild_in_child(terminal, made.path, PROJECTION, INDENT)
    if story is not None:
        _heading(terminal, next_number + 1, tr("The window"))
        leave_pictures(terminal, made.path, story.story.order_id, story.story.correction, INDENT)
        next_number += 1
    _heading(terminal, next_number + 1, tr("To go on, type"))
    _what_next(terminal, made.path, story)


def _heading(terminal: Terminal, number: int, text: str) -> None:
    terminal.output.blank()
    terminal.output.line(Span(f"{number}  {text}", Tone.STRONG))
    terminal.output.blank()


def _welcome(terminal: Terminal, made: make_demo.MakeDemoResult) -> None:
    out = terminal.output
    out.line(Span(tr("Auditor demo: the orders of a small shop"), Tone.STRONG))
    how = tr("there already") if made.reused else tr("made in {seconds:.1f} s", seconds=made.seconds)
    out.line(tr("{events:,} events, {how}. The store is this file:", events=made.events, how=how))
    out.line(Span(str(made.path), Tone.QUIET))


def _look(terminal: Terminal, path: Path, context: TaskContext) -> DemoStoryResult | None:
    origin = terminal.origin("tour")
    opening = open_store.OpenStoreRequest(origin=origin, store=str(path), trust=TrustWord())
    with perform_alone(open_store.run, opening, context) as session:
        info = perform(store_info.run, session, store_info.StoreInfoRequest(origin=origin), context)
        some = list_aggregates.ListAggregatesRequest(origin=origin, limit=FEW, aggregate_type="Order")
        orders = perform(list_aggregates.run, session, some, context)
        _heading(terminal, 1, tr("What is in it"))
        show_types(terminal, info.types, INDENT)
        terminal.output.blank()
        show_aggregates(terminal, orders, INDENT)
        if orders.more:
            _quiet(terminal, tr("… the first {shown} of {all:,} orders", shown=FEW, all=info.types["Order"]))
        request = demo_story.DemoStoryRequest(origin=origin)
        result = perform(demo_story.run, session, request, context)
    if result is not None:
        _show_story(terminal, result)
    else:
        terminal.output.blank()
        _quiet(terminal, tr("So few events hold no corrected price to tell about; from 100 on one does."))
    return result


def _show_story(terminal: Terminal, result: DemoStoryResult) -> None:
    out, story = terminal.output, result.story
    _heading(terminal, 2, tr("A price corrected after the order was confirmed"))
    out.line(INDENT, tr("{user} corrected a price once, and never before or after.", user=story.user_id))
    out.line(INDENT, tr("The reason that was given: “{reason}”.", reason=story.reason))
    out.line(INDENT, tr("The order {id} at three versions (amounts are cents):", id=story.order_id))
    for chapter in result.chapters:
        out.blank()
        _show_chapter(terminal, chapter)
    model = result.chapters[-1].state.model
    out.blank()
    _quiet(terminal, tr("States by the model {name} in {module}.", name=model.name, module=model.module))


def _show_chapter(terminal: Terminal, chapter: Chapter) -> None:
    out, state = terminal.output, chapter.state
    out.line(INDENT, Span(tr("version {version}", version=state.version), Tone.HERE))
    shown = chapter.events if chapter.changes else chapter.events[-1:]
    for event in shown[-FEW:]:
        user = list_events.user_of(event) or "–"
        time = Span(table_time(event.timestamp_utc), Tone.QUIET)
        out.line(INDENT * 2, time, GAP, event.event_type, Span(tr(" by "), Tone.QUIET), user)
    if chapter.changes:
        _show_changes(terminal, chapter.changes)
    else:
        _show_brief(terminal, state.state_text or "{}")


def _show_brief(terminal: Terminal, state_text: str) -> None:
    state = exact_json.parse(state_text)
    parts = [
        f"{name} {display_value(state[name])}" for name in ("status", "item_count", "total") if name in state
    ]
    terminal.output.line(INDENT * 2, GAP, " · ".join(parts))


def _show_changes(terminal: Terminal, changes: tuple[Change, ...]) -> None:
    fields = [field for change in changes for field in _fields(change)]
    width = max(cell_width(change.path) for change in fields[: FEW * 2])
    for change in fields[: FEW * 2]:
        sign, tone = _SIGNS[change.kind]
        terminal.output.line(
            INDENT * 2, GAP, Span(sign, tone), " ", padded(change.path, width), GAP, *_values(change)
        )
    if len(fields) > FEW * 2:
        _quiet(terminal, tr("… {count} more fields", count=len(fields) - FEW * 2))


def _fields(change: Change) -> Iterator[Change]:
    """The change field by field, also where a whole object came in place of nothing."""
    if change.before is None and isinstance(change.after, dict):
        for name, value in change.after.items():
            yield from _fields(Change(pointer(change.path, name), "added", None, value))
    else:
        yield change


def _values(change: Change) -> list[Cell]:
    before, after = (display_value(value, longest=30) for value in (change.before, change.after))
    if change.kind == "added":
        return [after]
    if change.kind == "removed":
        return [before]
    return [Span(before, Tone.QUIET), " → ", after]


def _what_next(terminal: Terminal, path: Path, story: DemoStoryResult | None) -> None:
    for why, arguments in next_commands(path, story):
        terminal.output.line(Span(f"# {why}", Tone.QUIET))
        terminal.output.line(shlex.join([*program(), *arguments]))


def next_commands(path: Path, told: DemoStoryResult | None) -> list[tuple[str, list[str]]]:
    """What to see on this store, and the arguments that show it."""
    store = str(path)
    commands = [
        (tr("what the store is"), ["info", store]),
        (tr("its orders, a page at a time"), ["aggregates", store, "--type", "Order"]),
    ]
    if told is not None:
        story = told.story
        moment = f"{story.timestamp[:19]}Z"
        commands += [
            (tr("the events of that order"), ["events", store, story.order_id]),
            (
                tr("the order with its corrected price"),
                ["state", store, story.order_id, "--version", str(story.correction)],
            ),
            (tr("the order in the second before"), ["state", store, story.order_id, "--as-of", moment]),
            (tr("what else that user did"), ["events", store, "--user", story.user_id]),
        ]
    return [*commands, (tr("the read model once more"), ["rebuild", store, PROJECTION])]


def program() -> list[str]:
    """How the user can start this program again from where they are."""
    if is_frozen():
        return [_from_here(Path(sys.executable))]
    by_uv = "UV_RUN_RECURSION_DEPTH" in os.environ  # it puts an environment in front that is gone afterwards
    typed = sys.orig_argv
    at = typed.index("-m") if "-m" in typed else len(typed)
    if typed[at + 1 : at + 2] == ["auditor"]:
        is_path = os.sep in typed[0]
        return [_from_here(Path(sys.executable)) if by_uv and not is_path else typed[0], *typed[1 : at + 2]]
    script = Path(sys.executable).with_name("auditor")
    if not script.exists():
        return [_from_here(Path(sys.executable)), "-m", "auditor"]
    if not by_uv and shutil.which("auditor") == str(script):
        return ["auditor"]
    return [_from_here(script)]


def _from_here(program: Path) -> str:
    folder = Path.cwd()
    if not program.is_relative_to(folder):
        return str(program)
    below = program.relative_to(folder)
    return str(below) if below.parent.name else os.path.join(os.curdir, below)  # noqa: PTH118 - Path drops the dot


def _quiet(terminal: Terminal, text: str) -> None:
    terminal.output.line(INDENT, Span(text, Tone.QUIET))
