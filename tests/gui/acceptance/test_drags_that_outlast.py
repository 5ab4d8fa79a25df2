"""A drag may go on while another history takes the place of the one over which it began."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtTest import QTest

from auditor.gui.cursor import Place
from auditor.gui.timeline.overview import Overview
from auditor.gui.timeline.panel import TimelinePanel
from tests.gui.acceptance.driving import LEFT, User


@pytest.mark.parametrize("other", ["order-1036", "order-1105"])
def test_the_window_of_the_lanes_is_always_one_of_the_history_that_is_shown(
    other: str, user_of: Callable[..., User], demo_store: Path
) -> None:
    user = user_of(demo_store)
    user.desk.cursor.go_to(Place("order-1003", None))
    user.until(lambda: user.length == 500)
    user.rest()
    model, overview = user.find(TimelinePanel, "timeline").model, user.find(Overview, "timeline.overview")
    model.set_window(model.window.between(200, 300))
    middle = overview.rect().center()
    QTest.mousePress(overview, LEFT, pos=middle)
    user.desk.cursor.go_to(Place(other, None))
    user.until(lambda: 0 < user.length < 20)
    user.rest()
    for x in (middle.x() + 40, middle.x() - 200, 5):
        QTest.mouseMove(overview, QPoint(x, middle.y()))
        user.rest()
        assert model.window.extent == model.places.extent
        first, last = model.in_view
        assert 1 <= first <= last <= user.length
    QTest.mouseRelease(overview, LEFT, pos=middle)
