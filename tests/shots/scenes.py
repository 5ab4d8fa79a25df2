"""What is pictured, one function a picture or a few that belong together."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtWidgets import QApplication, QToolButton, QWidget

from auditor.gui.action_table import ActionId
from auditor.gui.cursor import Place
from auditor.gui.main_window import MainWindow
from auditor.gui.photographer import Photographer
from tests.shots import (
    blame_scenes,
    compare_scenes,
    event_scenes,
    projection_scenes,
    server_scenes,
    timeline_scenes,
    truth_scenes,
    waits,
    when_scenes,
)
from tests.shots.stage import Stage


@dataclass(frozen=True, slots=True)
class Scene:
    """`store` picks a store of the stage; `act` brings the window to what is pictured, and gives what to take."""

    name: str
    store: Callable[[Stage], Path] | None
    act: Callable[[Photographer, MainWindow, Stage], QWidget]


def _at(
    place: Callable[[Stage], tuple[str, int | None]],
) -> Callable[[Photographer, MainWindow, Stage], QWidget]:
    """History at a version (ordinal) of an aggregate."""

    def act(photographer: Photographer, window: MainWindow, stage: Stage) -> QWidget:
        aggregate_id, ordinal = place(stage)
        _go(photographer, window, aggregate_id, ordinal)
        return window

    return act


def _go(photographer: Photographer, window: MainWindow, aggregate_id: str, ordinal: int | None) -> None:
    window.desk.cursor.go_to(Place(aggregate_id, None, ordinal))
    photographer.until_idle(window)
    photographer.rest(250)


def _triggered(name: ActionId) -> Callable[[Photographer, MainWindow, Stage], QWidget]:
    """The window, or the dialog that opens, after that command at the demo's story."""

    def act(photographer: Photographer, window: MainWindow, stage: Stage) -> QWidget:
        _go(photographer, window, *stage.story)
        window.desk.actions[name].trigger()
        photographer.until_idle(window)
        photographer.rest(250)
        return _dialog(window)

    return act


def _dialog(window: MainWindow) -> QWidget:
    active = QApplication.activeModalWidget() or QApplication.activePopupWidget()
    return active if active is not None and active is not window else window


def _as_it_opens(photographer: Photographer, window: MainWindow, stage: Stage) -> QWidget:
    photographer.until_idle(window)
    photographer.rest(250)
    return window


def _not_a_store(photographer: Photographer, window: MainWindow, stage: Stage) -> QWidget:
    window.open(str(stage.no_store))
    photographer.until(lambda: window.desk.store.failure is not None, "the failure")
    return window


def _trust_asked(photographer: Photographer, window: MainWindow, stage: Stage) -> QWidget:
    photographer.until(lambda: QApplication.activeModalWidget() is not None, "the question of trust")
    photographer.rest(250)
    return _dialog(window)


def _life(stage: Stage) -> tuple[str, int, int | None]:
    """Of the story's order, from its beginning to its end."""
    return stage.story[0], 3, 10_000


def _tab(number: int) -> Callable[[Photographer, MainWindow, Stage], QWidget]:
    """The event panel's tab of that number."""

    def act(photographer: Photographer, window: MainWindow, stage: Stage) -> QWidget:
        _go(photographer, window, *stage.story)
        button = window.findChild(QToolButton, f"event.tabs.{number}")
        assert button is not None
        button.click()
        photographer.rest(250)
        return window

    return act


def _opened_wide(photographer: Photographer, window: MainWindow, stage: Stage) -> QWidget:
    """The story with the items and corrections open."""
    _go(photographer, window, *stage.story)
    window.desk.actions[ActionId.OPEN_ALL_BELOW].trigger()
    photographer.until_idle(window)
    photographer.rest(250)
    return window


def _merged(photographer: Photographer, window: MainWindow, stage: Stage) -> QWidget:
    _go(photographer, window, *stage.story)
    window.desk.cursor.set_model("merge")
    photographer.until_folded(window)
    return window


def _zoomed(photographer: Photographer, window: MainWindow, stage: Stage) -> QWidget:
    _go(photographer, window, "order-1", 40_321)
    for _ in range(12):
        window.desk.actions[ActionId.ZOOM_IN].trigger()
    photographer.rest(250)
    return window


def _found(photographer: Photographer, window: MainWindow, stage: Stage) -> QWidget:
    _go(photographer, window, *stage.story)
    window.desk.actions[ActionId.FIND].trigger()
    photographer.rest(50)
    field = window.findChild(QWidget, "state.search.text")
    assert field is not None
    field.setProperty("text", "SKU")
    photographer.until_idle(window)
    photographer.rest(250)
    return window


def _guide(photographer: Photographer, window: MainWindow, stage: Stage) -> QWidget:
    window.shell.show_guide()
    photographer.until_idle(window)
    photographer.rest(250)
    assert window.shell.help is not None
    return window.shell.help


def _mistake(photographer: Photographer, window: MainWindow, stage: Stage) -> QWidget:
    """A mistake of the program's own is told in the window, which lives on."""
    _go(photographer, window, *stage.story)
    try:
        raise ZeroDivisionError("on purpose, for the picture")
    except ZeroDivisionError as error:
        window.desk.store.crashed.emit(error)
    photographer.until_idle(window)
    photographer.rest(250)
    return window


def _story(stage: Stage) -> tuple[str, int | None]:
    return stage.story


SCENES: tuple[Scene, ...] = (
    Scene("start", None, _as_it_opens),
    Scene("opening-failed", None, _not_a_store),
    Scene("history", lambda stage: stage.demo, _at(_story)),
    Scene(
        "history-real-log",
        lambda stage: stage.real_orders,
        _at(lambda stage: (stage.longest_real_order, None)),
    ),
    Scene("history-nothing-chosen", lambda stage: stage.demo, _as_it_opens),
    Scene("history-empty-store", lambda stage: stage.empty, _as_it_opens),
    Scene("history-one-event", lambda stage: stage.one_event, _at(lambda _: ("t-1", None))),
    Scene("history-80-types", lambda stage: stage.many_types, _at(lambda _: ("t-1", 200))),
    Scene("history-100000", lambda stage: stage.long, _at(lambda _: ("order-1", 40_321))),
    Scene("history-100000-zoomed", lambda stage: stage.long, _zoomed),
    Scene("timeline-by-time", lambda stage: stage.long, timeline_scenes.by_time),
    Scene("timeline-compressed", lambda stage: stage.small_demo, timeline_scenes.compressed),
    Scene("timeline-chosen-lanes", lambda stage: stage.small_demo, timeline_scenes.chosen),
    Scene("timeline-held", lambda stage: stage.small_demo, timeline_scenes.held),
    Scene("timeline-stands-out", lambda stage: stage.small_demo, timeline_scenes.stands_out),
    Scene("timeline-faulty", lambda stage: stage.small_demo, timeline_scenes.faulty),
    Scene("history-hostile", lambda stage: stage.hostile, _at(lambda _: ("h-1", 3))),
    Scene("state-open", lambda stage: stage.demo, _opened_wide),
    Scene("state-found", lambda stage: stage.demo, _found),
    Scene("state-merge", lambda stage: stage.demo, _merged),
    Scene("state-incomplete", lambda stage: stage.incomplete, _at(lambda _: ("t-1", None))),
    Scene("state-against-b", lambda stage: stage.demo, blame_scenes.against_b),
    Scene("state-only-differing", lambda stage: stage.demo, blame_scenes.only_differing),
    Scene("blame", lambda stage: stage.demo, blame_scenes.blamed(_story, "/total")),
    Scene("blame-texts", lambda stage: stage.demo, blame_scenes.blamed(_story, "/status")),
    Scene("blame-500", lambda stage: stage.small_demo, blame_scenes.blamed(lambda s: s.busy, "/total")),
    Scene(
        "blame-incomplete",
        lambda stage: stage.incomplete,
        blame_scenes.blamed(lambda _: ("t-1", None), "/count"),
    ),
    Scene("blame-no-field", lambda stage: stage.demo, blame_scenes.no_field),
    Scene("state-loading", lambda stage: stage.long, waits.loading),
    Scene("state-cancelled", lambda stage: stage.long, waits.cancelled),
    Scene("state-untrusted", lambda stage: stage.untrusted, waits.untrusted),
    Scene("compare", lambda stage: stage.demo, compare_scenes.compared(_life, differences=2)),
    Scene("compare-unchanged", lambda stage: stage.demo, compare_scenes.with_unchanged(_life)),
    Scene("compare-follows", lambda stage: stage.demo, compare_scenes.compared(lambda s: (*s.story, None))),
    Scene("compare-same", lambda stage: stage.demo, compare_scenes.compared(lambda s: (s.story[0], 2, 2))),
    Scene("compare-of-two", lambda stage: stage.demo, compare_scenes.of_two),
    Scene(
        "compare-incomplete", lambda stage: stage.incomplete, compare_scenes.compared(lambda _: ("t-1", 2, 5))
    ),
    Scene(
        "compare-100000",
        lambda stage: stage.long,
        compare_scenes.compared(lambda _: ("order-1", 4_000, 90_000)),
    ),
    Scene("navigator-no-match", lambda stage: stage.demo, waits.no_match),
    Scene("state-failed", lambda stage: stage.ended, _at(lambda _: ("t-1", None))),
    Scene("event-json", lambda stage: stage.demo, _tab(1)),
    Scene("event-stored", lambda stage: stage.demo, _tab(2)),
    Scene("event-changed", lambda stage: stage.demo, event_scenes.changed),
    Scene("event-bytes", lambda stage: stage.demo, event_scenes.as_bytes),
    Scene("event-found", lambda stage: stage.demo, event_scenes.found_in_fields),
    Scene("event-found-json", lambda stage: stage.demo, event_scenes.found_in_json),
    Scene("event-links", lambda stage: stage.linked, event_scenes.linked),
    Scene("event-circle", lambda stage: stage.linked, event_scenes.circular),
    Scene("event-no-test", lambda stage: stage.linked, event_scenes.nothing_to_test),
    Scene("truth-holes", truth_scenes.holed, truth_scenes.at_the_end),
    Scene("truth-lacking", truth_scenes.lacking, truth_scenes.listed),
    Scene("truth-random", truth_scenes.random, truth_scenes.not_deterministic),
    Scene("truth-snapshot", truth_scenes.snapshotted, truth_scenes.wrong_snapshot),
    Scene("truth-changed", truth_scenes.lacking, truth_scenes.changed),
    Scene("truth-compared", truth_scenes.lacking, truth_scenes.compared),
    Scene("trust", lambda stage: stage.untrusted, _trust_asked),
    Scene("store-details", lambda stage: stage.demo, _triggered(ActionId.STORE_DETAILS)),
    Scene("palette", lambda stage: stage.demo, _triggered(ActionId.PALETTE)),
    Scene("commands", lambda stage: stage.demo, _triggered(ActionId.COMMANDS)),
    Scene("keys", lambda stage: stage.demo, _triggered(ActionId.KEYS)),
    Scene("about", lambda stage: stage.demo, _triggered(ActionId.ABOUT)),
    Scene("connect", lambda stage: stage.demo, _triggered(ActionId.CONNECT)),
    Scene("connect-filled", None, server_scenes.filled),
    Scene("connect-testing", None, server_scenes.testing),
    Scene("connect-failed", None, server_scenes.failed),
    Scene("connect-reading-role", None, server_scenes.passed(lambda store: store.reading)),
    Scene("connect-writing-role", None, server_scenes.passed(lambda store: store.owner)),
    Scene("connect-password-asked", None, server_scenes.asked),
    Scene("go-to-version", lambda stage: stage.demo, _triggered(ActionId.GO_TO_VERSION)),
    Scene("as-of", lambda stage: stage.demo, when_scenes.as_of),
    Scene("as-of-unclear", lambda stage: stage.demo, when_scenes.as_of_unclear),
    Scene("when", lambda stage: stage.demo, when_scenes.asked('total changed or status = "shipped"', _story)),
    Scene(
        "when-mistake", lambda stage: stage.demo, when_scenes.asked("total > 500 and status = paid", _story)
    ),
    Scene(
        "when-100000",
        lambda stage: stage.long,
        when_scenes.asked("lines.sku-3.quantity > 4", lambda _: ("order-1", 40_321)),
    ),
    Scene("guide", lambda stage: stage.demo, _guide),
    Scene("mistake", lambda stage: stage.demo, _mistake),
    Scene("start-recent", None, _as_it_opens),
    Scene("rebuild-none", lambda stage: stage.one_event, projection_scenes.listed),
    Scene("rebuild-listed", lambda stage: stage.rebuilt, projection_scenes.listed),
    Scene("catch-up-stopped", lambda stage: stage.large, projection_scenes.catching_up_stopped),
    Scene("catch-up-running", lambda stage: stage.large, projection_scenes.catching_up),
    Scene("catch-up-finished", lambda stage: stage.large, projection_scenes.caught_up),
    Scene("catch-up-failed", lambda stage: stage.failing, projection_scenes.caught_up),
    Scene("rebuild-running", lambda stage: stage.large, projection_scenes.running),
    Scene("rebuild-cancel", lambda stage: stage.large, projection_scenes.cancel_asked),
    Scene("rebuild-cancelled", lambda stage: stage.large, projection_scenes.cancelled),
    Scene("rebuild-failed", lambda stage: stage.failing, projection_scenes.finished),
    Scene("rebuild-finished", lambda stage: stage.rebuilt, projection_scenes.finished),
    Scene("rebuild-rows", lambda stage: stage.rebuilt, projection_scenes.rows),
)
