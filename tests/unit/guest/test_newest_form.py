"""An event as a model of a user's reads it, and what is said where it cannot."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from auditor.core.errors import ModelError, ProjectionFailed
from auditor.core.events import RecordedEvent
from auditor.core.timeline import Unapplied
from auditor.guest.fold_service import FoldService
from auditor.guest.limits import Limits
from auditor.guest.served import ServedUpcast, UpcastEvent
from tests.helpers.guest_code import ROOMY, history, stored, trusted_code
from tests.helpers.rebuilding import rebuild_of, tables_of

MODEL = """
    import itertools, os
    from auditor.eventsourcing import AggregateRoot, Retired, Split, Upcaster, UpcasterChain

    calls = itertools.count()

    def split(data):
        data["nested"].append("spoilt")
        return [("Opened", {"owner": data["name"]}), ("Tagged", {"tag": {1, 2}}), ("Faxed", {})]

    def unsteady(data):
        return {"tag": next(calls)}

    def looping(data):
        while True:
            pass

    def exiting(data):
        os._exit(3)

    def stopping(data):
        raise SystemExit("enough")

    STEPS = [
        Split("Begun", 1, split, into={"Opened": 2, "Tagged": 1, "Faxed": 1}),
        Upcaster("Opened", 1, lambda data: {"owner": data["name"]}),
        Upcaster("Unsteady", 1, unsteady, to_type="Tagged", to_version=1),
        Upcaster("Looping", 1, looping),
        Upcaster("Exiting", 1, exiting),
        Upcaster("Stopping", 1, stopping),
        Retired("Faxed"),
    ]

    class Handlers:
        def on_opened(self, event):
            self.owner = event.owner

        def on_tagged(self, event):
            self.tag = event.tag

    class Root(Handlers, AggregateRoot):
        upcasters = UpcasterChain(STEPS)

    class Thing(Handlers):
        upcasters = UpcasterChain(STEPS)

    class Owners:
        name = "owners"
        tables = ({"name": "owners", "columns": {"id": "text", "owner": "text"}, "key": ("id",)},)
        ignores = {"Tagged"}
        upcasters = UpcasterChain(STEPS)

        def on_opened(self, event, envelope):
            self.rows.put("owners", {"id": str(envelope.version), "owner": event.owner})
"""


@pytest.fixture
def service(tmp_path: Path, cache: Path) -> Iterator[FoldService]:
    with FoldService(trusted_code(tmp_path, MODEL), cache=cache) as made:
        yield made


def at(event_type: str, data: Any = None, schema_version: int = 1) -> RecordedEvent:
    return stored(1, event_type, data)._replace(metadata_text=f'{{"schema_version":{schema_version}}}')


def test_the_types_that_are_read_otherwise_are_known(service: FoldService, cache: Path) -> None:
    assert service.upcast_types == {"Begun", "Opened", "Unsteady", "Looping", "Exiting", "Stopping", "Faxed"}
    with FoldService(None, cache=cache) as merge:
        assert merge.upcast_types == frozenset()


def test_a_split_event_is_shown_part_by_part_and_the_stored_one_stays(service: FoldService) -> None:
    event = at("Begun", {"name": "ada", "nested": []})
    form = service.newest_form(event)
    assert form == ServedUpcast(
        events=(
            UpcastEvent(event_type="Opened", schema_version=2, data_text='{"owner":"ada"}'),
            UpcastEvent(event_type="Tagged", schema_version=1, data_text='{"tag":[1,2]}'),
        ),
        steps=("Begun 1 → Opened 2 + Tagged 1 + Faxed 1 (split)", "Faxed is retired"),
        finding=None,
        notes=(),
    )
    assert event == at("Begun", {"name": "ada", "nested": []})


def test_a_retired_event_is_nothing(service: FoldService) -> None:
    form = service.newest_form(at("Faxed", schema_version=9))
    assert (form.events, form.steps, form.finding) == ((), ("Faxed is retired",), None)


@pytest.mark.parametrize(
    ("event", "finding"),
    [
        (at("Opened", {}), "the upcaster lambda from Opened version 1 raised KeyError: 'name'"),
        (at("Opened", {}, 3), "Opened version 3 is unknown to this code, whose newest is version 2"),
        (at("Stopping"), "SystemExit: enough"),
    ],
    ids=["raises", "newer", "leaves"],
)
def test_a_finding_is_told(service: FoldService, event: RecordedEvent, finding: str) -> None:
    form = service.newest_form(event)
    assert (form.events, form.finding) == ((), finding)


def test_steps_that_are_not_pure_are_noticed(service: FoldService) -> None:
    form = service.newest_form(at("Unsteady"))
    assert form.events[0].event_type == "Tagged"
    assert "not pure" in form.notes[-1]


@pytest.mark.parametrize("event_type", ["Looping", "Exiting"])
def test_a_step_may_end_the_process_and_the_next_one_is_asked_all_the_same(
    tmp_path: Path, cache: Path, event_type: str
) -> None:
    limits = Limits(timeout_seconds=1, cpu_seconds=60, memory_mb=200)
    with FoldService(trusted_code(tmp_path, MODEL, limits=limits), cache=cache) as service:
        folded = service.open("a-1", [history(("Opened", {"name": "ada"}))])
        form = service.newest_form(at(event_type))
        assert form.finding is not None
        assert form.finding.startswith("the model's process ended: ")
        assert service.newest_form(at("Faxed")).finding is None
        assert '"owner":"ada"' in (folded.state_at(1).state_text or "")


@pytest.mark.parametrize("target", ["things:Thing", "things:Root"])
def test_an_event_that_cannot_be_upcast_is_unapplied_with_its_reason(
    tmp_path: Path, cache: Path, target: str
) -> None:
    events = history(
        ("Begun", {"name": "ada", "nested": []}), ("Opened", {}), ("Faxed", {}), ("Opened", {"name": "bob"})
    )
    events.append(stored(5, "Opened", {"owner": "eve"})._replace(metadata_text='{"schema_version":3}'))
    events.append(stored(6, "Opened", {"owner": "eve"})._replace(metadata_text='{"schema_version":"2"}'))
    with FoldService(trusted_code(tmp_path, MODEL, target), cache=cache) as service:
        state = service.open("a-1", [events]).state_at(6)
    assert '"owner":"bob"' in (state.state_text or "")
    assert not state.complete
    assert state.unapplied == (
        Unapplied(
            2, 2, "Opened", "the upcaster lambda from Opened version 1 raised KeyError: 'name'", "not_upcast"
        ),
        Unapplied(
            5,
            5,
            "Opened",
            "Opened version 3 is unknown to this code, whose newest is version 2",
            "not_upcast",
        ),
        Unapplied(6, 6, "Opened", "its schema version is no whole number from 1 on", "not_upcast"),
    )


def test_a_chain_with_a_hole_is_refused_when_the_model_is_loaded(tmp_path: Path, cache: Path) -> None:
    source = MODEL.replace('Retired("Faxed"),', 'Upcaster("Opened", 4, unsteady),')
    with pytest.raises(ModelError, match="No upcaster leads on from Opened version 2"):
        FoldService(trusted_code(tmp_path, source), cache=cache)


def test_a_projection_stops_at_an_event_that_cannot_be_upcast_and_tells_why(
    tmp_path: Path, cache: Path
) -> None:
    good = ("Begun", {"name": "ada", "nested": []})
    code = trusted_code(tmp_path, MODEL, "things:Owners", limits=ROOMY)
    path = tmp_path / "s.readmodels.db"
    made = rebuild_of(path, code, history(good, ("Opened", {}), good), cache)
    with made as (rebuild, _), pytest.raises(ProjectionFailed) as failed:
        rebuild.run()
    details = failed.value.details
    assert details["event"]["version"] == 2
    assert details["error"] == "the upcaster lambda from Opened version 1 raised KeyError: 'name'"
    assert any("things.py" in line for line in details["traceback"])


def test_a_projection_passes_over_what_is_retired(tmp_path: Path, cache: Path) -> None:
    good = ("Begun", {"name": "ada", "nested": []})
    code = trusted_code(tmp_path, MODEL, "things:Owners", limits=ROOMY)
    path = tmp_path / "s.readmodels.db"
    with rebuild_of(path, code, history(good, ("Faxed", {}), good), cache) as (rebuild, target):
        assert rebuild.run() is True
        target.swap()
    assert tables_of(path)["owners"] == [("1", "ada"), ("3", "ada")]
    assert rebuild.progress.unknown == {}
