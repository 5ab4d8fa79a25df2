"""Fold is a homomorphism: the state after a and b is the one after b, begun from the state after a."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from auditor.core.events import RecordedEvent
from auditor.core.state_model import StateModel
from auditor.demo.order import Order
from tests.helpers.order_commands import BEGINNING, COMMANDS
from tests.helpers.orders import state
from tests.laws.test_order_replay import run
from tests.laws.test_timeline_laws import EVENTS, MODELS, model, recorded


def folded(model: StateModel, state: Any, events: list[RecordedEvent]) -> Any:
    """An event that cannot be applied leaves what it has changed, as everywhere."""
    for event in events:
        try:
            state = model.apply(state, event)
        except Exception:  # noqa: BLE001, S112 - the user's code
            continue
    return state


@given(MODELS, EVENTS, EVENTS)
def test_a_history_may_be_folded_in_parts(
    kind: str, earlier: list[tuple[str, Any]], later: list[tuple[str, Any]]
) -> None:
    history = recorded([*earlier, *later])
    first, second = history[: len(earlier)], history[len(earlier) :]
    whole = model(kind)
    expected = whole.to_text(folded(whole, whole.start("a"), history))

    one = model(kind)
    between = folded(one, one.start("a"), first)
    kept = one.to_text(between)
    frozen, _ = one.freeze(between)
    # The one that was frozen goes on; what was kept of it does not change, and leads to the same, again and again.
    assert one.to_text(folded(one, between, second)) == expected
    for _ in range(2):
        assert one.to_text(one.thaw(frozen)) == kept
        assert one.to_text(folded(one, one.thaw(frozen), second)) == expected


@given(st.lists(COMMANDS, max_size=40), st.floats(0, 1))
def test_an_aggregate_may_be_loaded_in_parts(commands: list[Any], part: float) -> None:
    store, orders = run([*BEGINNING, *commands])
    for order_id, order in orders.items():
        history = list(store.get_events(order_id))
        cut = round(part * len(history))
        loaded = Order(order_id)
        loaded.load_from_history(history[:cut])
        loaded.load_from_history(history[cut:])
        assert state(loaded) == state(order)
        assert loaded.version == order.version
