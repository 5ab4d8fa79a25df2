"""The event panel in the real window."""

from collections.abc import Callable
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from auditor.core.events import EventMetadata
from auditor.gui.cursor import Place
from auditor.gui.event.panel import EventPanel
from auditor.gui.main_window import MainWindow
from auditor.stores.native_store import EventStore
from tests.helpers.new_events import new_event


@pytest.fixture
def show(make_window: Callable[..., MainWindow], qtbot: QtBot) -> Callable[..., EventPanel]:
    """Opens a store in a window and shows an event; gives the panel."""

    def shown(
        store: Path, aggregate_id: str, ordinal: int | None = None, size: tuple[int, int] = (1440, 900)
    ) -> EventPanel:
        window = make_window(store, size)
        window.activateWindow()
        assert window.views is not None
        panel = window.views.history.event_panel
        window.desk.cursor.go_to(Place(aggregate_id, None, ordinal))
        qtbot.waitUntil(lambda: panel.states.state not in ("loading", "empty"), timeout=20_000)
        return panel

    return shown


@pytest.fixture
def linked_store(tmp_path: Path) -> Path:
    """Order `o-1` whose second event caused the first of payment `p-1`, which caused the third of `o-1`; the first
    names a cause that is not there."""
    path = tmp_path / "linked.db"

    def metadata(cause: object) -> EventMetadata:
        return EventMetadata(
            correlation_id="c-9", causation_id=str(cause), user_id="ada", extra={"ip": [1, 2]}
        )

    first = new_event("o-1", 1, event_type="OrderCreated", metadata=metadata("gone"))
    second = new_event("o-1", 2, event_type="OrderConfirmed")
    paid = new_event(
        "p-1", 1, aggregate_type="Payment", event_type="Captured", metadata=metadata(second.event_id)
    )
    third = new_event("o-1", 3, event_type="OrderPaid", metadata=metadata(paid.event_id))
    with EventStore(f"sqlite:///{path}") as store:
        store.append("o-1", [first, second], 0)
        store.append("p-1", [paid], 0)
        store.append("o-1", [third], 2)
    return path
