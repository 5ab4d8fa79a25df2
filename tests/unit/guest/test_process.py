"""One worker asked directly: answers in order, its counter, its last words, what counts as a breach."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from auditor.core.errors import Cancelled
from auditor.guest.limits import Limits
from auditor.guest.process import GuestGone, GuestProcess, GuestRefused
from auditor.tasks.cancel import CancelToken
from tests.helpers.guest_code import ROOMY, stored, trusted_code
from tests.helpers.leftovers import child_processes


@pytest.fixture
def process(cache: Path) -> Iterator[GuestProcess]:
    with GuestProcess(cache=cache, limits=ROOMY) as process:
        yield process


def test_it_says_hello(process: GuestProcess) -> None:
    hello = process.request("hello")
    assert hello.values["missing_limits"] == []
    assert hello.texts == []


def test_requests_may_be_sent_before_the_first_is_answered(process: GuestProcess) -> None:
    process.request("load", merge=True, keyframe_bytes=1 << 20)
    process.request("open", handle=1, aggregate_id="a")
    events = [tuple(stored(version, "A", {"x": version})) for version in range(1, 4)]
    numbers = [
        process.send("extend", handle=1, events=[event], fold_to=at) for at, event in enumerate(events, 1)
    ]
    assert process.in_flight == 3
    assert [process.receive(number).values["length"] for number in numbers] == [1, 2, 3]
    assert process.request("state", handle=1, ordinal=2).texts == ['{"x":2}']
    assert process.ordinal == 0


def test_abandoned_answers_are_passed_over(process: GuestProcess) -> None:
    for _ in range(3):
        process.send("hello")
    process.abandon()
    process.request("load", merge=True, keyframe_bytes=1 << 20)


def test_a_refusal_leaves_the_worker_running(tmp_path: Path, process: GuestProcess) -> None:
    with pytest.raises(GuestRefused) as caught:
        process.request(
            "load",
            merge=False,
            keyframe_bytes=1 << 20,
            target="none:None",
            import_paths=[str(tmp_path)],
            trusted={},
        )
    assert caught.value.kind == "import_failed"
    assert not process.gone
    process.request("hello")


def test_a_request_larger_than_a_pipe_takes_is_written_while_answers_are_read(process: GuestProcess) -> None:
    process.request("load", merge=True, keyframe_bytes=1 << 20)
    process.request("open", handle=1, aggregate_id="a")
    event = stored(1, "A", {"x": "y" * 5_000_000})
    process.request("extend", handle=1, events=[tuple(event)], fold_to=1)
    assert process.request("state", handle=1, ordinal=1).texts == ['{"x":"' + "y" * 5_000_000 + '"}']


def test_the_counter_tells_where_it_ended_and_the_last_words_are_kept(tmp_path: Path, cache: Path) -> None:
    code = trusted_code(
        tmp_path,
        """
        import os, sys
        class Thing:
            def on_fine(self, event): pass
            def on_ending(self, event):
                sys.stderr.write("x" * 100_000 + "goodbye")
                sys.stderr.flush()
                os.abort()
        """,
    )
    with GuestProcess(cache=cache, limits=ROOMY) as process:
        process.request("load", merge=False, keyframe_bytes=1 << 20, **code.load_values)
        process.request("open", handle=1, aggregate_id="a")
        events = [tuple(stored(1, "Fine")), tuple(stored(2, "Ending"))]
        with pytest.raises(GuestGone) as caught:
            process.request("extend", handle=1, events=events, fold_to=2)
        assert caught.value.ordinal == 2
        assert caught.value.reason == "worker ended with signal 6 (SIGABRT)"
        assert process.gone
        assert process.last_words.endswith("goodbye")
        assert len(process.last_words) == 64 << 10
        with pytest.raises(GuestGone):
            process.request("hello")


def test_a_cancelled_request_that_ends_soon_does_not_end_the_worker(process: GuestProcess) -> None:
    token = CancelToken()
    process.request("hello")
    token.cancel()
    with pytest.raises(Cancelled):
        process.request("hello", token=token)
    assert process.request("load", merge=True, keyframe_bytes=1 << 20).values["model"][1] == "merge"


def test_a_limit_of_the_clock_ends_the_worker(tmp_path: Path, cache: Path) -> None:
    code = trusted_code(tmp_path, "import time\ntime.sleep(1000)")
    with GuestProcess(cache=cache, limits=Limits(timeout_seconds=0.3)) as process:
        process.request("hello", seconds=60)
        with pytest.raises(GuestGone, match=r"the worker was stopped after 0\.3 s"):
            process.request("load", merge=False, keyframe_bytes=1 << 20, **code.load_values)


def test_an_operation_that_a_worker_does_not_have_ends_it(process: GuestProcess) -> None:
    with pytest.raises(GuestGone, match="worker exited with code 1"):
        process.request("nothing of the kind")
    assert "KeyError" in process.last_words


def test_the_password_of_a_store_does_not_reach_the_worker(
    cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PGPASSWORD", "canary")
    monkeypatch.setenv("OTHER", "reaches it")
    before = child_processes()
    with GuestProcess(cache=cache, limits=ROOMY) as process:
        process.request("hello")
        (worker,) = child_processes() - before
        environment = Path(f"/proc/{worker}/environ").read_bytes()
    assert b"reaches it" in environment
    assert b"canary" not in environment
