"""A snapshot that the database itself cannot give out is ignored and named."""

from pathlib import Path

from auditor.eventsourcing import EventStore, SnapshotRepository
from tests.helpers.counters import Counter, counted, verified


def test_b066_text_that_is_no_text_is_ignored_and_named(tmp_path: Path) -> None:
    said: list[str] = []
    with EventStore(str(tmp_path / "a.db")) as store:
        snapshots = SnapshotRepository(store, warning=said.append)
        for aggregate_id in ("a", "b", "c"):
            snapshots.save(counted(store, 1, 2, aggregate_id=aggregate_id))
        store._rows("UPDATE snapshots SET state = CAST(x'7bff7d' AS TEXT) WHERE aggregate_id = 'b'", ())
        assert snapshots.load("b", Counter).total == 3
        assert len(said) == 1
        assert said[0].startswith("The snapshot of 'b' was ignored: ")
        [finding] = verified(store)
        assert (finding.aggregate_id, finding.changes) == ("b", ())
        assert "UTF-8" in str(finding)
