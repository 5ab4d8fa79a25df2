"""Runs every measurement, or those whose names are given, and prints the table."""

import argparse
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path

from tests.benchmarks import replays, windows, works
from tests.benchmarks.measure import Line
from tests.benchmarks.table import print_json, print_table

Work = Callable[[works.Scratch], Line | Iterable[Line]]

WORKS: dict[str, Work] = {
    "append": lambda scratch: [
        works.append_in_hundreds(scratch, 50_000),
        works.append_single(scratch, 3_000),
    ],
    "import": lambda scratch: works.import_log(scratch, 50_000),
    "read": lambda scratch: works.read_in_order(scratch, 200_000),
    "list": lambda scratch: works.list_aggregates(scratch, 100_000),
    "fold": lambda scratch: replays.fold(scratch, 50_000),
    "state": lambda scratch: replays.state_at_version(scratch, 100_000),
    "tree": lambda _: replays.tree_at_version(20_000),
    "rebuild": lambda scratch: replays.rebuild_projections(scratch, 200_000),
    "window": lambda scratch: [windows.start(), *windows.frames(scratch), *windows.tours(scratch)],
}


def main() -> None:
    parser = argparse.ArgumentParser(prog="./dev bench", description=__doc__)
    parser.add_argument(
        "works", nargs="*", choices=[*WORKS, []], help="what to measure; everything by default"
    )
    parser.add_argument("--json", action="store_true", help="one object a line instead of the table")
    asked = parser.parse_args()
    lines: list[Line] = []
    for name in asked.works or WORKS:
        with tempfile.TemporaryDirectory() as folder:
            measured = WORKS[name](works.Scratch(Path(folder)))
            lines += [measured] if isinstance(measured, Line) else measured
    (print_json if asked.json else print_table)(lines)


if __name__ == "__main__":
    main()
