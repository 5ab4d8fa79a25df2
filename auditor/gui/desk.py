"""What every panel of a window is given."""

from dataclasses import dataclass

from PySide6.QtWidgets import QWidget

from auditor.gui.actions import Actions
from auditor.gui.appearance import Appearance
from auditor.gui.clock import Clock
from auditor.gui.copying import Copying
from auditor.gui.current_store import CurrentStore
from auditor.gui.cursor import Cursor
from auditor.gui.event_types import EventTypes
from auditor.gui.following import Following
from auditor.gui.highlight import Highlight
from auditor.gui.history_loader import HistoryLoader
from auditor.gui.looking import Looking
from auditor.gui.settings import Settings
from auditor.gui.store_counts import StoreCounts
from auditor.gui.tasks_shown import ShownTasks


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """The window's own objects; panels share these and nothing else."""

    store: CurrentStore
    cursor: Cursor
    looking: Looking
    highlight: Highlight
    loader: HistoryLoader
    actions: Actions
    copying: Copying
    appearance: Appearance
    clock: Clock
    event_types: EventTypes
    settings: Settings
    tasks: ShownTasks
    counts: StoreCounts
    following: Following


def furnished_desk(window: QWidget, appearance: Appearance, settings: Settings) -> Desk:
    """A new window's desk; what stands on it belongs to the window."""
    store, cursor = CurrentStore(window), Cursor(window)
    event_types = EventTypes(settings, appearance, window)
    loader, actions = HistoryLoader(store, cursor, event_types, window), Actions(window, appearance)
    counts, tasks = StoreCounts(store, window), ShownTasks(window)
    return Desk(
        store=store,
        cursor=cursor,
        looking=Looking(cursor, window),
        highlight=Highlight(cursor, window),
        loader=loader,
        actions=actions,
        copying=Copying(actions, window),
        appearance=appearance,
        clock=Clock(window),
        event_types=event_types,
        settings=settings,
        tasks=tasks,
        counts=counts,
        following=Following(store, cursor, loader, actions, counts, tasks, window),
    )
