"""What is wrong with a chain as it is declared, found before any event is read."""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple, Union

from .errors import ModelError
from .text import tr
from .upcast_steps import Form, Retired, Split, Step, Upcaster, Way, form_text, way_of


class Span(NamedTuple):
    """The schema versions of one type that a chain knows: from the first that a step starts at to the newest."""

    first: int
    newest: int


class Ways(NamedTuple):
    """A chain that holds together."""

    ways: dict[Form, Way]
    spans: dict[str, Span]
    """Of the types that steps start at."""
    retired: frozenset[str]


def checked(steps: Iterable[Step]) -> Ways:
    """Raises: ModelError for what is no step; two steps from one version; a step that no event reaches; a hole
    between steps; types that turn into each other in a circle."""
    ways: dict[Form, Way] = {}
    retired: set[str] = set()
    for step in steps:
        if isinstance(step, Retired):
            if step.event_type in retired:
                raise ModelError(tr("{type} is retired twice.", type=step.event_type))
            retired.add(step.event_type)
            continue
        way = _checked_step(step)
        if way.start in ways:
            raise ModelError(
                tr(
                    "Two upcasters start at {type} version {version}.",
                    type=step.event_type,
                    version=step.from_version,
                )
            )
        ways[way.start] = way
    _refuse_steps_of(retired, ways)
    _refuse_circles(ways)
    spans = _spans(ways)
    for way in ways.values():
        for end in way.ends:
            _refuse_hole(way, end, spans)
    return Ways(ways, spans, frozenset(retired))


def _checked_step(step: Any) -> Way:
    if not isinstance(step, (Upcaster, Split)):
        raise ModelError(
            tr("A chain is made of Upcaster, Split and Retired, not of {what}.", what=type(step).__name__)
        )
    if not _is_version(step.from_version):
        raise ModelError(
            tr(
                "No event reaches the upcaster of {type} from version {version!r}.",
                type=step.event_type,
                version=step.from_version,
            ),
            tr("Schema versions are whole numbers from 1 on."),
        )
    _check_end(step)
    way = way_of(step)
    for event_type, version in way.ends:
        if not _is_version(version):
            raise ModelError(
                tr(
                    "The upcaster of {type} version {from_version} leads to {to_type} version {version!r}.",
                    type=step.event_type,
                    from_version=step.from_version,
                    to_type=event_type,
                    version=version,
                ),
                tr("Schema versions are whole numbers from 1 on."),
            )
    return way


def _check_end(step: Union[Upcaster, Split]) -> None:
    next_version = step.from_version + 1
    if isinstance(step, Split):
        if not step.into:
            raise ModelError(
                tr("The split of {type} does not say into which types.", type=step.event_type),
                tr("A type that changes nothing any more is `Retired`."),
            )
        if step.into.get(step.event_type, next_version) != next_version:
            raise _wrong_version(step.event_type, step.from_version, step.into[step.event_type])
    elif step.to_type == step.event_type:
        raise _circle(step.event_type)
    elif step.to_type is None and step.to_version not in (None, next_version):
        raise _wrong_version(step.event_type, step.from_version, step.to_version)


def _wrong_version(event_type: str, from_version: int, to_version: Any) -> ModelError:
    return ModelError(
        tr(
            "The upcaster of {type} version {version} leads to its version {to_version!r}.",
            type=event_type,
            version=from_version,
            to_version=to_version,
        ),
        tr("Under the same name a step leads to the next version."),
    )


def _is_version(value: Any) -> bool:
    return type(value) is int and value >= 1


def _refuse_steps_of(retired: "set[str]", ways: Mapping[Form, Way]) -> None:
    for event_type, version in sorted(ways):
        if event_type in retired:
            raise ModelError(
                tr(
                    "{type} is retired, so that no event reaches its upcaster from version {version}.",
                    type=event_type,
                    version=version,
                )
            )


def _circle(event_type: str) -> ModelError:
    return ModelError(tr("The upcasters of {type} rename it in a circle.", type=event_type))


def _refuse_circles(ways: Mapping[Form, Way]) -> None:
    """Under one name versions rise, so that only renames and splits can lead back."""
    onward: dict[str, set[str]] = {}
    for (event_type, _), way in ways.items():
        onward.setdefault(event_type, set()).update(name for name, _ in way.ends if name != event_type)
    for start in sorted(onward):
        seen: set[str] = set()
        pending = [start]
        while pending:
            for name in onward.get(pending.pop(), ()):
                if name == start:
                    raise _circle(start)
                if name not in seen:
                    seen.add(name)
                    pending.append(name)


def _spans(ways: Mapping[Form, Way]) -> dict[str, Span]:
    versions: dict[str, list[int]] = {}
    for event_type, version in sorted(ways):
        versions.setdefault(event_type, []).append(version)
    spans = {}
    for event_type, known in versions.items():
        for version in range(known[0], known[-1]):
            if (event_type, version) not in ways:
                raise _hole(event_type, version)
        stays = any(name == event_type for name, _ in ways[event_type, known[-1]].ends)
        spans[event_type] = Span(known[0], known[-1] + stays)
    return spans


def _refuse_hole(way: Way, end: Form, spans: Mapping[str, Span]) -> None:
    event_type, version = end
    span = spans.get(event_type)
    if span is None or span.first <= version <= span.newest:
        return
    if version < span.first:
        raise _hole(event_type, version)
    raise ModelError(
        tr(
            "The upcaster of {start} leads to {type} version {version}, and the upcasters of {type} end at {newest}.",
            start=form_text(way.start),
            type=event_type,
            version=version,
            newest=span.newest,
        ),
        tr("Say with `to_version` which version of {type} it makes.", type=event_type),
    )


def _hole(event_type: str, version: int) -> ModelError:
    return ModelError(
        tr("No upcaster leads on from {type} version {version}.", type=event_type, version=version)
    )
