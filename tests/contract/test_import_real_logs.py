"""The real logs import completely: every number of their `expected.json`, and every byte of their lines."""

import hashlib
import json
from collections import Counter
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from auditor.jobs.import_events import ImportRequest, run
from auditor.jobs.origin import Origin
from auditor.tasks.context import TaskContext
from tests.helpers.event_logs import stored_rows
from tests.helpers.real_data import read_json

LOGS = ["receipt", "orders"]


class Row(NamedTuple):
    position: int
    event_id: str
    aggregate_id: str
    aggregate_type: str
    event_type: str
    version: int
    timestamp: str
    timestamp_text: str | None
    data: str
    metadata: str
    correlation_id: str | None
    causation_id: str | None

    @property
    def written(self) -> str:
        return self.timestamp_text or self.timestamp


@pytest.fixture(scope="module", params=LOGS)
def log(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, real_data: Path
) -> tuple[str, list[Row], list[tuple[Any, ...]]]:
    name: str = request.param
    store = tmp_path_factory.mktemp(name) / "s.db"
    result = run(
        ImportRequest(
            store=str(store),
            file=real_data / name / f"{name}.ndjson.gz",
            origin=Origin(user="ada", via="cli"),
            create=True,
        ),
        TaskContext(),
    )
    events, streams = stored_rows(store)
    assert result.stored == result.lines == result.end_position == len(events)
    assert [path.name for path in store.parent.iterdir()] == ["s.db"]
    return name, [Row(*row) for row in events], streams


def test_every_number_agrees(log: tuple[str, list[Row], list[tuple[Any, ...]]], real_data: Path) -> None:
    name, rows, streams = log
    expected = read_json(f"{name}/expected.json")
    facts = {"source", "real", "held_out", "file", "sha256_uncompressed"}
    assert numbers(rows, list(expected["three_aggregates"])) == {
        key: value for key, value in expected.items() if key not in facts
    }
    assert [(row[0], row[1], row[2]) for row in streams] == sorted(
        (aggregate_id, aggregate_type, count)
        for (aggregate_id, aggregate_type), count in Counter(
            (row.aggregate_id, row.aggregate_type) for row in rows
        ).items()
    )


def test_the_file_can_be_written_again_from_the_store(
    log: tuple[str, list[Row], list[tuple[Any, ...]]], real_data: Path
) -> None:
    name, rows, _ = log
    digest = hashlib.sha256()
    for row in rows:
        head = {
            "event_id": row.event_id,
            "aggregate_id": row.aggregate_id,
            "aggregate_type": row.aggregate_type,
            "event_type": row.event_type,
            "version": row.version,
            "timestamp": row.written,
        }
        text = json.dumps(head, ensure_ascii=False, separators=(",", ":"))[:-1]
        digest.update(f'{text},"data":{row.data},"metadata":{row.metadata}}}\n'.encode())
    assert digest.hexdigest() == read_json(f"{name}/expected.json")["sha256_uncompressed"]


def numbers(rows: list[Row], three: list[str]) -> dict[str, Any]:
    """What `expected.json` counts, from the stored rows alone."""
    aggregates = Counter((row.aggregate_id, row.aggregate_type) for row in rows)
    longest = max(aggregates.values())
    place = {row.event_id: row.position for row in rows}
    caused = [row for row in rows if row.causation_id is not None]
    seen_before = sum(place.get(str(row.causation_id), row.position) < row.position for row in caused)
    return {
        "events": len(rows),
        "aggregates": len(aggregates),
        "events_by_aggregate_type": dict(Counter(row.aggregate_type for row in rows)),
        "aggregates_by_type": dict(Counter(kind for _, kind in aggregates)),
        "event_types": len({row.event_type for row in rows}),
        "events_by_event_type": dict(Counter(row.event_type for row in rows)),
        "users": len({json.loads(row.metadata)["user_id"] for row in rows}),
        "correlations": len({row.correlation_id for row in rows}),
        "caused_events": len(caused),
        "causes_seen_before": seen_before,
        "causes_missing_or_later": len(caused) - seen_before,
        "first_timestamp": min(rows, key=lambda row: row.timestamp).written,
        "last_timestamp": max(rows, key=lambda row: row.timestamp).written,
        "instants_that_go_backwards_in_file_order": backwards([row.timestamp for row in rows]),
        "timestamp_texts_that_go_backwards_in_file_order": backwards([row.written for row in rows]),
        "utc_offsets": dict(Counter(offset(row.written) for row in rows)),
        "longest_aggregate": next(
            {"aggregate_id": one, "aggregate_type": kind, "events": count}
            for (one, kind), count in aggregates.items()
            if count == longest
        ),
        "three_aggregates": {
            one: {"aggregate_type": kind, "events": count}
            for (one, kind), count in aggregates.items()
            if one in three
        },
    }


def backwards(texts: list[str]) -> int:
    return sum(later < earlier for earlier, later in pairwise(texts))


def offset(text: str) -> str:
    return "Z" if text.endswith("Z") else text[-6:]
