"""Old schema versions of events become the newest one at reading; stored events stay as they are."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple

from .errors import ModelError
from .text import tr


@dataclass(frozen=True)
class Upcaster:
    """One step: data of `event_type` at schema version `from_version` becomes version `from_version + 1`.

    `function` is pure; it receives a dict of its own and returns the new one. `to_type` renames the event.
    """

    event_type: str
    from_version: int
    function: Callable[[dict[str, Any]], dict[str, Any]]
    to_type: str | None = None


class Upcast(NamedTuple):
    """An event in its newest form."""

    event_type: str
    schema_version: int
    data: dict[str, Any]


class UpcasterChain:
    """All steps of a model or a projection.

    Raises: ModelError for two steps from one version, a hole between steps, and renames that run in a circle.
    """

    def __init__(self, steps: Iterable[Upcaster] = ()) -> None:
        self._steps: dict[tuple[str, int], Upcaster] = {}
        for step in steps:
            key = (step.event_type, step.from_version)
            if key in self._steps:
                raise ModelError(
                    tr(
                        "Two upcasters start at {type} version {version}.",
                        type=step.event_type,
                        version=step.from_version,
                    )
                )
            self._steps[key] = step
        self._newest = {
            name: max(number for other, number in self._steps if other == name) + 1 for name, _ in self._steps
        }
        for step in self._steps.values():
            self._check(step)

    def _check(self, step: Upcaster) -> None:
        self._require_newest(step.to_type or step.event_type, step.from_version + 1)
        seen: set[str] = set()
        names = {step.to_type}
        while names:
            if step.event_type in names:
                raise ModelError(tr("The upcasters of {type} rename it in a circle.", type=step.event_type))
            seen.update(name for name in names if name is not None)
            names = {other.to_type for other in self._steps.values() if other.event_type in names} - seen

    def _require_newest(self, event_type: str, schema_version: int) -> None:
        """For a version from which no step starts. Raises: ModelError if steps start at later ones."""
        if (event_type, schema_version) in self._steps:
            return
        if schema_version < self._newest.get(event_type, schema_version):
            raise ModelError(
                tr(
                    "No upcaster leads on from {type} version {version}.",
                    type=event_type,
                    version=schema_version,
                )
            )

    def handles(self, event_type: str) -> bool:
        """Whether any step starts at this type: the schema version is needed only then."""
        return event_type in self._newest

    def upcast(self, event_type: str, schema_version: int, data: dict[str, Any]) -> Upcast:
        """Applies the steps from `schema_version` on; none where the event is in its newest form.

        Raises: ModelError for a version older than the first step.
        """
        step = self._steps.get((event_type, schema_version))
        while step is not None:
            data = step.function(data)
            event_type, schema_version = step.to_type or event_type, schema_version + 1
            step = self._steps.get((event_type, schema_version))
        self._require_newest(event_type, schema_version)
        return Upcast(event_type, schema_version, data)
