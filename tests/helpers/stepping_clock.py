"""A store whose clock stood still once and was set back once, with effective times in some of its metadata."""

import json
from pathlib import Path

from tests.helpers.native_files import Row
from tests.helpers.random_stores import write_rows

TIMES = [
    "10:00",
    "10:05",
    "10:05",
    "11:00",
    "10:30",
    "12:00",
]  # two at once; the clock is set back at the fifth
EFFECTIVE = ["10:00", "10:01", None, "13:00", "10:30", "soon"]


def at(clock: str) -> str:
    return f"2026-03-01T{clock}:00.000000Z"


def _rows() -> list[Row]:
    made: list[Row] = []
    for version, (clock, effective) in enumerate(zip(TIMES, EFFECTIVE, strict=True), 1):
        written = at(effective) if effective and effective != "soon" else effective
        metadata = json.dumps({"effective_at": written} if written else {})
        kind = ("Thing", "Began" if version == 1 else "Changed")
        made.append(
            (
                version,
                f"e-{version}",
                "one",
                *kind,
                version,
                at(clock),
                None,
                f'{{"n":{version}}}',
                metadata,
                None,
                None,
            )
        )
    made.append((7, "e-7", "two", "Thing", "Began", 1, at("12:30"), None, "{}", "{}", None, None))
    made.append((8, "e-8", "one", "Thing", "Changed", 7, at("13:00"), None, '{"n":7}', "{}", None, None))
    return made


def store_of_stepping_clock(folder: Path) -> Path:
    """`one` has seven versions, `two` a single one between its last two; the workspace file names effective times."""
    path = write_rows(folder / "things.db", _rows())
    (folder / "auditor.toml").write_text(
        '[store]\nurl = "things.db"\neffective_time = "metadata.effective_at"\n'
    )
    return path
