"""The user's word on the code of a workspace. In the terminal it is `--trust-code`."""

from dataclasses import dataclass

from auditor.jobs.origin import Origin
from auditor.jobs.session import Session
from auditor.tasks.context import TaskContext


@dataclass(frozen=True, slots=True, kw_only=True)
class TrustCodeRequest:
    """`sha256` is that of the question which the user answered; None: they go on without the code."""

    origin: Origin
    sha256: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TrustCodeResult:
    """What holds now."""

    is_trusted: bool


def run(session: Session, request: TrustCodeRequest, context: TaskContext) -> TrustCodeResult:
    """Trust is remembered for these files; going on without them holds while the store is open.

    Raises: NotTrusted where the files have changed since the question; ModelError.
    """
    context.token.raise_if_cancelled()
    code = session.workspace_code
    if request.sha256 is None:
        code.is_done_without = True
        return TrustCodeResult(is_trusted=False)
    code.trust(request.sha256)
    return TrustCodeResult(is_trusted=True)
