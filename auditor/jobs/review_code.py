"""What code the workspace of a store names, and whether it may run."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from auditor.jobs.origin import Origin
from auditor.jobs.session import Session
from auditor.jobs.workspace_code import TrustQuestion
from auditor.tasks.context import TaskContext


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewCodeRequest:
    """Of the store that the session has open."""

    origin: Origin


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeReview:
    """`question` is None where no code is named. `models` and `projections` are targets by name."""

    question: TrustQuestion | None
    is_trusted: bool
    folder: Path | None
    models: Mapping[str, str]
    projections: Mapping[str, str]
    seconds: float
    memory_mb: int


def run(session: Session, request: ReviewCodeRequest, context: TaskContext) -> CodeReview:  # noqa: ARG001 - asks for nothing more
    """Reads files and runs nothing. Raises: ModelError."""
    context.token.raise_if_cancelled()
    code = session.workspace_code
    workspace, question = code.workspace_on_disk, code.question()
    if workspace is None or question is None:
        return CodeReview(
            question=None, is_trusted=False, folder=None, models={}, projections={}, seconds=0, memory_mb=0
        )
    return CodeReview(
        question=question,
        is_trusted=code.is_trusted(),
        folder=workspace.path.parent,
        models=dict(workspace.models),
        projections={name: one.target for name, one in workspace.projections.items()},
        seconds=workspace.limits.timeout_seconds,
        memory_mb=workspace.limits.memory_mb,
    )
