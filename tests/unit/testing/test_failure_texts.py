"""What a failed test says."""

import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest

from auditor.eventsourcing import AggregateRoot, InvalidOperationError, Projection, Table
from auditor.testing import given


@dataclass(frozen=True)
class Opened:
    title: str


@dataclass(frozen=True)
class Closed:
    by: str
    minutes: int


class Task(AggregateRoot):
    def on_opened(self, event: Opened) -> None:
        self.title = event.title

    def on_closed(self, event: Closed) -> None:
        self.title = ""

    def close(self, by: str) -> None:
        if not by:
            raise InvalidOperationError("Nobody closes nothing.")
        self.apply(Closed(by, 5))


class Titles(Projection):
    name = "titles"
    tables = (Table(name="titles", columns={"id": "text", "title": "text", "at": "text"}),)

    def on_opened(self, event: Opened, envelope: Any) -> None:
        if event.title == "odd":
            raise LookupError("an odd title")
        self.rows.put("titles", {"id": envelope.aggregate_id, "title": event.title})


OPEN = given(Task, "task-1", Opened("Write"))


def said_by(failing: Callable[[], object]) -> str:
    with pytest.raises(AssertionError) as failure:
        failing()
    return str(failure.value)


def text(indented: str) -> str:
    return dedent(indented).strip()


def test_other_events() -> None:
    assert said_by(lambda: OPEN.when(Task.close, "ada").then(Closed("bob", 5), Opened("Again"))) == text(
        """
        The command made other events happen than were expected.

        given
          task-1   1 Opened: title="Write"
        when
          Task.close('ada')
            expected          got
          1 Closed            Closed
        >     by "bob"          by "ada"
              minutes 5         minutes 5
          2 Opened            –
              title "Again"

        first difference: 1, by
          expected "bob"
          got      "ada"
        """
    )


def test_events_where_none_were_expected_and_the_other_way_round() -> None:
    assert said_by(lambda: OPEN.when(Task.close, "ada").then()).endswith(
        text(
            """
              expected   got
            > 1 –          Closed
                             by "ada"
                             minutes 5

            first difference: 1
              expected nothing
              got      Closed
            """
        )
    )
    assert said_by(lambda: OPEN.when(lambda _: None).then(Closed)).endswith(
        "expected Closed\n  got      nothing"
    )


def test_a_refusal_where_events_were_expected() -> None:
    said = said_by(lambda: OPEN.when(Task.close, by="").then(Closed("ada", 5)))
    assert said.startswith("The command was refused, and events were expected.")
    assert said.endswith(
        text(
            """
            when
              Task.close(by='')
            expected
              Closed: by="ada", minutes=5
            got
              InvalidOperationError: Nobody closes nothing.
            """
        )
    )


def test_a_refusal_that_did_not_come_or_was_another() -> None:
    assert said_by(lambda: OPEN.when(Task.close, "ada").then(InvalidOperationError("No."))).endswith(
        text(
            """
            expected
              InvalidOperationError: No.
            got
              Closed: by="ada", minutes=5
            """
        )
    )
    said = said_by(lambda: OPEN.when(Task.close, "").then_raises(InvalidOperationError, "Friday"))
    assert said.startswith("The command was refused for another reason")
    assert "InvalidOperationError, matching 'Friday'" in said
    assert said_by(lambda: OPEN.when(Task.close, "").then(ValueError)).count("InvalidOperationError") == 1


def test_long_histories_and_values_are_cut_and_the_difference_is_not() -> None:
    many = given(Task, "task-1", [Opened(f"title {number}") for number in range(1, 31)])
    said = said_by(lambda: many.when(Task.close, "x" * 300 + "a").then(Closed("x" * 300 + "b", 5)))
    given_lines = said.partition("given\n")[2].partition("when")[0].splitlines()
    assert [line.split()[1] for line in given_lines if "more" not in line] == [
        *("1", "2", "3"),
        *(str(number) for number in range(22, 31)),
    ]
    assert given_lines[3] == "  … 18 more"
    assert max(map(len, said.partition("first difference")[0].splitlines())) < 220
    assert said.splitlines()[-2].endswith('xb"')


def test_kinds_of_numbers_differ() -> None:
    closed = OPEN.when(lambda task: task.apply(Closed("ada", 1)))
    said = said_by(lambda: closed.then(Closed("ada", True)))
    assert said.endswith("first difference: 1, minutes\n  expected true\n  got      1")


def test_other_rows() -> None:
    two = OPEN.and_given(Task, "task-2", Opened("Read")).and_given(Task, "task-3", Opened("Rest"))
    wanted: dict[str, Any] = {
        "titles": [
            {"id": "task-4", "title": "Sleep"},
            {"id": "task-2", "title": "Reed", "at": datetime(2026, 3, 1, tzinfo=UTC)},
            {"id": "task-1", "title": "Write"},
        ]
    }
    assert said_by(lambda: two.project(Titles, twice=True).then(wanted)) == text(
        """
        The rows of titles are not those that were expected.

        given
          task-1   1 Opened: title="Write"
          task-2   1 Opened: title="Read"
          task-3   1 Opened: title="Rest"
        projected
          each event twice by Titles
                   expected                             got
          "task-2" titles                               titles
                     id "task-2"                          id "task-2"
        >            title "Reed"                         title "Read"
                     at "2026-03-01T00:00:00.000000Z"     at null
          "task-3" –                                    titles
                                                          id "task-3"
                                                          title "Rest"
                                                          at null
          "task-4" titles                               –
                     id "task-4"
                     title "Sleep"
                     at null

        first difference: "task-2", title
          expected "Reed"
          got      "Read"
        rows as expected: 1
        """
    )


def test_what_a_projection_could_not_do() -> None:
    odd = OPEN.and_given(Opened("odd")).project(Titles)
    said = said_by(lambda: odd.then({"titles": []}))
    assert said.startswith("A handler raised at Opened, version 2 of 'task-1'.")
    assert said.endswith("got\n  LookupError: an odd title")
    assert isinstance(odd.error, LookupError)
    assert said_by(lambda: odd.then_raises(KeyError)).endswith("(Opened, version 2 of 'task-1')")
    assert said_by(lambda: odd.rows).startswith("A handler raised")
    unknown = OPEN.and_given(Closed("ada", 1), Closed("bob", 2)).project(Titles, twice=True)
    assert said_by(lambda: unknown.rows).startswith("Titles neither handles")
    assert said_by(lambda: unknown.then({"titles": []})).startswith(
        "Titles neither handles nor ignores events of these types: Closed (2)."
    )
    assert "has no table 'lines', only titles" in said_by(lambda: OPEN.project(Titles).then({"lines": []}))


def test_plain_pytest_shows_the_test_and_the_text_and_nothing_of_ours(tmp_path: Path) -> None:
    (tmp_path / "test_tasks.py").write_text(
        dedent(
            """
            from auditor.demo import Order
            from auditor.demo.events import OrderCreated, OrderCancelled
            from auditor.demo import OrderSummaries
            from auditor.testing import given, replay

            BEGUN = given(Order, "order-1", OrderCreated("c-1", "EUR", ()))

            def test_events():
                BEGUN.when(Order.cancel, "late").then(OrderCancelled("early"))

            def test_error():
                BEGUN.when(Order.confirm).then(OrderCancelled("early"))

            def test_rows():
                BEGUN.project(OrderSummaries).then({"order_summaries": []})

            def test_replay():
                assert replay(BEGUN.when(Order.cancel).given, {"Order": lambda state, event: state["x"]})

            def test_replay_raises():
                replay([], Order).raise_if_incomplete()
            """
        )
    )
    pytest_alone = [
        sys.executable,
        "-m",
        "pytest",
        "-p",
        "no:cacheprovider",
        "--rootdir",
        ".",
        "test_tasks.py",
    ]
    done = subprocess.run(pytest_alone, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert "5 failed" in done.stdout, done.stdout + done.stderr
    assert "/testing/" not in done.stdout
    assert "__tracebackhide__" not in done.stdout
    assert '>     reason "early"     reason "late"' in done.stdout
    assert "order.py" in done.stdout  # where the order refused: the cause of the failure
    assert "TypeError: 'NoneType' object is not subscriptable" in done.stdout
