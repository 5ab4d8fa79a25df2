"""The timeline: by time, with gaps compressed, with lanes hidden, with a range, with what is wrong with a history."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np
from PySide6.QtWidgets import QWidget

from auditor.core.version_faults import version_faults
from auditor.gui.cursor import Place
from auditor.gui.history import History
from auditor.gui.main_window import MainWindow
from auditor.gui.photographer import Photographer
from auditor.gui.timeline.model import AxisKind
from auditor.gui.timeline.panel import TimelinePanel
from tests.shots.stage import Stage

Act = Callable[[Photographer, MainWindow, Stage], QWidget]
BEGIN = datetime(2026, 3, 2, 7, 30, tzinfo=UTC)


def by_time(photographer: Photographer, window: MainWindow, stage: Stage) -> QWidget:
    """A hundred thousand versions, zoomed to some weeks; B is far behind A."""
    panel = _shown(photographer, window, "order-1", 61_204)
    panel.model.set_axis(AxisKind.TIME, compresses=False)
    panel.model.show_events(40_000, 80_000)
    window.desk.cursor.set_other(75_000)
    return _rested(photographer, window)


def compressed(photographer: Photographer, window: MainWindow, stage: Stage) -> QWidget:
    """Bursts of work with a week between them; a clock that stepped back, and a time that is none."""
    panel = _shown(photographer, window, *stage.busy)
    times = [_text(BEGIN + timedelta(minutes=3 * n, days=6 * (n // 100))) for n in range(panel.model.length)]
    times[250] = times[251] = times[10]
    times[40] = ""
    _change(window, lambda history: replace(history, times=times, type_of=history.type_of.copy()))
    panel.model.set_axis(AxisKind.TIME, compresses=True)
    return _rested(photographer, window)


def chosen(photographer: Photographer, window: MainWindow, stage: Stage) -> QWidget:
    """One type hidden, another moved to the top, a range selected, B set."""
    panel = _shown(photographer, window, *stage.busy)
    types, choice = panel.model.lane_name, panel.model.choice
    assert panel.model.history is not None
    choice = choice.with_hidden(types(3)).moved(types(2), -2, panel.model.history.types)
    panel.model.choose_lanes(choice)
    panel.model.set_range(80, 140)
    window.desk.cursor.set_other(320)
    return _rested(photographer, window)


def held(photographer: Photographer, window: MainWindow, stage: Stage) -> QWidget:
    """Where a condition held."""
    _shown(photographer, window, *stage.busy)
    window.desk.highlight.show_intervals(((20, 60), (130, 240), (410, 500)), "total > 500")
    return _rested(photographer, window)


def stands_out(photographer: Photographer, window: MainWindow, stage: Stage) -> QWidget:
    """Some events only keep their colour; one has a ring."""
    _shown(photographer, window, *stage.busy)
    window.desk.highlight.show_events([2, 50, 60, 120, 180, 200, 260, 400], "8 events set total")
    window.desk.highlight.set_ring(180)
    return _rested(photographer, window)


def faulty(photographer: Photographer, window: MainWindow, stage: Stage) -> QWidget:
    """Versions that are missing and twice there, an event that was not applied, three snapshots."""
    panel = _shown(photographer, window, *stage.busy)
    versions = [*range(1, 41), *range(44, 210), 209, *range(210, panel.model.length + 3)]
    versions = versions[: panel.model.length]
    _change(
        window,
        lambda history: replace(
            history,
            versions=np.array(versions),
            faults=version_faults(versions, history.positions.tolist()),
            unapplied=(300,),
            snapshots=(100, 250, 310),
            snapshot_verdicts=("agrees", "differs", "not_compared"),
        ),
    )
    panel.model.show_events(20, 330)
    return _rested(photographer, window)


def _shown(
    photographer: Photographer, window: MainWindow, aggregate_id: str, ordinal: int | None
) -> TimelinePanel:
    window.desk.cursor.go_to(Place(aggregate_id, None, ordinal))
    photographer.until_idle(window)
    assert window.views is not None
    panel = window.views.history.timeline
    panel.model.set_axis(AxisKind.VERSION, compresses=False)
    panel.model.choose_lanes(panel.model.choice.all_shown().in_first_order())
    return panel


def _change(window: MainWindow, change: Callable[[History], History]) -> None:
    """As if the store had it so."""
    history = window.desk.cursor.history
    assert history is not None
    window.desk.cursor.set_history(change(history))


def _rested(photographer: Photographer, window: MainWindow) -> MainWindow:
    photographer.until_idle(window)
    photographer.rest(300)
    return window


def _text(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%S.%f}Z"
