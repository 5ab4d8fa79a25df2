"""A projection in a real worker: its rows, and how an event that fails is named."""

import random
from pathlib import Path
from typing import Any

import pytest

from auditor.core.errors import ModelError, ProjectionFailed
from auditor.core.ports import NeverStopped
from auditor.core.projection_run import Pace
from auditor.guest.limits import Limits
from auditor.guest.projection_service import ProjectionGuest
from tests.helpers.guest_code import ROOMY, history, stored, trusted_code
from tests.helpers.rebuilding import rebuild_of, tables_of

TARGET = "shop:Things"
SOURCE = """
    class Things:
        name = "things"
        tables = (
            {"name": "things", "columns": {"id": "text", "n": "integer", "seen": "text"}, "key": ("id",)},
        )
        ignores = {"Noticed"}

        def on_made(self, event, envelope):
            self.rows.put("things", {"id": event.id, "n": event.n, "seen": envelope.timestamp})

        def on_raised(self, event):
            row = self.rows.get("things", event.id)
            self.rows.put("things", {**row, "n": event.n})

        def on_asked(self, event, envelope):
            meta = envelope.metadata
            seen = [envelope.position, envelope.version, envelope.aggregate_type, str(envelope.event_id), meta.user_id]
            self.rows.put("things", {"id": event.id, "seen": repr(seen)})

        def on_typed(self, event):
            self.rows.put("things", {"id": "typed", "n": event.n})

        def on_failed(self, event):
            raise ValueError(f"no {event.what}")

        def on_looped(self, event):
            while True:
                pass

        def on_exited(self, event):
            import os
            os._exit(3)

        def on_ate(self, event):
            eaten = []
            while True:
                eaten.append(bytearray(10**7))

        def on_printed(self, event):
            print("a" * 200_000)
"""
PACE = Pace(first=16, most=16)


def made(count: int, **more: tuple[str, Any] | str) -> list[tuple[str, Any] | str]:
    """So many rows, with other events at some places (`at7=...`, counted from 1)."""
    facts: list[tuple[str, Any] | str] = [("Made", {"id": f"k{n:03}", "n": n}) for n in range(1, count + 1)]
    for place, fact in more.items():
        facts[int(place.removeprefix("at")) - 1] = fact
    return facts


def rebuilt(tmp_path: Path, cache: Path, facts: list[Any], limits: Limits = ROOMY) -> tuple[Any, Any]:
    path, code = tmp_path / "s.readmodels.db", trusted_code(tmp_path / "code", SOURCE, TARGET, limits=limits)
    with rebuild_of(path, code, history(*facts), cache, pace=PACE) as (rebuild, target):
        assert rebuild.run() is True
        target.swap()
        return tables_of(path)["things"], rebuild.progress


def failure(tmp_path: Path, cache: Path, facts: list[Any], limits: Limits = ROOMY) -> ProjectionFailed:
    path, code = tmp_path / "s.readmodels.db", trusted_code(tmp_path / "code", SOURCE, TARGET, limits=limits)
    with rebuild_of(path, code, history(*facts), cache, pace=PACE) as (rebuild, _):
        with pytest.raises(ProjectionFailed) as failed:
            rebuild.run()
        assert rebuild.progress.position < failed.value.details["event"]["position"]
    return failed.value


def test_rows_come_back_from_the_worker(tmp_path: Path, cache: Path) -> None:
    facts = made(50, at40=("Raised", {"id": "k003", "n": -1}), at41="Noticed")
    rows, progress = rebuilt(tmp_path, cache, facts)
    assert len(rows) == 48
    assert rows[2] == ("k003", -1, "2026-01-01T00:00:00.000003Z")
    assert (progress.done, progress.position, progress.unknown) == (50, 50, {})


def test_handlers_may_ask_for_every_part_of_the_envelope(tmp_path: Path, cache: Path) -> None:
    rows, _ = rebuilt(tmp_path, cache, made(50, at7=("Asked", {"id": "b"}), at45=("Asked", {"id": "c"})))
    asked = [row[2] for row in rows if row[0] in "bc"]
    assert asked == [f"[{n}, {n}, 'Thing', '00000000-0000-7000-8000-{n:012}', 'ada']" for n in (7, 45)]


def test_types_without_a_handler_are_counted(tmp_path: Path, cache: Path) -> None:
    facts = made(60, at2="Unheard", at40="Unheard", at59="Unheard", at60="Other")
    assert rebuilt(tmp_path, cache, facts)[1].unknown == {"Unheard": 3, "Other": 1}


def test_what_a_handler_prints_harms_nothing(tmp_path: Path, cache: Path) -> None:
    assert len(rebuilt(tmp_path, cache, made(40, at5="Printed", at30="Printed"))[0]) == 38


def test_a_handler_that_raises_is_named_with_its_event_and_its_place(tmp_path: Path, cache: Path) -> None:
    failed = failure(tmp_path, cache, made(50, at37=("Failed", {"what": "way"})))
    event = failed.details["event"]
    assert (event["position"], event["version"], event["event_type"]) == (37, 37, "Failed")
    assert (event["aggregate_id"], event["event_id"]) == ("a-1", "00000000-0000-7000-8000-000000000037")
    assert failed.details["handler"] == "Things.on_failed"
    assert failed.details["error"] == "ValueError: no way"
    (frame,) = failed.details["traceback"]
    assert "shop.py" in frame
    assert "raise ValueError" in frame
    assert '{"what": "way"}' in failed.hint
    assert "37" in failed.message


@pytest.mark.parametrize(
    ("fact", "limits", "said"),
    [
        (("Looped", {}), Limits(timeout_seconds=0.7, cpu_seconds=60, memory_mb=300), "0.7 s"),
        (("Looped", {}), Limits(timeout_seconds=60, cpu_seconds=1, memory_mb=300), "CPU"),
        (("Exited", {}), ROOMY, "code 3"),
        (("Ate", {}), ROOMY, "memory"),
    ],
    ids=["loops", "uses the processor", "exits", "eats memory"],
)
def test_a_handler_that_ends_the_worker_is_named(
    tmp_path: Path, cache: Path, fact: Any, limits: Limits, said: str
) -> None:
    failed = failure(tmp_path, cache, made(50, at37=fact), limits)
    assert failed.details["event"]["position"] == 37
    assert said in failed.details["error"]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ('{"id": "x", "n": 1', "Expecting"),
        ('{"id": "x", "n": 1}}', "Extra data"),
        ('{"id": "x"}, {"n": 1}', "Extra data"),
        ("", "Expecting"),
        ('{"id": "x\ny", "n": 1}', "control character"),
        ('{"id": "x", "n": "1"}', "n of things"),
        ('{"id": "x", "n": 9223372036854775808}', "64 bits"),
        ('{"id": "\\ud800", "n": 1}', "Unicode"),
        ('{"id": "x", "n": ' + "[" * 100_000 + "]" * 100_000 + "}", "Recursion"),
        ('{"id": "x", "n": ' + "1" * 5000 + "}", "ValueError"),
        ("[1]", "id"),
    ],
)
def test_a_payload_that_makes_no_row_is_named(tmp_path: Path, cache: Path, data: str, said: str) -> None:
    failed = failure(tmp_path, cache, made(40, at21=("Made", data)))
    assert failed.details["event"]["position"] == 21
    assert said in failed.details["error"]


def test_broken_payloads_that_mend_each_other_are_not_taken_for_whole_ones(
    tmp_path: Path, cache: Path
) -> None:
    facts = made(40, at21=("Made", '{"id": "x", "n": [1'), at22=("Made", "2]}"))
    assert failure(tmp_path, cache, facts).details["event"]["position"] == 21
    facts = made(
        40,
        at21=("Made", '{"id": "x", "n": 1}, {"id": "y", "n": 1}'),
        at22=("Made", "[1"),
        at23=("Made", "2]"),
    )
    assert failure(tmp_path, cache, facts).details["event"]["position"] == 21


def test_what_json_allows_is_taken_as_json_loads_takes_it(tmp_path: Path, cache: Path) -> None:
    facts = made(
        40,
        at21=("Made", '{\n  "id": "lines",\r\n\t"n": 1}'),
        at22=("Made", '{"id": "twice", "n": 1, "n": 2, "more": NaN}'),
        at23=("Made", '{"id": "\\u00fc ü 😀 \u2028", "n": -9223372036854775808}'),
    )
    rows = {row[0]: row[1] for row in rebuilt(tmp_path, cache, facts)[0]}
    assert (rows["lines"], rows["twice"], rows["ü ü 😀 \u2028"]) == (1, 2, -(2**63))


def test_handlers_slower_than_a_batch_may_take_do_not_stop_the_rebuild(tmp_path: Path, cache: Path) -> None:
    source = """
        import time
        class Things:
            tables = ({"name": "things", "columns": {"id": "text"}},)
            def on_made(self, event):
                time.sleep(0.05)
                self.rows.put("things", {"id": event.id})
    """
    code = trusted_code(
        tmp_path / "code", source, TARGET, limits=Limits(timeout_seconds=0.7, cpu_seconds=60, memory_mb=300)
    )
    with rebuild_of(tmp_path / "t.db", code, history(*made(40)), cache, pace=Pace(first=40, most=40)) as (
        rebuild,
        target,
    ):
        assert rebuild.run() is True
        target.swap()
        assert tables_of(tmp_path / "t.db")["things"] == [(f"k{n:03}",) for n in range(1, 41)]


def test_rows_are_fetched_from_the_shadow_tables_after_a_restart(tmp_path: Path, cache: Path) -> None:
    source = SOURCE.replace(
        'raise ValueError(f"no {event.what}")', 'self.rows.put("things", {"id": event.what})'
    )
    code, path = trusted_code(tmp_path / "code", source, TARGET), tmp_path / "t.db"
    chance = random.Random(1)
    facts: list[Any] = made(20)
    facts += [("Raised", {"id": f"k{chance.randint(1, 20):03}", "n": n}) for n in range(100)]
    expected: dict[str, int] = {}
    for _, data in facts:
        expected[data["id"]] = data["n"]
    with rebuild_of(path, code, history(*facts), cache, pace=PACE) as (rebuild, target):
        rebuild._send_more()
        rebuild._take_one()
        rebuild._read_up_to = rebuild.progress.position
        rebuild._on_their_way.clear()
        rebuild._projecting.start_again()
        assert rebuild.run() is True
        target.swap()
    assert {row[0]: row[1] for row in tables_of(path)["things"]} == expected


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("raise RuntimeError('at import')", "at import"),
        ("Things = 1", "class"),
        ("class Things: pass", "table"),
        ("class Other: pass", "Things"),
        ("class Things:\n    tables = ({'name': 't', 'columns': {'id': 'date'}},)", "date"),
    ],
)
def test_a_projection_that_cannot_be_loaded_is_told(
    tmp_path: Path, cache: Path, source: str, said: str
) -> None:
    with pytest.raises(ModelError) as refused:
        ProjectionGuest(trusted_code(tmp_path, source, TARGET), lambda *_: None, NeverStopped(), cache=cache)
    assert said in refused.value.message


def test_a_constructor_that_raises_is_told(tmp_path: Path, cache: Path) -> None:
    source = SOURCE + "\n        def __init__(self):\n            raise RuntimeError('not today')\n"
    code = trusted_code(tmp_path, source, TARGET)
    with (
        ProjectionGuest(code, lambda *_: None, NeverStopped(), cache=cache) as guest,
        pytest.raises(ModelError, match="not today"),
    ):
        guest.start()


def test_events_of_many_aggregates_keep_their_own_columns(tmp_path: Path, cache: Path) -> None:
    source = """
        class Things:
            tables = ({"name": "things", "columns": {"id": "text", "n": "integer"}},)
            def on_made(self, event, envelope):
                self.rows.put("things", {"id": envelope.aggregate_id, "n": envelope.version})
    """
    events = [stored(n, "Made", {}, aggregate_id=f"a{n:02}") for n in range(1, 41)]
    path = tmp_path / "t.db"
    with rebuild_of(path, trusted_code(tmp_path / "code", source, TARGET), events, cache, pace=PACE) as (
        rebuild,
        target,
    ):
        assert rebuild.run() is True
        target.swap()
    assert tables_of(path)["things"] == [(f"a{n:02}", n) for n in range(1, 41)]
