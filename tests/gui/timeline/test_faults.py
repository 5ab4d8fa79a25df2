"""What is wrong with a history is drawn where it is, and said with its number."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QRect

from auditor.core.version_faults import version_faults
from auditor.gui.history import History
from auditor.gui.timeline.axis_labels import Label
from auditor.gui.timeline.model import AxisKind
from auditor.gui.timeline.panel import TimelinePanel
from tests.gui.timeline.hand import place

MakeHistory = Callable[..., History]
MakePanel = Callable[..., TimelinePanel]


def with_versions(history: History, versions: list[int], positions: list[int] | None = None) -> History:
    stored = history.positions.tolist() if positions is None else positions
    return replace(
        history,
        versions=np.array(versions),
        positions=np.array(stored),
        faults=version_faults(versions, stored),
    )


def said(panel: TimelinePanel) -> list[str]:
    panel.lanes.draw_now()
    return [one.text for one in panel.lanes.about.sentences()]


@pytest.mark.parametrize("axis", list(AxisKind))
def test_missing_versions_are_a_mark_with_their_number(
    axis: AxisKind, make_history: MakeHistory, make_panel: MakePanel
) -> None:
    versions = [*range(1, 41), *range(44, 80), *range(81, 105)]
    panel = make_panel(with_versions(make_history(100), versions))
    panel.model.set_axis(axis, compresses=False)
    width, faults = panel.lanes.plot_rect.width(), panel.lanes.overlay.faults
    marks = faults.holes(width)
    assert [(one.hole.after, one.hole.missing) for one in marks] == [(40, 3), (76, 1)]
    window, places = panel.model.window, panel.model.places
    for mark in marks:
        before, behind = (window.x_of(places.of(mark.hole.after + one), width) for one in (0, 1))
        assert before < mark.x < behind
    assert said(panel)[0] == "4 versions missing in 2 places"
    assert faults.tip(marks[0].x + 2, width) == "Versions 41 to 43 are not in the store."
    assert faults.tip(marks[0].x + 40, width) == ""
    assert panel.model.incomplete_from == 41
    panel.lanes.draw_now()
    picture, x = panel.lanes.grab().toImage(), round(panel.lanes.plot_rect.left() + marks[1].x)
    top, bottom = panel.lanes.plot_rect.top(), panel.lanes.plot_rect.bottom()
    area = [picture.pixelColor(x + dx, y) for dx in range(-4, 5) for y in range(top, bottom)]
    assert sum(one.red() > one.blue() + 60 for one in area) > (bottom - top) / 2


def test_missing_at_the_beginning(make_history: MakeHistory, make_panel: MakePanel) -> None:
    panel = make_panel(with_versions(make_history(30), list(range(5, 35))))
    (mark,) = panel.lanes.overlay.faults.holes(panel.lanes.plot_rect.width())
    assert mark.x == 0
    assert said(panel)[0] == "4 versions missing in a row"


def test_many_holes_are_not_more_marks_than_pixels(make_history: MakeHistory, make_panel: MakePanel) -> None:
    panel = make_panel(with_versions(make_history(8000), list(range(1, 16_001, 2))))
    assert len(panel.lanes.overlay.faults.holes(900)) <= 300
    assert said(panel)[0] == "7,999 versions missing in 7,999 places"
    panel.lanes.grab()


def test_versions_that_stand_twice_are_marked(make_history: MakeHistory, make_panel: MakePanel) -> None:
    versions = [*range(1, 21), 20, 20, *range(21, 49)]
    panel = make_panel(with_versions(make_history(50), versions))
    plain = make_panel(make_history(50))
    assert said(panel)[0] == "2 versions stand twice"
    shown = panel.model.history
    assert shown is not None
    assert shown.repeated == (21, 22)
    assert "the event before has the same version" in panel.hover.event_lines(shown, 21)
    assert len(panel.hover.event_lines(shown, 20)) == len(panel.hover.event_lines(shown, 21)) - 1
    center = place(panel, 21, panel.model.lane_of(21)).toPoint()
    beside = QRect(center.x() + 6, center.y() - 3, 6, 6)
    plain.lanes.draw_now()
    assert panel.lanes.grab().toImage().copy(beside) != plain.lanes.grab().toImage().copy(beside)


def test_events_that_came_out_of_order_are_counted(make_history: MakeHistory, make_panel: MakePanel) -> None:
    positions = [10, 12, 11, *range(13, 40)]
    panel = make_panel(with_versions(make_history(30), list(range(1, 31)), positions))
    assert said(panel)[0] == "1 stored out of order"
    shown = panel.model.history
    assert shown is not None
    assert "stored before an event of a lower version" in panel.hover.event_lines(shown, shown.strays[0])


@pytest.mark.parametrize(
    ("verdict", "words"),
    [
        ("agrees", "agrees with"),
        ("differs", "differs from"),
        ("damaged", "differs from"),
        ("", "not compared"),
    ],
)
def test_snapshots_stand_on_the_axis(
    verdict: str, words: str, make_history: MakeHistory, make_panel: MakePanel
) -> None:
    history = replace(make_history(100), snapshots=(40,), snapshot_verdicts=(verdict,) if verdict else ())
    panel = make_panel(history)
    width, faults = panel.lanes.plot_rect.width(), panel.lanes.overlay.faults
    (mark,) = faults.snapshots(width)
    assert mark.x == pytest.approx(panel.model.window.x_of(40, width))
    assert faults.tip(mark.x + 3, width).startswith("Snapshot of the application at 40: " + words)
    panel.model.show_events(50, 90)
    assert faults.snapshots(width) == []


def test_verdicts_differ_without_colour(make_history: MakeHistory, make_panel: MakePanel) -> None:
    shapes = set()
    for verdict in ("agrees", "differs", ""):
        history = replace(make_history(100), snapshots=(40,), snapshot_verdicts=(verdict,) if verdict else ())
        panel = make_panel(history)
        x = round(panel.lanes.plot_rect.left() + panel.model.window.x_of(40, panel.lanes.plot_rect.width()))
        bottom = panel.lanes.plot_rect.bottom()
        picture = panel.lanes.grab(QRect(x, bottom - 12, 14, 12)).toImage()
        ground = picture.pixelColor(13, 11).lightness()
        shapes.add(
            tuple(
                abs(picture.pixelColor(column, row).lightness() - ground) > 60
                for row in range(12)
                for column in range(14)
            )
        )
        beside = {picture.pixelColor(column, row).lightness() for row in range(8) for column in (11, 12)}
        assert any(abs(one - ground) > 60 for one in beside) == (verdict == "differs")  # its !
    assert len(shapes) == 3


@pytest.mark.parametrize("length", [300, 60_000])
def test_an_event_that_was_not_applied_is_seen_in_density_too(
    length: int, make_history: MakeHistory, make_panel: MakePanel
) -> None:
    history = make_history(length)
    most = int(np.argmax(history.counts()))
    failed = int(np.flatnonzero(history.type_of == most)[length // 10]) + 1
    panel = make_panel(replace(history, unapplied=(failed,)), (1175, 400))
    panel.model.go(length)
    panel.lanes.draw_now()
    picture = panel.lanes.grab().toImage()
    center = place(panel, failed, panel.model.lane_of(failed)).toPoint()
    near = {
        picture.pixelColor(center.x() + dx, center.y() + dy).name()
        for dx in range(-12, 13)
        for dy in range(-6, 7)
    }
    assert panel._desk.appearance.theme.fail.lower() in near
    assert panel.lanes.number_drawn == length
    assert "not applied" in panel.hover.event_lines(history, failed) or "not applied" in (
        panel.hover.event_lines(replace(history, unapplied=(failed,)), failed)
    )


def test_version_labels_go_on_with_holes(make_history: MakeHistory, make_panel: MakePanel) -> None:
    versions = [*range(1, 41), *range(1000, 1060)]
    panel = make_panel(with_versions(make_history(100), versions))
    labels: list[Label] = panel.axis.versions_shown()
    assert {int(one.text.replace(",", "")) for one in labels} <= set(versions)
