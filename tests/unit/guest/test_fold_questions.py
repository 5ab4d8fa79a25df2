"""Questions about a state that bring a part of it: its tree, a field, what is found in it, what changed."""

import json
import os
import signal
from pathlib import Path
from typing import Any

import pytest

from auditor.core.errors import Cancelled
from auditor.core.events import RecordedEvent
from auditor.core.timeline import Unapplied
from auditor.guest.fold_service import FoldedAggregate, FoldService
from auditor.guest.limits import Limits
from auditor.tasks.cancel import CancelToken
from tests.helpers.guest_code import history, stored, trusted_code

LINES = """
    import os, time

    class Thing:
        def __init__(self):
            self.lines, self.count = {}, 0
        def on_added(self, event):
            self.lines[event.sku] = {"price": event.price}
            self.count += 1
        def on_dropped(self, event):
            del self.lines[event.sku]
        def on_ending(self, event):
            os._exit(4)
        def on_sleeping(self, event):
            time.sleep(1000)
        def on_scribbling(self, event):
            for descriptor in range(3, 64):
                try:
                    os.write(descriptor, b"garbage")
                except OSError:
                    pass
        def on_odd(self, event):
            self.odd = {1, 2, object}
"""


def added(sku: str, price: Any) -> tuple[str, Any]:
    return "Added", {"sku": sku, "price": price}


EVENTS = history(
    added("a", 1), added("b", 2.5), added("a", True), ("Dropped", {"sku": "b"}), added("c", None)
)


def repeating(version: int) -> RecordedEvent:
    return stored(
        version, "Added", f'{{"sku":"s","x":{{"b":1,"b":{version}}},"price":1,"a":1,"a":{version}}}'
    )


def signs(aggregate: FoldedAggregate, ordinal: int, **more: Any) -> list[str]:
    return [
        f"{row.sign}:{row.pointer}"
        for row in aggregate.outline_at(ordinal, open={"/lines": 100, "/lines/a": 100}, **more).rows
        if row.sign
    ]


@pytest.mark.parametrize("ordinal", [5, 1, 4, 2, 3])
def test_the_parts_are_parts_of_the_state_that_is_shown(tmp_path: Path, cache: Path, ordinal: int) -> None:
    with FoldService(trusted_code(tmp_path, LINES), cache=cache) as service:
        aggregate = service.open("a", [EVENTS[:2], EVENTS[2:]])
        state = aggregate.state_at(ordinal)
        whole = aggregate.field_at(ordinal, "")
        assert (whole.text, whole.ordinal, whole.complete) == (state.state_text, ordinal, True)
        lines = aggregate.field_at(ordinal, "/lines").text
        assert json.loads(lines or "") == json.loads(state.state_text or "")["lines"]
        rows = aggregate.outline_at(ordinal, open={}).rows
        assert [row.key for row in rows] == ["lines", "count"]
        assert aggregate.fields_with(ordinal, "PRICE", most=1).total == len(json.loads(lines or ""))


def test_each_version_is_compared_with_the_one_before_in_whatever_order_they_are_asked(
    tmp_path: Path, cache: Path
) -> None:
    expected = {
        0: [],
        1: ["added:/lines", "added:/lines/a", "added:/lines/a/price", "added:/count"],
        2: ["inside:/lines", "added:/lines/b", "changed:/count"],
        3: ["inside:/lines", "inside:/lines/a", "changed:/lines/a/price", "changed:/count"],
        4: ["inside:/lines", "removed:/lines/b"],
        5: ["inside:/lines", "added:/lines/c", "changed:/count"],
    }
    with FoldService(trusted_code(tmp_path, LINES), cache=cache) as service:
        aggregate = service.open("a", [EVENTS])
        for ordinal in (5, 4, 0, 3, 1, 2, 3, 5):
            assert signs(aggregate, ordinal) == expected[ordinal]
        assert signs(aggregate, 5, against=1) == [
            "inside:/lines",
            "inside:/lines/a",
            "changed:/lines/a/price",
            "added:/lines/c",
            "changed:/count",
        ]
        assert signs(aggregate, 2, against=3) == [
            "inside:/lines",
            "inside:/lines/a",
            "changed:/lines/a/price",
            "changed:/count",
        ]
        assert signs(aggregate, 3, against=3) == []


def test_changes_are_flat_and_exact(cache: Path) -> None:
    events = history(("A", '{"x":1.50,"y":{"z":1}}'), ("B", '{"x":1.5,"y":{"z":null},"n":{"m":1e400}}'))
    with FoldService(None, cache=cache) as service:
        aggregate = service.open("a", [events])
        found = aggregate.changes_at(2, most=2)
        assert (found.against, found.total) == (1, 3)
        assert found.changes == (("/x", "changed", "1.50", "1.5"), ("/y/z", "removed", "1", None))
        assert aggregate.changes_at(2, most=9).changes[2] == ("/n", "added", None, '{"m":1e400}')
        first = aggregate.changes_at(1, most=9)
        assert [(path, kind) for path, kind, _, _ in first.changes] == [("/x", "added"), ("/y", "added")]
        assert aggregate.changes_at(0, most=9).total == 0


def test_the_texts_of_odd_names_and_numbers_pass_the_wire(cache: Path) -> None:
    events = history(("A", '{"\ud800/":["\\u2028\\n",123456789012345678901234567890,-0]}'))
    with FoldService(None, cache=cache) as service:
        aggregate = service.open("a", [events])
        rows = aggregate.outline_at(1, open={"/\ud800~1": 10}).rows
        assert [row.text for row in rows] == ["", "\u2028\n", "123456789012345678901234567890", "-0"]
        assert aggregate.field_at(1, "/\ud800~1/1").text == "123456789012345678901234567890"
        assert aggregate.fields_with(1, "9012345", most=5).pointers == ("/\ud800~1/1",)


def test_a_field_that_is_not_there_is_told(cache: Path) -> None:
    with FoldService(None, cache=cache) as service:
        aggregate = service.open("a", [history(("A", '{"x":1}'))])
        found = aggregate.field_at(1, "/x/y")
        assert (found.text, found.missing) == (None, "/x has no member 'y'")
        assert aggregate.field_at(0, "").missing == "there is no state yet"
        with pytest.raises(IndexError):
            aggregate.outline_at(2, open={})


def all_answers(aggregate: FoldedAggregate, ordinal: int) -> list[Any]:
    return [
        aggregate.remarks_at(ordinal),
        aggregate.state_at(ordinal),
        aggregate.outline_at(ordinal, open={}),
        aggregate.field_at(ordinal, ""),
        aggregate.fields_with(ordinal, "a", most=5),
        aggregate.changes_at(ordinal, most=5),
    ]


@pytest.mark.parametrize(
    ("event_type", "reason"),
    [
        ("Ending", "worker exited with code 4"),
        ("Sleeping", "the worker was stopped after 1 s"),
        ("Scribbling", "the worker wrote into the wire of its answers"),
    ],
)
def test_where_an_event_ends_the_worker_every_answer_is_of_the_state_before_it(
    tmp_path: Path, cache: Path, event_type: str, reason: str
) -> None:
    events = [*EVENTS[:3], stored(4, event_type), *history(*[added("z", 1)] * 5)[4:]]
    code = trusted_code(tmp_path, LINES, limits=Limits(timeout_seconds=1))
    with FoldService(code, cache=cache) as service:
        aggregate = service.open("a", [events[:2], events[2:]])
        for answer in all_answers(aggregate, 5):
            assert (answer.ordinal, answer.complete) == (3, False)
            assert answer.unapplied == (Unapplied(4, 4, event_type, reason, "ended"),)
        assert aggregate.outline_at(5, open={}).against == 2
        assert signs(aggregate, 5) == signs(aggregate, 3)
        for answer in all_answers(aggregate, 2):
            assert (answer.ordinal, answer.complete) == (2, True)


SHARING = """
    import os
    class Thing:
        names = []
        def on_named(self, event): self.names.append(event.name)
        def on_ending(self, event): os._exit(4)
        def on_scribbling(self, event):
            for descriptor in range(3, 64):
                try:
                    os.write(descriptor, b"garbage")
                except OSError:
                    pass
"""


@pytest.mark.parametrize("last", ["Named", "Ending", "Scribbling"])
def test_a_model_that_cannot_go_back_answers_from_fresh_processes(
    tmp_path: Path, cache: Path, last: str
) -> None:
    events = history(*[("Named", {"name": str(number)}) for number in range(1, 5)], (last, {"name": "5"}))
    with FoldService(trusted_code(tmp_path, SHARING), cache=cache) as service:
        aggregate = service.open("a", [events[:2], events[2:4]])
        assert len(aggregate.outline_at(2, open={}).notes) == 1
        aggregate.extend([events[4:]])
        for ordinal in (4, 2, 3, 5, 1):
            served = min(ordinal, 5 if last == "Named" else 4)
            outline = aggregate.outline_at(ordinal, open={"/names": 10})
            names = [row for row in outline.rows if row.depth == 1]
            assert [row.key for row in names if row.sign == "added"] == [str(served - 1)]
            assert (outline.ordinal, len(names)) == (served, served)
        assert (
            aggregate.field_at(2, "").notes[0]
            == "The model keeps state outside its objects: each state is folded in a fresh process."
        )
        back = aggregate.outline_at(2, against=4, open={"/names": 10})
        assert [row.sign for row in back.rows] == ["inside", "", "", "removed", "removed"]


def test_a_worker_killed_between_two_questions_costs_nothing_but_time(tmp_path: Path, cache: Path) -> None:
    with FoldService(trusted_code(tmp_path, LINES), cache=cache) as service:
        aggregate = service.open("a", [[stored(1, "Unheard"), *EVENTS[1:2], repeating(3)]])
        before = all_answers(aggregate, 3)
        assert [(len(answer.unapplied), len(answer.notes)) for answer in before] == [(1, 1)] * 6
        process = service._worker._process
        assert process is not None
        os.kill(process._child.pid, signal.SIGKILL)
        process._child.wait()
        assert all_answers(aggregate, 3) == before


def test_a_question_can_be_cancelled_and_asked_again(tmp_path: Path, cache: Path) -> None:
    token = CancelToken()
    token.cancel()
    with FoldService(trusted_code(tmp_path, LINES), cache=cache) as service:
        aggregate = service.open("a", [EVENTS])
        before = aggregate.outline_at(4, open={})
        with pytest.raises(Cancelled):
            aggregate.outline_at(4, open={}, token=token)
        assert aggregate.outline_at(4, open={}) == before


def test_values_that_json_cannot_hold_are_said_of_the_state_they_stand_in(
    tmp_path: Path, cache: Path
) -> None:
    with FoldService(trusted_code(tmp_path, LINES), cache=cache) as service:
        aggregate = service.open("a", [[*EVENTS[:1], stored(2, "Odd")]])
        for ordinal, count in ((2, 1), (1, 0)):
            assert len(aggregate.outline_at(ordinal, open={}).notes) == count
            assert len(aggregate.state_at(ordinal).notes) == count


@pytest.mark.parametrize("model", ["merge", "class"])
def test_keys_that_stand_twice_are_told_with_their_version_and_the_last_one_counts(
    tmp_path: Path, cache: Path, model: str
) -> None:
    code = None if model == "merge" else trusted_code(tmp_path, LINES)
    events = [
        *EVENTS[:2],
        repeating(3),
        *(stored(n, "Added", {"sku": "q", "price": n}) for n in range(4, 600)),
    ]
    with FoldService(code, cache=cache) as service:
        aggregate = service.open("a", [events[:2], events[2:]])
        for answer in all_answers(aggregate, 599):
            assert answer.complete
            assert answer.notes == (
                "In the data of version 3 keys stand twice in one object: b, a. The last value of each counts.",
            )
        assert [answer.notes for answer in all_answers(aggregate, 2)] == [()] * 6
        if model == "merge":
            assert aggregate.field_at(3, "/a").text == "3"
        aggregate.extend([[repeating(n) for n in range(600, 610)]])
        *some, more = aggregate.remarks_at(609).notes
        assert [note.split()[5] for note in some] == ["3", "600", "601"]
        assert more == "8 more events have keys that stand twice."
        assert len(aggregate.remarks_at(600).notes) == 2
