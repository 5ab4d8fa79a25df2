"""Sessions as a front end opens them."""

from pathlib import Path

from auditor.jobs import open_store
from auditor.jobs.origin import Origin
from auditor.jobs.session import Session
from auditor.jobs.workspace_code import TrustWord
from auditor.tasks.context import TaskContext

ORIGIN = Origin(user="ada", via="library")


def open_session(store: Path | str, context: TaskContext | None = None) -> Session:
    """A path or a URL. The caller closes it."""
    request = open_store.OpenStoreRequest(origin=ORIGIN, store=str(store), trust=TrustWord())
    return open_store.run(request, context or TaskContext())
