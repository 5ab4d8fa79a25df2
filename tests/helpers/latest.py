"""A projection of a library user's, and a runner of it that follows in a thread of its own."""

import threading
from typing import Any, ClassVar

from auditor.core.events import Envelope
from auditor.core.projection import Projection
from auditor.core.rows import Table
from auditor.core.stopping import StopSignal
from auditor.stores.native_store import EventStore
from auditor.stores.projection_runner import ProjectionRunner
from tests.helpers.new_events import new_event
from tests.helpers.read_model_places import Ground


class Latest(Projection):
    """One row an aggregate: the number of its last event."""

    name = "latest"
    tables = (Table(name="latest", columns={"id": "text", "number": "integer", "poison": "boolean"}),)
    ignores = frozenset({"Noticed"})
    made: ClassVar[int] = 0

    def __init__(self) -> None:
        type(self).made += 1

    def on_item_added(self, event: Any, envelope: Envelope) -> None:
        before = self.rows.get("latest", envelope.aggregate_id) or {"number": 0}
        assert event.number == before["number"] + 1  # every event once, in order, on top of what was written
        self.rows.put("latest", {"id": envelope.aggregate_id, "number": event.number})

    def on_failed(self, _: Any, envelope: Envelope) -> None:
        self.rows.put("latest", {"id": envelope.aggregate_id, "poison": True})
        raise ValueError("not today")

    def on_unstorable(self, _: Any, envelope: Envelope) -> None:
        self.rows.put("latest", {"id": envelope.aggregate_id, "number": 2**70})


def rows(ground: Ground) -> dict[str, int | None]:
    return {row[0]: row[1] for row in ground.tables()["latest"]}


def append(store: EventStore, name: str, first: int, last: int, **changes: Any) -> int:
    made = [new_event(name, version, **changes) for version in range(first, last + 1)]
    return store.append(name, made, first - 1)[-1].position


class Following:
    """`follow` in a thread of its own."""

    def __init__(self, runner: ProjectionRunner) -> None:
        self.stop = StopSignal()
        self.result: Any = None
        self.error: BaseException | None = None
        self.thread = threading.Thread(target=self._run, args=(runner,))

    def _run(self, runner: ProjectionRunner) -> None:
        try:
            self.result = runner.follow(self.stop)
        except Exception as error:  # noqa: BLE001 - the test looks at it
            self.error = error

    def __enter__(self) -> "Following":
        self.thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop.stop()
        self.thread.join(20)
        assert not self.thread.is_alive()
