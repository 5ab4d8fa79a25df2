"""Users' modules and histories for tests of the worker."""

import hashlib
import json
import shutil
import subprocess
import sys
from pathlib import Path
from textwrap import dedent
from typing import Any

from auditor.core.events import RecordedEvent
from auditor.guest.limits import Limits
from auditor.guest.starting import GuestCode

# Time enough for a busy machine, memory that is quickly filled.
ROOMY = Limits(timeout_seconds=60, cpu_seconds=60, memory_mb=200)


def stored(version: int, event_type: str, data: Any = None, *, aggregate_id: str = "a-1") -> RecordedEvent:
    """A stored event; `data` may be JSON text already."""
    text = data if isinstance(data, str) else json.dumps(data or {})
    return RecordedEvent(
        version,
        f"00000000-0000-7000-8000-{version:012d}",
        aggregate_id,
        "Thing",
        event_type,
        version,
        f"2026-01-01T00:00:00.{version:06d}Z",
        None,
        text,
        json.dumps({"correlation_id": "c", "user_id": "ada"}),
    )


def history(*events: tuple[str, Any] | str) -> list[RecordedEvent]:
    """Events of one aggregate, from version 1."""
    pairs = [(event, None) if isinstance(event, str) else event for event in events]
    return [stored(version, name, data) for version, (name, data) in enumerate(pairs, 1)]


def write_module(folder: Path, source: str, name: str = "things") -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}.py"
    path.write_text(dedent(source))
    return path


def trusted_code(
    folder: Path,
    source: str,
    target: str = "things:Thing",
    *,
    limits: Limits = ROOMY,
    interpreter: Path | None = None,
) -> GuestCode:
    """Code of a module written into `folder`, trusted as it is."""
    path = write_module(folder, source, target.partition(":")[0])
    return GuestCode(
        target=target,
        import_paths=(folder,),
        trusted={str(path): hashlib.sha256(path.read_bytes()).hexdigest()},
        interpreter=interpreter,
        limits=limits,
    )


def other_pythons() -> dict[str, Path]:
    """Interpreters of other versions that this machine has and that start, by version."""
    found = {}
    for version in ("3.10", "3.11", "3.12", "3.13", "3.14"):
        if version == f"{sys.version_info[0]}.{sys.version_info[1]}":
            continue
        for name in _candidates(version):
            asked = subprocess.run(
                [name, "-I", "-c", "import sys; print(sys.executable)"], capture_output=True, text=True
            )
            if asked.returncode == 0:
                found[version] = Path(asked.stdout.strip())
                break
    return found


def _candidates(version: str) -> list[Path]:
    name = shutil.which(f"python{version}")
    if name is None:
        return []
    # A shim of pyenv starts only a version that was chosen; the versions themselves stand beside it.
    beside = (Path(name).parent.parent / "versions").glob(f"{version}.*/bin/python{version}")
    return [*sorted(beside), Path(name)]
