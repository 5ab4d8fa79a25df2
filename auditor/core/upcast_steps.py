"""The steps of an upcaster chain: what they declare, and how one is taken."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, Union

from .state_text import safe_error
from .text import tr

Data = dict[str, Any]
Form = tuple[str, int]
"""An event type at a schema version."""


@dataclass(frozen=True)
class Upcaster:
    """One step: data of `event_type` at schema version `from_version` becomes version `from_version + 1`.

    `function` is pure; it receives a dict of its own and returns the new one. `to_type` renames the event; under the
    new name it has schema version `to_version`, by default the next one too.
    """

    event_type: str
    from_version: int
    function: Callable[[Data], Data]
    to_type: "str | None" = None
    to_version: "int | None" = None


@dataclass(frozen=True)
class Split:
    """One stored event becomes several, in order; also none, or several of one type.

    `function` is pure; it receives a dict of its own and returns a list of (event type, data). `into` says which
    types these may be and at which schema version; parts that keep their type have the next version.

    The parts are one stored event all the same: the aggregate's version counts it once, the envelope that handlers
    get is the stored one, and all parts are applied or, where one of them has no handler or does not fit it, none.
    """

    event_type: str
    from_version: int
    function: Callable[[Data], Sequence[tuple[str, Data]]]
    into: Mapping[str, int]


@dataclass(frozen=True)
class Retired:
    """Events of this type change nothing any more, at whichever schema version, for all who read by the chain.

    In contrast, `ignores` of a model or projection says that this one reader has no use for a fact that still counts.
    """

    event_type: str


Step = Union[Upcaster, Split, Retired]


class Upcast(NamedTuple):
    """An event in its newest form."""

    event_type: str
    schema_version: int
    data: Data


class WrongStep(Exception):
    """A step could not be taken; the message is the finding."""


class Way(NamedTuple):
    """One step made ready. `said`: `OrderShipped 1 → OrderShipped 2 (split_tracking)`."""

    start: Form
    ends: tuple[Form, ...]
    said: str
    take: Callable[[Data], "list[Upcast]"]


def form_text(form: Form) -> str:
    return f"{form[0]} {form[1]}"


def way_of(step: Union[Upcaster, Split]) -> Way:
    start, name = (step.event_type, step.from_version), _name_of(step.function)
    if isinstance(step, Upcaster):
        end_version = step.from_version + 1 if step.to_version is None else step.to_version
        end = (step.to_type or step.event_type, end_version)
        return Way(start, (end,), _described(start, (end,), name), _one(step.function, start, end, name))
    ends = tuple(step.into.items())
    said = _described(start, ends, name)
    return Way(start, ends, said, _several(step.function, start, dict(ends), name))


def _described(start: Form, ends: Sequence[Form], name: str) -> str:
    return f"{form_text(start)} → {' + '.join(map(form_text, ends))} ({name})"


def _name_of(function: Any) -> str:
    name = getattr(function, "__qualname__", None) or type(function).__name__
    return str(name).replace("<locals>.", "").replace("<lambda>", "lambda")


def _one(
    function: Callable[[Data], Data], start: Form, end: Form, name: str
) -> Callable[[Data], list[Upcast]]:
    event_type, schema_version = end

    def take(data: Data) -> list[Upcast]:
        after = _called(function, data, start, name)
        if not isinstance(after, dict):
            raise WrongStep(
                tr(
                    "{step} gave {what}, where an object is needed",
                    step=_said(start, name),
                    what=_kind(after),
                )
            )
        return [Upcast(event_type, schema_version, after)]

    return take


def _several(
    function: Callable[[Data], Sequence[tuple[str, Data]]], start: Form, into: dict[str, int], name: str
) -> Callable[[Data], list[Upcast]]:
    def take(data: Data) -> list[Upcast]:
        parts = _called(function, data, start, name)
        if not isinstance(parts, (list, tuple)):
            raise WrongStep(
                tr("{step} gave {what}, where a list is needed", step=_said(start, name), what=_kind(parts))
            )
        return [_part(part, start, into, name) for part in parts]

    return take


def _part(part: Any, start: Form, into: dict[str, int], name: str) -> Upcast:
    is_pair = isinstance(part, (list, tuple)) and len(part) == 2
    if not is_pair or not isinstance(part[0], str) or not isinstance(part[1], dict):
        raise WrongStep(
            tr(
                "{step} gave {what} as a part, where (event type, object) is needed",
                step=_said(start, name),
                what=_kind(part),
            )
        )
    if part[0] not in into:
        raise WrongStep(
            tr(
                "{step} gave a part of type {type}, which its `into` does not name",
                step=_said(start, name),
                type=part[0],
            )
        )
    return Upcast(part[0], into[part[0]], part[1])


def _called(function: Callable[[Data], Any], data: Data, start: Form, name: str) -> Any:
    if not isinstance(data, dict):
        raise WrongStep(
            tr("the data is {what}, where {step} needs an object", what=_kind(data), step=_said(start, name))
        )
    try:
        return function(data)
    except MemoryError:
        raise
    except Exception as error:
        raise WrongStep(
            tr("{step} raised {error}", step=_said(start, name), error=safe_error(error))
        ) from error


def _said(start: Form, name: str) -> str:
    return tr("the upcaster {name} from {type} version {version}", name=name, type=start[0], version=start[1])


def _kind(value: Any) -> str:
    return tr("nothing") if value is None else tr("a {type}", type=type(value).__name__)
