"""Every command of the window, once: its text, keys, menu and where its keys work."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from auditor.core.text import tr


class ActionId(StrEnum):
    """Commands by name; the table below says what they are."""

    OPEN = "open"
    CONNECT = "connect"
    OPEN_DEMO = "open-demo"
    RECENT_1 = "recent-1"
    RECENT_2 = "recent-2"
    RECENT_3 = "recent-3"
    RECENT_4 = "recent-4"
    RECENT_5 = "recent-5"
    RECENT_6 = "recent-6"
    RECENT_7 = "recent-7"
    RECENT_8 = "recent-8"
    RECENT_9 = "recent-9"
    COPY_STORE = "copy-store"
    STORE_DETAILS = "store-details"
    CLOSE_STORE = "close-store"
    NEW_WINDOW = "new-window"
    QUIT = "quit"

    COPY_VALUE = "copy-value"
    COPY_JSON = "copy-json"
    COPY_PATH = "copy-path"
    COPY_COMMAND = "copy-command"
    COPY_PATCH = "copy-patch"
    COPY_EVENT_JSON = "copy-event-json"
    COPY_EVENT_PYTHON = "copy-event-python"
    COPY_EVENT_TEST = "copy-event-test"
    FIND = "find"
    FIND_NEXT = "find-next"
    FIND_PREVIOUS = "find-previous"
    FIND_IN_EVENT = "find-in-event"

    VIEW_HISTORY = "view-history"
    VIEW_PROJECTIONS = "view-projections"
    NAVIGATOR = "navigator"
    SHOW_STATE = "show-state"
    COMPARE = "compare"
    COMPARE_WITH = "compare-with"
    BLAME = "blame"
    THEME_SYSTEM = "theme-system"
    THEME_LIGHT = "theme-light"
    THEME_DARK = "theme-dark"
    TEXT_LARGER = "text-larger"
    TEXT_SMALLER = "text-smaller"
    TEXT_USUAL = "text-usual"
    SYSTEM_FONT = "system-font"
    LOCAL_TIMES = "local-times"
    EVENT_AS_READ = "event-as-read"
    ZOOM_IN = "zoom-in"
    ZOOM_OUT = "zoom-out"
    ZOOM_FIT = "zoom-fit"
    TIME_AXIS = "time-axis"
    COMPRESS_GAPS = "compress-gaps"
    LANES = "lanes"
    SHOW_ALL_LANES = "show-all-lanes"
    ZOOM_RANGE = "zoom-range"
    SELECT_RANGE = "select-range"
    CLEAR_MARKS = "clear-marks"

    BACK = "back"
    FORWARD = "forward"
    FILTER = "filter"
    FIRST = "first"
    PREVIOUS = "previous"
    NEXT = "next"
    LAST = "last"
    BACK_100 = "back-100"
    FORWARD_100 = "forward-100"
    NEXT_EVENT = "next-event"
    PREVIOUS_EVENT = "previous-event"
    PREVIOUS_OF_TYPE = "previous-of-type"
    NEXT_OF_TYPE = "next-of-type"
    PLAY = "play"
    FASTER = "faster"
    SLOWER = "slower"
    GO_TO_VERSION = "go-to-version"
    AS_OF = "as-of"
    WHEN = "when"
    WHEN_THIS = "when-this"
    NEXT_RANGE = "next-range"
    PREVIOUS_RANGE = "previous-range"
    SET_B = "set-b"
    SWAP_CURSORS = "swap-cursors"
    FOLLOW_B = "follow-b"
    NEXT_DIFFERENCE = "next-difference"
    PREVIOUS_DIFFERENCE = "previous-difference"
    GO_TO_CAUSE = "go-to-cause"
    GO_TO_EFFECT = "go-to-effect"
    EVENT_LINKS = "event-links"
    NEXT_PANEL = "next-panel"
    PREVIOUS_PANEL = "previous-panel"

    REFRESH = "refresh"
    FOLLOW = "follow"
    CHOOSE_MODEL = "choose-model"
    REVIEW_CODE = "review-code"
    LIST_GAPS = "list-gaps"
    OPEN_ALL_BELOW = "open-all-below"
    ONLY_DIFFERING = "only-differing"
    GO_TO_SETTER = "go-to-setter"
    NEXT_VALUE = "next-value"
    PREVIOUS_VALUE = "previous-value"
    REBUILD = "rebuild"
    CATCH_UP = "catch-up"
    CANCEL_REBUILD = "cancel-rebuild"
    SHOW_ROWS = "show-rows"

    PALETTE = "palette"
    COMMANDS = "commands"
    GUIDE = "guide"
    KEYS = "keys"
    REPORTS = "reports"
    ABOUT = "about"


RECENT = (
    ActionId.RECENT_1,
    ActionId.RECENT_2,
    ActionId.RECENT_3,
    ActionId.RECENT_4,
    ActionId.RECENT_5,
    ActionId.RECENT_6,
    ActionId.RECENT_7,
    ActionId.RECENT_8,
    ActionId.RECENT_9,
)


class Menu(StrEnum):
    """The menus, in their order."""

    FILE = "file"
    EDIT = "edit"
    VIEW = "view"
    GO = "go"
    STORE = "store"
    HELP = "help"


class Scope(StrEnum):
    """Where keys work: in the whole window, or while something in that panel has the focus."""

    WINDOW = "window"
    TIMELINE = "timeline"
    STATE = "state"
    PROJECTIONS = "projections"


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionSpec:
    """One command. `keys` in Qt's portable form, the first one is shown; single letters work only while no text field
    has the focus. `group` begins a new group in its menu. `checkable`: it switches something on and off; those with
    the same `choice` exclude each other."""

    id: ActionId
    text: str
    menu: Menu
    keys: tuple[str, ...] = ()
    scope: Scope = Scope.WINDOW
    group: bool = False
    checkable: bool = False
    choice: str = ""
    icon: str = ""


def action_table() -> tuple[ActionSpec, ...]:
    """All commands in the order of their menus, in the user's language."""
    return (*_file(), *_edit(), *_view(), *_go(), *_store(), *_help())


_Make = Callable[..., ActionSpec]


def _of(menu: Menu, scope: Scope = Scope.WINDOW) -> _Make:
    """Makes rows of one menu: name, text, keys, then the other fields by their names."""

    def make(name: ActionId, text: str, *keys: str, **more: Any) -> ActionSpec:
        return ActionSpec(id=name, text=text, menu=menu, keys=keys, **{"scope": scope, **more})

    return make


def _file() -> tuple[ActionSpec, ...]:
    a, spec = ActionId, _of(Menu.FILE)
    return (
        spec(a.OPEN, tr("Open a store…"), "Ctrl+O", icon="folder"),
        spec(a.CONNECT, tr("Connect to a server…"), "Ctrl+Shift+O", icon="database"),
        spec(a.OPEN_DEMO, tr("Open the demo store"), "Ctrl+D", icon="projections"),
        *(
            spec(name, tr("Recent store {number}", number=number), f"Ctrl+{number}", group=number == 1)
            for number, name in enumerate(RECENT, 1)
        ),
        spec(a.STORE_DETAILS, tr("Store details"), "Ctrl+I", group=True, icon="lock"),
        spec(a.COPY_STORE, tr("Work on a copy…"), icon="copy"),
        spec(a.CLOSE_STORE, tr("Close the store"), "Ctrl+W"),
        spec(a.NEW_WINDOW, tr("New window"), "Ctrl+N", group=True),
        spec(a.QUIT, tr("Quit"), "Ctrl+Q"),
    )


def _edit() -> tuple[ActionSpec, ...]:
    a, spec = ActionId, _of(Menu.EDIT)
    state = _of(Menu.EDIT, Scope.STATE)
    return (
        spec(a.COPY_VALUE, tr("Copy value"), "Ctrl+C", icon="copy"),
        spec(a.COPY_JSON, tr("Copy as JSON"), "Ctrl+Shift+C"),
        spec(a.COPY_PATH, tr("Copy path")),
        spec(a.COPY_COMMAND, tr("Copy as command")),
        spec(a.COPY_PATCH, tr("Copy the patch from A to B"), icon="patch"),
        spec(a.COPY_EVENT_JSON, tr("Copy event as JSON"), group=True),
        spec(a.COPY_EVENT_PYTHON, tr("Copy event as DomainEvent(…)")),
        spec(a.COPY_EVENT_TEST, tr("Copy event as pytest")),
        spec(a.FIND, tr("Find in the state…"), "Ctrl+F", group=True, icon="search"),
        spec(a.FIND_NEXT, tr("Find next"), "F3"),
        spec(a.FIND_PREVIOUS, tr("Find previous"), "Shift+F3"),
        spec(a.FIND_IN_EVENT, tr("Find in the event…"), "Ctrl+Shift+F"),
        state(a.OPEN_ALL_BELOW, tr("Open all below"), "*"),
    )


def _view() -> tuple[ActionSpec, ...]:
    a, spec, timeline = ActionId, _of(Menu.VIEW), _of(Menu.VIEW, Scope.TIMELINE)
    return (
        spec(a.VIEW_HISTORY, tr("History"), checkable=True, choice="view", icon="history"),
        spec(a.VIEW_PROJECTIONS, tr("Projections"), checkable=True, choice="view", icon="projections"),
        spec(a.NAVIGATOR, tr("Navigator"), "Ctrl+\\", checkable=True, icon="navigator"),
        spec(a.SHOW_STATE, tr("State"), "Ctrl+E", checkable=True, choice="looking", group=True),
        spec(a.COMPARE, tr("Compare A and B"), "Ctrl+Return", checkable=True, choice="looking"),
        spec(a.COMPARE_WITH, tr("Compare with another aggregate…")),
        spec(a.BLAME, tr("Blame the field"), "Ctrl+B", checkable=True, choice="looking"),
        spec(a.ONLY_DIFFERING, tr("Only differing fields"), "D", checkable=True, icon="filter"),
        spec(a.ZOOM_IN, tr("Zoom in"), "Ctrl++", "Ctrl+=", group=True, icon="plus"),
        spec(a.ZOOM_OUT, tr("Zoom out"), "Ctrl+-", icon="minus"),
        spec(a.ZOOM_FIT, tr("Show the whole history"), "0", "Ctrl+0", icon="fit"),
        spec(a.ZOOM_RANGE, tr("Zoom to the range, or to A and B"), "Z"),
        spec(a.TIME_AXIS, tr("Axis by time"), "T", checkable=True),
        spec(a.COMPRESS_GAPS, tr("Compress gaps"), "G", checkable=True, icon="gaps"),
        timeline(a.LANES, tr("Lanes…"), "Shift+L"),
        spec(a.SHOW_ALL_LANES, tr("Show all lanes")),
        spec(a.LOCAL_TIMES, tr("Local times"), checkable=True, group=True),
        spec(a.EVENT_AS_READ, tr("Event as the model reads it"), "U", checkable=True),
        spec(a.THEME_SYSTEM, tr("Colours of the system"), checkable=True, choice="theme", group=True),
        spec(a.THEME_LIGHT, tr("Light"), checkable=True, choice="theme"),
        spec(a.THEME_DARK, tr("Dark"), checkable=True, choice="theme"),
        spec(a.TEXT_LARGER, tr("Larger text"), "Ctrl+Shift++", "Ctrl+Shift+=", group=True),
        spec(a.TEXT_SMALLER, tr("Smaller text"), "Ctrl+Shift+-", "Ctrl+Shift+_"),
        spec(a.TEXT_USUAL, tr("Usual text size")),
        spec(a.SYSTEM_FONT, tr("Font of the system"), checkable=True),
    )


def _go() -> tuple[ActionSpec, ...]:
    a, spec = ActionId, _of(Menu.GO)
    timeline, state = _of(Menu.GO, Scope.TIMELINE), _of(Menu.GO, Scope.STATE)
    return (
        spec(a.BACK, tr("Back"), "Alt+Left", icon="back"),
        spec(a.FORWARD, tr("Forward"), "Alt+Right", icon="forward"),
        spec(a.FILTER, tr("Filter aggregates"), "/", icon="filter"),
        timeline(a.FIRST, tr("First version"), "Home", group=True, icon="first"),
        timeline(a.PREVIOUS, tr("Previous version"), "Left", icon="previous"),
        timeline(a.PLAY, tr("Play"), "Space", checkable=True, icon="play"),
        timeline(a.NEXT, tr("Next version"), "Right", icon="next"),
        timeline(a.LAST, tr("Last version"), "End", icon="last"),
        timeline(a.BACK_100, tr("A hundred versions back"), "Shift+Left"),
        timeline(a.FORWARD_100, tr("A hundred versions on"), "Shift+Right"),
        timeline(a.FASTER, tr("Play faster"), "+"),
        timeline(a.SLOWER, tr("Play slower"), "-"),
        spec(a.NEXT_EVENT, tr("Next event"), "J", group=True),
        spec(a.PREVIOUS_EVENT, tr("Previous event"), "K"),
        spec(a.PREVIOUS_OF_TYPE, tr("Previous event of this type"), "Ctrl+Left"),
        spec(a.NEXT_OF_TYPE, tr("Next event of this type"), "Ctrl+Right"),
        spec(a.GO_TO_VERSION, tr("Go to version…"), "Ctrl+G", "Ctrl+L"),
        spec(a.AS_OF, tr("As of a time…"), "Ctrl+T"),
        spec(a.WHEN, tr("When was this true?"), "Ctrl+Shift+T", group=True, icon="search"),
        state(a.WHEN_THIS, tr("When did it become this"), "W"),
        spec(a.NEXT_RANGE, tr("Next range of versions"), "N", icon="next"),
        spec(a.PREVIOUS_RANGE, tr("Previous range of versions"), "Shift+N", icon="previous"),
        spec(a.SET_B, tr("Set B here"), "]", group=True),
        spec(a.SWAP_CURSORS, tr("Swap A and B"), "X", icon="swap"),
        spec(a.FOLLOW_B, tr("B follows the version before A"), "B"),
        timeline(a.SELECT_RANGE, tr("Select the range from A to B"), "R"),
        timeline(a.CLEAR_MARKS, tr("Clear range and highlights"), "Esc"),
        spec(a.NEXT_DIFFERENCE, tr("Next difference"), "F8", icon="chevron-down"),
        spec(a.PREVIOUS_DIFFERENCE, tr("Previous difference"), "Shift+F8", icon="chevron-up"),
        spec(a.GO_TO_CAUSE, tr("Go to the cause"), "Ctrl+Up", group=True, icon="cause"),
        spec(a.GO_TO_EFFECT, tr("Go to the first effect"), "Ctrl+Down", icon="effect"),
        spec(a.EVENT_LINKS, tr("All causes and effects"), "L"),
        state(a.GO_TO_SETTER, tr("Go to the event that set it"), "Alt+Return", icon="cause"),
        spec(a.NEXT_VALUE, tr("Next value of the field"), "Alt+Down"),
        spec(a.PREVIOUS_VALUE, tr("Previous value of the field"), "Alt+Up"),
        spec(a.NEXT_PANEL, tr("Next panel"), "F6", group=True),
        spec(a.PREVIOUS_PANEL, tr("Previous panel"), "Shift+F6"),
    )


def _store() -> tuple[ActionSpec, ...]:
    a, spec = ActionId, _of(Menu.STORE)
    projections = _of(Menu.STORE, Scope.PROJECTIONS)
    return (
        spec(a.REFRESH, tr("Read new events"), "F5", icon="refresh"),
        spec(a.FOLLOW, tr("Follow"), "F", checkable=True, icon="follow"),
        spec(a.CHOOSE_MODEL, tr("Choose the model…"), group=True),
        spec(a.LIST_GAPS, tr("What the states lack…"), icon="warning"),
        spec(a.REVIEW_CODE, tr("Review the workspace's code…"), icon="shield"),
        projections(a.CATCH_UP, tr("Catch up"), "Shift+R", group=True, icon="follow"),
        projections(a.REBUILD, tr("Rebuild"), "R", icon="refresh"),
        projections(a.CANCEL_REBUILD, tr("Cancel the rebuild"), "Esc", icon="close"),
        projections(a.SHOW_ROWS, tr("Rows of the read model"), icon="rows"),
    )


def _help() -> tuple[ActionSpec, ...]:
    a, spec = ActionId, _of(Menu.HELP)
    return (
        spec(a.PALETTE, tr("Go to id, event or command"), "Ctrl+K", icon="search"),
        spec(a.COMMANDS, tr("All commands"), "Ctrl+Shift+P"),
        spec(a.GUIDE, tr("Guide"), "F1", group=True),
        spec(a.KEYS, tr("Keys"), "?", icon="keyboard"),
        spec(a.REPORTS, tr("Reports of mistakes…"), group=True),
        spec(a.ABOUT, tr("About Auditor")),
    )
