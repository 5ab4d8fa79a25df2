"""The event at A: what it changed, its causes and effects, its bytes, and a text found in it."""

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from auditor.gui.cursor import Place
from auditor.gui.event.header import BYTES, FIELDS, JSON
from auditor.gui.event.panel import EventPanel
from auditor.gui.main_window import MainWindow
from auditor.gui.photographer import Photographer
from tests.shots.stage import Stage

Act = Callable[[Photographer, MainWindow, Stage], QWidget]


def _panel(
    photographer: Photographer, window: MainWindow, aggregate_id: str, ordinal: int | None
) -> EventPanel:
    window.desk.cursor.go_to(Place(aggregate_id, None, ordinal))
    photographer.until_folded(window)
    assert window.views is not None
    panel = window.views.history.event_panel
    shown = panel.reader
    photographer.until(
        lambda: shown.shown is not None and shown.shown.changes is not None, "what the event changed"
    )
    if panel.window().width() < 1100:  # it is a tab there
        panel.wanted.emit()
    return panel


def _rested(photographer: Photographer, window: MainWindow) -> QWidget:
    photographer.until_idle(window)
    photographer.rest(250)
    return window


def changed(photographer: Photographer, window: MainWindow, stage: Stage) -> QWidget:
    """The correction of the price, with what it changed."""
    _panel(photographer, window, *stage.story).show_tab(FIELDS)
    return _rested(photographer, window)


def linked(photographer: Photographer, window: MainWindow, stage: Stage) -> QWidget:
    """A payment between the order that asked for it and 250 parcels that it sent on their way."""
    _panel(photographer, window, "payment-77", 2).show_links()
    return _rested(photographer, window)


def circular(photographer: Photographer, window: MainWindow, stage: Stage) -> QWidget:
    """Two events that name each other."""
    _panel(photographer, window, "loop-1", 1).show_links()
    return _rested(photographer, window)


def as_bytes(photographer: Photographer, window: MainWindow, stage: Stage) -> QWidget:
    panel = _panel(photographer, window, *stage.story)
    panel.show_tab(BYTES)
    panel.pages.bytes.form.button(1).click()
    return _rested(photographer, window)


def found(tab: int, text: str) -> Act:
    """That text, sought on that page."""

    def act(photographer: Photographer, window: MainWindow, stage: Stage) -> QWidget:
        panel = _panel(photographer, window, *stage.story)
        panel.show_tab(tab)
        panel.find_text()
        panel.search.bar.text.setText(text)
        return _rested(photographer, window)

    return act


found_in_fields = found(FIELDS, "price")
found_in_json = found(JSON, "price")


def nothing_to_test(photographer: Photographer, window: MainWindow, stage: Stage) -> QWidget:
    """Why no test can be copied."""
    panel = _panel(photographer, window, "payment-77", 1)
    panel.copying.copy_event("pytest")
    return _rested(photographer, window)
