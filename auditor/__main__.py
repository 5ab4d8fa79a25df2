"""`python -m auditor`, the console script, and what a frozen program runs."""

import runpy
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

from auditor.own_program import PICTURES, WORKER


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command line and returns its exit code."""
    arguments = sys.argv[1:] if arguments is None else arguments
    if arguments[:1] == [WORKER] and len(arguments) > 1:
        become_worker(*arguments[1:])
    if arguments[:1] == [PICTURES] and len(arguments) == 5:
        return take_pictures(*arguments[1:])
    from auditor.cli.main import main as run_command  # not before: a worker holds nothing of the program

    return run_command(arguments, open_window=open_window)


def open_window(store: str | None, workspace: Path | None) -> int:
    """Shows the window until it is closed.

    Raises: ImportError where Qt or a library that it needs cannot be loaded.
    """
    from auditor.gui.app import run

    return run(store, workspace)


def take_pictures(store: str, folder: str, aggregate_id: str, version: str) -> int:
    """Leaves pictures of the window on that store in the folder. Off screen, if the environment says so."""
    from auditor.gui.pictures import take_pictures

    take_pictures(Path(store), Path(folder), aggregate_id, int(version))
    return 0


def become_worker(bundle: str, *arguments: str) -> NoReturn:
    """Runs the worker's zip in this process, as an interpreter does that is given one."""
    sys.argv[:] = [bundle, *arguments]
    runpy.run_path(bundle, run_name="__main__")
    raise SystemExit


if __name__ == "__main__":
    raise SystemExit(main())
