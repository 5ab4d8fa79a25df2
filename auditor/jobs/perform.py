"""The only way from a front end to a store."""

from collections.abc import Callable
from typing import TypeVar

from auditor.jobs.session import Session
from auditor.tasks.context import TaskContext

Request = TypeVar("Request")
Result = TypeVar("Result")


def perform(
    job: Callable[[Session, Request, TaskContext], Result],
    session: Session,
    request: Request,
    context: TaskContext,
) -> Result:
    """Runs `job` on an open store; the context's token stops the store's queries too."""
    with session.stopped_by(context.token):
        return job(session, request, context)


def perform_alone(
    job: Callable[[Request, TaskContext], Result], request: Request, context: TaskContext
) -> Result:
    """Runs a job that opens, makes or writes something itself and takes no viewing session."""
    return job(request, context)
