"""What a guest may use."""

import signal
from dataclasses import dataclass

from auditor.core.text import tr
from auditor.guest import wire


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Time by the clock and on the processor for one request, and address space for the whole worker; `keyframe_mb` of
    it may be states that are kept to go on from."""

    timeout_seconds: float = 10
    cpu_seconds: float = 10
    memory_mb: int = 1024
    keyframe_mb: int = 128


def how_it_ended(code: int, limits: Limits) -> str:
    """In half a sentence, from the worker's exit code."""
    if code == wire.EXIT_OUT_OF_MEMORY:
        return tr("out of memory: it may use {megabytes} MB", megabytes=limits.memory_mb)
    if code == wire.EXIT_WIRE_LOST:
        return tr("the worker closed the wire of its answers")
    if code >= 0:
        return tr("worker exited with code {code}", code=code)
    if -code == getattr(signal, "SIGXCPU", None):
        return tr("used more than {seconds:g} s of CPU", seconds=limits.cpu_seconds)
    try:
        name = signal.Signals(-code).name
    except ValueError:
        name = "?"
    return tr("worker ended with signal {number} ({name})", number=-code, name=name)
