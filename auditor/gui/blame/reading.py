"""All values of a field, read and made ready for drawing beside Qt's thread: there may be a hundred thousand."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from auditor.gui.blame import words
from auditor.tasks.context import TaskContext

if TYPE_CHECKING:
    from auditor.jobs.session import Session
    from auditor.jobs.show_blame import BlameRequest, BlameResult

Heights = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadBlame:
    """The job's answer. `heights` are the numbers as a chart draws them, not-a-number for what is none; None where
    there is no chart, and `no_chart` says why."""

    result: "BlameResult"
    heights: Heights | None
    no_chart: str


def read_blame(session: "Session", request: "BlameRequest", context: TaskContext) -> ReadBlame:
    """The job `show_blame`."""
    from auditor.jobs import show_blame

    return prepared(show_blame.run(session, request, context))


def prepared(result: "BlameResult") -> ReadBlame:
    said = words.no_chart(result.changes) if result.changes else ""
    heights = None
    if result.changes and not said:
        heights = np.array([words.height_of(one) for one in result.changes], dtype=np.float64)
    return ReadBlame(result=result, heights=heights, no_chart=said)
