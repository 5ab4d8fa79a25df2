"""The table that `./dev bench` prints."""

import json
import os
import platform
import sqlite3
import sys
from collections.abc import Iterable

from rich.console import Console
from rich.table import Table

from tests.benchmarks.measure import Against, Line


def machine() -> str:
    return (
        f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores, "
        f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}"
    )


def print_table(lines: Iterable[Line]) -> None:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in ("work", "ours", "against", "theirs", "ratio", "wanted", ""):
        table.add_column(name, justify="right" if name in ("ours", "theirs", "ratio", "wanted") else "left")
    for line in lines:
        rows = [_comparison(line, one) for one in line.against] or [
            ("", "", "", _most(line), _verdict(line.missed))
        ]
        for number, row in enumerate(rows):
            first = number == 0
            table.add_row(line.work if first else "", _amount(line) if first else "", *row)
        if line.note:
            table.add_row("", "", line.note, style="dim")
    console = Console(width=max(Console().width, 110))
    console.print(machine(), style="dim")
    console.print(table)


def print_json(lines: Iterable[Line]) -> None:
    """One object a line, for comparing runs."""
    for line in lines:
        against = {
            one.name: {"rate": one.rate, "ratio": one.ratio(line.ours), "wanted": one.wanted}
            for one in line.against
        }
        sys.stdout.write(
            json.dumps(
                {
                    "work": line.work,
                    "ours": line.ours,
                    "unit": line.unit,
                    "at_most": line.at_most,
                    "against": against,
                    "missed": line.missed,
                }
            )
            + "\n"
        )


def _amount(line: Line) -> str:
    return f"{line.ours:,.0f}{line.unit}" if line.unit == "/s" else f"{line.ours:,.2f} {line.unit}"


def _most(line: Line) -> str:
    return "" if line.at_most is None else f"≤ {line.at_most:g} {line.unit}"


def _comparison(line: Line, one: Against) -> tuple[str, str, str, str, str]:
    ratio = one.ratio(line.ours)
    if one.wanted is None:
        return one.name, f"{one.rate:,.0f}/s", f"{ratio:.2f} ×", "", ""
    return (
        one.name,
        f"{one.rate:,.0f}/s",
        f"{ratio:.2f} ×",
        f"≥ {one.wanted:g} ×",
        _verdict(ratio < one.wanted),
    )


def _verdict(missed: bool) -> str:
    return "missed" if missed else "ok"
