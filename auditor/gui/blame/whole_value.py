"""All of a value that a field had at another version, where its items may have stood elsewhere."""

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from auditor.gui.desk import Desk
from auditor.gui.state.field_viewer import WholeField, read_whole, whole_of
from auditor.tasks.context import TaskContext
from auditor.tasks.runner import Lane

if TYPE_CHECKING:
    from auditor.jobs.session import Session
    from auditor.jobs.show_blame import BlameResult
    from auditor.jobs.show_field import ShowFieldRequest

WHOLE_VIEWED = Lane("viewed value")
WHOLE_COPIED = Lane("copied value")


def read_whole_value(
    desk: Desk,
    result: "BlameResult",
    asked: tuple[str, int],
    ordinal: int,
    use: Callable[[WholeField], None],
    lane: Lane,
) -> None:
    """The value after event `ordinal` of the field that `asked` names: a pointer, in the state after so many events."""
    from auditor.jobs import show_field

    pointer, named_at = asked
    first_list = result.matched[0][0] if result.matched else None

    def job(session: "Session", request: "ShowFieldRequest", context: TaskContext) -> WholeField:
        if first_list is None:
            return read_whole(session, request, context)
        return _found_again(session, request, context, first_list, named_at)

    request = show_field.ShowFieldRequest(
        origin=desk.store.origin,
        aggregate_id=result.aggregate_id,
        aggregate_type=result.aggregate_type,
        ordinal=ordinal,
        model=desk.cursor.model,
        pointer=pointer,
    )
    desk.store.ask(lane, job, request, done=use, failed=lambda error: desk.tasks.say(str(error)))


def _found_again(
    session: "Session", request: "ShowFieldRequest", context: TaskContext, first_list: str, named_at: int
) -> WholeField:
    """Below the first list on the way the pointer is that of another state: followed by what the items are."""
    from auditor.core import exact_json
    from auditor.core.logical_path import logical_path, resolve
    from auditor.jobs import show_field

    def list_at(ordinal: int) -> object:
        asked = replace(request, ordinal=ordinal, pointer=first_list)
        return exact_json.parse(show_field.run(session, asked, context).text)

    path = logical_path(list_at(named_at), request.pointer[len(first_list) :]).path
    return whole_of(resolve(list_at(request.ordinal or 0), path))
