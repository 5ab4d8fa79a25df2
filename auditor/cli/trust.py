"""The user's word on the code of a workspace: a hash on the command line, or an answer on the terminal."""

import argparse

from auditor.cli.diagnostics import Diagnostics, can_ask
from auditor.core.text import tr
from auditor.jobs.workspace_code import TrustQuestion, TrustWord, question_text


def trust_word(options: argparse.Namespace, diagnostics: Diagnostics) -> TrustWord:
    """Somebody can be asked only where both stderr and stdin are a terminal."""

    def ask(question: TrustQuestion) -> bool:
        diagnostics.block(question_text(question))
        return diagnostics.confirms(tr("Trust this code?"))

    given: str | None = getattr(options, "trust_code", None)
    return TrustWord(code_sha256=given, ask=ask if can_ask() else None)
