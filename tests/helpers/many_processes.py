"""Work in several processes at once."""

import multiprocessing
from collections.abc import Callable, Sequence
from typing import Any

_FORK = multiprocessing.get_context("fork")  # imports nothing anew
_PATIENCE = 100.0


def run_together(work: Callable[..., None], arguments: Sequence[tuple[Any, ...]]) -> None:
    """Runs `work` once with each of the arguments, each in a process of its own; they begin together.

    Raises: AssertionError if one of them fails.
    """
    barrier = _FORK.Barrier(len(arguments))
    started = [start(work, *one, barrier=barrier) for one in arguments]
    for process in started:
        process.join(_PATIENCE)
    late = [process for process in started if process.is_alive()]
    for process in late:
        process.kill()
        process.join()
    assert [process.exitcode for process in started] == [0] * len(started)


def start(work: Callable[..., None], *arguments: Any, barrier: Any = None) -> Any:
    """A process that does the work, once all that share the barrier are there."""
    process = _FORK.Process(target=_run, args=(work, arguments, barrier))
    process.start()
    return process


def _run(work: Callable[..., None], arguments: tuple[Any, ...], barrier: Any) -> None:
    if barrier is not None:
        barrier.wait(_PATIENCE)
    work(*arguments)
