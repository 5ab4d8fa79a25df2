"""What a window asks beside the store's content: files, code, parts, the guide, reports."""

from pathlib import Path

import pytest

from auditor.core.errors import NotTrusted
from auditor.core.store_address import without_password
from auditor.jobs import bug_report, list_parts, look_at_files, review_code, trust_code
from auditor.jobs.open_store import OpenStoreRequest
from auditor.jobs.open_store import run as open_store
from auditor.jobs.origin import origin_of_process
from auditor.jobs.session import Session
from auditor.jobs.workspace_code import TrustWord
from auditor.tasks.context import TaskContext
from tests.helpers.guest_code import write_module
from tests.helpers.small_stores import write_store

ORIGIN = origin_of_process("test")


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("orders.db", "orders.db"),
        ("/a@b:c/orders.db?password=x", "/a@b:c/orders.db?password=x"),  # a path, whatever it looks like
        ("postgresql://anna:s3cret@host/db", "postgresql://anna@host/db"),
        ("postgresql://anna:s3:c@ret@host/db", "postgresql://anna@host/db"),
        ("postgresql://anna:s3/cret@host/db", "postgresql://anna@host/db"),
        ("postgresql://anna:s3?c#ret@host/db", "postgresql://anna@host/db"),
        (" postgresql://anna:s3cret@host/db", " postgresql://anna@host/db"),
        (
            "postgresql://host/db?user=anna&password=x&sslmode=require",
            "postgresql://host/db?user=anna&sslmode=require",
        ),
        ("postgresql://host/db?PGPASSWORD=x", "postgresql://host/db"),
        ("sqlite:///folder/orders.db", "sqlite:///folder/orders.db"),
        ("sqlite:///a:b@c.db", "sqlite:///a:b@c.db"),
    ],
)
def test_addresses_are_shown_without_passwords(given: str, shown: str) -> None:
    assert without_password(given) == shown


def test_files_and_what_is_gone_are_told_apart(tmp_path: Path) -> None:
    there, empty, gone = tmp_path / "there", tmp_path / "empty", tmp_path / "gone"
    there.write_text("x")
    empty.write_text("")
    paths = (
        str(there),
        str(empty),
        str(gone),
        str(there / "below"),
        str(tmp_path),
        "",
        "a\0b",
        "sqlite:///x",
    )
    found = look_at_files.run(look_at_files.LookAtFilesRequest(origin=ORIGIN, paths=paths), TaskContext())
    assert found.files == {str(there)}
    assert found.gone == {str(gone), str(there / "below")}


@pytest.fixture
def session(tmp_path: Path) -> Session:
    store = write_store(tmp_path / "s.db", {"a": [("Made", {"n": 1})]})
    write_module(tmp_path, "class Thing:\n    def on_made(self, event):\n        self.n = event.n\n", "shop")
    (tmp_path / "auditor.toml").write_text(
        '[models.Thing]\npython = "shop:Thing"\n[guest]\nmemory_mb = 256\n'
    )
    return open_store(OpenStoreRequest(origin=ORIGIN, store=str(store), trust=TrustWord()), TaskContext())


def review(session: Session) -> review_code.CodeReview:
    return review_code.run(session, review_code.ReviewCodeRequest(origin=ORIGIN), TaskContext())


def answer(session: Session, sha256: str | None) -> trust_code.TrustCodeResult:
    request = trust_code.TrustCodeRequest(origin=ORIGIN, sha256=sha256)
    return trust_code.run(session, request, TaskContext())


def test_code_is_reviewed_and_trusted_later(session: Session) -> None:
    with session:
        asked = review(session)
        assert asked.question is not None
        assert (asked.is_trusted, asked.models, asked.memory_mb) == (False, {"Thing": "shop:Thing"}, 256)
        with pytest.raises(NotTrusted):
            session.workspace_code.model("Thing")
        assert answer(session, asked.question.sha256).is_trusted
        assert session.workspace_code.model("Thing") is not None
        assert review(session).is_trusted


def test_an_answer_counts_for_the_files_that_were_asked_about(session: Session, tmp_path: Path) -> None:
    with session:
        asked = review(session)
        assert asked.question is not None
        (tmp_path / "shop.py").write_text("print('edited')\n")
        with pytest.raises(NotTrusted, match="changed since you were asked"):
            answer(session, asked.question.sha256)
        assert not review(session).is_trusted


def test_going_on_without_the_code_merges_what_it_would_fold(session: Session) -> None:
    with session:
        with pytest.raises(NotTrusted):
            session.fold_service("Thing")
        assert not answer(session, None).is_trusted
        assert session.fold_service("Thing").model.kind == "merge"
        with pytest.raises(NotTrusted):  # who names the model means it
            session.fold_service("Thing", "Thing")


def test_two_mistakes_within_a_second_have_two_reports() -> None:
    first, second = (bug_report.write_report(ValueError("x"), "test") for _ in range(2))
    assert first is not None
    assert second is not None
    assert first != second
    listed = bug_report.run(bug_report.ListReportsRequest(origin=ORIGIN), TaskContext())
    assert set(listed) == {first, second}


def test_what_others_wrote_is_made_visible_in_a_report() -> None:
    path = bug_report.write_report(ValueError("a\x1b[31mb"), "test", ("c\u202ed",))
    assert path is not None
    text = path.read_text(encoding="utf-8")
    assert "\x1b" not in text
    assert "‹U+202E›" in text


def test_every_part_has_a_licence() -> None:
    parts = list_parts.run(list_parts.ListPartsRequest(origin=ORIGIN), TaskContext())
    assert parts[0].name == "auditor"
    assert {"Python", "SQLAlchemy", "PySide6_Essentials", "shiboken6", "Inter"} <= {one.name for one in parts}
    assert [one.name for one in parts if not one.licence] == []
