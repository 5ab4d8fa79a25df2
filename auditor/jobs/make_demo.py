"""Making the demo store: the same one for the same number of events and seed."""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from uuid import UUID, uuid5

from auditor import folders
from auditor.core.errors import AuditorError, StoreBusy, StoreError, WrongRequest
from auditor.core.text import tr
from auditor.jobs.origin import Origin
from auditor.tasks.context import TaskContext

DEFAULT_EVENTS: Final = 20_000
DEFAULT_SEED: Final = 1

_STORE_IDS: Final = UUID("b8a8a2a4-53e6-4f43-9a3f-0f7a2f4d5c1e")
_SIDE_FILES: Final = ("-wal", "-shm", "-journal")


@dataclass(frozen=True, slots=True, kw_only=True)
class MakeDemoRequest:
    """Without `to` the store lies in the user's data folder, and one that is there already is used again."""

    origin: Origin
    events: int = DEFAULT_EVENTS
    seed: int = DEFAULT_SEED
    to: Path | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MakeDemoResult:
    """`reused` says that nothing had to be made."""

    path: Path
    store_id: str
    events: int
    seed: int
    reused: bool
    seconds: float


def run(request: MakeDemoRequest, context: TaskContext) -> MakeDemoResult:
    """Makes the store under another name beside its place, and puts it there when it is whole. Ends without files
    beside it; when it is cancelled or fails, without any.

    Raises: WrongRequest where `to` exists or its folder does not, StoreBusy while another process makes the same
    store, StoreError, Cancelled.
    """
    begun = time.monotonic()
    _check(request)
    store_id = demo_store_id(request.events, request.seed)
    path = _own_place(request) if request.to is None else request.to
    reused = request.to is None and _is_the_demo(path, store_id, request.events)
    if not reused:
        with _unfinished(path) as unfinished:
            _make(unfinished, store_id, request, context)
            if request.to is None:
                _remove(path)
            _put_in_place(unfinished, path)
    return MakeDemoResult(
        path=path,
        store_id=store_id,
        events=request.events,
        seed=request.seed,
        reused=reused,
        seconds=time.monotonic() - begun,
    )


def demo_store_id(events: int, seed: int) -> str:
    """The id that all stores with the history of this number and seed have."""
    from auditor.demo.generator import EDITION

    return str(uuid5(_STORE_IDS, f"edition {EDITION}, {events} events, seed {seed}"))


def _check(request: MakeDemoRequest) -> None:
    if request.events < 1:
        raise WrongRequest(
            tr("A demo store of {events} events cannot be made.", events=request.events),
            tr("Give a number from 1 on."),
        )
    if request.seed < 0:
        raise WrongRequest(tr("{seed} is no seed.", seed=request.seed), tr("Give a whole number from 0 on."))
    if request.to is None:
        return
    if os.path.lexists(request.to):
        raise _exists(request.to)
    if not request.to.parent.is_dir():
        raise WrongRequest(
            tr("The folder {path} does not exist.", path=request.to.parent),
            tr("Make it first, or give another path."),
        )


def _exists(path: Path) -> WrongRequest:
    return WrongRequest(
        tr("{path} exists already.", path=path), tr("Nothing was changed. Give a path that is free.")
    )


def _own_place(request: MakeDemoRequest) -> Path:
    folder = folders.data_folder() / "demo"
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(
            tr("The folder {path} cannot be made: {why}.", path=folder, why=error.strerror),
            tr("Name another place with --to PATH."),
        ) from error
    return folder / f"orders-{request.events}-seed-{request.seed}.db"


def _is_the_demo(path: Path, store_id: str, events: int) -> bool:
    """Whether the whole and unchanged store is there. Reads its identity and its end, not everything.

    Raises: StoreBusy, WrongRequest for one to which somebody has appended: neither may be made anew in its place.
    """
    from auditor.stores.reader import open_reader

    if not path.exists():
        return False
    try:
        with open_reader(path) as reader:
            if reader.store_id != store_id:
                return False
            head = reader.head()
    except StoreBusy:
        raise
    except AuditorError:
        return False
    if head is not None and head > events:
        raise WrongRequest(
            tr("{path} has events that the demo did not make.", path=path),
            tr("Nothing was changed. Move it to another place, or make the demo elsewhere with --to PATH."),
        )
    return head == events


def _make(unfinished: Path, store_id: str, request: MakeDemoRequest, context: TaskContext) -> None:
    from auditor.demo.generator import DOMAIN, generate
    from auditor.stores.native_store import EventStore

    def after_batch(done: int) -> None:
        context.progress(done, request.events, tr("events"))
        context.token.raise_if_cancelled()

    context.token.raise_if_cancelled()
    context.progress(0, request.events, tr("events"))
    with EventStore(str(unfinished), domain=DOMAIN, store_id=store_id) as store:
        generate(store, request.events, request.seed, after_batch)


@contextmanager
def _unfinished(path: Path) -> Iterator[Path]:
    """A place beside `path` that is this run's alone, free now and afterwards: what a killed run left is removed."""
    from auditor.stores.file_lock import LockFile

    unfinished = path.with_name(f"{path.name}.unfinished")
    try:
        lock = LockFile(path.with_name(f"{path.name}.making"))
    except BlockingIOError:
        raise _busy(path) from None
    except OSError as error:
        raise StoreError(
            tr("Nothing can be made in {path}: {why}.", path=path.parent, why=error.strerror),
            tr("Check the permissions of the folder, or give another path."),
        ) from error
    try:
        _remove(unfinished)
        yield unfinished
    finally:
        _remove(unfinished)
        lock.close()


def _busy(path: Path) -> StoreBusy:
    return StoreBusy(
        tr("Another program is making {path} at this moment.", path=path),
        tr("Wait until it has finished, and try again."),
    )


def _remove(path: Path) -> None:
    for suffix in ("", *_SIDE_FILES):
        path.with_name(f"{path.name}{suffix}").unlink(missing_ok=True)


def _put_in_place(unfinished: Path, path: Path) -> None:
    """Never over another file, also not over one that came meanwhile."""
    try:
        os.link(unfinished, path)
    except FileExistsError:
        raise _exists(path) from None
    except OSError:  # a file system without hard links
        if os.path.lexists(path):
            raise _exists(path) from None
        unfinished.rename(path)
