"""Code that a workspace names: refused without a word, asked for on a terminal, void after an edit."""

import re
import sys
from pathlib import Path

import pytest

from tests.helpers.at_a_terminal import run_at_terminal
from tests.helpers.command_line import Ended, answer, auditor
from tests.helpers.small_stores import write_store

SHA256_LINE = re.compile(r"^[0-9a-f]{64}$", re.MULTILINE)
THING = """
class Thing:
    def __init__(self):
        self.seen = []

    def on_began(self, event):
        self.seen.append(event.n)

    def on_went_on(self, event):
        if event.n == 2:
            raise ValueError("two is refused")
        self.seen.append(event.n)
"""


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    facts = [("Began", {"n": 1}), ("WentOn", {"n": 2}), ("WentOn", {"n": 3})]
    write_store(tmp_path / "things.db", {"one": facts})
    (tmp_path / "shop.py").write_text(THING)
    file = tmp_path / "auditor.toml"
    file.write_text('[store]\nurl = "things.db"\n[models.Thing]\npython = "shop:Thing"\n')
    return file


def refused(ended: Ended) -> str:
    assert ended.code == 4, ended
    assert ended.out == ""
    (sha256,) = SHA256_LINE.findall(ended.err)
    return str(sha256)


def test_without_a_word_it_is_refused_with_files_and_one_hash(workspace: Path) -> None:
    store = workspace.parent / "things.db"
    for extra in ((), ("--json",)):
        ended = auditor("state", store, "one", *extra)
        refused(ended)
        for said in ("shop.py", "your rights", "--trust-code", "--model merge"):
            assert said in ended.err
    merged = answer("state", store, "one", "--model", "merge")
    assert merged["state"] == {"n": 3}
    for verb in ("info", "aggregates", "events"):
        assert auditor(verb, store).code == 0


def test_the_matching_hash_is_remembered_until_an_edit(workspace: Path) -> None:
    store = workspace.parent / "things.db"
    sha256 = refused(auditor("state", store, "one"))
    assert refused(auditor("state", store, "one", "--trust-code", "0" * 64)) == sha256
    ended = auditor("state", store, "one", "--json", "--trust-code", sha256)
    assert ended.code == 0, ended
    state = ended.json
    assert state["state"] == {"seen": [1, 3]}
    assert (state["version"], state["complete"]) == (3, False)
    assert state["unapplied"] == [
        {"version": 2, "event_type": "WentOn", "reason": "ValueError: two is refused", "kind": "raised"}
    ]
    assert (state["model"]["name"], state["model"]["module"]) == ("Thing", "shop")
    assert "incomplete from version 2" in ended.err
    assert answer("state", store, "one")["state"] == state["state"]
    assert answer("state", workspace, "one")["state"] == state["state"]  # the workspace file as STORE
    assert answer("state", store, "one", "--model", "Thing")["state"] == state["state"]
    (workspace.parent / "shop.py").write_text(THING + "\n# edited\n")
    assert refused(auditor("state", store, "one")) != sha256


def test_a_worker_that_is_gone_leaves_the_state_before(workspace: Path) -> None:
    (workspace.parent / "shop.py").write_text(
        THING.replace('raise ValueError("two is refused")', "import os; os._exit(9)")
    )
    store = workspace.parent / "things.db"
    sha256 = refused(auditor("state", store, "one"))
    ended = auditor("state", store, "one", "--json", "--trust-code", sha256)
    assert ended.code == 0, ended
    state = ended.json
    assert (state["ordinal"], state["version"], state["complete"]) == (1, 1, False)
    assert state["timestamp"] == "2026-03-01T12:01:00.000000Z"
    assert state["state"] == {"seen": [1]}
    assert [one["version"] for one in state["unapplied"]] == [2]
    assert "incomplete from version 2" in ended.err


def test_a_wrong_workspace_file_spoils_only_what_needs_it(workspace: Path) -> None:
    workspace.write_text("[models.Thing]\npython = 3\n")
    store = workspace.parent / "things.db"
    assert auditor("info", store).code == 0
    assert auditor("state", store, "one").code == 2
    assert auditor("state", store, "one", "--model", "merge").code == 0
    assert auditor("info", workspace).code == 2
    assert auditor("info", store, "--workspace", workspace).code == 2
    assert auditor("info", workspace.with_name("absent.toml")).code == 2
    assert auditor("info", workspace, "--workspace", workspace).code == 2


def test_b059_whoever_trusts_code_is_told_that_its_side_effects_cannot_be_prevented(workspace: Path) -> None:
    said = " ".join(auditor("state", workspace, "one").err.split())
    assert (
        "Its side effects cannot be prevented: files that it writes, connections that it opens, mail" in said
    )


def test_a_module_that_is_nowhere_is_said_before_anybody_trusts_it(workspace: Path) -> None:
    workspace.write_text('[store]\nurl = "things.db"\n[models.Thing]\npython = "no.where:Thing"\n')
    ended = auditor("state", workspace, "one")
    refused(ended)
    assert "(no file was found for the module no.where)" in ended.err


@pytest.mark.skipif(sys.platform == "win32", reason="pseudo-terminals are POSIX")
def test_on_a_terminal_it_asks_showing_files_and_meaning(workspace: Path) -> None:
    store = workspace.parent / "things.db"
    declined = run_at_terminal("state", store, "one", question="[y/N]", answers=["\n"])
    assert (declined.code, declined.out) == (4, "")
    for said in ("shop.py", "your rights", "Trust this code? [y/N]"):
        assert said in declined.screen
    trusted = run_at_terminal("state", store, "one", "--json", question="[y/N]", answers=["y\n"])
    assert trusted.code == 0
    assert '"seen":[1,3]' in trusted.out
    assert auditor("state", store, "one").code == 0
