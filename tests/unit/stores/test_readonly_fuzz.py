"""Rows 11, 12 and 16: stores with flipped bytes give a clear error or an answer, never a crash, a hang or a bug."""

import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

from auditor.core.errors import AuditorError
from tests.helpers import budget
from tests.helpers.broken_files import write_ahead_store
from tests.helpers.native_files import make_store
from tests.helpers.viewing import REPOSITORY, look

SECONDS_EACH = 5.0
EVENTS = 50


def mutant(content: bytes, chance: random.Random) -> bytes:
    """A damaged copy: a few bytes flipped, a stretch overwritten, or the end lost."""
    changed = bytearray(content)
    kind = chance.randrange(10)
    if kind == 0:
        return bytes(changed[: chance.randrange(len(changed))])
    if kind == 1:
        start = chance.randrange(len(changed))
        length = min(chance.randrange(1, 400), len(changed) - start)
        changed[start : start + length] = chance.randbytes(length)
        return bytes(changed)
    # Every other one hits a header, of the file or of a page, where bytes mean the most.
    for _ in range(chance.randrange(1, 6)):
        page = chance.randrange(len(changed) // 512) * 512
        at = page + chance.randrange(100 if page == 0 else 40) if kind < 6 else chance.randrange(len(changed))
        changed[min(at, len(changed) - 1)] ^= 1 << chance.randrange(8)
    return bytes(changed)


@pytest.mark.timeout(600)
@pytest.mark.parametrize("changed", ["store.db", "store.db-wal"])
def test_b012_flipped_bytes_give_an_answer_or_a_clear_error(tmp_path: Path, changed: str) -> None:
    count = budget.count(150)
    child = subprocess.run(
        [
            sys.executable,
            "-X",
            "faulthandler",
            "-m",
            "tests.unit.stores.test_readonly_fuzz",
            tmp_path,
            changed,
            str(count),
        ],
        cwd=REPOSITORY,
        capture_output=True,
        timeout=SECONDS_EACH * count,
        check=False,
        text=True,
    )
    assert child.returncode == 0, child.stderr + child.stdout[-2000:]
    lines = child.stdout.splitlines()
    assert len(lines) == count
    assert not [line for line in lines if line.startswith("BAD")]
    if changed == "store.db":  # of the log, most of what follows the damage is not used at all
        assert any(line.startswith("Store") for line in lines)
    assert any(line.startswith("answered") for line in lines)


def _look_at_mutants(folder: Path, changed: str, count: int) -> None:
    store = folder / "store.db"
    if changed == "store.db":
        make_store(store, pragmas=("page_size = 512",))
    else:
        write_ahead_store(store, closed=False)
    originals = {path.name: path.read_bytes() for path in folder.iterdir()}
    for seed in range(count):
        for path in folder.iterdir():
            path.unlink()
        damaged = mutant(originals[changed], random.Random(seed))
        for name, content in {**originals, changed: damaged}.items():
            (folder / name).write_bytes(content)
        # What was cut off a log after a whole transaction nobody can know of.
        least = 0 if len(damaged) < len(originals[changed]) else EVENTS
        sys.stdout.write(f"{_verdict(store, seed, least)}\n")
        sys.stdout.flush()


def _verdict(store: Path, seed: int, least: int) -> str:
    """`least`: how many events there are, unless something is said."""
    started = time.monotonic()
    before = store.read_bytes()
    try:
        seen = look(store)
    except AuditorError as error:  # `look` answers with these
        return f"BAD {seed}: {error!r}"
    if time.monotonic() - started > SECONDS_EACH:
        return f"BAD {seed}: took {time.monotonic() - started} s"
    if store.read_bytes() != before:
        return f"BAD {seed}: the store was changed"
    if not seen.error and seen.counted < least and not seen.warnings:
        return f"BAD {seed}: {least - seen.counted} events are missing, and nothing is said"
    if not seen.error:
        return f"answered {seed}: {seen.scanned} of {seen.counted}"
    if not seen.message or not seen.hint or not seen.error.startswith("Store"):
        return f"BAD {seed}: {seen}"
    return f"{seen.error} {seed}: {seen.message}"


if __name__ == "__main__":
    _look_at_mutants(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]))
