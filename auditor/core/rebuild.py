"""What a rebuild, or a projection that catches up, says of itself while it runs."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

ON_EVERY_LINE = ("kind", "projection", "done", "total", "position", "rows", "seconds")
MORE_BY_KIND: Mapping[str, frozenset[str]] = {
    "started": frozenset({"store_id", "head", "projections", "targets", "began", "made"}),
    "progress": frozenset({"target", "tables"}),
    "caught-up": frozenset(),
    "warning": frozenset({"message"}),
    "paused": frozenset({"message", "hint"}),
    "error": frozenset({"message", "hint", "event", "handler", "error", "traceback"}),
    "finished": frozenset({"store_id", "tables"}),
}
"""What a line may have besides, as `RebuildEvent` explains it."""
OF_A_FAILED_EVENT = (
    "position",
    "event_id",
    "event_type",
    "aggregate_type",
    "aggregate_id",
    "version",
    "data_text",
    "data_length",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class RebuildEvent:
    """What a rebuild or a projection that catches up says of itself; `--progress ndjson` writes each as one JSON
    object on a line.

    The first line is `started`, the last one `finished`, `paused` or `error`; before a run that cannot begin there is
    only the `error` or `paused`. Every line has:

    - `kind`: started, progress, caught-up, warning, error, paused, finished
    - `projection`: the name of the one at work; null before the first
    - `done`, `total`: events of the whole run, which are those of the store once for each projection; `total` is
      fixed, `done` never falls, and what is counted is committed. Events a second: `done` over `seconds` between two
      lines
    - `position`: of the store, up to which the projection at work has come; null before its first batch
    - `rows`: rows put or deleted so far, by all projections of the run; never falls
    - `seconds`: since the run began

    Besides, by kind (what does not apply is left out):

    - started: `store_id`; `head`, the position at which the run will end (null for an empty store); `projections`,
      their names in the order in which they run; `targets` {projection: place of its read model, a path or
      a URL without a password}
      When catching up also `began`, the checkpoint from which it goes on, and `made`, whether there were no rows
    - caught-up: while following, after a burst that came to where the store ends
    - progress: the first one of each projection, told when its code is loaded and its file open, has `target`, the
      place of its read model, and `tables`, the names of its tables
    - warning: `message`
    - paused: `message`, `hint`; the live rows of the projection at work are as they were before
    - error: `message`, `hint`; where a handler failed at an event also `event` (`OF_A_FAILED_EVENT`: `data_text` is
      the payload as stored, cut to 100,000 characters; `data_length` how many it has), `handler` (null where the
      worker was gone or the event could not be read), `error` and `traceback`, a list of texts, innermost last
    - finished: `store_id`; `tables` {projection: {table: number of live rows}}

    `auditor project` tells the same of its one projection: `total` counts the events beyond its checkpoint, and rows
    are live as soon as they are told. With `--follow`, `total` grows with the store, the last line is `paused`, and a
    warning may come first where another run is waited for.
    """

    kind: str
    projection: str | None
    done: int
    total: int
    position: int | None
    rows: int
    seconds: float
    message: str | None = None
    hint: str | None = None
    details: Mapping[str, Any] = field(default_factory=dict)

    def values(self) -> dict[str, Any]:
        """As one JSON object; what the kind does not have is left out."""
        values: dict[str, Any] = {
            "kind": self.kind,
            "projection": self.projection,
            "done": self.done,
            "total": self.total,
            "position": self.position,
            "rows": self.rows,
            "seconds": round(self.seconds, 3),
        }
        for name in ("message", "hint"):
            if getattr(self, name):
                values[name] = getattr(self, name)
        return {**values, **self.details}
