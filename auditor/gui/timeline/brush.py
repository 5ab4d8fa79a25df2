"""A range of events that the user selects by dragging: in the axis, or in the lanes with Shift."""

from auditor.gui.timeline.model import TimelineModel

CLICK = 4
"""A press that moves less is a click."""


def select_between(model: TimelineModel, one: float, other: float) -> None:
    """Selects the events that stand between two places of the axis; without any, nothing is selected."""
    low, high = sorted((one, other))
    first, last = int(model.places.at.searchsorted(low)) + 1, model.places.at_or_before(high)
    if first <= last:
        model.set_range(first, last)
    else:
        model.clear_range()
