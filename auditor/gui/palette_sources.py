"""Where the palette's rows come from: commands, versions, event types; ids and fields are asked of jobs."""

from collections.abc import Callable, Iterable
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from auditor.core.presenter import display, display_events
from auditor.core.text import tr
from auditor.gui.action_table import RECENT, ActionId, ActionSpec
from auditor.gui.cursor import Place
from auditor.gui.desk import Desk
from auditor.gui.key_caps import spoken_keys
from auditor.gui.palette_rows import PaletteRow, match

if TYPE_CHECKING:
    from auditor.jobs.find_fields import FoundFields
    from auditor.jobs.list_aggregates import ListAggregatesResult

_HIDDEN = (ActionId.PALETTE, ActionId.COMMANDS)
LONGEST_ID = 80


class PaletteSources:
    """Rows for a text, from what the window has in hand; nothing here asks the store."""

    def __init__(
        self, desk: Desk, show_history: Callable[[], object], reveal: Callable[[str], object]
    ) -> None:
        """`reveal` shows the field at a pointer in the state."""
        self._desk = desk
        self._show_history = show_history
        self._reveal = reveal

    def commands(self, text: str, *, only_possible: bool = False) -> list[PaletteRow]:
        """Those that can be used first; stores that were opened before come after all else."""
        specs = sorted(self._desk.actions.specs, key=lambda spec: spec.id in RECENT)
        rows = [row for spec in specs if (row := self._command(spec, text)) is not None]
        if only_possible:
            return [row for row in rows if row.is_enabled]
        return sorted(rows, key=lambda row: not row.is_enabled)

    def count(self) -> int:
        """How many rows there would be if nothing were typed, without those that only the store knows."""
        history = self._desk.cursor.history
        more = 0 if history is None else history.length + len(history.types)
        return len(self.commands("")) + more

    def _command(self, spec: ActionSpec, text: str) -> PaletteRow | None:
        action = self._desk.actions[spec.id]
        title = action.text().replace("&&", "&")
        if spec.id in RECENT:
            title = tr("Open {name}", name=title)
        spans = match(text, title)
        if spec.id in _HIDDEN or not action.isVisible() or spans is None:
            return None
        on = action.isCheckable() and action.isChecked()
        return PaletteRow(
            title=title,
            detail=tr("on") if on else "",
            icon=spec.icon,
            keys=spoken_keys(spec.keys),
            reason="" if action.isEnabled() else action.whatsThis(),
            is_enabled=action.isEnabled(),
            spans=spans,
            run=action.trigger,
        )

    def versions(self, text: str) -> list[PaletteRow]:
        """The version that was typed, if the shown history has it."""
        history = self._desk.cursor.history
        if history is None or not text.isdecimal() or len(text) > 18:
            return []
        ordinal = history.ordinal_of_version(int(text))
        if ordinal is None:
            return []
        title = tr("Version {version:,}", version=history.version(ordinal))
        event_type, time = history.event_type(ordinal) or "", history.time(ordinal) or ""
        return [
            PaletteRow(
                title=title,
                detail=f"{display(event_type)}, {self._desk.clock.second(time)}",
                event_type=event_type,
                spans=((len(title) - len(text), len(title)),) if title.endswith(text) else (),
                run=partial(self._go_to_ordinal, ordinal),
            )
        ]

    def event_types(self, text: str) -> list[PaletteRow]:
        """Those of the shown history; each leads to its next event after A, or to its first."""
        history = self._desk.cursor.history
        if history is None or not text:
            return []
        rows = []
        for number, (name, count) in enumerate(zip(history.types, history.counts(), strict=True)):
            spans = match(text, display(name))
            if spans is not None:
                rows.append(
                    PaletteRow(
                        title=display(name),
                        detail=tr("{count} here, go to the next", count=display_events(count)),
                        event_type=name,
                        spans=spans,
                        run=partial(self._go_to_type, number),
                    )
                )
        return rows

    def aggregates(self, text: str, found: "ListAggregatesResult") -> list[PaletteRow]:
        return [
            PaletteRow(
                title=display(row.aggregate_id, longest=LONGEST_ID),
                detail=f"{display(row.aggregate_type or '–')}, {display_events(row.events)}",
                icon="history",
                is_mono=True,
                spans=((0, len(text)),) if text and display(row.aggregate_id).startswith(text) else (),
                run=partial(self._go_to, Place(row.aggregate_id, row.aggregate_type)),
            )
            for row in found.aggregates
        ]

    def fields(self, text: str, found: "FoundFields") -> list[PaletteRow]:
        return [
            PaletteRow(
                title=(shown := display(spoken_pointer(pointer))),
                detail=tr("at version {version}", version=found.version),
                icon="chevron-right",
                spans=match(text, shown) or (),
                run=partial(self._show_field, pointer),
            )
            for pointer in found.pointers
        ]

    # -- going there -----------------------------------------------------------------------------------------------

    def _go_to(self, place: Place) -> None:
        self._show_history()
        self._desk.cursor.go_to(place)

    def _go_to_ordinal(self, ordinal: int) -> None:
        place = self._desk.cursor.place
        if place is not None:
            self._go_to(Place(place.aggregate_id, place.aggregate_type, ordinal))

    def _go_to_type(self, number: int) -> None:
        history, at = self._desk.cursor.history, self._desk.cursor.ordinal
        if history is not None:
            ordinals = np.flatnonzero(history.type_of == number) + 1
            later = ordinals[ordinals > at]
            self._go_to_ordinal(int(later[0] if later.size else ordinals[0]))

    def _show_field(self, pointer: str) -> None:
        self._show_history()
        self._reveal(pointer)


def spoken_pointer(pointer: str) -> str:
    """`/items/1/price` as people write it: `items[1].price`."""
    text = ""
    for step in pointer.split("/")[1:]:
        name = step.replace("~1", "/").replace("~0", "~")
        text += f"[{name}]" if name.isdecimal() else f".{name}"
    return text.removeprefix(".")


def section(title: str, rows: Iterable[PaletteRow], most: int) -> list[PaletteRow]:
    """The rows under their title, the first `most` of them; nothing where there are none."""
    kept = list(rows)
    left_out = tr(", the first {shown} of {count:,}", shown=most, count=len(kept)) if len(kept) > most else ""
    return [PaletteRow(title=title + left_out, is_caption=True), *kept[:most]] if kept else []
