"""What is asked and refused about a workspace's code, where its folder's name tries to mislead."""

from pathlib import Path

import pytest

from auditor.core.errors import NotTrusted
from auditor.jobs.workspace_code import TrustQuestion, TrustWord, WorkspaceCode, question_text


def test_paths_in_the_question_and_the_refusal_hide_nothing(tmp_path: Path) -> None:
    folder = tmp_path / "safe\u202eyp.x\x1b[2J"
    (folder / "bin").mkdir(parents=True)
    (folder / "bin" / "python").write_text("")
    (folder / "shop.py").write_text("class Thing: ...\n")
    workspace = folder / "auditor.toml"
    workspace.write_text('[models.Thing]\npython = "shop:Thing"\n[guest]\ninterpreter = "bin/python"\n')
    asked: list[TrustQuestion] = []

    def refuse(question: TrustQuestion) -> bool:
        asked.append(question)
        return False

    with pytest.raises(NotTrusted) as caught:
        WorkspaceCode(workspace, TrustWord(ask=refuse)).model("Thing")

    for text in (question_text(asked[0]), caught.value.message, caught.value.hint):
        assert "\u202e" not in text
        assert "\x1b" not in text
        assert "safe‹U+202E›yp.x‹U+001B›[2J" in text
    assert "bin/python" in caught.value.hint
