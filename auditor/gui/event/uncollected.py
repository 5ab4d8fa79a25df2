"""Long payloads are some hundred thousand objects: looking for circles among them would hold up the window."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def collection_paused() -> Iterator[None]:
    """While values are made that hold no circles. Whatever thread makes them, a collection stops all."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def set_apart() -> None:
    """What there is now is not looked through any more, until `take_back`; it is freed as ever when nobody has it."""
    gc.freeze()


def take_back() -> None:
    gc.unfreeze()
