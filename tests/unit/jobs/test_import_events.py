"""Importing into a real store: what is stored, skipped, set aside and said."""

import gzip
import json
import os
import zlib
from pathlib import Path
from typing import Any

import pytest

from auditor.core.errors import (
    Cancelled,
    ImportConflict,
    ImportStopped,
    StoreError,
    WrongRequest,
)
from auditor.core.import_lines import MAX_LINE_BYTES
from auditor.jobs import import_events
from auditor.jobs.import_events import ImportRequest, ImportResult, run
from auditor.jobs.origin import Origin
from auditor.tasks.context import Progress, TaskContext
from tests.helpers.event_logs import event_line, event_lines, stored_rows, write_log

OTHER_ID = "00000000-0000-4000-8000-000000000000"
ORIGIN = Origin(user="ada", via="cli")


def imported(
    folder: Path, lines: list[bytes], context: TaskContext | None = None, **request: Any
) -> ImportResult:
    """Imports the lines into `s.db`, which may be absent."""
    log = write_log(folder / "log.ndjson", lines)
    members: dict[str, Any] = {"store": str(folder / "s.db"), "file": log, "origin": ORIGIN, "create": True}
    return run(ImportRequest(**(members | request)), context or TaskContext())


@pytest.fixture
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(import_events, "BATCH_LINES", 10)


@pytest.mark.usefixtures("small_batches")
def test_file_order_is_position_order_and_nothing_lies_beside_the_store(tmp_path: Path) -> None:
    lines = event_lines(aggregates=7, each=5)
    result = imported(tmp_path, lines)
    events, streams = stored_rows(tmp_path / "s.db")
    assert [(row[2], row[5]) for row in events] == [
        (line["aggregate_id"], line["version"]) for line in map(json.loads, lines)
    ]
    assert [row[0] for row in events] == list(range(1, 36))
    assert [(row[0], row[2]) for row in streams] == [(f"order-{number}", 5) for number in range(7)]
    assert (result.created, result.lines, result.stored, result.known, result.batches) == (True, 35, 35, 0, 4)
    assert (result.end_position, result.set_aside, result.conflicts) == (35, None, 0)
    assert {path.name for path in tmp_path.iterdir()} == {"s.db", "log.ndjson"}


def test_texts_are_stored_as_they_stand_in_the_line(tmp_path: Path) -> None:
    data, metadata = '{ "b":1.50, "a":[1e400,"\\u00e9"] }', '{"correlationId":7,"x" :-0}'
    line = event_line(data=0, metadata=0)
    imported(
        tmp_path,
        [
            line.replace(b'"data": 0', b'"data":' + data.encode()).replace(
                b'"metadata": 0', b'"metadata":' + metadata.encode()
            )
        ],
    )
    ((_, _, _, _, _, _, utc, text, stored_data, stored_metadata, correlation, causation),) = stored_rows(
        tmp_path / "s.db"
    )[0]
    assert (stored_data, stored_metadata) == (data, metadata)
    assert (utc, text) == ("2026-03-01T11:00:01.000000Z", "2026-03-01T12:00:01+01:00")
    assert (correlation, causation) == ("7", None)


def test_compression_is_found_by_content_and_blank_lines_are_no_events(tmp_path: Path) -> None:
    lines = [b"", *event_lines(3, 3), b"  \r", b""]
    imported(tmp_path, lines)
    packed = tmp_path / "log.ndjson"
    content = packed.read_bytes()
    packed.write_bytes(gzip.compress(content[:100]) + gzip.compress(content[100:]))
    result = run(
        ImportRequest(store=str(tmp_path / "t.db"), file=packed, origin=ORIGIN, create=True), TaskContext()
    )
    assert (result.lines, result.stored) == (9, 9)
    assert stored_rows(tmp_path / "t.db") == stored_rows(tmp_path / "s.db")


def test_the_last_line_needs_no_newline(tmp_path: Path) -> None:
    log = tmp_path / "log"
    log.write_bytes(b"\n".join(event_lines(1, 3)))
    result = run(
        ImportRequest(store=str(tmp_path / "s.db"), file=log, origin=ORIGIN, create=True), TaskContext()
    )
    assert result.stored == 3


def test_a_long_line_reaches_over_many_blocks(tmp_path: Path) -> None:
    long = event_line("order-1", 1, data={"text": "x" * 3_000_000})
    imported(tmp_path, [event_line("a"), long, event_line("b")])
    assert [len(row[8]) > 3_000_000 for row in stored_rows(tmp_path / "s.db")[0]] == [False, True, False]


# -- going on ----------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("small_batches")
def test_the_same_command_again_changes_nothing(tmp_path: Path) -> None:
    lines = event_lines(5, 5)
    first = imported(tmp_path, lines)
    before = stored_rows(tmp_path / "s.db")
    again = imported(tmp_path, lines, create=False)
    assert (again.stored, again.known, again.batches, again.created) == (0, 25, 0, False)
    assert (again.store_id, again.end_position) == (first.store_id, 25)
    assert stored_rows(tmp_path / "s.db") == before


@pytest.mark.usefixtures("small_batches")
def test_a_bad_line_stops_after_all_before_it_and_the_repaired_file_goes_on(tmp_path: Path) -> None:
    lines = event_lines(5, 5)
    broken = [*lines[:17], lines[17].replace(b'"version": 4', b'"version": null'), *lines[18:]]
    with pytest.raises(ImportStopped) as stopped:
        imported(tmp_path, broken)
    error = stopped.value
    assert not isinstance(error, ImportConflict)
    assert (error.line, error.field, error.stored) == (18, "version", 17)
    assert "Line 18, field version: it is null, not a number. Events stored: 17." in error.message
    assert "goes on from there" in error.hint
    assert len(stored_rows(tmp_path / "s.db")[0]) == 17
    assert imported(tmp_path, lines).stored == 8
    whole = tmp_path / "whole"
    whole.mkdir()
    imported(whole, lines)
    assert stored_rows(tmp_path / "s.db") == stored_rows(whole / "s.db")


@pytest.mark.parametrize(
    ("bad", "field", "reason"),
    [
        (event_line("order-0", 5), "version", "5 comes where 3 of 'order-0' was expected"),
        (event_line("order-0", 2, event_id=OTHER_ID), "version", "another event has that version"),
        (event_line("new", 2), "version", "2 comes where 1 of 'new' was expected"),
        (event_line("order-0", 3, aggregate_type="Basket"), "aggregate_type", "'Basket'"),
        (b"{", "", "not JSON"),
    ],
)
@pytest.mark.parametrize("stored_before", [False, True])
def test_what_does_not_fit_is_said(
    tmp_path: Path, bad: bytes, field: str, reason: str, stored_before: bool
) -> None:
    lines = event_lines(3, 2)
    if stored_before:
        imported(tmp_path, lines)
    with pytest.raises(ImportStopped) as stopped:
        imported(tmp_path, [*lines, bad])
    assert (stopped.value.line, stopped.value.field) == (7, field)
    assert reason in stopped.value.message
    assert stopped.value.stored == (0 if stored_before else 6)
    assert len(stored_rows(tmp_path / "s.db")[0]) == 6


# -- known events and conflicts ----------------------------------------------------------------------------


@pytest.mark.parametrize("stored_before", [False, True])
def test_the_same_event_written_otherwise_is_known(tmp_path: Path, stored_before: bool) -> None:
    line = event_line(data={"a": 1, "b": "é"}, timestamp="2026-03-01T12:00:00Z")
    otherwise = json.dumps(
        {
            **json.loads(line),
            "data": {"b": "é", "a": 1},
            "timestamp": "2026-03-01T12:00:00.000+00:00",
        },
        ensure_ascii=False,
    ).encode()
    if stored_before:
        imported(tmp_path, [line])
        assert imported(tmp_path, [otherwise]).known == 1
    else:
        result = imported(tmp_path, [line, otherwise])
        assert (result.stored, result.known) == (1, 1)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"data": {"number": 1.0, "price": "1.50"}}, "data"),
        ({"data": {"number": True, "price": "1.50"}}, "data"),
        ({"metadata": {}}, "metadata"),
        ({"timestamp": "2026-03-01T11:00:01Z"}, "timestamp"),
        ({"timestamp": "2026-03-01T12:00:01.000001+01:00"}, "timestamp"),
        ({"event_type": "OrderMade"}, "event_type"),
        ({"version": 2}, "version"),
        ({"aggregate_id": "order-2"}, "aggregate_id"),
        ({"aggregate_type": "Basket"}, "aggregate_type"),
    ],
)
@pytest.mark.parametrize("stored_before", [False, True])
def test_a_known_id_with_other_content_is_a_conflict(
    tmp_path: Path, change: dict[str, Any], field: str, stored_before: bool
) -> None:
    if stored_before:
        imported(tmp_path, [event_line()])
    changed = json.dumps(json.loads(event_line()) | change).encode()
    with pytest.raises(ImportConflict) as conflict:
        imported(tmp_path, [event_line(), changed])
    assert (conflict.value.line, conflict.value.field) == (2, field)
    assert len(stored_rows(tmp_path / "s.db")[0]) == 1


# -- setting aside -----------------------------------------------------------------------------------------


@pytest.mark.usefixtures("small_batches")
def test_bad_lines_are_set_aside_with_their_bytes_and_counted_by_reason(tmp_path: Path) -> None:
    good = event_lines(3, 6)
    bad = [b"\xff\xfe", b'{"version":1}', event_line("order-0", 1, data={}), event_line("order-9", 4)]
    lines = [*bad[:2], *good[:9], bad[2], *good[9:], bad[3]]
    result = imported(tmp_path, lines, continue_on_error=True)
    assert (result.lines, result.stored, result.conflicts) == (22, 18, 1)
    aside = result.set_aside
    assert aside is not None
    assert aside.path == tmp_path / "log.ndjson.set-aside.ndjson"
    assert aside.path.read_bytes() == b"".join(line + b"\n" for line in bad)
    assert aside.lines == 4
    assert aside.reasons == {"not-text": 1, "missing-field": 1, "conflict": 1, "version-hole": 1}
    assert [(one.line, one.field) for one in aside.first] == [
        (1, ""),
        (2, "event_id"),
        (12, "data"),
        (22, "version"),
    ]
    again = imported(tmp_path, lines, continue_on_error=True)
    assert (again.stored, again.known) == (0, 18)
    assert again.set_aside is not None
    assert again.set_aside.path == tmp_path / "log.ndjson.set-aside-2.ndjson"
    assert aside.path.read_bytes() == again.set_aside.path.read_bytes()


def test_later_versions_of_a_line_set_aside_are_set_aside_too_and_can_be_imported_once_repaired(
    tmp_path: Path,
) -> None:
    lines = event_lines(2, 4)
    broken = [*lines[:2], lines[2].replace(b"Order", b"\xffrder", 1), *lines[3:]]
    result = imported(tmp_path, broken, continue_on_error=True)
    assert result.set_aside is not None
    assert result.set_aside.reasons == {"not-text": 1, "version-hole": 2}
    assert result.stored == 5
    repaired = result.set_aside.path.read_bytes().replace(b"\xffrder", b"Order").splitlines()
    assert imported(tmp_path, repaired).stored == 3


def test_where_the_folder_cannot_be_written_lines_go_to_the_users_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AUDITOR_HOME", str(tmp_path / "home"))
    folder = Path("/proc/self/fd")  # nobody can make files there, not even root
    log = write_log(tmp_path / "log", [event_line(), b"x"])
    with log.open("rb") as open_log:
        result = run(
            ImportRequest(
                store=str(tmp_path / "s.db"),
                file=folder / str(open_log.fileno()),
                origin=ORIGIN,
                create=True,
                continue_on_error=True,
            ),
            TaskContext(),
        )
    assert result.set_aside is not None
    assert result.set_aside.path.parent == tmp_path / "home" / "state" / "set-aside"
    assert result.set_aside.path.read_bytes() == b"x\n"


# -- files and stores that cannot be used ------------------------------------------------------------------


def test_an_absent_store_is_made_only_when_asked(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="does not exist") as absent:
        imported(tmp_path, event_lines(1, 1), create=False)
    assert "--create" in absent.value.hint
    assert not (tmp_path / "s.db").exists()


def test_a_bad_first_line_leaves_no_store_behind(tmp_path: Path) -> None:
    with pytest.raises(ImportStopped) as stopped:
        imported(tmp_path, [b"x", *event_lines(1, 2)])
    assert stopped.value.stored == 0
    assert not (tmp_path / "s.db").exists()


def test_an_empty_file_makes_an_empty_store(tmp_path: Path) -> None:
    result = imported(tmp_path, [])
    assert (result.lines, result.end_position, result.created) == (0, None, True)
    assert stored_rows(tmp_path / "s.db") == ([], [])


def test_files_that_are_none_are_refused_before_the_store_is_touched(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "fifo")
    for path in (tmp_path / "absent", tmp_path, tmp_path / "fifo", Path("/dev/zero")):
        with pytest.raises(WrongRequest):
            run(
                ImportRequest(store=str(tmp_path / "s.db"), file=path, origin=ORIGIN, create=True),
                TaskContext(),
            )
    assert not (tmp_path / "s.db").exists()


def test_a_store_that_is_no_store_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "s.db").write_text("notes")
    with pytest.raises(StoreError):
        imported(tmp_path, event_lines(1, 1))
    assert (tmp_path / "s.db").read_text() == "notes"


@pytest.mark.parametrize("keep", [0.5, 0.99])
def test_a_compressed_file_cut_off_is_stored_up_to_the_cut(tmp_path: Path, keep: float) -> None:
    content = b"".join(line + b"\n" for line in event_lines(50, 40))
    packed = gzip.compress(content)
    log = tmp_path / "log.gz"
    log.write_bytes(packed[: int(len(packed) * keep)])
    request = ImportRequest(store=str(tmp_path / "s.db"), file=log, origin=ORIGIN, create=True)
    with pytest.raises(ImportStopped, match="cut off") as stopped:
        run(request, TaskContext())
    stored = len(stored_rows(tmp_path / "s.db")[0])
    whole_lines = zlib.decompressobj(wbits=31).decompress(log.read_bytes()).count(b"\n")
    assert 0 < stored == stopped.value.stored == whole_lines < 2000
    log.write_bytes(packed)
    result = run(request, TaskContext())
    assert (result.known, result.stored) == (stored, 2000 - stored)


def test_damaged_compression_and_endless_lines_are_said(tmp_path: Path) -> None:
    log = tmp_path / "log"
    request = ImportRequest(
        store=str(tmp_path / "s.db"), file=log, origin=ORIGIN, create=True, continue_on_error=True
    )
    packed = bytearray(gzip.compress(b"\n".join(event_lines(50, 40))))
    packed[-6] ^= 0xFF
    log.write_bytes(packed)
    with pytest.raises(ImportStopped, match="damaged"):
        run(request, TaskContext())
    log.write_bytes(gzip.compress(event_line("zeros") + b"\n" + b"0" * (MAX_LINE_BYTES + 1)))
    with pytest.raises(ImportStopped, match="longer than 64 MiB") as stopped:
        run(request, TaskContext())
    assert stopped.value.stored == 1


# -- progress and cancelling -------------------------------------------------------------------------------


@pytest.mark.usefixtures("small_batches")
def test_progress_counts_the_bytes_of_the_file_and_ends_at_their_total(tmp_path: Path) -> None:
    seen: list[Progress] = []
    imported(tmp_path, event_lines(100, 20), TaskContext(on_progress=seen.append))
    size = (tmp_path / "log.ndjson").stat().st_size
    assert {one.total for one in seen} == {size}
    done = [one.done for one in seen]
    assert done == sorted(done)
    assert len(set(done)) > 2
    assert done[-1] == size


@pytest.mark.usefixtures("small_batches")
def test_cancelled_between_batches_it_keeps_what_is_stored_and_says_so(tmp_path: Path) -> None:
    told: list[str] = []
    context = TaskContext(on_progress=lambda _: context.token.cancel(), on_warning=told.append)
    with pytest.raises(Cancelled):
        imported(tmp_path, event_lines(5, 5), context)
    assert len(stored_rows(tmp_path / "s.db")[0]) == 10
    assert told == ["Events stored: 10. The same command goes on from there."]
    assert {path.name for path in tmp_path.iterdir()} == {"s.db", "log.ndjson"}
    assert imported(tmp_path, event_lines(5, 5)).stored == 15


def test_a_file_of_nothing_but_blank_lines_is_cancelled_too(tmp_path: Path) -> None:
    """Ten megabytes of them, in which no batch ever comes."""
    log = tmp_path / "blank.gz"
    log.write_bytes(gzip.compress(b"\n" * (10 << 20), 1))
    context = TaskContext()
    context.token.cancel()
    with pytest.raises(Cancelled):
        run(ImportRequest(store=str(tmp_path / "s.db"), file=log, origin=ORIGIN, create=True), context)


@pytest.mark.skipif(not Path("/proc/self/mem").exists(), reason="no file here that opens and cannot be read")
def test_a_file_that_opens_and_cannot_be_read_is_a_wrong_request(tmp_path: Path) -> None:
    request = ImportRequest(
        store=str(tmp_path / "s.db"), file=Path("/proc/self/mem"), origin=ORIGIN, create=True
    )
    with pytest.raises(WrongRequest, match="cannot be read: Input/output error"):
        run(request, TaskContext())
    assert list(tmp_path.iterdir()) == []


def test_the_store_is_named_without_what_its_address_may_hide(tmp_path: Path) -> None:
    result = imported(tmp_path, event_lines(1, 1), store=f"sqlite:///{tmp_path}/s.db?password=hunter2")
    assert result.store == str(tmp_path / "s.db")
