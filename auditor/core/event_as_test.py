"""A test of a state model, as a file for pytest: given what had happened, when one more event is applied, then this is
the state."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from . import exact_json
from .event_as_python import NotWritable, Source, comment, identifier, require_storable, text
from .events import RecordedEvent
from .state_model import ModelInfo
from .text import tr

_TAKEN = {
    "DomainEvent",
    "EventMetadata",
    "RecordedEvent",
    "UTC",
    "UUID",
    "datetime",
    "given",
    "json",
    "sys",
}


@dataclass(frozen=True, kw_only=True)
class EventTest:
    """What the test is made of. `unapplied` are the reasons of the events that the model did not apply, by version;
    `folders` are where the model's module is found, if nothing else says it; `about` stands above."""

    history: Sequence[RecordedEvent]
    event: RecordedEvent
    state_text: str
    unapplied: Mapping[int, str]
    model: ModelInfo
    folders: Sequence[str]
    about: Sequence[str]


def event_as_test(test: EventTest) -> str:
    """The whole file. Raises: NotWritable for a model that cannot be imported by a name."""
    source = Source()
    imported, model = _imported(test.model, quiet=bool(test.folders))
    given = [_given(source, event, indent=4) for event in test.history]
    when = _given(source, test.event, indent=0, name="EVENT = ")
    then = source.value(exact_json.parse(test.state_text), 0, len("STATE = "))
    blocks = [comment("\n".join(test.about)), *_imports(source, test.folders, imported)]
    blocks.append(f"HISTORY = [\n{''.join(given)}]" if given else "HISTORY = []")
    blocks += [when, f"STATE = {then}"]
    expected = ["STATE"]
    if test.unapplied:
        reasons = {str(version): _unmoved(reason) for version, reason in test.unapplied.items()}
        members = "".join(f"    {version}: {text(reason)},\n" for version, reason in reasons.items())
        blocks.append(f"UNAPPLIED = {{\n{members}}}")
        expected.append("unapplied=UNAPPLIED")
    name = f"test_{identifier(test.event.aggregate_type)}_at_version_{test.event.version}".replace(
        "-", "minus_"
    )
    body = f"    given(HISTORY).when_applied(EVENT, to={model}).then({', '.join(expected)})"
    return "\n\n".join(blocks) + f"\n\n\ndef {name}() -> None:\n{body}\n"


def _given(source: Source, event: RecordedEvent, *, indent: int, name: str = "") -> str:
    """The event as a `DomainEvent`; one that cannot be one as its columns, saying why."""
    pad, end = " " * indent, ",\n" if indent else ""
    try:
        require_storable(event)
        return f"{pad}{name}{source.event(event, indent)}{end}"
    except NotWritable as why:
        said = comment(tr("As its columns, since no DomainEvent can say it: {why}", why=why))
        return f"{pad}{said}\n{pad}{name}{source.columns(event, indent)}{end}"


def _imported(model: ModelInfo, *, quiet: bool) -> tuple[str, str]:
    """The line that imports the model, and how it is called below. `quiet`: it stands below other statements."""
    first, *inner = model.name.split(".")
    module = model.module or ""
    if not all(part.isidentifier() for part in (first, *inner, *module.split("."))):
        raise NotWritable(tr("{module}:{name} cannot be imported by name", module=module, name=model.name))
    known = "Model" if first in _TAKEN else first
    line = f"from {module} import {first}" + (f" as {known}" if known != first else "")
    return line + ("  # noqa: E402" if quiet else ""), ".".join((known, *inner))


def _imports(source: Source, folders: Sequence[str], imported: str) -> list[str]:
    given = "from auditor.testing import given"
    if not folders:
        return [source.imports(given, imported)]
    source.standard.add("sys")
    lines = [f"sys.path.insert(0, {text(folder)})" for folder in reversed(folders)]
    found = comment(tr("Where the model is found; not needed for a test that lies beside it."))
    return [source.imports(given), "\n".join([found, *lines]), imported]


def _unmoved(reason: str) -> str:
    """What another run says too: where an object lies in memory differs, and all that follows is left out."""
    return reason.partition(" at 0x")[0]
