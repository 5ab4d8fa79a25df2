"""How late a real window is while a user goes through all of it, off screen. Run in a process of its own:
`python -m tests.benchmarks.window_tour STORE`, which may be written to."""

import json
import os
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtTest import QTest

from auditor.gui.action_table import ActionId
from auditor.gui.app import make_appearance, make_application
from auditor.gui.cursor import Place
from auditor.gui.main_window import MainWindow
from auditor.gui.settings import Settings
from tests.gui.acceptance.driving import User
from tests.gui.acceptance.stalls import StallWatch

REBUILT_FOR_SECONDS = 6.0
PLAYED_FOR_SECONDS = 2.0
APPENDED = 20
WRITER = """
import sys, time
from uuid import uuid4
from auditor.eventsourcing import EventStore
store, name, count = sys.argv[1:]
with EventStore(store) as opened:
    last = list(opened.get_events(name))[-1]
    for number in range(int(count)):
        next_one = last._replace(version=last.version + 1, event_id_text=str(uuid4()))
        (last,) = opened.append_many({name: ([next_one], last.version)})
        time.sleep(0.05)
"""


@dataclass(frozen=True, kw_only=True)
class Lateness:
    """Milliseconds by which a timer of 5 ms came late, over the whole tour; `own` without the time in which other
    processes had the processors. `phases`: the worst of each, and of it the own."""

    ticks: int
    p99: float
    worst: float
    own_p99: float
    own_worst: float
    phases: dict[str, tuple[float, float]]


class Tour:
    """One window on one store; each phase is measured by itself too."""

    def __init__(self, store: Path) -> None:
        self._store = store
        self._watch = StallWatch()
        self._phases: dict[str, tuple[float, float]] = {}
        with closing(sqlite3.connect(store)) as connection:
            longest = "SELECT aggregate_id FROM streams ORDER BY version DESC LIMIT 1"
            (self._longest,) = connection.execute(longest).fetchone()
            self._caused = connection.execute(
                "SELECT e.aggregate_id, e.version FROM events e JOIN events c ON c.event_id = e.causation_id"
                " WHERE c.aggregate_id != e.aggregate_id LIMIT 1"
            ).fetchone()
        settings = Settings()
        self._window = MainWindow(make_appearance(make_application(), settings), settings)
        self._window.resize(1440, 900)
        self._user = User(self._window)

    def go(self) -> Lateness:
        self._window.show()
        self._window.activateWindow()
        QTest.qWait(200)
        self._watch.start()
        for phase in (
            self._open,
            self._list,
            self._choose,
            self._drag,
            self._play,
            self._read,
            self._go_to_a_cause,
            self._rebuild,
            self._follow,
        ):
            before = len(self._watch.late)
            phase()
            self._phases[phase.__name__.strip("_")] = (
                round(max(self._watch.late[before:], default=0.0), 1),
                round(max(self._watch.own[before:], default=0.0), 1),
            )
        self._watch.stop()
        self._window.window_actions.guards.clear()
        self._window.close()
        late, own = sorted(self._watch.late), sorted(self._watch.own)
        return Lateness(
            ticks=len(late),
            p99=late[int(len(late) * 0.99)],
            worst=late[-1],
            own_p99=own[int(len(own) * 0.99)],
            own_worst=own[-1],
            phases=self._phases,
        )

    def _open(self) -> None:
        self._window.open(str(self._store))
        self._user.until_open()
        self._user.until(lambda: self._window.views is not None)
        self._user.rest()

    def _list(self) -> None:
        self._user.click("navigator.filter")
        for text in (self._longest[:3], self._longest[3:]):
            self._user.type(text)
            self._user.rest()
        self._user.keys("Escape")
        self._user.rest()

    def _choose(self) -> None:
        self._window.desk.cursor.go_to(Place(self._longest, None))
        self._user.until(lambda: self._window.desk.loader.fold is not None)
        self._user.rest()

    def _drag(self) -> None:
        for share in (0.5, 0.02, 0.98, 0.6):
            self._user.drag_slider(max(round(self._user.length * share), 1), steps=120)
        self._user.rest()
        for name in (ActionId.ZOOM_IN,) * 6 + (ActionId.ZOOM_OUT, ActionId.ZOOM_FIT):
            self._window.desk.actions[name].trigger()
            QTest.qWait(30)
        self._user.rest()

    def _play(self) -> None:
        play = self._window.desk.actions[ActionId.PLAY]
        for _ in range(3):
            self._window.desk.actions[ActionId.FASTER].trigger()
        play.trigger()
        QTest.qWait(round(PLAYED_FOR_SECONDS * 1000))
        if play.isChecked():
            play.trigger()
        self._user.rest()

    def _read(self) -> None:
        self._window.desk.actions[ActionId.OPEN_ALL_BELOW].trigger()
        self._user.rest()
        for number in (1, 2, 0):
            self._user.click(f"event.tabs.{number}")
            self._user.rest()

    def _go_to_a_cause(self) -> None:
        if self._caused is None:
            return
        self._window.desk.cursor.go_to(Place(self._caused[0], None, self._caused[1]))
        self._user.rest()
        self._user.until(self._window.desk.actions[ActionId.GO_TO_CAUSE].isEnabled)
        for name in (ActionId.GO_TO_CAUSE, ActionId.BACK, ActionId.BACK):
            self._window.desk.actions[name].trigger()
            self._user.rest()

    def _rebuild(self) -> None:
        """Once to the end or for some seconds, while A is dragged; then it is cancelled."""
        actions = self._window.desk.actions
        actions[ActionId.VIEW_PROJECTIONS].trigger()
        self._user.rest()
        if not actions[ActionId.REBUILD].isEnabled():
            actions[ActionId.VIEW_HISTORY].trigger()
            return
        actions[ActionId.REBUILD].trigger()
        end = time.monotonic() + REBUILT_FOR_SECONDS
        self._user.until(lambda: self._user.rebuild.is_over or time.monotonic() > end)
        actions[ActionId.VIEW_HISTORY].trigger()
        self._user.drag_slider(max(self._user.length // 3, 1), steps=120)
        actions[ActionId.VIEW_PROJECTIONS].trigger()
        if actions[ActionId.CANCEL_REBUILD].isEnabled():
            actions[ActionId.CANCEL_REBUILD].trigger()
            self._user.click("dialog.cancel-rebuild.cancel")
        self._user.until(lambda: self._user.rebuild.is_over)
        actions[ActionId.VIEW_HISTORY].trigger()
        self._user.rest()

    def _follow(self) -> None:
        """Another process appends to the aggregate that is shown."""
        place, before = self._window.desk.cursor.place, self._user.length
        assert place is not None
        self._window.desk.following.follow(True)
        with self._writing(place.aggregate_id):
            self._user.until(lambda: self._user.length == before + APPENDED)
        self._user.rest()
        self._window.desk.following.follow(False)

    @contextmanager
    def _writing(self, aggregate_id: str) -> Iterator[None]:
        words = [sys.executable, "-c", WRITER, str(self._store), aggregate_id, str(APPENDED)]
        with subprocess.Popen(words) as process:
            yield
            process.wait(60)


def main() -> None:
    sys.setswitchinterval(0.001)  # as the program does
    print(json.dumps(asdict(Tour(Path(sys.argv[1])).go())))


if __name__ == "__main__":
    main()
