"""All of one value of an event, in a window beside."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from auditor.gui.desk import Desk
from auditor.gui.event.fact import Fact
from auditor.gui.state.field_viewer import FieldViewer, WholeField, whole_of
from auditor.tasks.context import TaskContext
from auditor.tasks.runner import Lane

if TYPE_CHECKING:
    from auditor.gui.event.reading import ReadEvent
    from auditor.jobs.session import Session

VIEWED = Lane("viewed value")


@dataclass(frozen=True, slots=True)
class _Wanted:
    fact: Fact
    read: "ReadEvent"


def _whole(_session: "Session", wanted: _Wanted, context: TaskContext) -> WholeField:
    """Not on Qt's thread: it may be long."""
    context.token.raise_if_cancelled()
    return whole_of(wanted.fact.value)


class ValueShown:
    """One window, used again for each value."""

    def __init__(self, desk: Desk, parent: QWidget) -> None:
        self._desk = desk
        self._parent = parent
        self._viewer: FieldViewer | None = None

    def show(self, fact: Fact, read: "ReadEvent") -> None:
        event = read.result.event

        def done(whole: WholeField) -> None:
            if self._viewer is None:
                self._viewer = FieldViewer(self._desk, self._parent, name="event.viewer")
            self._viewer.tell(fact.pointer, event.aggregate_id, event.version, whole)

        self._desk.store.ask(VIEWED, _whole, _Wanted(fact, read), done=done)
