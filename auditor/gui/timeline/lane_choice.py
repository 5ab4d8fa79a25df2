"""Which lanes are shown and in which order: chosen for a type of aggregate, remembered for its store."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from auditor.gui.settings import Settings

SETTING = "lanes"
MOST_STORES = 50


@dataclass(frozen=True, slots=True)
class LaneChoice:
    """Event types by name. `order` may name some only: the rest follows in the order of first appearance."""

    order: tuple[str, ...] = ()
    hidden: frozenset[str] = frozenset()

    def arranged(self, types: Sequence[str]) -> list[str]:
        """All of them, in this order."""
        place = {name: number for number, name in enumerate(self.order)}
        return sorted(types, key=lambda name: place.get(name, len(place)))

    def shown(self, types: Sequence[str]) -> list[str]:
        return [name for name in self.arranged(types) if name not in self.hidden]

    def with_hidden(self, name: str) -> "LaneChoice":
        return replace(self, hidden=self.hidden | {name})

    def with_shown(self, name: str) -> "LaneChoice":
        return replace(self, hidden=self.hidden - {name})

    def only(self, name: str, types: Sequence[str]) -> "LaneChoice":
        return replace(self, hidden=frozenset(types) - {name})

    def all_shown(self) -> "LaneChoice":
        return replace(self, hidden=frozenset())

    def moved(self, name: str, by: int, types: Sequence[str]) -> "LaneChoice":
        """So many lanes further down (up: negative), past hidden ones without counting them."""
        shown = self.shown(types)
        target = shown[min(max(shown.index(name) + by, 0), len(shown) - 1)]
        order = self.arranged(types)
        at = order.index(target)
        order.remove(name)
        order.insert(at, name)
        return replace(self, order=tuple(order))

    def in_first_order(self) -> "LaneChoice":
        return replace(self, order=())


class LaneChoices:
    """The choices of a store, by type of aggregate."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def of(self, store_id: str, aggregate_type: str) -> LaneChoice:
        kinds = _mapping(self._stores().get(store_id))
        value = _mapping(kinds.get(aggregate_type))
        return LaneChoice(_names(value.get("order")), frozenset(_names(value.get("hidden"))))

    def keep(self, store_id: str, aggregate_type: str, choice: LaneChoice) -> None:
        if not store_id:
            return
        stores = self._stores()
        kinds = _mapping(stores.pop(store_id, None))
        kinds[aggregate_type] = {"order": list(choice.order), "hidden": sorted(choice.hidden)}
        stores[store_id] = kinds
        self._settings.set(SETTING, dict(list(stores.items())[-MOST_STORES:]))

    def _stores(self) -> dict[str, Any]:
        return _mapping(self._settings.value(SETTING))


def _mapping(value: Any) -> dict[str, Any]:
    return dict(value) if isinstance(value, dict) else {}


def _names(value: Any) -> tuple[str, ...]:
    return tuple(one for one in value if isinstance(one, str)) if isinstance(value, list) else ()
