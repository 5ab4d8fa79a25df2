"""Runs every measurement, or those whose names are given, and prints the table."""

import argparse
import tempfile
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from tests.benchmarks import blames, library, replays, windows, works, writers
from tests.benchmarks.measure import Line
from tests.benchmarks.places import Databases, Files, Place, databases
from tests.benchmarks.table import print_json, print_table

Work = Callable[[Files], Line | Iterable[Line]]


def appends(place: Place, events: int) -> Iterator[Line]:
    yield works.append_in_hundreds(place, events)
    yield works.append_single(place, 3_000)
    yield from writers.appends_at_once(place, 8_000)


def on_a_server(work: Callable[[Databases], Iterable[Line]]) -> Iterator[Line]:
    with databases() as server:
        yield from work(server)


WORKS: dict[str, Work] = {
    "append": lambda scratch: appends(scratch, 50_000),
    "append-server": lambda _: on_a_server(lambda server: appends(server, 20_000)),
    "import": lambda scratch: works.import_log(scratch, 50_000),
    "read": lambda scratch: works.read_in_order(scratch, 200_000),
    "read-server": lambda _: on_a_server(lambda server: [works.read_in_order(server, 100_000)]),
    "load": lambda scratch: library.load(scratch, 20_000),
    "load-server": lambda _: on_a_server(lambda server: library.load(server, 20_000)),
    "catch-up": lambda scratch: [
        library.catch_up(scratch, 100_000),
        library.catch_up_orders(scratch, 100_000),
    ],
    "catch-up-server": lambda _: on_a_server(lambda server: [library.catch_up(server, 50_000)]),
    "list": lambda scratch: works.list_aggregates(scratch, 100_000),
    "fold": lambda scratch: replays.fold(scratch, 100_000),
    "memory": lambda scratch: replays.memory_of_opening(scratch, 100_000),
    "state": lambda scratch: replays.state_at_version(scratch, 100_000),
    "tree": lambda _: replays.tree_at_version(20_000),
    "blame": blames.blames,
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
            measured = WORKS[name](Files(Path(folder)))
            lines += [measured] if isinstance(measured, Line) else measured
    (print_json if asked.json else print_table)(lines)


if __name__ == "__main__":
    main()
