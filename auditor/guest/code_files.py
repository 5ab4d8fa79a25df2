"""Which files run when a workspace's code is loaded: found by reading, nothing is imported or started."""

import ast
import hashlib
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from auditor.core.errors import ModelError
from auditor.core.text import tr


@dataclass(frozen=True, slots=True)
class CodeFile:
    """A source file. `name` is what is shown and hashed: relative to the workspace, where it lies below it."""

    path: Path
    name: str
    sha256: str


@dataclass(slots=True)
class ImportClosure:
    """The modules named as `targets` and everything below `roots` that they import, directly or not.

    Imports are read from the source: `import` and `from` anywhere in it, and `import_module` with a literal name. A
    module whose first name is the standard library's is taken from there, as the worker does. `packages` are folders
    of installed packages: only the named modules are looked for there, since an interpreter is trusted as a whole.
    """

    roots: Sequence[Path]
    packages: Sequence[Path]
    files: dict[Path, CodeFile] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)

    def follow(self, module: str) -> None:
        """Adds the module that a target names, and what it imports."""
        files, complete = _files_of(module, self.roots)
        if complete and module.partition(".")[0] not in sys.stdlib_module_names:
            self._add(module)
            return
        files, complete = _files_of(module, self.packages)
        for path in files:
            self._read(path)
        if not complete:
            self.missing.append(module)

    def _add(self, module: str) -> None:
        waiting, seen = [module], set()
        while waiting:
            name = waiting.pop()
            if name in seen or name.partition(".")[0] in sys.stdlib_module_names:
                continue
            seen.add(name)
            if name.endswith(".*"):
                waiting.extend(_submodules(name[:-2], self.roots))
                continue
            for path in _files_of(name, self.roots)[0]:
                if path not in self.files:
                    waiting.extend(_imports(self._read(path), _package_of(path, self.roots)))

    def _read(self, path: Path) -> bytes:
        try:
            source = path.read_bytes()
        except OSError as error:
            raise ModelError(tr("{path} cannot be read: {why}.", path=path, why=error.strerror)) from None
        folder = self.roots[0]
        name = path.relative_to(folder).as_posix() if path.is_relative_to(folder) else str(path)
        self.files[path] = CodeFile(path, name, hashlib.sha256(source).hexdigest())
        return source


def _files_of(module: str, roots: Sequence[Path]) -> tuple[list[Path], bool]:
    """The files that importing `module` runs, those of its packages first, and whether all of it is there.

    The last name may be no module but a name in one; then it is not all there.
    """
    found: list[Path] = []
    folders = list(roots)
    for part in module.split("."):
        here = _look(part, folders)
        if here is None:
            return found, False
        file, folders = here
        if file is not None:
            found.append(file)
    return found, True


def _look(name: str, folders: Sequence[Path]) -> tuple[Path | None, list[Path]] | None:
    """As Python's path finder: a package, else a module, in the first folder that has one; else namespace folders.

    The second value are the folders of its submodules.
    """
    namespace = []
    for folder in folders:
        package = folder / name / "__init__.py"
        if package.is_file():
            return package, [folder / name]
        module = folder / f"{name}.py"
        if module.is_file():
            return module, []
        if (folder / name).is_dir():
            namespace.append(folder / name)
    return (None, namespace) if namespace else None


def _submodules(package: str, roots: Sequence[Path]) -> Iterator[str]:
    """What `from package import *` may import: any of them, if `__all__` says so."""
    folders = list(roots)
    for part in package.split("."):
        folders = (_look(part, folders) or (None, []))[1]
    for folder in folders:
        for entry in sorted(folder.iterdir()):
            if entry.suffix == ".py" and entry.stem != "__init__":
                yield f"{package}.{entry.stem}"
            elif (entry / "__init__.py").is_file():
                yield f"{package}.{entry.name}"


def _package_of(path: Path, roots: Sequence[Path]) -> list[str]:
    """The package that relative imports in the file count from."""
    root = max((root for root in roots if path.is_relative_to(root)), key=lambda root: len(root.parts))
    return list(path.parent.relative_to(root).parts)


def _imports(source: bytes, package: list[str]) -> Iterator[str]:
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return  # it will not load either, and say so
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) - node.level + 1] if node.level else []
            base = ".".join([*above, *filter(None, [node.module])])
            yield base
            yield from (f"{base}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
            called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if called in ("import_module", "__import__") and isinstance(node.args[0].value, str):
                yield node.args[0].value
