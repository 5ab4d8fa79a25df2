"""The real logs, imported by the command line; every state equals a fold that is written here."""

import copy
import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from auditor.core import exact_json
from auditor.guest.fold_service import FoldService
from auditor.stores.reader import StoreReader, open_reader
from tests.helpers import budget
from tests.helpers.command_line import answer, auditor
from tests.helpers.real_data import read_json

LOGS = ("receipt", "orders")


@pytest.fixture(scope="module", params=LOGS)
def log(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


@pytest.fixture(scope="module")
def store(log: str, real_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp(log) / f"{log}.db"
    ended = auditor("import", path, real_data / log / f"{log}.ndjson.gz", "--create", "--json")
    assert ended.code == 0, ended
    expected = read_json(f"{log}/expected.json")
    assert ended.json["stored"] == expected["events"]
    assert [entry.name for entry in path.parent.iterdir()] == [path.name]
    return path


def test_info_says_what_is_in_the_log(log: str, store: Path) -> None:
    expected = read_json(f"{log}/expected.json")
    info = answer("info", store)
    assert info["events"] == expected["events"]
    assert info["aggregates"] == expected["aggregates"]
    assert info["types"] == expected["aggregates_by_type"]
    if log == "receipt":
        assert (info["events"], info["aggregates"]) == (10_011, 1_434)


def test_every_event_is_listed_once_in_the_order_of_the_log(log: str, store: Path, real_data: Path) -> None:
    with open_reader(store) as reader:
        listed = (event for batch in reader.scan(up_to=reader.head() or 0) for event in batch)
        for line, event in zip(lines_of(real_data, log), listed, strict=True):
            assert event.event_id_text == line["event_id"]
            assert json.loads(event.data_text) == line["data"]


def test_the_states_that_the_log_came_with(log: str, store: Path) -> None:
    with open_reader(store) as reader, FoldService(None) as service:
        for aggregate_id, known in read_json(f"{log}/folds.json")["aggregates"].items():
            events = reader.aggregate_events(aggregate_id, up_to=known["events"])
            folded = service.open(aggregate_id, events)
            for version, state in known["state_at"].items():
                served = folded.state_at(int(version))
                assert json.loads(served.state_text or "") == state, (aggregate_id, version)


def test_the_command_line_gives_the_same_states(log: str, store: Path) -> None:
    aggregate_id, known = next(iter(read_json(f"{log}/folds.json")["aggregates"].items()))
    version = list(known["state_at"])[1]
    shown = answer("state", store, aggregate_id, "--version", version, "--model", "merge")
    assert shown["state"] == known["state_at"][version]
    assert (shown["ordinal"], shown["version"], shown["complete"]) == (int(version), int(version), True)


def test_the_merge_at_every_version_of_every_aggregate(log: str, store: Path, real_data: Path) -> None:
    expected = folded_here(real_data, log)
    # The receipt log in full, always; of the shop as many aggregates as the budget allows
    chosen = list(expected)
    if log == "orders":
        chosen = spread(chosen, budget.count(1800, "aggregates of the orders log compared at every version"))
    compared = 0
    with open_reader(store) as reader, FoldService(None) as service, FoldService(None, keyframe_mb=0) as bare:
        for number, aggregate_id in enumerate(chosen):
            states = expected[aggregate_id]
            compared += compare(reader, bare if number % 2 else service, aggregate_id, states)
    assert compared == sum(len(expected[one]) for one in chosen)
    if log == "receipt":
        assert (len(chosen), compared) == (1_434, 10_011)


def compare(reader: StoreReader, service: FoldService, aggregate_id: str, states: list[Any]) -> int:
    """Forwards, back, and jumping from end to end."""
    folded = service.open(aggregate_id, reader.parts.payloads(aggregate_id, up_to=len(states)))
    there = range(1, len(states) + 1)
    jumping = [ordinal for pair in zip(there, reversed(there), strict=True) for ordinal in pair]
    for ordinal in (*there, *reversed(there), *jumping[: len(there)]):
        served = folded.state_at(ordinal)
        assert served.complete
        assert served.state_text is not None
        assert exact_json.same(exact_json.parse(served.state_text), states[ordinal - 1]), (
            aggregate_id,
            ordinal,
        )
    folded.close()
    return len(states)


def spread(names: list[str], count: int) -> list[str]:
    step = max(1, len(names) // count)
    return sorted(names)[::step]


def lines_of(real_data: Path, log: str) -> Iterator[dict[str, Any]]:
    with gzip.open(real_data / log / f"{log}.ndjson.gz", "rt", encoding="utf-8") as lines:
        for line in lines:
            if line.strip():
                yield json.loads(line)


def folded_here(real_data: Path, log: str) -> dict[str, list[Any]]:
    """For each aggregate the state after each event: RFC 7386 as its text has it, digits kept."""
    states: dict[str, list[Any]] = {}
    with gzip.open(real_data / log / f"{log}.ndjson.gz", "rt", encoding="utf-8") as lines:
        for line in lines:
            if line.strip():
                event = exact_json.parse(line)
                before = states.setdefault(event["aggregate_id"], [])
                before.append(merge_patch(copy.deepcopy(before[-1]) if before else {}, event["data"]))
    return states


def merge_patch(target: Any, patch: Any) -> Any:
    """The pseudo-code of RFC 7386, section 2."""
    if isinstance(patch, dict):
        if not isinstance(target, dict):
            target = {}
        for name, value in patch.items():
            if value is None:
                if name in target:
                    del target[name]
            else:
                target[name] = merge_patch(target.get(name), value)
        return target
    return patch
