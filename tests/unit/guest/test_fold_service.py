"""States at any ordinal through a real worker: the merge and classes, several aggregates, extending, cancelling."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from auditor.core.errors import Cancelled
from auditor.core.events import RecordedEvent
from auditor.guest import event_spool, fold_worker
from auditor.guest.fold_service import FoldService
from auditor.guest.limits import Limits
from tests.helpers.guest_code import history, stored, trusted_code

SUM = """
    class Thing:
        def __init__(self, id):
            self.id = id
            self.sum = 0
        def on_added(self, event): self.sum += event.by
"""


def added(first: int, last: int) -> list[RecordedEvent]:
    return [stored(version, "Added", {"by": version}) for version in range(first, last + 1)]


def batches(events: list[RecordedEvent], size: int) -> Iterator[list[RecordedEvent]]:
    for at in range(0, len(events), size):
        yield events[at : at + size]


def test_the_merge_keeps_digits_and_shows_every_ordinal(cache: Path) -> None:
    events = history(
        ("A", '{"price":1.50,"big":123456789012345678901234567890,"gone":1}'),
        ("B", '{"gone":null,"nested":{"x":1e400,"y":"\\ud800"}}'),
        ("C", '{"nested":{"x":null}} '),
        ("D", "[1]"),
        ("E", "{"),
    )
    with FoldService(None, cache=cache) as service:
        aggregate = service.open("a", [events])
        assert [aggregate.state_at(ordinal).state_text for ordinal in (0, 1, 2, 3)] == [
            None,
            '{"price":1.50,"big":123456789012345678901234567890,"gone":1}',
            '{"price":1.50,"big":123456789012345678901234567890,"nested":{"x":1e400,"y":"\\ud800"}}',
            '{"price":1.50,"big":123456789012345678901234567890,"nested":{"y":"\\ud800"}}',
        ]
        last = aggregate.state_at(5)
    assert [(one.ordinal, one.event_type) for one in last.unapplied] == [(4, "D"), (5, "E")]
    assert not last.complete


def test_text_with_line_ends_and_lone_surrogates_passes_the_wire(cache: Path) -> None:
    events = history(("A", '{\n "x" :\r\n "\\u2028\u2028\\n"\n}'), ("B", '{"\ud800":1}'))
    with FoldService(None, cache=cache) as service:
        state = service.open("a\n\ud800", [events]).state_at(2)
    assert state.state_text == '{"x":"\u2028\u2028\\n","\\ud800":1}'


def test_states_do_not_depend_on_how_the_events_came_or_what_was_asked_before(
    tmp_path: Path, cache: Path
) -> None:
    events = added(1, 700)
    with FoldService(trusted_code(tmp_path, SUM), cache=cache) as service:
        aggregate = service.open("a", batches(events[:500], 7))
        assert aggregate.length == 500
        for ordinal in (500, 1, 499, 255, 256, 257, 0, 500):
            expected = f'{{"id":"a","sum":{ordinal * (ordinal + 1) // 2}}}' if ordinal else None
            assert aggregate.state_at(ordinal).state_text == expected
        aggregate.extend(batches(events[500:], 150))
        assert aggregate.state_at(700).state_text == '{"id":"a","sum":245350}'
        with pytest.raises(IndexError):
            aggregate.state_at(701)


def test_many_aggregates_take_turns(tmp_path: Path, cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fold_worker, "MOST_OPEN", 3)
    with FoldService(trusted_code(tmp_path, SUM), cache=cache) as service:
        aggregates = [service.open(f"a{count}", [added(1, count)]) for count in range(1, 7)]
        for _ in range(2):
            for count, aggregate in enumerate(aggregates, 1):
                text = f'{{"id":"a{count}","sum":{count * (count + 1) // 2}}}'
                assert aggregate.state_at(count).state_text == text


def test_a_closed_aggregate_is_let_go(tmp_path: Path, cache: Path) -> None:
    with FoldService(trusted_code(tmp_path, SUM), cache=cache) as service:
        kept = service.open("kept", [added(1, 5)])
        for number in range(20):
            closed = service.open(f"closed {number}", [added(1, 300)])
            closed.state_at(300)
            closed.close()
        assert kept.state_at(5).state_text == '{"id":"kept","sum":15}'
        assert service._opened == {1: kept}
        assert service._worker._open == [1]


def test_a_long_history_is_kept_in_a_file_without_a_name(
    cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(event_spool, "IN_MEMORY", 1000)
    events = added(1, 300)
    with FoldService(None, cache=cache) as service:
        aggregate = service.open("a", batches(events, 10))
        before = aggregate.state_at(150)
        kill_worker(service)
        assert aggregate.state_at(150) == before


def kill_worker(service: FoldService) -> None:
    process = service._worker._process
    assert process is not None
    os.kill(process._child.pid, signal.SIGKILL)
    process._child.wait()


def test_b057_a_worker_killed_while_idle_costs_nothing_but_time(tmp_path: Path, cache: Path) -> None:
    with FoldService(trusted_code(tmp_path, SUM), cache=cache) as service:
        aggregate = service.open("a", [added(1, 10)])
        before = aggregate.state_at(10)
        for _ in range(5):
            kill_worker(service)
            assert aggregate.state_at(10) == before
            kill_worker(service)
            aggregate.extend([])
            assert service.open("b", [added(1, 2)]).state_at(2).complete


class Token:
    """Cancelled after it was looked at that often."""

    def __init__(self, looks: int) -> None:
        self.looks = looks

    @property
    def cancelled(self) -> bool:
        self.looks -= 1
        return self.looks < 0

    def raise_if_cancelled(self) -> None:
        if self.cancelled:
            raise Cancelled


@pytest.mark.parametrize("looks", range(0, 24, 3))
def test_a_cancelled_request_leaves_the_service_as_it_was(tmp_path: Path, cache: Path, looks: int) -> None:
    with FoldService(trusted_code(tmp_path, SUM), cache=cache) as service:
        first = service.open("a", [added(1, 20)])
        with pytest.raises(Cancelled):
            service.open("b", batches(added(1, 400), 20), Token(looks))
        assert first.state_at(20).state_text == '{"id":"a","sum":210}'
        assert service.open("b", [added(1, 3)]).state_at(3).state_text == '{"id":"b","sum":6}'


def test_a_source_that_fails_leaves_the_service_as_it_was(tmp_path: Path, cache: Path) -> None:
    def source() -> Iterator[list[RecordedEvent]]:
        yield from batches(added(1, 60), 20)
        raise OSError("the disk is gone")

    with FoldService(trusted_code(tmp_path, SUM), cache=cache) as service:
        with pytest.raises(OSError, match="the disk is gone"):
            service.open("a", source())
        assert service.open("b", [added(1, 3)]).state_at(3).state_text == '{"id":"b","sum":6}'


def test_a_handler_without_end_is_cancelled_at_once(tmp_path: Path, cache: Path) -> None:
    source = """
        import time
        class Thing:
            def on_fine(self, event): self.fine = True
            def on_sleeping(self, event): time.sleep(1000)
    """
    code = trusted_code(tmp_path, source, limits=Limits(timeout_seconds=1000))
    with FoldService(code, cache=cache) as service:
        with pytest.raises(Cancelled):
            service.open("a", [history("Fine", "Sleeping")], Token(5))
        assert service.open("b", [history("Fine")]).state_at(1).state_text == '{"fine":true}'


def test_a_second_ending_at_an_earlier_event_moves_the_end_there(tmp_path: Path, cache: Path) -> None:
    """A handler that ends the worker only now and then."""
    mark = tmp_path / "mark"
    source = f"""
        import os, pathlib
        mark = pathlib.Path({str(mark)!r})
        class Thing:
            def on_fine(self, event): self.fine = event.number
            def on_second(self, event):
                if mark.exists(): os._exit(2)
            def on_third(self, event):
                mark.touch()
                os._exit(3)
    """
    events = [stored(n, name, {"number": n}) for n, name in enumerate(["Fine", "Second", "Third", "Fine"], 1)]
    with FoldService(trusted_code(tmp_path, source), cache=cache) as service:
        state = service.open("a", [events]).state_at(4)
    assert (state.ordinal, state.state_text) == (1, '{"fine":1}')
    assert [(one.ordinal, one.reason) for one in state.unapplied] == [(2, "worker exited with code 2")]
