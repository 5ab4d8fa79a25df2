"""The end of a test of a state model: what it makes of one more event."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from auditor.core import exact_json
from auditor.core.class_model import model_from
from auditor.core.events import RecordedEvent
from auditor.core.handlers import NoHandler
from auditor.core.state_model import CannotFold, ModelInfo, StateModel
from auditor.core.state_text import safe_error
from auditor.core.text import tr
from auditor.testing.failure_text import (
    Shown,
    given_text,
    in_one_line,
    shown_event,
    shown_fields,
    side_by_side,
    value_text,
)

Model = Any
"""A class or a function `fold(state, event)`, as the viewer takes them."""


@dataclass(frozen=True, kw_only=True)
class Applied:
    """A state after events were applied, as JSON. Nothing is checked before `then`.

    `unapplied` are the reasons of the events that could not be applied, by version. What a handler changed before it
    raised stays, and later events are applied.
    """

    given: tuple[RecordedEvent, ...]
    event: RecordedEvent
    model: str
    state: Any
    unapplied: Mapping[int, str] = field(default_factory=dict)

    def then(self, state: Any, *, unapplied: Mapping[int, str] | None = None) -> "Applied":
        """Exactly this state, whatever the order of its keys: 1 is not 1.0 and not true. Of `unapplied`, by version,
        each is how a reason begins; none are expected unless they are named.

        Raises: AssertionError that shows both side by side.
        """
        __tracebackhide__ = True
        self._require_unapplied(unapplied or {})
        want, have = _shown(self.model, state), _shown(self.model, self.state)
        if want != have:
            what = tr("The state is not the one that was expected.")
            raise AssertionError(self._told(what, side_by_side([want], [have])))
        return self

    def _require_unapplied(self, expected: Mapping[int, str]) -> None:
        __tracebackhide__ = True
        wrong = {
            version
            for version in {*expected, *self.unapplied}
            if version not in expected
            or version not in self.unapplied
            or not self.unapplied[version].startswith(expected[version])
        }
        if wrong:
            applied = tr("it is applied")
            lines = [
                tr("expected"),
                *(f"  {version}: {expected.get(version, applied)}" for version in sorted(wrong)),
                tr("got"),
                *(f"  {version}: {self.unapplied.get(version, applied)}" for version in sorted(wrong)),
            ]
            what = tr("Other events could not be applied than were expected, or for other reasons.")
            raise AssertionError(self._told(what, "\n".join(lines)))

    def _told(self, what: str, comparison: str) -> str:
        when = tr(
            "{event} is applied to {model}", event=in_one_line(shown_event(self.event)), model=self.model
        )
        return "\n".join([what, "", given_text(self.given), tr("when"), f"  {when}", comparison])


def _shown(model: str, state: Any) -> Shown:
    if isinstance(state, dict):
        return Shown(tr("state of {model}", model=model), shown_fields(state))
    return Shown(tr("state of {model}", model=model), {"": value_text(state)})


def applied(given: Sequence[RecordedEvent], event: RecordedEvent, model: Model) -> Applied:
    """The state that the model makes of all of them, in order. Raises: ModelError; what making the model raises."""
    name = getattr(model, "__name__", type(model).__name__)
    fold = model_from(model, ModelInfo(name, ""))
    state, unapplied = fold.start(event.aggregate_id), {}
    for one in (*given, event):
        try:
            state = fold.apply(state, one)
        except (NoHandler, CannotFold) as error:
            unapplied[one.version] = str(error)
        except (Exception, SystemExit) as error:  # noqa: BLE001 - the user's code, and the test may expect it
            unapplied[one.version] = safe_error(error)
    return Applied(
        given=tuple(given),
        event=event,
        model=name,
        state=_value(fold, state),
        unapplied=unapplied,
    )


def _value(fold: StateModel, state: Any) -> Any:
    return exact_json.parse(fold.to_text(state))
