"""Views a store as a front end would, here or in a child with a time limit, also as a user without rights."""

import hashlib
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path

from auditor.core.errors import AuditorError
from auditor.stores.location import user_name
from auditor.stores.reader import StoreReader, open_reader
from tests.helpers.native_files import make_store

REPOSITORY = Path(__file__).parents[2]
NOBODY = 65534


@dataclass(frozen=True)
class Seen:
    """What a full look at a store gave: numbers and sentences, or the error that ended it."""

    error: str = ""
    message: str = ""
    hint: str = ""
    listed: int = 0
    paged: int = 0
    scanned: int = 0
    counted: int = 0
    access: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


def look(location: str | Path) -> Seen:
    """Opens, counts, lists, pages and scans. Only an `AuditorError` is an answer."""
    try:
        with open_reader(location) as reader:
            return _look(reader)
    except AuditorError as error:
        return Seen(error=type(error).__name__, message=error.message, hint=error.hint)


def _look(reader: StoreReader) -> Seen:
    events = reader.info().events
    listed = sum(1 for _ in aggregate_ids(reader))
    paged, after = 0, None
    while True:
        page = reader.events(limit=20, after=after)
        paged, after = paged + len(page.events), page.after
        if after is None:
            break
    scanned = sum(map(len, reader.scan(up_to=reader.head() or 0, batch=30)))
    return Seen(
        listed=listed,
        paged=paged,
        scanned=scanned,
        counted=events,
        access=list(reader.access),
        warnings=list(reader.warnings),
    )


def aggregate_ids(reader: StoreReader, limit: int = 7) -> Iterator[str]:
    after = None
    while True:
        page = reader.aggregates(limit=limit, after=after)
        yield from (row.aggregate_id for row in page.aggregates)
        after = page.after
        if after is None:
            return


def look_in_child(
    location: str | bytes | Path, *, as_nobody: bool = False, seconds: float = 20, cwd: Path = REPOSITORY
) -> Seen:
    """`look` in a process of its own, which fails the test when it takes longer than `seconds` or dies."""
    child = subprocess.run(
        [
            sys.executable,
            "-X",
            "faulthandler",
            "-m",
            "tests.helpers.viewing",
            os.fsdecode(location),
            str(int(as_nobody)),
        ],
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": str(REPOSITORY)},
        capture_output=True,
        timeout=seconds,
        check=False,
    )
    assert child.returncode == 0, child.stderr.decode(errors="replace")
    return Seen(**json.loads(child.stdout))


def footprint(folder: Path) -> dict[str, tuple[int, int, str]]:
    """Every name below a folder with size, time of change and hash: what viewing must leave as it is."""
    found = {}
    for path in sorted(folder.rglob("*")):
        state = path.lstat()
        is_file = path.is_file() and not path.is_symlink()
        digest = hashlib.sha256(path.read_bytes()).hexdigest() if is_file else ""
        found[os.fsencode(path.relative_to(folder)).decode("utf-8", "backslashreplace")] = (
            state.st_size,
            state.st_mtime_ns,
            digest,
        )
    return found


@contextmanager
def unchanged(folder: Path) -> Iterator[None]:
    """Fails if the block changes a byte, a time or the listing below `folder`."""
    before = footprint(folder)
    yield
    assert footprint(folder) == before


@contextmanager
def folder_for_nobody() -> Iterator[Path]:
    """A folder that other users may enter, unlike pytest's own; writable again and removed at the end."""
    folder = Path(tempfile.mkdtemp(prefix="auditor-test-"))
    folder.chmod(0o755)
    try:
        yield folder
    finally:
        for path in [folder, *folder.rglob("*")]:
            if path.is_dir():
                path.chmod(0o755)
        shutil.rmtree(folder)


def bind_socket(path: Path) -> socket.socket:
    """A socket's place in the file system; the caller closes it."""
    bound = socket.socket(socket.AF_UNIX)
    bound.bind(str(path))
    return bound


def _give_up_rights() -> None:
    """Root is refused nothing: only as somebody else are permissions tested. Others keep their own."""
    if os.geteuid() == 0:
        os.setgroups([])
        os.setgid(NOBODY)
        os.setuid(NOBODY)


def _warm_up() -> None:
    """Loads all code while the interpreter's files may still be read."""
    with tempfile.TemporaryDirectory() as folder:
        assert look(make_store(Path(folder) / "warm.db")).scanned == 50
        assert look(Path(folder) / "absent.db").error
    user_name()


def _main() -> None:
    location, as_nobody = sys.argv[1:]
    if as_nobody == "1":
        _warm_up()
        _give_up_rights()
    sys.stdout.write(json.dumps(asdict(look(location))))


if __name__ == "__main__":
    _main()
