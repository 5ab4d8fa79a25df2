"""A model whose two runs differ is called not deterministic, with the event."""

from pathlib import Path

import pytest

from auditor.jobs import check_repeatable
from auditor.jobs.check_repeatable import RepeatableResult, difference_text
from auditor.tasks.context import TaskContext
from tests.helpers.modelled import COUNTING, write_things
from tests.helpers.sessions import ORIGIN, open_session
from tests.helpers.small_stores import Facts

FACTS: Facts = [
    ("Added", {"by": 1}),
    ("Named", {"name": "ada"}),
    ("Added", {"by": 2}),
    ("Named", {"name": "bob"}),
]

HOSTILE = {
    "random": "self.names.append(random.random())",
    "secrets": "self.names.append(secrets.token_hex(8))",
    "now": "self.names.append(datetime.datetime.now().isoformat())",
    "today": "self.names.append(datetime.date.today().isoformat())",
    "time zone": "self.names.append(time.localtime(0).tm_hour)",
    "set order": "self.names.append(''.join({*'abcdefgh'}))",
    "hash": "self.names.append(hash(event['name']))",
    "id": "self.names.append(id(self))",
    "process": "self.names.append(os.getpid())",
}


def check(path: Path, **values: float) -> RepeatableResult:
    request = check_repeatable.CheckRepeatableRequest(origin=ORIGIN, aggregate_id="t-1", **values)  # type: ignore[arg-type] # most is a whole number
    with open_session(path) as session:
        return check_repeatable.run(session, request, TaskContext())


def hostile(line: str) -> str:
    imports = "\n".join(f"    import {name}" for name in ("datetime", "os", "random", "secrets", "time"))
    return f"{imports}\n{COUNTING}".replace('self.names.append(event["name"])', line)


@pytest.mark.parametrize("how", HOSTILE)
def test_what_no_two_runs_share_is_found_with_its_event_and_field(tmp_path: Path, how: str) -> None:
    result = check(write_things(tmp_path, hostile(HOSTILE[how]), FACTS))
    found = result.found
    assert found is not None, how
    assert (found.ordinal, found.version, found.event_type) == (2, 2, "Named")
    assert [one.path for one in found.fields] == ["/names/0"]
    assert difference_text(found) == "Two runs differ from event 2 (Named) on: /names/0."
    assert result.document()["differs"]["fields"][0]["path"] == "/names/0"


@pytest.mark.parametrize(
    "source",
    [
        COUNTING,
        hostile("self.names.append(sorted({*event['name']}))"),
        hostile("self.names.append({*event['name']})"),  # a set is shown sorted
        hostile("self.names.append(object())"),  # shown without its address
        hostile("raise ValueError(event['name'])"),
    ],
)
def test_a_model_that_always_says_the_same_is_not_accused(tmp_path: Path, source: str) -> None:
    result = check(write_things(tmp_path, source, FACTS))
    assert (result.found, result.done, result.total, result.more) == (None, 4, 4, False)


def test_an_event_that_only_one_run_applies_is_found(tmp_path: Path) -> None:
    source = hostile("assert time.localtime(0).tm_hour == 12, 'too late'")
    found = check(write_things(tmp_path, source, FACTS)).found
    assert found is not None
    assert (found.ordinal, found.fields) == (2, ())
    assert sum(one is not None for one in found.unapplied) == 1
    assert difference_text(found) == (
        "Two runs differ from event 2 (Named) on: only one applied it (AssertionError: too late)."
    )


def test_a_run_that_ends_where_the_other_goes_on_is_found(tmp_path: Path) -> None:
    source = hostile("time.localtime(0).tm_hour == 12 or os._exit(3)")
    found = check(write_things(tmp_path, source, FACTS)).found
    assert found is not None
    assert found.ordinal == 2


def test_a_long_history_is_gone_through_in_pieces(tmp_path: Path) -> None:
    facts: Facts = [("Added", {"by": 1})] * 1200 + [("Named", {"name": "ada"})]
    path = write_things(tmp_path, hostile(HOSTILE["hash"]), facts)
    request = check_repeatable.CheckRepeatableRequest(origin=ORIGIN, aggregate_id="t-1", seconds=0.001)
    with open_session(path) as session:
        results = [check_repeatable.run(session, request, TaskContext())]
        while results[-1].more:
            results.append(check_repeatable.run(session, request, TaskContext()))
    assert len(results) > 1
    assert [one.done for one in results] == sorted(one.done for one in results)
    assert results[-1].done == 1201
    assert results[-1].found is not None
    assert results[-1].found.ordinal == 1201
    assert check(path, most=1200).found is None


def test_a_model_that_keeps_state_outside_its_objects_is_checked_too(tmp_path: Path) -> None:
    source = """
        class Thing:
            totals = []

            def on_added(self, event):
                self.totals.append(event["by"])

            def on_named(self, event):
                self.totals.append(hash(event["name"]))
    """
    found = check(write_things(tmp_path, source, FACTS)).found
    assert found is not None
    assert (found.ordinal, found.fields[0].path) == (2, "/totals/1")
