"""The worker as one file that any interpreter can run: a zip of `core` and the worker's part of `guest`.

Inside they stand under a private top name, so that they never hide or mix with an `auditor` of the user's.
"""

import hashlib
import importlib.resources
import importlib.util
import io
import marshal
import os
import tempfile
import zipfile
from dataclasses import dataclass
from importlib.abc import Traversable
from pathlib import Path

TOP = "_auditor_guest"
Members = list[tuple[str, bytes]]
_LONG_AGO = (1980, 1, 1, 0, 0, 0)
_MAIN = f"""\
import os, sys
if sys.version_info < (3, 10):
    os._exit(99)
from {TOP}.guest.worker import main
main()
"""


@dataclass(frozen=True, slots=True)
class Bundle:
    """Where the zip is. A temporary one is deleted by whoever asked for it."""

    path: Path
    temporary: bool

    def discard(self) -> None:
        if self.temporary:
            self.path.unlink(missing_ok=True)


def provide(folder: Path | None) -> Bundle:
    """The zip in `folder` (the user's cache), made there if it is missing or spoilt; else a temporary one."""
    members = _members()
    if folder is not None:
        try:
            return Bundle(_in_folder(folder, members), temporary=False)
        except OSError:
            pass  # a cache that cannot be used is no reason to show no states
    descriptor, path = tempfile.mkstemp(prefix="auditor-guest-", suffix=".zip")
    with os.fdopen(descriptor, "wb") as file:
        file.write(_zip(members))
    return Bundle(Path(path), temporary=True)


def _in_folder(folder: Path, members: Members) -> Path:
    """The name bears the hash of the sources, by which the zip is found, and its own, by which it is checked."""
    start = f"guest-{_hash_of_sources(members)[:16]}-"
    for path in folder.glob(f"{start}*.zip"):
        if path.name == _name(start, path.read_bytes()):
            return path
    folder.mkdir(parents=True, exist_ok=True)
    content = _zip(members)
    descriptor, unfinished = tempfile.mkstemp(dir=folder, prefix=start, suffix=".part")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
        return Path(unfinished).replace(folder / _name(start, content))
    except BaseException:
        Path(unfinished).unlink(missing_ok=True)
        raise


def _name(start: str, content: bytes) -> str:
    return f"{start}{hashlib.sha256(content).hexdigest()[:32]}.zip"


def _hash_of_sources(members: Members) -> str:
    running = hashlib.sha256(importlib.util.MAGIC_NUMBER)
    for name, source in members:
        running.update(f"{name}\0{len(source)}\0".encode() + source)
    return running.hexdigest()


def _zip(members: Members) -> bytes:
    """Cost: compiles some thirty modules (a tenth of a second)."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, source in members:
            _write(archive, name, source)
            if name != "__main__.py":
                # Bytecode for interpreters of our own version; others pass it over and compile.
                _write(archive, f"{name}c", _bytecode(name, source))
    return buffer.getvalue()


def _write(archive: zipfile.ZipFile, name: str, content: bytes) -> None:
    archive.writestr(zipfile.ZipInfo(name, _LONG_AGO), content, zipfile.ZIP_DEFLATED)


def _bytecode(name: str, source: bytes) -> bytes:
    code = compile(source, name, "exec", dont_inherit=True)
    unchecked = (1).to_bytes(4, "little")  # a hash-based pyc that is not compared with its source
    return importlib.util.MAGIC_NUMBER + unchecked + importlib.util.source_hash(source) + marshal.dumps(code)


def _members() -> Members:
    root = importlib.resources.files(__package__.partition(".")[0])
    members = [("__main__.py", _MAIN.encode()), (f"{TOP}/__init__.py", b"")]
    for package in ("core", "guest"):
        for module in sorted(root.joinpath(package).iterdir(), key=lambda entry: entry.name):
            if module.name.endswith(".py") and (package == "core" or _is_worker_part(module)):
                members.append((f"{TOP}/{package}/{module.name}", module.read_bytes()))
    return members


def _is_worker_part(module: Traversable) -> bool:
    return module.name in ("__init__.py", "wire.py") or module.name.startswith("worker")
