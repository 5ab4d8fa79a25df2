"""What several contracts ask for: a store, its snapshots and a read model beside it, once for each database."""

from collections.abc import Iterator

import pytest

from auditor.eventsourcing import EventStore, ProjectionRunner, SnapshotRepository
from tests.helpers.latest import Latest
from tests.helpers.read_model_places import Ground, ground_beside


@pytest.fixture
def store(store_url: str) -> Iterator[EventStore]:
    with EventStore(store_url) as opened:
        yield opened


@pytest.fixture
def said() -> list[str]:
    return []


@pytest.fixture
def snapshots(store: EventStore, said: list[str]) -> SnapshotRepository:
    return SnapshotRepository(store, warning=said.append)


@pytest.fixture
def ground(store_url: str) -> Ground:
    return ground_beside(store_url)


@pytest.fixture
def runner(store: EventStore, ground: Ground) -> ProjectionRunner:
    return ProjectionRunner(store, Latest, ground.place, poll_seconds=0.02)
