"""Which model folds what, and where a store's workspace is looked for."""

from pathlib import Path

import pytest

from auditor.core.errors import ModelError, NotTrusted, StoreError, WrongRequest
from auditor.demo.generator import DOMAIN
from auditor.jobs import open_store
from auditor.jobs.models import DEMO_DOMAIN, choose_model
from auditor.jobs.origin import Origin
from auditor.jobs.session import Session
from auditor.jobs.workspace_code import TrustQuestion, TrustWord, WorkspaceCode
from auditor.tasks.cancel import CancelToken
from auditor.tasks.context import TaskContext
from tests.helpers.small_stores import write_store

ORIGIN = Origin(user="ada", via="test")
NOBODY = TrustWord()
NONE = WorkspaceCode(None, NOBODY)
TOML = '[store]\nurl = "things.db"\n[models.Thing]\npython = "shop:Thing"\n'


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_store(tmp_path / "things.db", {"one": [("Began", {"n": 1})]})
    (tmp_path / "shop.py").write_text("class Thing:\n    def apply(self, event): self.n = 1\n")
    (tmp_path / "auditor.toml").write_text(TOML)
    return tmp_path


def opened(store: str | Path, workspace: Path | None = None, trust: TrustWord = NOBODY) -> Session:
    request = open_store.OpenStoreRequest(origin=ORIGIN, store=str(store), workspace=workspace, trust=trust)
    return open_store.run(request, TaskContext(token=CancelToken()))


def test_one_mark_stands_in_the_demo_and_is_looked_for_here() -> None:
    assert DEMO_DOMAIN == DOMAIN


def test_the_built_in_model_serves_only_stores_with_the_demo_s_mark() -> None:
    code = choose_model(DEMO_DOMAIN, NONE, "Order", None)
    assert code is not None
    assert code.target == "auditor.demo.order:Order"
    assert choose_model(None, NONE, "Order", None) is None
    assert choose_model("another shop", NONE, "Order", None) is None
    assert choose_model(DEMO_DOMAIN, NONE, "Thing", None) is None
    assert choose_model(DEMO_DOMAIN, NONE, "Order", "merge") is None


def test_an_unknown_model_is_refused_naming_those_that_are_there() -> None:
    with pytest.raises(WrongRequest) as raised:
        choose_model(None, NONE, "Order", "Order")
    assert raised.value.hint == "There is merge."
    with pytest.raises(WrongRequest) as raised:
        choose_model(DEMO_DOMAIN, NONE, "Thing", "Thing")
    assert "Order" in raised.value.hint


def test_the_workspace_comes_before_the_program_s_own(folder: Path) -> None:
    (folder / "auditor.toml").write_text(TOML.replace("models.Thing", "models.Order"))
    word = TrustWord(ask=lambda _: True)
    code = choose_model(DEMO_DOMAIN, WorkspaceCode(folder / "auditor.toml", word), "Order", None)
    assert code is not None
    assert code.target == "shop:Thing"


def test_a_workspace_is_named_or_lies_beside_the_store_or_is_the_store(folder: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere.toml"
    elsewhere.write_text('[models.Other]\npython = "shop:Thing"\n')
    for store, workspace, models in (
        (folder / "things.db", None, ("Thing",)),
        (f"sqlite:///{folder / 'things.db'}", None, ("Thing",)),
        (folder / "auditor.toml", None, ("Thing",)),
        (folder / "things.db", elsewhere, ("Other",)),
    ):
        with opened(store, workspace) as session:
            assert session.workspace_code.model_names == models
            assert session.reader.head() == 1
    (folder / "auditor.toml").unlink()
    with opened(folder / "things.db") as session:
        assert session.workspace_code.model_names == ()


def test_a_workspace_without_a_store_or_without_a_file_says_so(folder: Path) -> None:
    (folder / "auditor.toml").write_text("[models.Thing]\npython = 'shop:Thing'\n")
    with pytest.raises(ModelError, match="names no store"):
        opened(folder / "auditor.toml")
    with pytest.raises(ModelError, match="cannot be read"):
        opened(folder / "absent.toml")
    with pytest.raises(StoreError):
        opened(folder / "absent.db")


def test_who_is_asked_is_shown_what_would_run_and_asked_once(folder: Path) -> None:
    asked: list[TrustQuestion] = []

    def ask(question: TrustQuestion) -> bool:
        asked.append(question)
        return len(asked) > 1

    with opened(folder / "things.db", trust=TrustWord(ask=ask)) as session:
        with pytest.raises(NotTrusted):
            session.fold_service("Thing")
        assert session.fold_service("Thing").model.name == "Thing"
        assert session.fold_service("Thing") is session.fold_service("Thing")
    assert len(asked) == 2
    assert asked[0].files == ("shop.py",)
    with opened(folder / "things.db") as session:
        assert session.fold_service("Thing").model.module == "shop"


def test_nothing_is_read_or_asked_for_as_long_as_no_code_is_wanted(folder: Path) -> None:
    (folder / "auditor.toml").write_text("no toml [")
    with opened(folder / "things.db") as session:
        assert session.reader.head() == 1
        assert session.fold_service("Thing", "merge").model.kind == "merge"
        with pytest.raises(ModelError):
            session.fold_service("Thing")
