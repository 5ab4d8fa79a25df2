"""A disk as it may be after a power failure, for a program that writes SQLite files.

The program runs once under strace, and all that it does to its files is written down. For a moment in between the files
are then made again: what was synced before is there; of what came later each write is there, torn or missing.

Limits: renames and the syncing of folders are not looked at, so a file that was made or removed is so at once; what
SQLite shares between processes (`-shm`) is left out, as it is after a restart.
"""

import random
import re
import shutil
import subprocess
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Literal, NamedTuple

SECTOR = 512
MARKS = "marks"
"""What the program writes to a file of this name is no part of the disk: it says what was acknowledged, and when."""

_CALLS = "write,pwrite64,ftruncate,fsync,fdatasync,unlink"
_LINE = re.compile(r"\d+\s+(\w+)\((.*)\)\s+= (\d+)$")
_WRITE = re.compile(r'\d+<([^>]*)>, "([^"]*)", \d+(?:, (\d+))?')
_LENGTH = re.compile(r"\d+<([^>]*)>(?:, (\d+))?")
_NAME = re.compile(r'"([^"]*)"')


class Operation(NamedTuple):
    """One step on one file. `at` is the place of a write or the length that a file is cut to."""

    kind: Literal["write", "cut", "sync", "unlink", "mark"]
    file: str
    at: int = 0
    data: bytes = b""


def record(command: Sequence[str], folder: Path) -> list[Operation]:
    """Runs the command and returns what it did to the files in `folder`, in order."""
    strace = shutil.which("strace")
    assert strace, "this test needs strace: apt-get install strace (./dev test does it for root)"
    log = folder.with_suffix(".strace")
    options = ["-f", "-xx", "-y", "-s", "100000000", "-o", str(log), "-e", f"trace={_CALLS}"]
    done = subprocess.run([strace, *options, *command], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    with log.open(encoding="ascii") as lines:
        return [one for line in lines if (one := _operation(line, folder.resolve())) is not None]


def _operation(line: str, folder: Path) -> Operation | None:
    call = _LINE.match(line.rstrip("\n"))
    if call is None:
        return None
    name, arguments = call[1], call[2]
    shape = _WRITE if "write" in name else _NAME if name == "unlink" else _LENGTH
    found = shape.match(arguments)
    path = Path(_bytes(found[1]).decode(errors="replace")) if found else Path()
    if found is None or path.parent != folder or path.name.endswith("-shm"):
        return None
    if name == "write":
        return Operation("mark", path.name, data=_bytes(found[2])) if path.name == MARKS else None
    if name == "pwrite64":
        return Operation("write", path.name, int(found[3]), _bytes(found[2])[: int(call[3])])
    if name == "ftruncate":
        return Operation("cut", path.name, int(found[2]))
    return Operation("unlink" if name == "unlink" else "sync", path.name)


def _bytes(text: str) -> bytes:
    """As strace writes them with `-xx`: names of open files too."""
    return bytes.fromhex(text.replace("\\x", "")) if text.startswith("\\x") else text.encode()


def disks(
    operations: Sequence[Operation], count: int, seed: int
) -> Iterator[tuple[dict[str, bytearray], list[str]]]:
    """So many random disks: the files by name, and the marks that had been made before the power failed."""
    chance = random.Random(seed)
    for _ in range(count):
        cut = chance.randrange(1, len(operations) + 1)
        marks = b"".join(one.data for one in operations[:cut] if one.kind == "mark")
        yield _disk(operations[:cut], chance), marks.decode().split()


def _disk(operations: Sequence[Operation], chance: random.Random) -> dict[str, bytearray]:
    files: dict[str, bytearray] = {}
    pending: dict[str, list[Operation]] = {}
    for one in operations:
        waiting = pending.setdefault(one.file, [])
        if one.kind == "sync":
            for earlier in waiting:
                _carry_out(files, earlier)
            waiting.clear()
        elif one.kind == "unlink":
            files.pop(one.file, None)
            waiting.clear()
        elif one.kind != "mark":
            waiting.append(one)
    for one in (one for waiting in pending.values() for one in waiting):
        fate = chance.choices(["there", "torn", "missing"], [4, 1, 5])[0]
        if fate == "there" or (fate == "torn" and one.kind == "cut"):
            _carry_out(files, one)
        elif fate == "torn":
            kept = chance.randrange(len(one.data) // SECTOR + 1) * SECTOR
            _carry_out(files, one._replace(data=one.data[:kept]))
    return files


def _carry_out(files: dict[str, bytearray], one: Operation) -> None:
    content = files.setdefault(one.file, bytearray())
    if one.kind == "cut":
        del content[one.at :]
        content.extend(bytes(one.at - len(content)))
        return
    content.extend(bytes(max(0, one.at - len(content))))
    content[one.at : one.at + len(one.data)] = one.data


def verdicts(
    operations: Sequence[Operation],
    judge: Callable[[Path, list[str]], str],
    count: int,
    folder: Path,
    seed: int = 7,
) -> Counter[str]:
    """What `judge` says of so many disks, given the folder of the files and the marks."""
    found: Counter[str] = Counter()
    for number, (files, marks) in enumerate(disks(operations, count, seed)):
        box = folder / str(number)
        box.mkdir(parents=True)
        for name, content in files.items():
            (box / name).write_bytes(content)
        found[judge(box, marks)] += 1
        shutil.rmtree(box)
    return found
