"""Code that a store's workspace names, and the user's word on it."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from auditor.core.errors import NotTrusted, WorkspaceError
from auditor.core.presenter import display
from auditor.core.text import tr
from auditor.guest.limits import Limits
from auditor.guest.starting import GuestCode
from auditor.guest.trust import CodeFiles, files_of, is_trusted, remember
from auditor.guest.workspace import Workspace, WorkspaceProjection, read_workspace


@dataclass(frozen=True, slots=True, kw_only=True)
class TrustQuestion:
    """What a person decides on: all files of the code, with one hash over them, and what yes means."""

    workspace: Path
    files: tuple[str, ...]
    missing: tuple[str, ...]
    """Modules that were found nowhere; loading them will fail."""
    interpreter: Path | None
    sha256: str
    meaning: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TrustWord:
    """The user's word: a hash that was given, or somebody who can be asked. Without both, only what is remembered."""

    code_sha256: str | None = None
    ask: Callable[[TrustQuestion], bool] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkspaceProjectionCode:
    """A projection that the workspace names. `sha256` is the hash over the files of this projection alone."""

    code: GuestCode
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeAsItIs:
    """What a projection's code is now, found without running it: the hash over its files (None where there is no
    source), the hashes of each of them, and whether a rebuild may run it without asking."""

    sha256: str | None
    files: frozenset[str]
    trusted: bool


class WorkspaceCode:
    """The workspace is read, and trust asked for, no sooner than its code is wanted: a page of events needs neither."""

    def __init__(self, path: Path | None, word: TrustWord) -> None:
        self._path = path
        self._word = word
        self.is_done_without = False
        """The user saw the question and goes on without this code: states that it would fold are merged."""
        self.has_worked: Callable[[GuestCode], bool] = lambda _: True
        """Whether such code was loaded once; set by who loads it."""
        self._earlier: CodeFiles | None = None
        self._looked_at: tuple[tuple[Any, ...], tuple[str, ...]] = ((), ())

    @cached_property
    def workspace(self) -> Workspace | None:
        """Raises: ModelError for a file that is wrong."""
        return None if self._path is None else read_workspace(self._path)

    @property
    def keyframe_mb(self) -> int:
        """For the states that a worker keeps: also of the generic merge, whatever else is wrong with the file."""
        try:
            limits = self.workspace.limits if self.workspace else Limits()
        except WorkspaceError:
            limits = Limits()
        return limits.keyframe_mb

    @property
    def workspace_on_disk(self) -> Workspace | None:
        """As it is now, whatever was used so far. Raises: ModelError for a file that is wrong."""
        return None if self._path is None else read_workspace(self._path)

    @property
    def model_names(self) -> tuple[str, ...]:
        return tuple(self.workspace.models) if self.workspace else ()

    @property
    def projection_names(self) -> tuple[str, ...]:
        return tuple(self.workspace.projections) if self.workspace else ()

    def model(self, aggregate_type: str) -> GuestCode | None:
        """None where the workspace names none for that type. Raises: ModelError, NotTrusted."""
        target = self.workspace.models.get(aggregate_type) if self.workspace else None
        return None if target is None else self._trusted_files.guest_code(target)

    def earlier_model(self, aggregate_type: str) -> GuestCode | None:
        """The model as it was before `take_changes`; None where nothing was changed, or it was not named then."""
        if self._earlier is None:
            return None
        target = self._earlier.workspace.models.get(aggregate_type)
        return None if target is None else self._earlier.guest_code(target)

    def changed_files(self) -> tuple[str, ...]:
        """The names of files that are not as they were when their code was first used here; none where it was not
        used yet. Reads them only where one has another time or size than when this was asked last.

        Raises: ModelError, WorkspaceError.
        """
        used = self._used
        if used is None or self._path is None:
            return ()
        stamps = tuple(map(_stamp, (self._path, *(file.path for file in used.files))))
        if stamps != self._looked_at[0]:
            self._looked_at = (stamps, _changed(used, read_workspace(self._path)))
        return self._looked_at[1]

    def take_changes(self) -> None:
        """From now on the code is that which is on the disk; it needs trust. What was used before is kept, to be
        compared with, unless it never loaded."""
        used = self._used
        if used is not None and self.changed_files():
            if any(self.has_worked(used.guest_code(target)) for target in used.workspace.models.values()):
                self._earlier = used
            self._looked_at = ((), ())
            for name in ("workspace", "_trusted_files"):
                self.__dict__.pop(name, None)

    @property
    def _used(self) -> CodeFiles | None:
        """The files by which code was run here, if any was."""
        found: CodeFiles | None = self.__dict__.get("_trusted_files")
        return found

    def projection(self, name: str) -> WorkspaceProjectionCode | None:
        """None where the workspace does not name it. Raises: ModelError, NotTrusted."""
        named = self._named(name)
        if named is None:
            return None
        return WorkspaceProjectionCode(
            code=self._trusted_files.guest_code(named.target),
            sha256=files_of(self._trusted_files.workspace, (named.target,)).sha256,
        )

    def projection_place(self, name: str) -> str | None:
        """Where the read model stands if the workspace names it: a path or a URL. Asks for no trust."""
        named = self._named(name)
        return None if named is None else named.place

    def projection_code_as_it_is(self, name: str) -> CodeAsItIs | None:
        """Reads the files anew; asks for no trust and runs nothing. Raises: ModelError."""
        named = self._named(name)
        if named is None or self.workspace is None:
            return None
        its = files_of(self.workspace, (named.target,))
        return CodeAsItIs(
            sha256=its.sha256,
            files=frozenset(file.sha256 for file in its.files),
            trusted=is_trusted(files_of(self.workspace)),
        )

    def question(self) -> TrustQuestion | None:
        """What a person decides on, whether they have or not; None where no code is named. Reads the files anew.

        Raises: ModelError.
        """
        workspace = self.workspace_on_disk
        if workspace is None or not workspace.targets:
            return None
        return _question(files_of(workspace))

    def is_trusted(self) -> bool:
        """Whether the named code may run as it is now. Raises: ModelError."""
        workspace = self.workspace_on_disk
        return workspace is not None and is_trusted(files_of(workspace))

    def trust(self, sha256: str) -> None:
        """The user's word, given later; it counts for the files with that hash over them.

        Raises: NotTrusted where they have changed since the question; ModelError.
        """
        workspace = self.workspace_on_disk
        if workspace is None:
            return
        files = files_of(workspace)
        if files.sha256 != sha256:
            raise _refusal(_question(files), tr("Its files have changed since you were asked."))
        remember(files)
        self.take_changes()
        self.is_done_without = False

    def _named(self, name: str) -> WorkspaceProjection | None:
        return self.workspace.projections.get(name) if self.workspace else None

    @cached_property
    def _trusted_files(self) -> CodeFiles:
        assert self.workspace is not None  # noqa: S101 - asked only for code that it names
        files = files_of(self.workspace)
        if is_trusted(files):
            return files
        question = _question(files)
        if self._word.code_sha256 is not None:
            if self._word.code_sha256.lower() != files.sha256:
                raise _refusal(question, tr("The hash that was given is not that of the code as it is now."))
        elif self._word.ask is None or not self._word.ask(question):
            raise _refusal(question, tr("Nobody has trusted it as it is now."))
        remember(files)
        return files


def _stamp(path: Path) -> tuple[Any, ...]:
    try:
        found = path.stat()
    except OSError:
        return (path,)
    return (path, found.st_mtime_ns, found.st_size, found.st_ino)


def _changed(used: CodeFiles, workspace: Workspace) -> tuple[str, ...]:
    before = {file.name: file.sha256 for file in used.files}
    now = {file.name: file.sha256 for file in files_of(workspace).files}
    names = {name for name in before.keys() | now.keys() if before.get(name) != now.get(name)}
    if workspace != used.workspace:
        names.add(workspace.path.name)
    return tuple(sorted(names))


def _question(files: CodeFiles) -> TrustQuestion:
    return TrustQuestion(
        workspace=files.workspace.path,
        files=tuple(display(file.name) for file in files.files),
        missing=tuple(map(display, files.missing)),
        interpreter=files.workspace.interpreter,
        sha256=files.sha256,
        meaning=tr(
            "Trusted code runs with your rights, within limits of time and memory.\n"
            "Its side effects cannot be prevented: files that it writes, connections that\n"
            "it opens, mail that it sends, each time a state or a row is computed."
        ),
    )


def _refusal(question: TrustQuestion, why: str) -> NotTrusted:
    lines = [
        *_lines(question),
        tr("Read these files. To trust them, add --trust-code and this SHA-256:"),
        question.sha256,
        tr("States can be seen without them, by the generic merge: --model merge."),
    ]
    return NotTrusted(
        tr(
            "The code that {workspace} names was not run. {why}",
            workspace=display(str(question.workspace)),
            why=why,
        ),
        "\n".join(lines),
    )


def _lines(question: TrustQuestion) -> list[str]:
    own = tr("the program's own Python")
    interpreter = own if question.interpreter is None else display(str(question.interpreter))
    return [
        question.meaning,
        tr("It would run under {interpreter}, from these files:", interpreter=interpreter),
        *(f"  {name}" for name in question.files),
        *(tr("  (no file was found for the module {name})", name=name) for name in question.missing),
    ]


def question_text(question: TrustQuestion) -> str:
    """The question as a terminal shows it."""
    return "\n".join(
        [
            tr("{workspace} names code of its own.", workspace=display(str(question.workspace))),
            *_lines(question),
        ]
    )
