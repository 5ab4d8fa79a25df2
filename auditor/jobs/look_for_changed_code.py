"""Whether the code that folds and projects is still the one that lies on the disk."""

from dataclasses import dataclass

from auditor.jobs.origin import Origin
from auditor.jobs.session import Session
from auditor.tasks.context import TaskContext


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangedCodeRequest:
    """`take`: go over to the code on the disk, if it has changed; what it gave before can be compared with then."""

    origin: Origin
    take: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangedCode:
    """`files`: names of those that are not as they were when the code was first used. `is_trusted`: whether the code
    may run as it is now."""

    files: tuple[str, ...]
    is_trusted: bool


def run(session: Session, request: ChangedCodeRequest, context: TaskContext) -> ChangedCode:
    """Reads files and runs nothing. Raises: ModelError for a file that cannot be read."""
    context.token.raise_if_cancelled()
    code = session.workspace_code
    files = code.changed_files()
    if not files:
        return ChangedCode(files=(), is_trusted=True)
    is_trusted = code.is_trusted()
    if request.take and is_trusted:
        code.take_changes()
    return ChangedCode(files=files, is_trusted=is_trusted)
