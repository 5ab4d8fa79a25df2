"""Finding the user's code, and letting in no file that was not trusted."""

import hashlib
import importlib
import importlib.machinery
import os
import sys
import traceback
from collections.abc import Callable, Mapping, Sequence
from types import CodeType
from typing import Any, ClassVar, NoReturn

from ..core.state_model import ModelInfo
from ..core.state_text import safe_error
from .worker import Refusal

_TOP = __name__.partition(".")[0]


def load(
    target: str, import_paths: Sequence[str], trusted: "Mapping[str, str] | None"
) -> tuple[Any, ModelInfo]:
    """The thing that `package.module:Name` names.

    Modules are looked for in the standard library, then in `import_paths`, then among the installed packages. Below
    `import_paths` only the files in `trusted` load, with just these bytes; without `trusted` anything does, and the
    paths come last.

    Raises: Refusal.
    """
    hashes: dict[str, str] = {}
    if trusted is None:
        sys.path.extend(path for path in import_paths if path not in sys.path)
    else:
        guard(import_paths, trusted, hashes)
    module_name, _, name = target.partition(":")
    module = _run(lambda: importlib.import_module(module_name), "import_failed", target)
    found: Any = module
    for part in name.split("."):
        try:
            found = getattr(found, part)
        except AttributeError:
            raise Refusal("no_such_name", target=target, module=module_name, name=name) from None
    file = getattr(module, "__file__", None)
    sha256 = hashes.get(module_name) or _hash_of(file)
    return found, ModelInfo(name, "", module_name, sha256)


def _run(action: Callable[[], Any], kind: str, target: str) -> Any:
    try:
        return action()
    except MemoryError:
        raise
    except BaseException as error:  # noqa: BLE001 - whatever the user's module raises, also SystemExit
        raise Refusal(kind, target=target, error=safe_error(error), where=place_of(error)) from None


def place_of(error: BaseException) -> "str | None":
    """`file:line` where the user's code raised; None where only the machinery of imports was involved."""
    if isinstance(error, SyntaxError) and error.filename:
        return f"{error.filename}:{error.lineno}"
    frames = [
        frame
        for frame in traceback.extract_tb(error.__traceback__)
        if not is_ours(frame.filename) and os.path.basename(os.path.dirname(frame.filename)) != "importlib"
    ]
    return f"{frames[-1].filename}:{frames[-1].lineno}" if frames else None


def is_ours(filename: str) -> bool:
    """Whether a frame of that file is the machinery around the user's code."""
    package = os.path.dirname(os.path.dirname(__file__))
    ours = ("<", f"{_TOP}{os.sep}", os.path.join(package, "core", ""), os.path.join(package, "guest", ""))
    return filename.startswith(ours)


def _hash_of(file: "str | None") -> "str | None":
    if file is None or not file.endswith(".py"):
        return None
    try:
        with open(file, "rb") as source:
            return hashlib.sha256(source.read()).hexdigest()
    except OSError:
        return None


def guard(import_paths: Sequence[str], trusted: Mapping[str, str], hashes: dict[str, str]) -> None:
    """Puts `import_paths` between the standard library and the installed packages, behind a check of each file.

    The interpreter's own folders stay unguarded also where they lie below an import path (`.venv`).
    """
    guarded = [os.path.realpath(path) for path in import_paths]
    interpreter = [os.path.realpath(path) for path in {sys.prefix, sys.exec_prefix, sys.base_prefix}]
    known = {os.path.realpath(file): digest for file, digest in trusted.items()}

    class Trusted(TrustedLoader):
        files = known
        loaded = hashes

    def hook(path: str) -> importlib.machinery.FileFinder:
        real = os.path.realpath(path)
        roots = [root for root in (*guarded, *interpreter) if _is_below(real, root)]
        if not roots or max(roots, key=len) not in guarded:
            raise ImportError
        return importlib.machinery.FileFinder(
            path,
            (Trusted, importlib.machinery.SOURCE_SUFFIXES),
            (
                RefusingLoader,
                [*importlib.machinery.EXTENSION_SUFFIXES, *importlib.machinery.BYTECODE_SUFFIXES],
            ),
        )

    sys.path_hooks.insert(0, hook)
    sys.path_importer_cache.clear()
    packages = [at for at, path in enumerate(sys.path) if _is_packages_folder(path)]
    at = packages[0] if packages else len(sys.path)
    sys.path[at:at] = guarded


def _is_below(path: str, root: str) -> bool:
    return path == root or path.startswith(root.rstrip(os.sep) + os.sep)


def _is_packages_folder(path: str) -> bool:
    return os.path.basename(path) in ("site-packages", "dist-packages")


class TrustedLoader(importlib.machinery.SourceFileLoader):
    """Compiles the bytes that it has hashed; no cached bytecode is read or written."""

    files: ClassVar[Mapping[str, str]]
    loaded: ClassVar[dict[str, str]]

    def get_code(self, fullname: str) -> CodeType:
        path = self.get_filename(fullname)
        data = self.get_data(path)
        digest = hashlib.sha256(data).hexdigest()
        expected = self.files.get(os.path.realpath(path))
        if expected is None:
            raise ImportError(f"{path} is not among the trusted files", name=fullname, path=path)
        if expected != digest:
            raise ImportError(f"{path} was changed after it had been trusted", name=fullname, path=path)
        self.loaded[fullname] = digest
        code: CodeType = compile(data, path, "exec", dont_inherit=True)
        return code


class RefusingLoader(importlib.machinery.SourcelessFileLoader):
    """For what cannot be shown to the user who trusts: bytecode and extension modules."""

    def get_code(self, fullname: str) -> NoReturn:
        path = self.get_filename(fullname)
        raise ImportError(f"{path} is compiled, and only source can be trusted", name=fullname, path=path)
