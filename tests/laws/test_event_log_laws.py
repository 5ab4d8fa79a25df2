"""However events come to who folds them, whole or in few pieces, they are the same, and so are their states."""

import json
from typing import Any

from hypothesis import example, given
from hypothesis import strategies as st

from auditor.core import exact_json
from auditor.core.event_log import EventLog, Payloads
from auditor.core.events import PayloadColumns
from auditor.core.state_model import MergeModel
from auditor.core.timeline import Timeline
from auditor.guest import wire
from auditor.guest.event_spool import EventSpool, keys_differ
from tests.helpers.guest_code import stored
from tests.helpers.json_values import json_texts

TEXTS = st.one_of(
    json_texts(),
    st.sampled_from(
        [
            '{"a":1,"a":2}',
            '{"a"\t:1,"a":2}',
            '{"a":1,"\\u0061":2}',
            '{"a\\/b":1,"a/b":2}',
            '{"x":"\\":","x":1}',
            '{"a":\n1}',
            '{"a":"\n"}',
            '{"a":1',
            '"a":1}',
            "",
            "1,2",
            '{"a":"\ud800"}',
            '{"a":"\x1e"}',
            '{"a":"\x1d"}',
            '{"a":-0,"b":1e400,"c":123456789012345678901234567890}',
            '{"at":"2026-01-05","n":-0.50}',
            '{"a":NaN}',
        ]
    ),
)
EVENTS = st.lists(st.tuples(st.sampled_from([*["Put"] * 9, *["Taken"] * 9, "\ud800"]), TEXTS), max_size=12)
VERSIONS = st.sampled_from([range(1, 99), range(0, 990, 10), [7] * 99, [2**70 + at for at in range(99)]])


@given(st.lists(TEXTS, min_size=1, max_size=6))
@example(['{"a" :1,"a":2}'])
@example(['{"b":"\\\\","a":1,"a":2}'])
@example(['{"a":1,"a":"\\u0022:"}'])
@example(['{"a":1,"a":"\\u003a"}'])
@example(['{"a":1,"a":"\\":"}'])
def test_keys_that_are_said_to_differ_do(texts: list[str]) -> None:
    joined = "\x1e".join(texts).encode("utf-8", "surrogatepass")
    if keys_differ(joined):
        assert [exact_json.repeated_keys(text) for text in texts] == [[]] * len(texts)


@given(
    st.lists(
        st.dictionaries(st.text(), st.one_of(st.text(), st.integers()), max_size=3), min_size=1, max_size=6
    )
)
def test_keys_that_differ_are_said_to(values: list[dict[str, Any]]) -> None:
    """Whatever stands in the texts, as long as JSON can hold it in UTF-8."""
    texts = [json.dumps(value, ensure_ascii=False) for value in values]
    try:
        joined = "\x1e".join(texts).encode()
    except UnicodeEncodeError:
        return
    assert keys_differ(joined)


def test_nothing_is_said_of_keys_deeper_than_can_be_written_again() -> None:
    """They are looked at where the event is folded."""
    assert not keys_differ(b'{"deep":' + b"[" * 300 + b"]" * 300 + b"}")


def received(spool: EventSpool) -> Timeline:
    """What a worker makes of what it is sent."""
    timeline = Timeline(MergeModel(), "a", lambda _: None, every=4)
    for batch in spool.batches:
        values, line = spool.read(batch)
        if "joined" in values:
            assert line.count(b"\n") == 1
            head = wire.decode(values["joined"])
            count = head["count"]
            versions = head.get("versions") or range(head["first_version"], head["first_version"] + count)
            payloads = Payloads(
                head["types"], head.get("type_of"), versions, line[1:-1], keys_differ=head["keys_differ"]
            )
            timeline.extend_by_payloads(payloads)
        else:
            timeline.extend(stored(event[5], event[4], event[8]) for event in wire.decode(values["events"]))
    return timeline


@given(EVENTS, VERSIONS, st.booleans(), st.integers(1, 5))
def test_a_fold_of_payloads_is_the_fold_of_the_events(
    events: list[tuple[str, str]], versions: Any, as_columns: bool, size: int
) -> None:
    whole = [stored(version, name, text) for (name, text), version in zip(events, versions, strict=False)]
    spool = EventSpool()
    for at in range(0, len(whole), size):
        part = whole[at : at + size]
        columns = PayloadColumns(
            [event.position for event in part],
            [event.version for event in part],
            [event.event_type for event in part],
            [event.data_text for event in part],
        )
        spool.add(columns if as_columns else part, payloads=True)
    expected, found = Timeline(MergeModel(), "a", lambda _: None), received(spool)
    expected.extend(whole)
    assert found.length == spool.length == len(whole)
    for ordinal in (*range(len(whole) + 1), *reversed(range(len(whole) + 1))):
        assert found.state_at(ordinal) == expected.state_at(ordinal)
    assert found.remarks() == expected.remarks()
    for ordinal, event in enumerate(whole, 1):
        assert spool.event(ordinal) == (event.version, event.event_type)
        assert found.events.event(ordinal).data_text == event.data_text
    spool.close()


@given(st.lists(st.tuples(st.booleans(), st.integers(0, 3)), max_size=8), st.data())
def test_any_stretch_of_a_log_is_had_whatever_it_is_made_of(
    pieces: list[tuple[bool, int]], data: Any
) -> None:
    log, texts = EventLog(), list[str]()
    for is_whole, count in pieces:
        new = [f'{{"n":{len(texts) + at}}}' for at in range(count)]
        first = len(texts) + 1
        texts += new
        if is_whole:
            log.extend(stored(first + at, "Put", text) for at, text in enumerate(new))
        else:
            joined = "\x1e".join(new).encode()
            log.add(Payloads(["Put"], None, range(first, first + count), joined, keys_differ=True))
    assert len(log) == len(texts)
    first = data.draw(st.integers(1, len(texts) + 1))
    last = data.draw(st.integers(first - 1, len(texts)))
    assert log.texts(first, last) == texts[first - 1 : last]
    assert [log.event(at).version for at in range(1, len(texts) + 1)] == list(range(1, len(texts) + 1))
