"""The story worth finding in a demo store, and what the order was before, at and after it."""

from dataclasses import dataclass

from auditor.core import exact_json
from auditor.core.diff import Change, changes
from auditor.core.events import RecordedEvent
from auditor.demo.story import Story, find_story
from auditor.jobs import list_events, show_state
from auditor.jobs.origin import Origin
from auditor.jobs.session import Session
from auditor.jobs.show_state import StateResult
from auditor.tasks.context import TaskContext

MOST_EVENTS = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoStoryRequest:
    """Of the store that the session has open."""

    origin: Origin


@dataclass(frozen=True, slots=True, kw_only=True)
class Chapter:
    """The order at one version: the events since the chapter before, and what they changed."""

    state: StateResult
    events: tuple[RecordedEvent, ...]
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoStoryResult:
    """`chapters` are three: before the correction, with it, and the order as it is now."""

    story: Story
    chapters: tuple[Chapter, ...]


def run(session: Session, request: DemoStoryRequest, context: TaskContext) -> DemoStoryResult | None:
    """None where the history is too short to hold a story."""
    story = find_story(session.reader)
    if story is None:
        return None
    listed = list_events.ListEventsRequest(
        origin=request.origin, limit=MOST_EVENTS, aggregate_id=story.order_id
    )
    events = list_events.run(session, listed, context).events
    chapters: list[Chapter] = []
    for version in dict.fromkeys((story.before, story.correction, story.after)):
        asked = show_state.ShowStateRequest(
            origin=request.origin, aggregate_id=story.order_id, version=version
        )
        state = show_state.run(session, asked, context)
        before = chapters[-1].state if chapters else None
        since = before.version if before and before.version else 0
        chapters.append(
            Chapter(
                state=state,
                events=tuple(event for event in events if since < event.version <= version),
                changes=() if before is None else tuple(changes(_value(before), _value(state))),
            )
        )
    return DemoStoryResult(story=story, chapters=tuple(chapters))


def _value(state: StateResult) -> object:
    return exact_json.parse(state.state_text or "null")
