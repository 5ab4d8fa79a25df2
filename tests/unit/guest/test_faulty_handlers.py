"""What a handler may do to its worker, and what is said then. The numbers are those of the hostile inputs."""

import json
from pathlib import Path

import pytest

from auditor.core.errors import ModelError
from auditor.core.timeline import Unapplied
from auditor.guest.fold_service import FoldService, ServedState
from auditor.guest.limits import Limits
from tests.helpers.guest_code import ROOMY, history, stored, trusted_code

FAULTY = """
    import os, re, signal, sys, time

    class Thing:
        def __init__(self):
            self.applied = 0

        def on_fine(self, event):
            self.applied += 1

        def on_raising(self, event):
            self.applied += 100
            raise ValueError("no such thing")

        def on_interrupting(self, event):
            raise KeyboardInterrupt

        def on_exiting(self, event):
            sys.exit(3)

        def on_unspeakable(self, event):
            class Unspeakable(Exception):
                def __str__(self):
                    raise RuntimeError
            raise Unspeakable

        def on_looping(self, event):
            while True:
                pass

        def on_backtracking(self, event):
            re.match("(a+)+b", "a" * 60)

        def on_sleeping(self, event):
            time.sleep(1000)

        def on_recursing(self, event):
            self.on_recursing(event)

        def on_computing(self, event):
            10 ** 10 ** 8

        def on_eating(self, event):
            self.eaten = []
            while True:
                self.eaten.append(bytearray(1 << 20))

        def on_eating_in_vain(self, event):
            eaten = []
            while True:
                eaten.append(bytearray(1 << 20))

        def on_ending(self, event):
            os._exit(event.code)

        def on_shot(self, event):
            os.kill(os.getpid(), signal.SIGKILL)

        def on_crashing(self, event):
            os.kill(os.getpid(), signal.SIGSEGV)

        def on_printing(self, event):
            for _ in range(60):
                print("x" * 1_000_000)
                os.write(2, b"y" * 100_000)

        def on_closing(self, event):
            for descriptor in (0, 1, 2):
                os.close(descriptor)

        def on_closing_all(self, event):
            os.closerange(0, 256)

        def on_scribbling(self, event):
            for descriptor in range(3, 64):
                try:
                    os.write(descriptor, b"garbage")
                except OSError:
                    pass

        def on_reading(self, event):
            self.read = sys.stdin.read()
"""


def folded(
    tmp_path: Path, cache: Path, event_type: str, limits: Limits | None = None, code: int = 0
) -> tuple[ServedState, ServedState]:
    """Ten events, the sixth of that type: the state at 5, and at 10. Another aggregate is folded afterwards."""
    given = trusted_code(tmp_path, FAULTY, limits=limits or ROOMY)
    events = history(*["Fine"] * 5, (event_type, {"code": code}), *["Fine"] * 4)
    with FoldService(given, cache=cache) as service:
        aggregate = service.open("a-1", [events[:4], events[4:8], events[8:]])
        before, after = aggregate.state_at(5), aggregate.state_at(10)
        other = service.open("a-2", [history("Fine", "Fine")])
        assert other.state_at(2) == ServedState(2, (), True, (), state_text='{"applied":2}')
        assert aggregate.state_at(5) == before
    assert before == ServedState(5, (), True, (), state_text='{"applied":5}')
    return before, after


def assert_gone(state: ServedState, event_type: str, reason: str) -> None:
    gone = Unapplied(6, 6, event_type, reason, "ended")
    assert state == ServedState(5, (gone,), False, (), state_text='{"applied":5}')


@pytest.mark.parametrize(
    ("event_type", "reason", "applied"),
    [
        ("Raising", "ValueError: no such thing", 109),
        ("Interrupting", "KeyboardInterrupt", 9),
        ("Exiting", "SystemExit: 3", 9),
        ("Unspeakable", "Unspeakable: its text cannot be made: __str__ raises", 9),
        ("Recursing", "RecursionError: maximum recursion depth exceeded", 9),
    ],
)
def test_b055_a_handler_that_raises_leaves_what_it_changed_and_later_events_are_applied(
    tmp_path: Path, cache: Path, event_type: str, reason: str, applied: int
) -> None:
    _, after = folded(tmp_path, cache, event_type)
    assert after.ordinal == 10
    assert after.state_text == json.dumps({"applied": applied}, separators=(",", ":"))
    assert not after.complete
    assert [(one.ordinal, one.version, one.event_type) for one in after.unapplied] == [(6, 6, event_type)]
    assert after.unapplied[0].reason.startswith(reason)


def test_b054_an_unknown_event_type_is_listed_as_unapplied(tmp_path: Path, cache: Path) -> None:
    _, after = folded(tmp_path, cache, "Unheard")
    assert (after.ordinal, after.state_text, after.complete) == (10, '{"applied":9}', False)
    assert after.unapplied == (
        Unapplied(
            6, 6, "Unheard", "Thing has no on_unheard and does not list Unheard in `ignores`", "no_handler"
        ),
    )


def test_b054_an_event_type_that_is_declared_as_ignored_leaves_the_state_complete(
    tmp_path: Path, cache: Path
) -> None:
    code = trusted_code(
        tmp_path,
        """
        class Thing:
            ignores = {"Unheard"}
            def on_fine(self, event): self.fine = True
        """,
    )
    with FoldService(code, cache=cache) as service:
        assert service.open("a", [history("Fine", "Unheard")]).state_at(2) == ServedState(
            2, (), True, (), state_text='{"fine":true}'
        )


@pytest.mark.parametrize("event_type", ["Looping", "Sleeping"])
def test_b056_a_handler_without_end_is_stopped_by_the_clock(
    tmp_path: Path, cache: Path, event_type: str
) -> None:
    _, after = folded(tmp_path, cache, event_type, Limits(timeout_seconds=1.5))
    assert_gone(after, event_type, "the worker was stopped after 1.5 s")


@pytest.mark.parametrize("event_type", ["Backtracking", "Computing"])
def test_b056_a_handler_that_computes_without_end_is_stopped_by_the_processor_limit(
    tmp_path: Path, cache: Path, event_type: str
) -> None:
    _, after = folded(tmp_path, cache, event_type, Limits(timeout_seconds=60, cpu_seconds=0.2))
    assert_gone(after, event_type, "used more than 0.2 s of CPU")


def test_b056_a_handler_that_eats_all_memory_and_keeps_it_ends_the_worker(
    tmp_path: Path, cache: Path
) -> None:
    _, after = folded(tmp_path, cache, "Eating")
    assert_gone(after, "Eating", "out of memory: it may use 200 MB")


def test_b056_a_handler_that_gives_its_memory_back_is_one_that_raised(tmp_path: Path, cache: Path) -> None:
    _, after = folded(tmp_path, cache, "EatingInVain")
    assert (after.ordinal, after.state_text) == (10, '{"applied":9}')
    assert [one.reason for one in after.unapplied] == ["MemoryError"]


@pytest.mark.parametrize(
    ("event_type", "code", "reason"),
    [
        ("Ending", 7, "worker exited with code 7"),
        ("Ending", 0, "worker exited with code 0"),
        ("Shot", 0, "worker ended with signal 9 (SIGKILL)"),
        ("Crashing", 0, "worker ended with signal 11 (SIGSEGV)"),
    ],
)
def test_b057_a_handler_that_ends_the_worker_is_named_with_how_it_ended(
    tmp_path: Path, cache: Path, event_type: str, code: int, reason: str
) -> None:
    _, after = folded(tmp_path, cache, event_type, code=code)
    assert_gone(after, event_type, reason)


def test_b057_a_worker_that_ends_again_and_again_is_given_up(tmp_path: Path, cache: Path) -> None:
    code = trusted_code(
        tmp_path,
        """
        import os
        class Thing:
            def on_fine(self, event): pass
            def to_state(self):
                if starts_are_over:
                    with open(DEATHS, "a") as file: file.write("x")
                    os._exit(9)
                return {}
        starts_are_over = False
        def on_first(self, event):
            global starts_are_over
            starts_are_over = True
        Thing.on_first = on_first
        """.replace("DEATHS", repr(str(tmp_path / "deaths"))),
    )
    with FoldService(code, cache=cache) as service:
        aggregate = service.open("a", [history("First", "Fine")])
        with pytest.raises(ModelError) as caught:
            aggregate.state_at(2)
    assert caught.value.message == (
        "The worker ended 3 times without a state of 'a': worker exited with code 9."
    )
    assert (tmp_path / "deaths").read_text() == "xxx"


def test_b058_what_a_handler_prints_goes_nowhere_and_is_no_trouble(tmp_path: Path, cache: Path) -> None:
    _, after = folded(tmp_path, cache, "Printing")
    assert after == ServedState(10, (), True, (), state_text='{"applied":9}')


def test_b058_a_handler_may_close_the_standard_streams(tmp_path: Path, cache: Path) -> None:
    _, after = folded(tmp_path, cache, "Closing")
    assert after == ServedState(10, (), True, (), state_text='{"applied":9}')


def test_b058_a_handler_that_reads_gets_nothing(tmp_path: Path, cache: Path) -> None:
    _, after = folded(tmp_path, cache, "Reading")
    assert after == ServedState(10, (), True, (), state_text='{"applied":9,"read":""}')


def test_b058_a_handler_that_closes_the_wire_is_found(tmp_path: Path, cache: Path) -> None:
    _, after = folded(tmp_path, cache, "ClosingAll")
    assert not after.complete
    assert (after.ordinal, after.unapplied[0].ordinal, after.unapplied[0].event_type) == (5, 6, "ClosingAll")


def test_b058_a_handler_that_writes_into_the_wire_is_found(tmp_path: Path, cache: Path) -> None:
    _, after = folded(tmp_path, cache, "Scribbling")
    assert_gone(after, "Scribbling", "the worker wrote into the wire of its answers")


def test_b061_a_handler_that_changes_its_event_changes_it_for_nobody_else(
    tmp_path: Path, cache: Path
) -> None:
    code = trusted_code(
        tmp_path,
        """
        class Thing:
            def __init__(self): self.seen = []
            def when(self, event):
                self.seen.append(sorted(event.data))
                event.data["added"] = True
                event.data.clear()
                self.seen.append(sorted(event.data))
        """,
    )
    with FoldService(code, cache=cache) as service:
        aggregate = service.open("a", [history(("Fine", {"x": 1}), ("Fine", {"y": 2}))])
        last = aggregate.state_at(2)
        assert last.state_text == '{"seen":[["x"],["x"],["y"],["y"]]}'
        aggregate.state_at(1)
        assert aggregate.state_at(2) == last


SHARING = """
    class Thing:
        names = []
        def on_named(self, event): self.names.append(event.name)
"""


def test_b061_state_that_the_class_shares_is_folded_in_a_fresh_process_each_time(
    tmp_path: Path, cache: Path
) -> None:
    events = history(*[("Named", {"name": str(number)}) for number in range(1, 5)])
    note = "The model keeps state outside its objects: each state is folded in a fresh process."
    with FoldService(trusted_code(tmp_path, SHARING), cache=cache) as service:
        aggregate = service.open("a", [events[:3]])
        assert aggregate.state_at(3) == ServedState(3, (), True, (), state_text='{"names":["1","2","3"]}')
        assert aggregate.state_at(2) == ServedState(2, (), True, (note,), state_text='{"names":["1","2"]}')
        aggregate.extend([events[3:]])
        assert aggregate.state_at(4) == ServedState(
            4, (), True, (note,), state_text='{"names":["1","2","3","4"]}'
        )
        assert aggregate.state_at(1) == ServedState(1, (), True, (note,), state_text='{"names":["1"]}')


def test_b061_state_that_the_class_shares_does_not_reach_another_aggregate(
    tmp_path: Path, cache: Path
) -> None:
    with FoldService(trusted_code(tmp_path, SHARING), cache=cache) as service:
        service.open("a", [[stored(1, "Named", {"name": "of a"})]]).state_at(1)
        other = service.open("b", [[stored(1, "Named", {"name": "of b"})]])
        assert other.state_at(1).state_text == '{"names":["of b"]}'


def test_b062_a_function_that_returns_none_or_another_type_is_named(tmp_path: Path, cache: Path) -> None:
    code = trusted_code(
        tmp_path,
        """
        def fold(state, event):
            return {"Begun": {"begun": True}, "Listed": [1], "Lost": None}[event.event_type]
        """,
        "things:fold",
    )
    with FoldService(code, cache=cache) as service:
        assert service.model.kind == "function"
        aggregate = service.open("a", [history("Begun", "Listed", "Lost", "Begun")])
        assert aggregate.state_at(1) == ServedState(1, (), True, (), state_text='{"begun":true}')
        to_list = "At event 2 the state became a value of type list; it had been dict."
        to_none = "At event 3 the state became a value of type NoneType; it had been list."
        assert aggregate.state_at(2) == ServedState(2, (), True, (to_list,), state_text="[1]")
        assert aggregate.state_at(3) == ServedState(3, (), True, (to_list, to_none), state_text="null")


def test_b062_a_value_that_json_cannot_hold_is_shown_by_its_repr_and_said(
    tmp_path: Path, cache: Path
) -> None:
    code = trusted_code(
        tmp_path,
        """
        import threading
        class Thing:
            def on_fine(self, event):
                self.lock = threading.Lock()
                self.number = float("nan")
        """,
    )
    with FoldService(code, cache=cache) as service:
        state = service.open("a", [history("Fine")]).state_at(1)
    assert state.state_text == '{"lock":{"$repr":"<unlocked _thread.lock object>"},"number":{"$repr":"nan"}}'
    assert state.notes == ('Values that JSON cannot hold are shown as {"$repr": …}.',)


def test_b062_a_state_that_cannot_be_shown_says_why(tmp_path: Path, cache: Path) -> None:
    code = trusted_code(
        tmp_path,
        """
        class Thing:
            def on_fine(self, event): self.fine = True
            def to_state(self): return {"fine": self.fine}
        """,
    )
    with FoldService(code, cache=cache) as service:
        aggregate = service.open("a", [history("Unheard", "Fine")])
        assert aggregate.state_at(2).state_text == '{"fine":true}'
        shown = json.loads(aggregate.state_at(1).state_text or "")
    assert shown["$repr"].startswith("the state cannot be shown: AttributeError")
