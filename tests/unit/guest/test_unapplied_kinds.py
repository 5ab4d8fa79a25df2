"""Why an event was not applied, in a word."""

from pathlib import Path

import pytest

from auditor.core.events import RecordedEvent
from auditor.guest.fold_service import FoldService
from tests.helpers.guest_code import history, stored, trusted_code

SOURCE = """
    import json
    import os
    from dataclasses import dataclass

    from auditor.core.aggregate import AggregateRoot
    from auditor.core.upcasting import Upcaster, UpcasterChain


    @dataclass(frozen=True)
    class Priced:
        cents: int


    def renamed(data):
        return {"cents": data["price"]}


    class Handlers:
        ignores = {"Seen"}
        upcasters = UpcasterChain([Upcaster("Repriced", 1, 2, renamed)])

        def on_priced(self, event: Priced):
            self.cents = event.cents

        def on_noted(self, event):
            self.note = event["note"]

        def on_told(self, event, envelope):
            self.by = envelope.metadata.user_id

        def on_repriced(self, event):
            self.cents = event["cents"]

        def on_parsed(self, event):
            json.loads("no JSON of its own")

        def on_ended(self, event):
            os._exit(7)


    class Thing(Handlers):
        pass


    class Root(Handlers, AggregateRoot):
        pass
"""

EVENTS = [
    *history(("Priced", {"cents": 1}), "Seen", ("Priced", {"price": 1}), "Unheard", ("Repriced", {})),
    stored(6, "Noted", '{"note": '),
    stored(7, "Told")._replace(metadata_text="{"),
    *(stored(8 + place, name) for place, name in enumerate(("Parsed", "Noted", "Ended"))),
]


def kinds(folder: Path, cache: Path, target: str | None, events: list[RecordedEvent]) -> dict[int, str]:
    code = None if target is None else trusted_code(folder, SOURCE, target)
    with FoldService(code, cache=cache) as service:
        state = service.open("a-1", [events]).remarks_at(len(events))
    return {one.ordinal: one.kind for one in state.unapplied}


@pytest.mark.parametrize("target", ["things:Thing", "things:Root"])
def test_each_reason_has_its_kind(tmp_path: Path, cache: Path, target: str) -> None:
    assert kinds(tmp_path, cache, target, EVENTS) == {
        3: "not_decoded",
        4: "no_handler",
        5: "not_upcast",
        6: "not_json",
        7: "not_json",
        8: "raised",  # what the handler parsed was no part of the event
        9: "raised",
        10: "ended",
    }


def test_the_generic_merge_has_kinds_too(tmp_path: Path, cache: Path) -> None:
    events = [*history("Set"), stored(2, "Set", "{"), stored(3, "Set", "[1]")]
    assert kinds(tmp_path, cache, None, events) == {2: "not_json", 3: "not_decoded"}
