"""What a session keeps of the histories that were folded, and the jobs that ask about their states."""

import contextlib
import sqlite3
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from auditor.core import exact_json
from auditor.core.errors import AggregateNotFound, Cancelled, ModelError, StoreReplaced, WrongRequest
from auditor.core.events import PayloadColumns
from auditor.guest.fold_service import Events, FoldService
from auditor.jobs import (
    find_fields,
    fold_history,
    make_demo,
    open_store,
    session,
    show_changes,
    show_field,
    show_outline,
    show_state,
)
from auditor.jobs.perform import perform
from auditor.jobs.session import Session
from auditor.jobs.workspace_code import TrustWord
from auditor.stores.native_store import EventStore
from auditor.tasks.cancel import CancelToken
from auditor.tasks.context import Progress, TaskContext
from tests.helpers.small_stores import events_of, write_store
from tests.unit.jobs.test_models import ORIGIN

Facts = list[tuple[str, dict[str, Any]]]


def facts(count: int) -> Facts:
    return [("Put", {"n": number, "by": {str(number % 7): number}}) for number in range(1, count + 1)]


@pytest.fixture
def store(tmp_path: Path) -> Path:
    return write_store(tmp_path / "things.db", {"one": facts(3), "long": facts(2500)})


def opened(store: Path, workspace: Path | None = None) -> Session:
    trust = TrustWord(ask=lambda _: True)
    request = open_store.OpenStoreRequest(origin=ORIGIN, store=str(store), workspace=workspace, trust=trust)
    return open_store.run(request, TaskContext())


@pytest.fixture
def viewed(store: Path) -> Iterator[Session]:
    with opened(store) as made:
        yield made


def folded(viewed: Session, name: str, **more: Any) -> fold_history.FoldHistoryResult:
    request = fold_history.FoldHistoryRequest(origin=ORIGIN, aggregate_id=name, **more)
    return perform(fold_history.run, viewed, request, TaskContext())


def state(viewed: Session, name: str, **more: Any) -> show_state.StateResult:
    request = show_state.ShowStateRequest(origin=ORIGIN, aggregate_id=name, **more)
    return perform(show_state.run, viewed, request, TaskContext())


def outlined(viewed: Session, name: str, **more: Any) -> show_outline.OutlineResult:
    request = show_outline.ShowOutlineRequest(origin=ORIGIN, aggregate_id=name, **more)
    return perform(show_outline.run, viewed, request, TaskContext())


@pytest.fixture
def reads(viewed: Session, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many events were read from the store, read by read."""
    counts: list[int] = []

    def counting(read: Callable[..., Iterator[Events]]) -> Callable[..., Iterator[Events]]:
        def counted(*arguments: Any, **more: Any) -> Iterator[Events]:
            for batch in read(*arguments, **more):
                counts.append(len(batch.texts) if isinstance(batch, PayloadColumns) else len(batch))
                yield batch

        return counted

    reader = viewed.reader
    for owner, name in ((reader, "aggregate_events"), (reader.parts, "payloads")):
        monkeypatch.setattr(owner, name, counting(getattr(owner, name)))
    return counts


def test_a_history_is_read_once_whatever_is_asked_of_it(viewed: Session, reads: list[int]) -> None:
    result = folded(viewed, "long", aggregate_type="Thing")
    assert (result.length, result.ordinal, result.complete, result.unapplied) == (2500, 2500, True, ())
    assert (result.store_id, result.head) == (viewed.reader.store_id, 2503)
    assert result.model.kind == "merge"
    for ordinal in (2500, 1, 1700):
        shown = outlined(viewed, "long", ordinal=ordinal)
        assert (shown.asked, shown.ordinal, shown.version, shown.against) == (
            ordinal,
            ordinal,
            ordinal,
            ordinal - 1,
        )
        assert state(viewed, "long", version=ordinal).ordinal == ordinal
    assert sum(reads) == 2500


def test_only_the_events_that_a_state_needs_are_read(viewed: Session, reads: list[int]) -> None:
    assert state(viewed, "long", version=10).ordinal == 10
    assert outlined(viewed, "long", ordinal=7).ordinal == 7
    assert sum(reads) == 10
    assert state(viewed, "long", version=1500).state_text == whole(viewed, "long", 1500)
    assert sum(reads) == 1500


def whole(viewed: Session, name: str, ordinal: int) -> str:
    request = show_field.ShowFieldRequest(origin=ORIGIN, aggregate_id=name, ordinal=ordinal, pointer="")
    return perform(show_field.run, viewed, request, TaskContext()).text


@pytest.mark.parametrize("model", ["merge", "Order"])
def test_the_tree_has_what_show_state_has_to_the_byte(tmp_path: Path, model: str) -> None:
    path = tmp_path / "demo.db"
    make_demo.run(make_demo.MakeDemoRequest(origin=ORIGIN, events=300, to=path), TaskContext())
    with opened(path) as viewed, opened(path) as other:
        rows = [one for one in viewed.reader.aggregates(limit=99).aggregates if one.aggregate_type == "Order"]
        row = max(rows, key=lambda one: one.events)
        for ordinal in (row.events, *range(1, row.events + 1)):
            text = state(other, row.aggregate_id, version=ordinal, model=model).state_text
            asked = {"aggregate_id": row.aggregate_id, "ordinal": ordinal, "model": model}
            field = show_field.ShowFieldRequest(origin=ORIGIN, pointer="", **asked)
            assert perform(show_field.run, viewed, field, TaskContext()).text == text
            shown = outlined(viewed, row.aggregate_id, ordinal=ordinal, model=model)
            members = {
                row.key: row.text if row.kind == "string" else exact_json.parse(row.text)
                for row in shown.rows
                if row.kind not in ("object", "array") and row.sign != "removed"
            }
            assert members.items() <= exact_json.parse(text or "").items()
            assert shown.model.name == viewed.history(row.aggregate_id, "Order", model).model.name


def appended(store: Path, name: str, count: int, more: int) -> None:
    with EventStore(f"sqlite:///{store}") as writer:
        writer.append(name, events_of(name, facts(count + more))[count:], count)


def test_a_history_grows_with_the_store(viewed: Session, store: Path, reads: list[int]) -> None:
    before = folded(viewed, "one")
    appended(store, "one", 3, 4)
    assert (before.head, outlined(viewed, "one", ordinal=3).head) == (2503, 2507)
    after = folded(viewed, "one")
    assert (before.length, after.length, after.head) == (3, 7, 2507)
    assert reads == [3, 4]
    assert state(viewed, "one").state_text == whole(viewed, "one", 7)
    assert exact_json.parse(whole(viewed, "one", 7))["n"] == 7
    assert outlined(viewed, "one").version == 7


def changed(store: Path, *statements: str) -> None:
    """As no program of ours would write it."""
    with contextlib.closing(sqlite3.connect(store)) as connection:
        for statement in statements:
            connection.execute(statement)
        connection.commit()


@pytest.mark.parametrize("wrong", ["UPDATE streams SET version = 1", "UPDATE streams SET version = 9"])
def test_all_events_count_also_where_the_list_of_aggregates_is_wrong_about_them(
    viewed: Session, store: Path, wrong: str
) -> None:
    changed(store, wrong)
    assert outlined(viewed, "one", ordinal=3).complete
    assert folded(viewed, "one").length == 3
    assert folded(viewed, "one", afresh=True, seconds=10).length == 3
    for ordinal in (4, 9, 10):
        with pytest.raises(WrongRequest, match="no event number"):
            outlined(viewed, "one", ordinal=ordinal)
    assert outlined(viewed, "one", ordinal=1, against=9).against == 3


def test_an_event_whose_version_is_no_number_is_read_once(viewed: Session, store: Path) -> None:
    """Such a version is shown as 0, and an extension must not begin there."""
    changed(store, "UPDATE events SET version = 'x' WHERE aggregate_id = 'one' AND version = 3")
    assert state(viewed, "one", ordinal=3).state_text == whole(viewed, "one", 3)
    changed(
        store,
        "INSERT INTO events SELECT position + 9000, 'later', aggregate_id, aggregate_type, event_type, 'y', timestamp, "
        """timestamp_text, '{"n": 4}', metadata, NULL, NULL FROM events WHERE version = 'x'""",
    )
    assert folded(viewed, "one").length == 4
    assert exact_json.parse(state(viewed, "one", ordinal=4).state_text or "")["n"] == 4


def test_events_that_came_in_between_are_not_passed_over(viewed: Session, store: Path) -> None:
    changed(store, "UPDATE events SET version = version + 10 WHERE aggregate_id = 'one' AND version > 1")
    assert folded(viewed, "one").length == 3
    changed(
        store,
        "INSERT INTO events SELECT position + 9000, 'later', aggregate_id, aggregate_type, event_type, 2, timestamp, "
        "timestamp_text, data, metadata, NULL, NULL FROM events WHERE aggregate_id = 'one' AND version = 1",
    )
    with pytest.raises(StoreReplaced, match="come between"):
        folded(viewed, "one")


@pytest.mark.parametrize("stops_reading", [True, False])
def test_a_cancelled_fold_keeps_what_was_read(viewed: Session, reads: list[int], stops_reading: bool) -> None:
    token, told = CancelToken(), list[Progress]()

    def cancel_after_a_thousand(progress: Progress) -> None:
        told.append(progress)
        if progress.done >= 1000:
            token.cancel()

    context = TaskContext(token=token, on_progress=cancel_after_a_thousand)
    request = fold_history.FoldHistoryRequest(origin=ORIGIN, aggregate_id="long")
    # without `perform` a batch is read that the worker is not given
    run = partial(perform, fold_history.run) if stops_reading else fold_history.run
    with pytest.raises(Cancelled):
        run(viewed, request, context)
    reads[:] = reads[:1]
    kept = viewed.history("long", "Thing").length
    assert kept == told[-1].done == 1000
    assert {one.total for one in told} == {2500}
    assert outlined(viewed, "long", ordinal=kept).ordinal == kept
    assert sum(reads) == 1000
    assert folded(viewed, "long").length == 2500
    assert sum(reads) == 2500
    assert outlined(viewed, "long", ordinal=2100).version == 2100


def test_the_histories_asked_for_last_are_kept_and_the_others_let_go(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(session, "MOST_HISTORIES", 3)
    store = write_store(tmp_path / "many.db", {f"a{number}": facts(2) for number in range(6)})
    with opened(store) as viewed:
        for number in (0, 1, 2, 0, 3, 4):
            folded(viewed, f"a{number}")
        assert [name for name, _ in viewed._histories] == ["a0", "a3", "a4"]
        assert len(viewed.fold_service("Thing")._opened) == 3
        assert outlined(viewed, "a1", ordinal=2).ordinal == 2


@pytest.fixture
def with_model(store: Path) -> Path:
    (store.parent / "shop.py").write_text(
        """\
import os
class Thing:
    def __init__(self): self.n = 0
    def on_put(self, event):
        if event.n == 3: os._exit(1)
        self.n = event.n
class Other:
    def on_put(self, event): self.other = event.n
"""
    )
    workspace = store.parent / "auditor.toml"
    workspace.write_text('[models.Thing]\npython = "shop:Thing"\n[models.Other]\npython = "shop:Other"\n')
    return workspace


def test_a_worker_that_ends_at_an_event_serves_the_state_before_it(store: Path, with_model: Path) -> None:
    with opened(store, with_model) as viewed:
        result = folded(viewed, "long")
        assert (result.length, result.ordinal, result.complete) == (2500, 2, False)
        assert [one.ordinal for one in result.unapplied] == [3]
        shown = outlined(viewed, "long", ordinal=2000)
        assert (shown.asked, shown.ordinal, shown.version, shown.against) == (2000, 2, 2, 1)
        assert (shown.complete, shown.incomplete_from, shown.changed) == (False, 3, 1)
        assert outlined(viewed, "long", ordinal=2).complete
        assert state(viewed, "long").version == 2
        merged = outlined(viewed, "long", ordinal=2000, model="merge")
        assert (merged.ordinal, merged.complete) == (2000, True)


def test_the_models_that_can_be_named_are_told_and_each_has_its_own_worker(
    store: Path, with_model: Path
) -> None:
    with opened(store, with_model) as viewed:
        assert viewed.models_for("Thing") == ("Thing", "merge", "Other")
        assert viewed.models_for("Nothing") == ("merge", "Other", "Thing")
        for name in viewed.models_for("Thing"):
            assert name in outlined(viewed, "one", ordinal=1, model=name).model.name
        assert len(viewed._services) == 3
        assert viewed.fold_service("Thing") is viewed.fold_service("Thing", "Thing")
    with opened(store) as plain:  # the workspace lies beside it
        (store.parent / "auditor.toml").write_text("no toml [")
        with pytest.raises(ModelError):
            plain.models_for("Thing")


def test_the_same_class_under_other_limits_is_another_model(store: Path, with_model: Path) -> None:
    with opened(store, with_model) as viewed:
        service = viewed.fold_service("Thing")
        with_model.write_text(with_model.read_text() + "[guest]\ntimeout_seconds = 3\n")
        with opened(store, with_model) as other:
            viewed.workspace_code = other.workspace_code
            assert viewed.fold_service("Thing") is not service


def test_the_end_of_a_session_ends_all_workers_though_one_does_not_close(
    store: Path, with_model: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    viewed = opened(store, with_model)
    services = [viewed.fold_service("Thing", name) for name in ("merge", "Thing", "Other")]
    children = [service._worker._process._child for service in services if service._worker._process]

    def failing(close: Callable[[], None]) -> Callable[[], None]:
        def raise_after() -> None:
            close()
            raise OSError("no space for the farewell")

        return raise_after

    closed: list[str] = []
    monkeypatch.setattr(services[1], "close", failing(services[1].close))
    monkeypatch.setattr(viewed.reader, "close", lambda: closed.append("reader"))
    with pytest.raises(OSError, match="farewell"):
        viewed.close()
    assert [child.poll() is not None for child in children] == [True] * 3
    assert closed == ["reader"]


def test_what_cannot_be_asked_is_refused(viewed: Session) -> None:
    with pytest.raises(AggregateNotFound):
        folded(viewed, "none")
    with pytest.raises(AggregateNotFound):
        outlined(viewed, "one", ordinal=1, aggregate_type="Other")
    for ordinal in (4, -1):
        with pytest.raises(WrongRequest) as raised:
            outlined(viewed, "one", ordinal=ordinal)
        assert raised.value.hint == "It has 3 events."
    with pytest.raises(WrongRequest, match="There is no model"):
        folded(viewed, "one", model="Nothing")
    request = show_field.ShowFieldRequest(origin=ORIGIN, aggregate_id="one", pointer="/x")
    with pytest.raises(WrongRequest, match="no field '/x'"):
        perform(show_field.run, viewed, request, TaskContext())


def test_what_is_found_and_what_changed_is_cut_and_counted(viewed: Session) -> None:
    find = find_fields.FindFieldsRequest(origin=ORIGIN, aggregate_id="long", text="249", most=2)
    found = perform(find_fields.run, viewed, find, TaskContext())
    assert (len(found.pointers), found.document()["more"]) == (2, True)
    assert found.total > 2
    changes = show_changes.ShowChangesRequest(origin=ORIGIN, aggregate_id="long", most=1)
    changed = perform(show_changes.run, viewed, changes, TaskContext())
    assert (changed.changes, changed.total, changed.against) == (
        (show_changes.FieldChange("/n", "changed", "2499", "2500"),),
        2,
        2499,
    )


def test_any_other_state_can_be_compared_with(viewed: Session, reads: list[int]) -> None:
    first = outlined(viewed, "one", ordinal=1, against=3)
    assert (first.against, first.changed, first.removed) == (3, 1, 2)
    assert outlined(viewed, "one", ordinal=1, against=99) == first
    assert outlined(viewed, "one", ordinal=0).rows == ()
    assert outlined(viewed, "one", ordinal=3, against=0).added == 2
    opened_rows = outlined(viewed, "one", ordinal=3, open={"/by": 1}).rows
    assert [row.kind for row in opened_rows] == ["number", "object", "number", "more"]
    assert len(outlined(viewed, "one", ordinal=3, open=["/by"]).rows) == 5


def test_no_more_is_started_than_asked_for(viewed: Session) -> None:
    assert viewed._services == {}
    folded(viewed, "one")
    folded(viewed, "long")
    (service,) = viewed._services.values()
    assert isinstance(service, FoldService)
