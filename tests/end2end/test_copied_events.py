"""What is copied of an event works elsewhere: tests run green as they are, and red when the state is another."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from auditor.core.errors import ModelError, NotTrusted, WrongRequest
from auditor.core.events import RecordedEvent
from auditor.eventsourcing import EventStore
from auditor.jobs import copy_event
from auditor.jobs.copy_event import CopiedEvent, CopyEventRequest, Form
from auditor.jobs.session import Session
from auditor.tasks.context import TaskContext
from tests.helpers.command_line import answer, auditor, environment
from tests.helpers.guest_code import write_module
from tests.helpers.sessions import ORIGIN, open_session
from tests.helpers.viewed_stores import trust, write_modelled_store

KEEPER = """
    class Thing:
        def __init__(self, aggregate_id):
            self.id = aggregate_id
            self.seen = []
            self.who = []

        def apply(self, event):
            self.who.append([event.metadata.user_id, event.metadata.extra, str(event.timestamp)])
            self.seen.append(event.data)


    class Outer:
        class Inner(Thing):
            pass


    class given(Thing):
        pass


    def fold(state, event):
        return {"count": 1 + (state or {"count": 0})["count"], "last": event.event_type}
"""
ODD = [
    '{"a": 1.50, "b": 1e300, "c": -0, "d": 123456789012345678901234567890, "e": 0.1}',
    '{"nan": NaN, "inf": 1e400}',
    '{"inf": [1e400, -1e400]}',
    '{"text": "\\ud800 \\u202e \\u0000 \\u2028", "\\"quoted\\"": "it\'s \\"\\"\\" \\\\"}',
    "[" * 300 + "1" + "]" * 300,
    '"only a text"',
    '{"a": 1, "a": 2, "empty": {}, "none": null, "list": [], "": true}',
    '{"long": "' + "word " * 500 + '", "deep": {"a": {"b": {"c": [{"d": 1}, {"d": 2.0}]}}}}',
]


def copied(
    session: Session, aggregate_id: str, version: int, form: Form, model: str | None = None
) -> CopiedEvent:
    request = CopyEventRequest(
        origin=ORIGIN, aggregate_id=aggregate_id, version=version, form=form, model=model
    )
    return copy_event.run(session, request, TaskContext())


def run_pytest(folder: Path) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:randomly", str(folder)],
        cwd=folder,
        capture_output=True,
        text=True,
        env=environment({"PYTHONPATH": str(Path(__file__).parents[2])}),
        timeout=120,
        check=False,
    )


def write_odd_store(folder: Path, model: str) -> Path:
    """Thing `t-1` with one event for each odd payload, its metadata as another program writes it."""
    folder.mkdir(parents=True)
    write_module(folder, KEEPER, "keeping")
    path = folder / "odd.db"
    events = [
        RecordedEvent(
            version,
            f"00000000-0000-7000-8000-{version:012d}",
            't-1 "odd" \u202e \n # ',
            "Thing",
            "Kept",
            version,
            f"2026-03-01T13:00:00.{version:06d}Z",
            None,
            data,
            '{"correlationId": "c", "userId": 7, "ip": [1.50, null]}' if version % 2 else "[1]",
        )
        for version, data in enumerate(ODD, 1)
    ]
    with EventStore(f"sqlite:///{path}") as store:
        store.append_many({events[0].aggregate_id: (events, 0)})
    (folder / "auditor.toml").write_text(f'[store]\nurl = "odd.db"\n[models.Thing]\npython = "{model}"\n')
    trust(path)
    return path


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("demo") / "orders.db"
    assert auditor("demo", "--events", "400", "--to", path, "--terminal").code == 0
    return path


def test_tests_of_the_demo_orders_run_green(demo: Path, tmp_path: Path) -> None:
    made = 0
    with open_session(demo) as session:
        orders = [row for row in session.reader.aggregates(limit=500).aggregates if row.version >= 4][:6]
        for row in orders:
            for version in {1, 2, row.version}:
                text = copied(session, row.aggregate_id, version, "pytest").text
                (tmp_path / f"test_{made}.py").write_text(text)
                made += 1
    done = run_pytest(tmp_path)
    assert f"{made} passed" in done.stdout, done.stdout


@pytest.mark.parametrize("model", ["keeping:Thing", "keeping:Outer.Inner", "keeping:given", "keeping:fold"])
def test_odd_payloads_are_given_to_a_workspace_class_as_they_are(tmp_path: Path, model: str) -> None:
    store = write_odd_store(tmp_path / "shop", model)
    tests = tmp_path / "tests"
    tests.mkdir()
    with open_session(store) as session:
        (row,) = session.reader.aggregates(limit=2).aggregates
        for version in range(1, len(ODD) + 1):
            text = copied(session, row.aggregate_id, version, "pytest").text
            (tests / f"test_{version}.py").write_text(text, encoding="utf-8")
    done = run_pytest(tests)
    assert f"{len(ODD)} passed" in done.stdout, done.stdout


def test_an_event_that_could_not_be_applied_is_reproduced(tmp_path: Path) -> None:
    facts: list[tuple[str, dict[str, Any]]] = [
        ("Added", {"sku": "a", "price": 1}),
        ("Added", {"sku": "b"}),
        ("Unheard", {}),
        ("Added", {"sku": "c", "price": 3}),
        ("Ended", {}),
    ]
    store = write_modelled_store(tmp_path / "shop", facts)
    tests = tmp_path / "tests"
    tests.mkdir()
    with open_session(store) as session:
        texts = {version: copied(session, "t-1", version, "pytest").text for version in (2, 3, 4)}
        with pytest.raises(ModelError, match="event 5 ended the model's process"):
            copied(session, "t-1", 5, "pytest")
    for version, text in texts.items():
        (tests / f"test_{version}.py").write_text(text)
    assert "    2: \"KeyError: 'price'\"," in texts[4]
    done = run_pytest(tests)
    assert "3 passed" in done.stdout, done.stdout
    (tests / "test_4.py").write_text(texts[4].replace("    2: ", "    4: "))
    assert "1 failed, 2 passed" in run_pytest(tests).stdout


def test_a_test_is_red_when_the_state_is_another(demo: Path, tmp_path: Path) -> None:
    with open_session(demo) as session:
        row = session.reader.aggregates(limit=500, aggregate_type="Order").aggregates[0]
        text = copied(session, row.aggregate_id, row.version, "pytest").text
    head, state, tail = text.partition('\n    "total": ')
    assert state
    (tmp_path / "test_altered.py").write_text(f"{head}{state}1{tail}")
    done = run_pytest(tmp_path)
    assert "1 failed" in done.stdout
    assert "first difference: 1, total" in done.stdout


def test_the_program_prints_what_the_window_copies(demo: Path) -> None:
    with open_session(demo) as session:
        row = session.reader.aggregates(limit=500, aggregate_type="Order").aggregates[0]
        forms: tuple[Form, ...] = ("json", "python", "pytest")
        for form in forms:
            text = copied(session, row.aggregate_id, 1, form).text
            printed = auditor("event", demo, row.aggregate_id, "1", "--as", form)
            assert (printed.code, printed.out.rstrip("\n")) == (0, text.rstrip("\n"))
            assert answer("event", demo, row.aggregate_id, "1", "--as", form)["text"] == text


def test_without_a_model_there_is_nothing_to_test(demo: Path, tmp_path: Path) -> None:
    merged = auditor("event", demo, "order-1001", "1", "--as", "pytest", "--model", "merge")
    assert (merged.code, merged.out) == (2, "")
    assert "There is nothing to test: Order is folded by the generic merge." in merged.err
    store = write_modelled_store(tmp_path / "shop", [("Added", {"sku": "a", "price": 1})], trusted=False)
    with open_session(store) as session, pytest.raises(NotTrusted):
        copied(session, "t-1", 1, "pytest")


def test_what_is_no_domain_event_says_why_and_what_it_cannot_say_is_noted(tmp_path: Path) -> None:
    store = write_odd_store(tmp_path / "shop", "keeping:Thing")
    with open_session(store) as session:
        (row,) = session.reader.aggregates(limit=2).aggregates
        with pytest.raises(WrongRequest, match="version 2, cannot be written as Python: its data"):
            copied(session, row.aggregate_id, 2, "python")
        assert copied(session, row.aggregate_id, 7, "python").notes == (
            "Of the data: keys that stand twice: a.",
        )


def test_a_test_of_too_many_events_is_refused(demo: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with open_session(demo) as session:
        row = session.reader.aggregates(limit=500, aggregate_type="Order").aggregates[0]
        monkeypatch.setattr(copy_event, "MOST_EVENTS", 2)
        with pytest.raises(WrongRequest, match="would hold 3 events"):
            copied(session, row.aggregate_id, 3, "pytest")
        monkeypatch.setattr(copy_event, "MOST_EVENTS", 2000)
        monkeypatch.setattr(copy_event, "MOST_CHARACTERS", 10)
        with pytest.raises(WrongRequest, match="would be too long"):
            copied(session, row.aggregate_id, 3, "pytest")
