"""Which event set which field, as far as it was found out: what is known of one version answers for others too."""

from bisect import bisect_right

MOST_KNOWN = 100_000


class KnownSetters:
    """Ordinals by field (RFC 6901) and the ordinal of the state that it is looked at in.

    A field that was last set by event k, seen from n, was so at every version from k to n. Where a list is on the way
    to it the same pointer may name another item at another version: that is known for the asked version only.
    """

    def __init__(self) -> None:
        self._spans: dict[str, list[tuple[int, int]]] = {}
        self._exact: dict[tuple[str, int], int] = {}
        self._count = 0

    def clear(self) -> None:
        self._spans.clear()
        self._exact.clear()
        self._count = 0

    def learn(self, pointer: str, ordinal: int, setter: int) -> None:
        """Seen from `ordinal`, event `setter` was the last that set it; 0: none did."""
        if self._count >= MOST_KNOWN:
            self.clear()
        if setter == 0 or may_move(pointer):
            self._count += (pointer, ordinal) not in self._exact
            self._exact[pointer, ordinal] = setter
            return
        spans = self._spans.setdefault(pointer, [])
        at = bisect_right(spans, (setter, 0))
        if at < len(spans) and spans[at][0] == setter:
            spans[at] = (setter, max(spans[at][1], ordinal))
        else:
            spans.insert(at, (setter, ordinal))
            self._count += 1

    def setter(self, pointer: str, ordinal: int) -> int | None:
        """None: not known yet."""
        spans = self._spans.get(pointer)
        if spans:
            at = bisect_right(spans, (ordinal + 1, 0)) - 1
            if at >= 0 and spans[at][0] <= ordinal <= spans[at][1]:
                return spans[at][0]
        return self._exact.get((pointer, ordinal))


def may_move(pointer: str) -> bool:
    """Whether a list may be on the way to it. (A name of digits alone may be an object's member: asked once more.)"""
    return any(step.isdigit() for step in pointer.split("/"))
