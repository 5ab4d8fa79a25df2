"""From named code to a worker that is ready to load it, and what is said when that fails."""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import auditor
from auditor.core.errors import ModelError
from auditor.core.text import tr
from auditor.guest import wire
from auditor.guest.limits import Limits
from auditor.guest.process import GuestGone, GuestProcess, GuestRefused

_START_SECONDS = 60  # for the interpreter's own start, which no user's code delays but a busy machine does


@dataclass(frozen=True, slots=True, kw_only=True)
class GuestCode:
    """A class or function named `package.module:Name`, and what may run it.

    `import_paths` come between the standard library and the interpreter's packages. Below them only the files in
    `trusted` (absolute path -> SHA-256) load. `trusted` is None for the program's own code, which needs no trust.
    """

    target: str
    import_paths: tuple[Path, ...] = ()
    trusted: Mapping[str, str] | None = None
    interpreter: Path | None = None
    limits: Limits = field(default_factory=Limits)
    environment: tuple[tuple[str, str], ...] = ()
    """Variables beside those of the program."""

    @property
    def identity(self) -> Hashable:
        """The same for code that would run in the same way."""
        trusted = None if self.trusted is None else frozenset(self.trusted.items())
        return (self.target, self.import_paths, trusted, self.interpreter, self.limits, self.environment)

    @property
    def load_values(self) -> dict[str, Any]:
        """What the operation that loads the code is told of it."""
        return {
            "target": self.target,
            "import_paths": [str(path) for path in self.import_paths],
            "trusted": None if self.trusted is None else dict(self.trusted),
        }


def own_code(target: str) -> GuestCode:
    """Code of the program itself: runs under its own interpreter and finds the `auditor` package there."""
    return GuestCode(target=target, import_paths=(Path(auditor.__file__).parent.parent,))


@dataclass(frozen=True, slots=True)
class StartedGuest:
    """A worker that has said hello. `notes`: which limits the system does not keep."""

    process: GuestProcess
    notes: tuple[str, ...]


def start(code: GuestCode | None, cache: Path | None = None) -> StartedGuest:
    """Starts a worker for `code` (None: none but ours). Nothing of the user's runs yet but the interpreter's own
    start-up files.

    Raises: ModelError.
    """
    interpreter = code.interpreter if code else None
    process = GuestProcess(
        interpreter=interpreter,
        limits=code.limits if code else None,
        cache=cache,
        environment=dict(code.environment) if code else {},
    )
    try:
        hello = process.request("hello", seconds=_START_SECONDS)
    except GuestGone as gone:
        process.close()
        raise _no_start(interpreter, gone, process.last_words) from None
    except BaseException:
        process.close()
        raise
    names = {"memory": tr("memory"), "cpu": tr("processor time")}
    notes = tuple(
        tr("This system does not limit the worker's {what}.", what=names[name])
        for name in hello.values["missing_limits"]
    )
    return StartedGuest(process, notes)


def _no_start(interpreter: Path | None, gone: GuestGone, words: str) -> ModelError:
    if gone.exit_code == wire.EXIT_TOO_OLD:
        return ModelError(
            tr("The interpreter {path} is too old for a worker.", path=interpreter),
            tr("Name a Python of version 3.10 or later as `interpreter` in auditor.toml."),
        )
    return ModelError(
        tr("The worker could not be started: {reason}.", reason=gone.reason), _last_line(words) or ""
    )


def not_loaded(code: GuestCode, error: GuestRefused | GuestGone, words: str = "") -> ModelError:
    """What to tell the user when loading `code` was refused or ended the worker. `words`: what it printed."""
    if isinstance(error, GuestGone):
        return ModelError(
            tr("{target} cannot be loaded: {reason}.", target=code.target, reason=error.reason),
            _last_line(words) or tr("Look at what its module does when it is imported."),
        )
    values = error.values
    if error.kind == "unfit":
        return ModelError(values["message"], values["hint"])
    if error.kind == "no_such_name":
        return ModelError(
            tr("The module {module} has no {name}.", module=values["module"], name=values["name"]),
            tr("Correct `{target}` in the workspace file.", target=code.target),
        )
    if error.kind == "start_failed":
        return ModelError(
            tr("{target} cannot be made: {error}.", target=code.target, error=_at(values)),
            tr("Its constructor takes the aggregate's id or nothing, and must not fail."),
        )
    return ModelError(
        tr("{target} cannot be loaded: {error}.", target=code.target, error=_at(values)),
        tr(
            "Modules are found in {folders}, then among the packages of {interpreter}.",
            folders=", ".join(map(str, code.import_paths)) or tr("no folder"),
            interpreter=code.interpreter or tr("the program's own Python"),
        ),
    )


def _at(values: Mapping[str, Any]) -> str:
    error = str(values["error"]).rstrip(".")
    return f"{error} ({values['where']})" if values.get("where") else error


def _last_line(words: str) -> str | None:
    lines = words.strip().splitlines()
    return tr("It last printed: {text}", text=lines[-1][:500]) if lines else None
