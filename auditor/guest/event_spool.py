"""The events of an open aggregate as they go over the wire, kept so that a new worker can be given them again."""

import re
import tempfile
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import orjson

from auditor.core.event_log import BETWEEN, LINE_BREAK
from auditor.core.events import PayloadColumns, RecordedEvent, as_event
from auditor.guest import wire

IN_MEMORY = 1 << 20
MOST_BYTES = 256 << 10
"""Characters of data in one batch: going back in a history costs to read a batch again."""


class SpooledBatch(NamedTuple):
    """Some events in order. `first` and `last` are ordinals; `head` bytes of the `size` are the first line."""

    first: int
    last: int
    offset: int
    head: int
    size: int


class EventSpool:
    """In memory while small, then in a nameless temporary file."""

    def __init__(self) -> None:
        self._file = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 - closed by `close`
        self._end = 0
        self.batches: list[SpooledBatch] = []

    @property
    def length(self) -> int:
        """How many events there are."""
        return self.batches[-1].last if self.batches else 0

    def add(self, events: Sequence[RecordedEvent] | PayloadColumns, *, payloads: bool) -> None:
        """Appends events; none for no events. `payloads`: for a model that reads nothing else of them."""
        if isinstance(events, PayloadColumns):
            columns = events
        else:
            columns = PayloadColumns(
                (),
                [event.version for event in events],
                [event.event_type for event in events],
                [event.data_text for event in events],
            )
        for start, stop in _pieces(columns.texts):
            lines = _as_payloads(columns, start, stop) if payloads else None
            if lines is None:
                rows = _whole(columns, start, stop) if columns is events else events[start:stop]
                lines = _as_rows(rows), b""
            self._append(stop - start, *lines)

    def _append(self, count: int, head: bytes, line: bytes) -> None:
        self._file.seek(self._end)
        self._file.write(head)
        self._file.write(line)
        first, size = self.length + 1, len(head) + len(line)
        self.batches.append(SpooledBatch(first, first + count - 1, self._end, len(head), size))
        self._end += size

    def read(self, batch: SpooledBatch) -> tuple[dict[str, bytes], bytes]:
        """The values of a request that hands the batch on, as JSON, and the line that goes with it, if there is one."""
        self._file.seek(batch.offset)
        data = self._file.read(batch.size)
        if batch.head < batch.size:
            return {"joined": data[: batch.head]}, data[batch.head :]
        return {"events": data}, b""

    def event(self, ordinal: int) -> tuple[int, str]:
        """Version and type of an event; cost: its batch is parsed."""
        batch = next(batch for batch in self.batches if batch.first <= ordinal <= batch.last)
        values, _ = self.read(batch)
        place = ordinal - batch.first
        if "events" in values:
            event = RecordedEvent(*wire.decode(values["events"])[place])
            return event.version, event.event_type
        head = wire.decode(values["joined"])
        version: int = head["versions"][place] if "versions" in head else head["first_version"] + place
        types, type_of = head["types"], head.get("type_of")
        event_type: str = types[type_of[place] if type_of else 0]
        return version, event_type

    def close(self) -> None:
        self._file.close()


def _pieces(texts: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Where to cut, so that no piece has too many characters."""
    if sum(map(len, texts)) <= MOST_BYTES:
        if texts:
            yield 0, len(texts)
        return
    start = size = 0
    for at, text in enumerate(texts):
        size += len(text)
        if size > MOST_BYTES and at > start:
            yield start, at
            start, size = at, len(text)
    yield start, len(texts)


def _as_rows(events: Sequence[Any]) -> bytes:
    try:
        return orjson.dumps(events, default=tuple)
    except TypeError:  # a lone surrogate or a number beyond 64 bits
        return wire.encode_value([tuple(event) for event in events])


def _whole(columns: PayloadColumns, start: int, stop: int) -> list[RecordedEvent]:
    """With nothing in the columns that a fold of payloads does not look at."""
    rows = zip(
        columns.types[start:stop], columns.versions[start:stop], columns.texts[start:stop], strict=True
    )
    return [
        as_event((0, "", "", "", event_type, version, "", None, text, "{}"))
        for event_type, version, text in rows
    ]


def _as_payloads(columns: PayloadColumns, start: int, stop: int) -> tuple[bytes, bytes] | None:
    """Head and line, see the wire; None for texts that do not fit on it, or values that need the slow writer."""
    versions, types = list(columns.versions[start:stop]), columns.types[start:stop]
    joined = "\x1e".join(columns.texts[start:stop]).encode("utf-8", "surrogatepass")
    count = stop - start
    if joined.count(BETWEEN) != count - 1 or LINE_BREAK in joined:
        return None
    head: dict[str, Any] = {"count": count, "keys_differ": keys_differ(joined)}
    if versions == list(range(versions[0], versions[0] + count)):
        head["first_version"] = versions[0]
    else:
        head["versions"] = versions
    head["types"] = names = list(dict.fromkeys(types))
    if len(names) > 1:
        places = {name: place for place, name in enumerate(names)}
        head["type_of"] = list(map(places.__getitem__, types))
    try:
        return orjson.dumps(head), b"=%b\n" % joined.replace(b"\n", LINE_BREAK)
    except TypeError:  # a type with a lone surrogate, a version beyond 64 bits
        return None


_ESCAPED = re.compile(rb"\\.", re.DOTALL)
_HIDDEN = re.compile(rb"\\u00(?:22|3[aA]|5[cC])")  # quote, colon, backslash: written again as they are
_NAMES = re.compile(rb'"[ \t\n\r]*:')
_BEFORE_COLON = (b'" ', b'"\t', b'"\n', b'"\r')


_TEXTS_AT_ONCE = 100  # what is made of so many stays in the processor's cache


def keys_differ(joined: bytes) -> bool:
    """Whether certainly no object of these JSON texts has a key twice. False is no answer. Cost: some 0.3 µs a text.

    An object is written again with one of two equal names, which are all that stands between a quote and a colon.
    """
    texts = joined.split(BETWEEN)
    return all(
        _names_differ(b"[%b]" % b",".join(texts[at : at + _TEXTS_AT_ONCE]))
        for at in range(0, len(texts), _TEXTS_AT_ONCE)
    )


def _names_differ(text: bytes) -> bool:
    try:
        again = orjson.dumps(orjson.loads(text))
    except (ValueError, TypeError):  # no JSON; nested deeper than orjson writes, some 250 levels
        return False
    if again == text:
        return True
    if b"\\" in text:
        if _HIDDEN.search(text):
            return False
        text, again = _ESCAPED.sub(b"x", text), _ESCAPED.sub(b"x", again)
    blanks = any(blank in text for blank in _BEFORE_COLON)
    return again.count(b'":') == (len(_NAMES.findall(text)) if blanks else text.count(b'":'))
