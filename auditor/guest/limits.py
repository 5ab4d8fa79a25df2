"""What a guest may use."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Time by the clock and on the processor for one request, and address space for the whole worker."""

    timeout_seconds: float = 10
    cpu_seconds: float = 10
    memory_mb: int = 1024
