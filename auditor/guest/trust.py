"""Whether the user has trusted the code that a workspace names: kept in the user's folder, void after any edit.

Trust is no sandbox. Trusted code runs with all the rights of its user, within limits of time and memory: it can write
files, open connections and send mail, at every replay.
"""

import hashlib
import json
import os
import site
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from auditor import folders
from auditor.guest.code_files import CodeFile, ImportClosure
from auditor.guest.starting import GuestCode
from auditor.guest.workspace import Workspace


@dataclass(frozen=True, slots=True)
class CodeFiles:
    """All that has to be trusted together: the files, the names that are loaded from them, and the interpreter.

    `sha256` covers all of it. `missing` are modules that were found nowhere; loading them will fail.
    """

    workspace: Workspace
    files: tuple[CodeFile, ...]
    missing: tuple[str, ...]
    sha256: str

    def guest_code(self, target: str) -> GuestCode:
        """The code as a worker may load it: just these files, with just these bytes."""
        return GuestCode(
            target=target,
            import_paths=self.workspace.import_paths,
            trusted={str(file.path): file.sha256 for file in self.files},
            interpreter=self.workspace.interpreter,
            limits=self.workspace.limits,
        )


def files_of(workspace: Workspace, targets: Sequence[str] | None = None) -> CodeFiles:
    """Reads the files that the workspace's code consists of, or only that of `targets`. Nothing of it is run, the
    interpreter neither.

    Raises: ModelError for a file that cannot be read.
    """
    packages = _package_folders(workspace)
    beside = [folder for folder in packages if _is_below(folder, workspace) and not _is_packages(folder)]
    closure = ImportClosure([*workspace.import_paths, *beside], packages)
    named = workspace.targets if targets is None else tuple(targets)
    for target in named:
        closure.follow(target.partition(":")[0])
    files = tuple(sorted(closure.files.values(), key=lambda file: file.name))
    return CodeFiles(workspace, files, tuple(closure.missing), _hash_of(workspace, named, files))


def is_trusted(code: CodeFiles, folder: Path | None = None) -> bool:
    """Whether just this code was trusted for this workspace file. A record that cannot be read trusts nothing."""
    try:
        record = json.loads(_record_of(code.workspace, folder).read_bytes())
    except (OSError, ValueError):
        return False
    return (
        isinstance(record, dict)
        and record.get("workspace") == str(code.workspace.path)
        and record.get("sha256") == code.sha256
    )


def remember(code: CodeFiles, folder: Path | None = None) -> None:
    """Trusts this code from now on, instead of what was trusted before for this workspace file.

    `folder`: by default the user's for state.
    """
    path = _record_of(code.workspace, folder)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    record = {
        "workspace": str(code.workspace.path),
        "sha256": code.sha256,
        "files": {file.name: file.sha256 for file in code.files},
    }
    descriptor, unfinished = tempfile.mkstemp(dir=path.parent, suffix=".part")
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            json.dump(record, file, indent=1)
        Path(unfinished).replace(path)
    except BaseException:
        Path(unfinished).unlink(missing_ok=True)
        raise


def _record_of(workspace: Workspace, folder: Path | None) -> Path:
    name = hashlib.sha256(os.fsencode(workspace.path)).hexdigest()[:32]
    return (folder or folders.state_folder()) / "trust" / f"{name}.json"


def _hash_of(workspace: Workspace, targets: tuple[str, ...], files: tuple[CodeFile, ...]) -> str:
    """Paths below the workspace are taken relative to it: the hash is the same on another machine."""
    interpreter = workspace.interpreter
    folder = workspace.path.parent
    if interpreter is not None and interpreter.is_relative_to(folder):
        interpreter = interpreter.relative_to(folder)
    everything = {
        "interpreter": None if interpreter is None else interpreter.as_posix(),
        "targets": targets,
        "files": [[file.name, file.sha256] for file in files],
    }
    return hashlib.sha256(json.dumps(everything, sort_keys=True).encode()).hexdigest()


def _package_folders(workspace: Workspace) -> list[Path]:
    """Where the interpreter has its packages: our own, or by the layout of a virtual environment.

    Folders that a `.pth` file adds (editable installs) are among them.
    """
    if workspace.interpreter is None:
        found = [Path(folder) for folder in site.getsitepackages()]
    else:
        environment = workspace.interpreter.parent.parent
        patterns = ("lib/python3*/site-packages", "lib/python3*/dist-packages", "Lib/site-packages")
        found = [folder for pattern in patterns for folder in sorted(environment.glob(pattern))]
    return [*found, *(added for folder in found for added in _added_by_pth(folder))]


def _added_by_pth(packages: Path) -> Iterator[Path]:
    for file in sorted(packages.glob("*.pth")):
        try:
            lines = file.read_text(encoding="utf-8", errors="replace").splitlines()
        except OSError:
            continue
        for line in lines:
            text = line.strip()
            if text and not text.startswith(("#", "import ", "import\t")):
                folder = packages / text
                if "\0" not in text and folder.is_dir():
                    yield Path(os.path.realpath(folder))


def _is_below(folder: Path, workspace: Workspace) -> bool:
    return any(folder.is_relative_to(path) for path in workspace.import_paths)


def _is_packages(folder: Path) -> bool:
    return folder.name in ("site-packages", "dist-packages")
