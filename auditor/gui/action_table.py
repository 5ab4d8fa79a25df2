"""Every command of the window, once: its text, keys, menu and where its keys work."""

from dataclasses import dataclass
from enum import StrEnum

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
    FIND = "find"
    FIND_NEXT = "find-next"
    FIND_PREVIOUS = "find-previous"

    VIEW_HISTORY = "view-history"
    VIEW_PROJECTIONS = "view-projections"
    NAVIGATOR = "navigator"
    THEME_SYSTEM = "theme-system"
    THEME_LIGHT = "theme-light"
    THEME_DARK = "theme-dark"
    TEXT_LARGER = "text-larger"
    TEXT_SMALLER = "text-smaller"
    TEXT_USUAL = "text-usual"
    SYSTEM_FONT = "system-font"
    LOCAL_TIMES = "local-times"
    ZOOM_IN = "zoom-in"
    ZOOM_OUT = "zoom-out"
    ZOOM_FIT = "zoom-fit"

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
    GO_TO_CAUSE = "go-to-cause"
    GO_TO_EFFECT = "go-to-effect"
    NEXT_PANEL = "next-panel"
    PREVIOUS_PANEL = "previous-panel"

    REFRESH = "refresh"
    FOLLOW = "follow"
    CHOOSE_MODEL = "choose-model"
    REVIEW_CODE = "review-code"
    OPEN_ALL_BELOW = "open-all-below"
    REBUILD = "rebuild"
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
    a, m = ActionId, Menu
    timeline, state, projections = Scope.TIMELINE, Scope.STATE, Scope.PROJECTIONS

    def spec(id_: ActionId, menu: Menu, text: str, *keys: str, **more: object) -> ActionSpec:
        return ActionSpec(id=id_, menu=menu, text=text, keys=keys, **more)  # type: ignore[arg-type] # fields by name

    return (
        spec(a.OPEN, m.FILE, tr("Open a store…"), "Ctrl+O", icon="folder"),
        spec(a.CONNECT, m.FILE, tr("Connect to a server…"), "Ctrl+Shift+O", icon="database"),
        spec(a.OPEN_DEMO, m.FILE, tr("Open the demo store"), "Ctrl+D", icon="projections"),
        *(
            spec(
                name, m.FILE, tr("Recent store {number}", number=number), f"Ctrl+{number}", group=number == 1
            )
            for number, name in enumerate(RECENT, 1)
        ),
        spec(a.STORE_DETAILS, m.FILE, tr("Store details"), "Ctrl+I", group=True, icon="lock"),
        spec(a.COPY_STORE, m.FILE, tr("Work on a copy…"), icon="copy"),
        spec(a.CLOSE_STORE, m.FILE, tr("Close the store"), "Ctrl+W"),
        spec(a.NEW_WINDOW, m.FILE, tr("New window"), "Ctrl+N", group=True),
        spec(a.QUIT, m.FILE, tr("Quit"), "Ctrl+Q"),
        spec(a.COPY_VALUE, m.EDIT, tr("Copy value"), "Ctrl+C", icon="copy"),
        spec(a.COPY_JSON, m.EDIT, tr("Copy as JSON"), "Ctrl+Shift+C"),
        spec(a.COPY_PATH, m.EDIT, tr("Copy path")),
        spec(a.COPY_COMMAND, m.EDIT, tr("Copy as command")),
        spec(a.FIND, m.EDIT, tr("Find in the state…"), "Ctrl+F", group=True, icon="search"),
        spec(a.FIND_NEXT, m.EDIT, tr("Find next"), "F3"),
        spec(a.FIND_PREVIOUS, m.EDIT, tr("Find previous"), "Shift+F3"),
        spec(a.OPEN_ALL_BELOW, m.EDIT, tr("Open all below"), "*", scope=state),
        spec(a.VIEW_HISTORY, m.VIEW, tr("History"), checkable=True, choice="view", icon="history"),
        spec(
            a.VIEW_PROJECTIONS, m.VIEW, tr("Projections"), checkable=True, choice="view", icon="projections"
        ),
        spec(a.NAVIGATOR, m.VIEW, tr("Navigator"), "Ctrl+\\", checkable=True, icon="navigator"),
        spec(a.ZOOM_IN, m.VIEW, tr("Zoom in"), "Ctrl++", "Ctrl+=", group=True, icon="plus"),
        spec(a.ZOOM_OUT, m.VIEW, tr("Zoom out"), "Ctrl+-", icon="minus"),
        spec(a.ZOOM_FIT, m.VIEW, tr("Show the whole history"), "0", "Ctrl+0", icon="fit"),
        spec(a.LOCAL_TIMES, m.VIEW, tr("Local times"), checkable=True, group=True),
        spec(a.THEME_SYSTEM, m.VIEW, tr("Colours of the system"), checkable=True, choice="theme", group=True),
        spec(a.THEME_LIGHT, m.VIEW, tr("Light"), checkable=True, choice="theme"),
        spec(a.THEME_DARK, m.VIEW, tr("Dark"), checkable=True, choice="theme"),
        spec(a.TEXT_LARGER, m.VIEW, tr("Larger text"), "Ctrl+Shift++", "Ctrl+Shift+=", group=True),
        spec(a.TEXT_SMALLER, m.VIEW, tr("Smaller text"), "Ctrl+Shift+-", "Ctrl+Shift+_"),
        spec(a.TEXT_USUAL, m.VIEW, tr("Usual text size")),
        spec(a.SYSTEM_FONT, m.VIEW, tr("Font of the system"), checkable=True),
        spec(a.BACK, m.GO, tr("Back"), "Alt+Left", icon="back"),
        spec(a.FORWARD, m.GO, tr("Forward"), "Alt+Right", icon="forward"),
        spec(a.FILTER, m.GO, tr("Filter aggregates"), "/", icon="filter"),
        spec(a.FIRST, m.GO, tr("First version"), "Home", scope=timeline, group=True, icon="first"),
        spec(a.PREVIOUS, m.GO, tr("Previous version"), "Left", scope=timeline, icon="previous"),
        spec(a.PLAY, m.GO, tr("Play"), "Space", scope=timeline, checkable=True, icon="play"),
        spec(a.NEXT, m.GO, tr("Next version"), "Right", scope=timeline, icon="next"),
        spec(a.LAST, m.GO, tr("Last version"), "End", scope=timeline, icon="last"),
        spec(a.BACK_100, m.GO, tr("A hundred versions back"), "Shift+Left", scope=timeline),
        spec(a.FORWARD_100, m.GO, tr("A hundred versions on"), "Shift+Right", scope=timeline),
        spec(a.FASTER, m.GO, tr("Play faster"), "+", scope=timeline),
        spec(a.SLOWER, m.GO, tr("Play slower"), "-", scope=timeline),
        spec(a.NEXT_EVENT, m.GO, tr("Next event"), "J", group=True),
        spec(a.PREVIOUS_EVENT, m.GO, tr("Previous event"), "K"),
        spec(a.PREVIOUS_OF_TYPE, m.GO, tr("Previous event of this type"), "Ctrl+Left"),
        spec(a.NEXT_OF_TYPE, m.GO, tr("Next event of this type"), "Ctrl+Right"),
        spec(a.GO_TO_VERSION, m.GO, tr("Go to version…"), "Ctrl+G", "Ctrl+L"),
        spec(a.GO_TO_CAUSE, m.GO, tr("Go to the cause"), "Ctrl+Up", group=True, icon="cause"),
        spec(a.GO_TO_EFFECT, m.GO, tr("Go to the first effect"), "Ctrl+Down", icon="effect"),
        spec(a.NEXT_PANEL, m.GO, tr("Next panel"), "F6", group=True),
        spec(a.PREVIOUS_PANEL, m.GO, tr("Previous panel"), "Shift+F6"),
        spec(a.REFRESH, m.STORE, tr("Read new events"), "F5", icon="refresh"),
        spec(a.FOLLOW, m.STORE, tr("Follow"), "F", checkable=True, icon="follow"),
        spec(a.CHOOSE_MODEL, m.STORE, tr("Choose the model…"), group=True),
        spec(a.REVIEW_CODE, m.STORE, tr("Review the workspace's code…"), icon="shield"),
        spec(a.REBUILD, m.STORE, tr("Rebuild"), "R", scope=projections, group=True, icon="refresh"),
        spec(a.CANCEL_REBUILD, m.STORE, tr("Cancel the rebuild"), "Esc", scope=projections, icon="close"),
        spec(a.SHOW_ROWS, m.STORE, tr("Rows of the read model"), scope=projections, icon="rows"),
        spec(a.PALETTE, m.HELP, tr("Go to id, event or command"), "Ctrl+K", icon="search"),
        spec(a.COMMANDS, m.HELP, tr("All commands"), "Ctrl+Shift+P"),
        spec(a.GUIDE, m.HELP, tr("Guide"), "F1", group=True),
        spec(a.KEYS, m.HELP, tr("Keys"), "?", icon="keyboard"),
        spec(a.REPORTS, m.HELP, tr("Reports of mistakes…"), group=True),
        spec(a.ABOUT, m.HELP, tr("About Auditor")),
    )
