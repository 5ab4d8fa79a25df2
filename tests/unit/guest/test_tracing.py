"""Questions about all states, asked of real workers: in pieces, in any order, and when the model makes trouble."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from auditor.core import exact_json
from auditor.core.errors import Cancelled
from auditor.core.logical_path import logical_path, to_wire
from auditor.guest.fold_service import FoldService
from auditor.guest.folded_aggregate import FoldedAggregate
from auditor.guest.limits import Limits
from auditor.guest.tracing import trace
from auditor.tasks.cancel import CancelToken
from tests.helpers.guest_code import ROOMY, history, trusted_code

THINGS = """
    import os

    class Thing:
        def __init__(self):
            self.count = 0
            self.names = []

        def on_counted(self, event):
            self.count += 1

        def on_named(self, event):
            self.names.append(event.name)

        def on_raising(self, event):
            self.count += 100
            raise ValueError("no")

        def on_ending(self, event):
            os._exit(3)

    class Sharing:
        everything = []

        def __init__(self):
            self.count = 0

        def on_counted(self, event):
            self.count += 1
            self.everything.append(self.count)
"""
EVENTS = history(
    "Counted", ("Named", {"name": "a"}), "Counted", "Raising", ("Named", {"name": "b"}), "Unknown", "Counted"
)
COUNT_CHANGED = [1, 3, 4, 7]


def changes(folded: FoldedAggregate, pointer: str, ordinal: int, **options: Any) -> list[int]:
    """Of a field that the state after all events has."""
    (path,) = folded.paths_at(folded.length, (pointer,)).paths.values()
    found = trace(folded, "paths", {"paths": [to_wire(path)]}, ordinal=ordinal, **options)
    assert not found.more
    ordinals: list[int] = found.answer["ordinals"][0]
    return ordinals


@pytest.fixture
def service(tmp_path: Path, cache: Path) -> Iterator[FoldService]:
    with FoldService(trusted_code(tmp_path, THINGS), cache=cache) as made:
        yield made


@pytest.fixture
def folded(service: FoldService) -> FoldedAggregate:
    return service.open("a-1", [EVENTS])


def test_a_handler_that_raises_has_set_what_it_changed(folded: FoldedAggregate) -> None:
    assert changes(folded, "/count", 7) == COUNT_CHANGED
    assert changes(folded, "/names", 7) == [1, 2, 5]
    assert changes(folded, "", 7) == [1, 2, 3, 4, 5, 7]


def test_an_answer_is_for_the_version_that_was_asked_for_in_whatever_order(folded: FoldedAggregate) -> None:
    for ordinal in (7, 3, 0, 5, 7, 4):
        assert changes(folded, "/count", ordinal) == [one for one in COUNT_CHANGED if one <= ordinal]


def test_states_may_be_asked_for_between_the_pieces(service: FoldService) -> None:
    many = history(*["Counted"] * 20_000)
    folded = service.open("a-1", [many])
    path = to_wire(("count",))
    pieces = 0
    while True:
        found = trace(folded, "paths", {"paths": [path]}, ordinal=20_000, seconds=0.0)
        pieces += 1
        if not found.more:
            break
        middle = found.done // 2
        state = folded.state_at(middle).state_text
        assert exact_json.parse(state or "null") == {"count": middle, "names": []}
        if pieces > 10_000:
            pytest.fail("it does not come on")
    assert found.answer["ordinals"] == [list(range(1, 20_001))]


def test_it_goes_on_when_events_have_come(folded: FoldedAggregate) -> None:
    assert changes(folded, "/count", 7) == COUNT_CHANGED
    folded.extend([history(*["Counted"] * 9)[7:]])
    assert changes(folded, "/count", 9) == [*COUNT_CHANGED, 8, 9]


def test_a_worker_that_was_killed_is_started_again(folded: FoldedAggregate) -> None:
    assert changes(folded, "/count", 3) == [1, 3]
    process = folded._worker.process()
    os.kill(process._child.pid, signal.SIGKILL)
    assert changes(folded, "/count", 7) == COUNT_CHANGED


def test_it_ends_before_an_event_that_ends_the_worker(service: FoldService) -> None:
    folded = service.open("a-1", [history("Counted", "Counted", "Ending", "Counted")])
    found = trace(folded, "paths", {"paths": [["count"]]}, ordinal=4)
    assert (found.ordinal, found.done, found.complete) == (2, 2, False)
    assert found.answer["ordinals"] == [[1, 2]]
    assert found.unapplied[-1].ordinal == 3


def test_a_model_that_keeps_state_outside_its_objects_is_gone_through_in_a_fresh_process(
    tmp_path: Path, cache: Path
) -> None:
    code = trusted_code(tmp_path, THINGS, "things:Sharing")
    with FoldService(code, cache=cache) as service:
        folded = service.open("a-1", [history(*["Counted"] * 5)])
        for ordinal in (5, 2, 5):
            found = trace(folded, "paths", {"paths": [["everything"], ["count"]]}, ordinal=ordinal)
            every = list(range(1, ordinal + 1))
            assert found.answer["ordinals"] == [every, every]
            state = exact_json.parse(folded.state_at(ordinal).state_text or "null")
            assert state == {"everything": every, "count": ordinal}


def test_it_can_be_cancelled(service: FoldService) -> None:
    folded = service.open("a-1", [history(*["Counted"] * 50_000)])
    token, told = CancelToken(), []

    def progress(done: int, total: int | None, _: str) -> None:
        told.append((done, total))
        token.cancel()

    with pytest.raises(Cancelled):
        trace(folded, "paths", {"paths": [[]]}, ordinal=50_000, progress=progress, token=token)
    assert told
    state = exact_json.parse(folded.state_at(50_000).state_text or "null")
    assert state["count"] == 50_000


def test_a_handler_that_loops_in_a_trace_alone_is_ended(tmp_path: Path, cache: Path) -> None:
    """Two folds that are unlike: the trace stops at the event that hung in it."""
    source = """
        import os

        class Thing:
            def __init__(self):
                self.count = 0

            def on_counted(self, event):
                self.count += 1
                if self.count == 3 and os.path.exists(os.path.join(os.path.dirname(__file__), "loop")):
                    while True:
                        pass
    """
    limits = Limits(timeout_seconds=1, cpu_seconds=ROOMY.cpu_seconds, memory_mb=ROOMY.memory_mb)
    with FoldService(trusted_code(tmp_path, source, limits=limits), cache=cache) as service:
        folded = service.open("a-1", [history(*["Counted"] * 5)])
        (tmp_path / "loop").touch()
        found = trace(folded, "paths", {"paths": [["count"]]}, ordinal=5)
        assert found.answer["ordinals"] == [[1, 2]]
        assert found.unapplied[-1].ordinal == 3


def test_a_logical_path_comes_back_as_it_was(folded: FoldedAggregate) -> None:
    state = exact_json.parse(folded.state_at(7).state_text or "null")
    asked = ("", "/names", "/names/1", "/none")
    named = folded.paths_at(7, asked)
    assert named.paths == {pointer: logical_path(state, pointer).path for pointer in asked[:-1]}
    assert named.lists == (("/names", None),)
    assert set(folded.paths_at(7, None).paths) == {"/count", "/names", "/names/0", "/names/1"}
