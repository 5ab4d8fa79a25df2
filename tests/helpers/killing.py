"""Ends child processes by SIGKILL in the middle of their work."""

import multiprocessing
import random
import signal
from collections.abc import Callable
from multiprocessing.connection import Connection
from typing import Any

Work = Callable[..., None]
"""Work without end; its first argument is to be called after each piece of it."""

_FORK = multiprocessing.get_context("fork")  # imports nothing anew: many kills in little time


def run_and_kill(work: Work, *arguments: Any, after: int, delay: float) -> int:
    """Runs `work` in a child process and kills it `delay` seconds after so many pieces; returns how many it did."""
    ours, theirs = _FORK.Pipe(duplex=False)
    child = _FORK.Process(target=_run, args=(work, theirs, arguments))
    child.start()
    theirs.close()
    done = 0
    with ours:
        while done < after:
            ours.recv_bytes()
            done += 1
        child.join(delay)
        child.kill()
        child.join()
        while True:
            try:
                ours.recv_bytes()
            except EOFError:
                break
            done += 1
    if child.exitcode != -signal.SIGKILL:
        raise RuntimeError(f"the child ended by itself with {child.exitcode}")
    return done


def _run(work: Work, connection: Connection, arguments: tuple[Any, ...]) -> None:
    work(lambda: connection.send_bytes(b"."), *arguments)


def moments(count: int, *, seed: int, most: int, longest: float) -> list[tuple[int, float]]:
    """For each kill: after how many pieces of work, and how many seconds later."""
    chance = random.Random(seed)
    return [(chance.randrange(1, most), chance.uniform(0, longest)) for _ in range(count)]
