"""What is said of a rebuild follows from the lines that its process told, and from nothing else."""

import json
from typing import Any

import pytest

from auditor.gui.projections.run import RebuildRun

AT = "2026-03-01T12:00:00.000000Z"


def line(kind: str, done: int = 0, **more: Any) -> str:
    told = {
        "kind": kind,
        "projection": "sums",
        "done": done,
        "total": 1000,
        "position": done or None,
        "rows": done * 2,
        "seconds": done / 100,
    }
    return json.dumps({**told, **more})


STARTED = line("started", head=1000, projections=["sums"], targets={"sums": "/x/s.readmodels.db"})
OPENED = line("progress", target="/x/s.readmodels.db", tables=["sums", "lines"], seconds=0.1)
FINISHED = line("finished", 1000, store_id="s", tables={"sums": {"sums": 10, "lines": 20}})
PAUSED = line("paused", 300, message="Stopped between two batches.", hint="It stays out of sight.")
FAILED = line(
    "error",
    300,
    message="Sums.on_made failed at position 301",
    hint="Payload: {}",
    event={
        "position": 301,
        "event_id": "e",
        "event_type": "Made",
        "aggregate_type": "Thing",
        "aggregate_id": "a",
        "version": 4,
        "data_text": '{"n": null}',
        "data_length": 11,
    },
    handler="Sums.on_made",
    error="ValueError: n",
    traceback=['  File "s.py", line 3, in on_made\n    raise'],
)


def told(*lines: str) -> RebuildRun:
    run = RebuildRun("sums")
    run.begin(AT)
    for one in lines:
        run.take(one, AT)
    return run


def states(run: RebuildRun) -> list[str]:
    return [step.state for step in run.steps]


def test_steps_are_done_when_the_process_has_said_so() -> None:
    run = RebuildRun("sums")
    assert states(run) == ["later"] * 4
    run.begin(AT)
    assert states(run) == ["now", "later", "later", "later"]
    run.take(STARTED, AT)
    assert states(run) == ["done", "now", "later", "later"]
    assert run.steps[0].title == "Target fixed at position 1,000"
    run.take(line("progress"), AT)
    assert states(run)[1] == "now"
    run.take(OPENED, AT)
    assert states(run) == ["done", "done", "now", "later"]
    assert run.steps[1].note == "sums, lines"
    run.take(line("progress", 400), AT)
    assert run.steps[2].note == "400 of 1,000"
    run.take(line("progress", 1000), AT)
    assert states(run) == ["done", "done", "done", "now"]
    run.take(FINISHED, AT)
    assert run.phase == "running", "its process is still there"
    run.end(AT)
    assert states(run) == ["done"] * 4


def test_counts_are_those_of_the_last_line() -> None:
    run = told(STARTED, OPENED, line("progress", 250), line("progress", 500))
    assert (run.done, run.total, run.position, run.rows) == (500, 1000, 500, 1000)
    assert run.share == 0.5
    assert run.rate == pytest.approx(500 / 4.9, rel=0.3)
    assert run.seconds_left == pytest.approx(5, rel=0.3)


def test_the_end_is_what_the_last_line_says() -> None:
    run = told(STARTED, OPENED, FINISHED)
    run.end(AT)
    assert (run.phase, run.built) == ("finished", {"sums": 10, "lines": 20})
    assert run.seconds_left is None
    run = told(STARTED, OPENED, PAUSED)
    run.end(AT)
    assert (run.phase, run.message) == ("cancelled", "Stopped between two batches.")
    assert states(run) == ["done", "done", "stopped", "later"]


def test_a_failed_event_is_known_with_its_handler_and_traceback() -> None:
    run = told(STARTED, OPENED, FAILED)
    run.end(AT, last_words="Error: …")
    assert run.phase == "failed"
    failure = run.failure
    assert failure is not None
    assert failure.event is not None
    assert (failure.event.position, failure.event.version, failure.handler) == (301, 4, "Sums.on_made")
    assert failure.traceback.splitlines()[0] == "Traceback (most recent call last):"
    assert failure.traceback.splitlines()[-1] == "ValueError: n"
    assert not failure.event.is_cut
    assert states(run)[2] == "failed"


def test_an_error_before_anything_began_has_no_event() -> None:
    run = told(line("error", total=0, projection=None, message="There is no projection 'sums'.", hint="See."))
    run.end(AT)
    assert run.phase == "failed"
    assert run.failure is not None
    assert run.failure.event is None
    assert states(run) == ["failed", "later", "later", "later"]


def test_a_process_that_ends_without_a_last_line_has_died() -> None:
    run = told(STARTED, OPENED, line("progress", 400))
    run.end(AT, last_words="Killed by something")
    assert run.phase == "died"
    assert any("Killed by something" in one.text for one in run.log)
    assert run.done == 400


def test_one_that_was_asked_to_stop_and_had_to_be_ended_is_cancelled() -> None:
    run = told(STARTED, OPENED)
    run.ask_to_stop(AT)
    assert not run.is_over
    run.end(AT, killed=True)
    assert run.phase == "cancelled"


def test_one_that_finished_although_it_was_asked_to_stop_has_finished() -> None:
    run = told(STARTED, OPENED)
    run.ask_to_stop(AT)
    run.take(FINISHED, AT)
    run.end(AT)
    assert run.phase == "finished"


def test_all_warnings_are_in_the_log_and_counted() -> None:
    run = told(STARTED, OPENED, line("warning", message="one\x1b[31m"), line("warning", message="two"))
    assert run.warnings == 2
    assert [one.text for one in run.log if one.is_warning] == ["one‹U+001B›[31m", "two"]


@pytest.mark.parametrize(
    "odd", ["", "no json", "[]", "{}", '{"kind": "progress"}', '"x"', "null", '{"done": "x"}']
)
def test_a_line_that_is_none_of_ours_changes_no_count(odd: str) -> None:
    run = told(STARTED, OPENED, line("progress", 400))
    before = (run.done, run.rows, run.position, run.phase, run.steps)
    run.take(odd, AT)
    assert (run.done, run.rows, run.position, run.phase, run.steps) == before
    assert odd == "" or run.log[-1].text == odd


def test_an_empty_store_is_whole_when_it_has_finished() -> None:
    run = told(line("started", total=0, head=None), line("progress", total=0, target="t", tables=["sums"]))
    assert run.share == 0.0
    run.take(line("finished", total=0, tables={"sums": {"sums": 0}}), AT)
    run.end(AT)
    assert (run.share, run.phase) == (1.0, "finished")
