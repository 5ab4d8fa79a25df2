"""How each projection of a store stands: its rows, how far they have come, and whether its code is still the same."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from auditor.core.errors import AuditorError
from auditor.core.text import tr
from auditor.jobs.origin import Origin
from auditor.jobs.projections import code_as_it_is, known_projections, target_as_named, target_of
from auditor.jobs.session import Session
from auditor.jobs.workspace_code import CodeAsItIs
from auditor.tasks.context import TaskContext

if TYPE_CHECKING:
    from auditor.stores.location import StoreLocation
    from auditor.stores.read_model_place import ReadModelPlace
    from auditor.stores.read_model_view import Standing

ProjectionState = Literal["never run", "up to date", "behind", "code changed", "other store", "unreadable"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ListProjectionsRequest:
    """All that the workspace and the program know for this store."""

    origin: Origin


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectionRow:
    """One projection. What is not known is None; without live rows `tables` is empty.

    `state` names the weightiest: unreadable, never run, other store, code changed, behind, up to date. `problem` says
    more where there is more to say.
    """

    name: str
    target: "ReadModelPlace | StoreLocation"
    """Where its rows are, or would be; of an unreachable server only what is known without it."""
    state: ProjectionState
    tables: dict[str, int | None]
    """Exact number of live rows by table; None for a table that somebody removed."""
    checkpoint: int | None
    """The position of the store at which the rows are true."""
    head: int | None
    """The last position of the store when `lag` was counted."""
    lag: int | None
    """How many events the store has beyond the checkpoint; all of them where nothing was built."""
    trusted: bool | None
    """Whether a rebuild would run the code as it is now without asking."""
    sha256: str | None
    """The hash over the files of the code as it is now."""
    built_sha256: str | None
    """The same for the code that built the rows."""
    built_at: str | None
    """When the last rebuild ended, fixed-width UTC."""
    built_seconds: float | None
    built_events: int | None
    built_rows: int | None
    """How many rows the rebuild wrote or deleted."""
    unfinished: int | None
    """The position up to which a rebuild has come that is at work or was stopped before its end."""
    at_work: bool
    """Whether a rebuild of it is running now, in any process."""
    problem: str | None

    def document(self) -> dict[str, Any]:
        """As JSON has it."""
        return {
            "name": self.name,
            "target": self.target.address,
            "state": self.state,
            "tables": self.tables,
            "checkpoint": self.checkpoint,
            "head": self.head,
            "lag": self.lag,
            "trusted": self.trusted,
            "sha256": self.sha256,
            "built_sha256": self.built_sha256,
            "built_at": self.built_at,
            "built_seconds": self.built_seconds,
            "built_events": self.built_events,
            "built_rows": self.built_rows,
            "unfinished": self.unfinished,
            "at_work": self.at_work,
            "problem": self.problem,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectionsResult:
    """By name. `head` is the end of the store when this was read."""

    projections: tuple[ProjectionRow, ...]
    store_id: str
    head: int | None

    def document(self) -> dict[str, Any]:
        """As JSON has it."""
        return {
            "projections": [row.document() for row in self.projections],
            "store_id": self.store_id,
            "head": self.head,
        }


def run(session: Session, request: ListProjectionsRequest, context: TaskContext) -> ProjectionsResult:
    """Runs no code of the workspace's and asks for no trust. Cost: live rows are counted, and events where many are
    beyond a checkpoint.

    Raises: ModelError for a workspace file that is wrong; StoreError of the store, not of a read model: that is told
    in its row.
    """
    del request
    rows = []
    for name in known_projections(session):
        context.token.raise_if_cancelled()
        rows.append(_row(session, name, context))
    reader = session.reader
    return ProjectionsResult(projections=tuple(rows), store_id=reader.store_id, head=reader.head())


def _row(session: Session, name: str, context: TaskContext) -> ProjectionRow:
    problems: list[str] = []
    code = None
    target, standing, unreadable = _looked_at(session, name, context)
    if unreadable:
        problems.append(unreadable)
    try:
        code = code_as_it_is(session, name)
    except AuditorError as error:
        problems.append(error.message)
    live = standing.live if standing else None
    build = standing.build if standing else None
    of_this_store = live is None or live.store_id == session.reader.store_id
    head, lag = session.reader.extent(after=live.position if live and of_this_store else 0)
    if live and of_this_store and live.position > (head or 0):
        problems.append(
            tr(
                "The rows are true at position {position:,}, beyond the end of the store at {head:,}: the store was "
                "put back to an earlier state.",
                position=live.position,
                head=head or 0,
            )
        )
        of_this_store = False
    state: ProjectionState = "unreadable"
    if not unreadable:
        state = _state(standing, code, of_this_store=of_this_store, lag=lag)
    return ProjectionRow(
        name=name,
        target=target,
        state=state,
        tables=standing.rows if standing else {},
        checkpoint=live.position if live else None,
        head=head,
        lag=lag if not unreadable and of_this_store else None,
        trusted=code.trusted if code else None,
        sha256=code.sha256 if code else None,
        built_sha256=build.code_sha256 if build else None,
        built_at=build.built_at if build else None,
        built_seconds=build.seconds if build else None,
        built_events=build.events if build else None,
        built_rows=build.rows if build else None,
        unfinished=standing.unfinished.position if standing and standing.unfinished else None,
        at_work=standing.at_work if standing else False,
        problem=" ".join(problems) or None,
    )


def _looked_at(
    session: Session, name: str, context: TaskContext
) -> "tuple[ReadModelPlace | StoreLocation, Standing | None, str]":
    """The place, what stands there, and why it cannot be told where that is so."""
    target: ReadModelPlace | StoreLocation = target_as_named(session, name)
    try:
        target = place = target_of(session, name)
        return target, _standing(session, name, place, context), ""
    except AuditorError as error:
        return target, None, error.message


def _standing(
    session: Session, name: str, target: "ReadModelPlace", context: TaskContext
) -> "Standing | None":
    """None where there is no read model yet."""
    from auditor.stores.read_model_view import NothingRebuilt, ReadModelView

    try:
        view = ReadModelView(target, store=session.reader.location, token=context.token)
    except NothingRebuilt:
        return None
    with view:
        return view.standing(name)


def _state(
    standing: "Standing | None", code: CodeAsItIs | None, *, of_this_store: bool, lag: int
) -> ProjectionState:
    if standing is None or standing.live is None:
        return "never run"
    if not of_this_store:
        return "other store"
    if code is not None and _is_other_code(standing, code):
        return "code changed"
    return "behind" if lag else "up to date"


def _is_other_code(standing: "Standing", code: CodeAsItIs) -> bool:
    """A read model of an earlier version knows only the hash of the module itself."""
    if standing.build is not None and standing.build.code_sha256 is not None:
        return code.sha256 is not None and standing.build.code_sha256 != code.sha256
    module = standing.live.model_sha256 if standing.live else None
    return module is not None and bool(code.files) and module not in code.files
