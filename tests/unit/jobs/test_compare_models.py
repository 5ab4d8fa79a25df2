"""What two models make of the same history, and what newer code makes of it."""

from pathlib import Path

import pytest

from auditor.core.errors import ModelError, NotTrusted, WrongRequest
from auditor.jobs import compare_models, fold_history, look_for_changed_code
from auditor.jobs.compare_models import ModelsResult
from auditor.jobs.session import Session
from auditor.jobs.workspace_code import TrustWord
from auditor.tasks.context import TaskContext
from tests.helpers.guest_code import write_module
from tests.helpers.modelled import COUNTING, write_things, write_workspace
from tests.helpers.sessions import ORIGIN, open_session
from tests.helpers.viewed_stores import trust

LATER = COUNTING.replace('event["by"]', 'event.get("by", 10)').replace(
    "def on_named", "def on_unheard(self, event):\n            self.heard = True\n\n        def on_named"
)


def compared(session: Session, **values: object) -> ModelsResult:
    request = compare_models.CompareModelsRequest(origin=ORIGIN, aggregate_id="t-1", **values)  # type: ignore[arg-type] # each test gives what it needs
    return compare_models.run(session, request, TaskContext())


def fold(session: Session) -> fold_history.FoldHistoryResult:
    request = fold_history.FoldHistoryRequest(origin=ORIGIN, aggregate_id="t-1")
    return fold_history.run(session, request, TaskContext())


def look(session: Session, *, take: bool = False) -> look_for_changed_code.ChangedCode:
    request = look_for_changed_code.ChangedCodeRequest(origin=ORIGIN, take=take)
    return look_for_changed_code.run(session, request, TaskContext())


def test_a_model_is_the_same_as_itself(tmp_path: Path) -> None:
    with open_session(write_things(tmp_path)) as session:
        result = compared(session)
    assert not result.differ
    assert (list(result.ordinals), result.events, result.done, result.total) == ([], (), 6, 6)


def test_states_and_events_of_newer_code_are_compared_with_the_older(tmp_path: Path) -> None:
    path = write_things(tmp_path / "old")
    other = write_workspace(tmp_path / "new", LATER)
    word = TrustWord(ask=lambda _: True)
    with open_session(path) as session:
        with pytest.raises(NotTrusted):
            compared(session, workspace=other)
        result = compared(session, workspace=other, trust=word)
        last = compared(session, workspace=other, trust=word, version=6)
    assert list(result.ordinals) == list(result.versions) == [4, 5, 6]
    assert (result.ordinal, result.version, result.differing) == (4, 4, 1)
    assert [(one.path, one.before, one.after) for one in result.differences] == [("/count", 1, 11)]
    assert [(one.ordinal, one.a is None, one.b is None) for one in result.events] == [
        (4, False, True),
        (5, False, True),
    ]
    assert [(one.path, one.kind) for one in last.differences] == [("/count", "changed"), ("/heard", "added")]
    document = result.document()
    assert document["differing_versions"] == [4, 5, 6]
    assert document["changes"] == [{"path": "/count", "kind": "changed", "a": 1, "b": 11}]


def test_an_event_that_ends_only_one_process_leaves_states_that_only_the_other_has(tmp_path: Path) -> None:
    path = write_things(tmp_path / "old")
    source = COUNTING.replace('self.names.append(event["name"])', '__import__("os")._exit(1)')
    other = write_workspace(tmp_path / "new", source)
    with open_session(path) as session:
        result = compared(session, workspace=other, trust=TrustWord(ask=lambda _: True))
    assert list(result.ordinals) == [2, 3, 4, 5, 6]


def test_the_merge_is_compared_with_a_class(tmp_path: Path) -> None:
    with open_session(write_things(tmp_path)) as session:
        result = compared(session, other="merge")
    assert list(result.ordinals) == [1, 2, 3, 4, 5, 6]
    assert (result.a.kind, result.b.kind) == ("class", "merge")


def test_in_pieces_it_comes_to_the_same(tmp_path: Path) -> None:
    path = write_things(tmp_path, facts=[("Added", {"by": 1})] * 3000)
    with open_session(path) as session:
        parts = [compared(session, other="merge", seconds=0.001)]
        while parts[-1].more:
            parts.append(compared(session, other="merge", seconds=0.001))
    with open_session(path) as session:
        whole = compared(session, other="merge")
    assert len(parts) > 1
    assert parts[-1].ordinals == whole.ordinals
    assert len(whole.ordinals) == 3000


def test_a_model_that_changes_on_the_disk_is_noticed_and_compared_with_what_it_was(tmp_path: Path) -> None:
    path = write_things(tmp_path)
    with open_session(path) as session:
        assert look(session).files == ()  # nothing was run yet
        before = fold(session)
        assert look(session).files == ()
        write_module(tmp_path, LATER, "things")
        assert look(session) == look_for_changed_code.ChangedCode(files=("things.py",), is_trusted=False)
        assert fold(session).unapplied == before.unapplied  # nobody has trusted the newer code
        assert look(session, take=True).is_trusted is False
        with pytest.raises(WrongRequest):
            compared(session, earlier=True)
        trust(path)
        assert look(session, take=True).is_trusted is True
        assert look(session).files == ()
        assert fold(session).unapplied == ()
        result = compared(session, earlier=True)
    assert list(result.ordinals) == [4, 5, 6]
    assert result.a.sha256 != result.b.sha256


def test_trusting_the_changed_code_takes_it(tmp_path: Path) -> None:
    path = write_things(tmp_path)
    with open_session(path) as session:
        fold(session)
        write_module(tmp_path, LATER, "things")
        question = session.workspace_code.question()
        assert question is not None
        session.workspace_code.trust(question.sha256)
        assert fold(session).unapplied == ()
        assert list(compared(session, earlier=True).ordinals) == [4, 5, 6]


def test_another_model_in_the_workspace_file_is_a_change_too(tmp_path: Path) -> None:
    path = write_things(tmp_path, COUNTING + LATER.replace("class Thing", "class Later"))
    with open_session(path) as session:
        fold(session)
        file = tmp_path / "auditor.toml"
        file.write_text(file.read_text().replace("things:Thing", "things:Later"))
        assert look(session).files == ("auditor.toml",)
        trust(path)
        look(session, take=True)
        assert fold(session).unapplied == ()


def test_code_that_is_put_back_is_as_it_was(tmp_path: Path) -> None:
    path = write_things(tmp_path)
    with open_session(path) as session:
        fold(session)
        write_module(tmp_path, LATER, "things")
        assert look(session).files == ("things.py",)
        write_module(tmp_path, COUNTING, "things")
        assert look(session).files == ()


def test_code_that_did_not_even_load_does_not_take_the_place_of_what_worked(tmp_path: Path) -> None:
    path = write_things(tmp_path)
    with open_session(path) as session:
        code = session.workspace_code

        def write(source: str) -> None:
            write_module(tmp_path, source, "things")
            question = code.question()
            assert question is not None
            code.trust(question.sha256)

        fold(session)
        write("class Thing:\n    def on_added(")
        with pytest.raises(ModelError):
            fold(session)
        write(LATER)
        assert fold(session).unapplied == ()
        assert list(compared(session, earlier=True).ordinals) == [4, 5, 6]
