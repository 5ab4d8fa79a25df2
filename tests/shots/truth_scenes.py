"""Pictures of what is not as it should be: what states lack, a wrong snapshot, and models that cannot be relied on."""

from pathlib import Path

from PySide6.QtWidgets import QWidget

from auditor.gui.action_table import ActionId
from auditor.gui.cursor import Place
from auditor.gui.main_window import MainWindow
from auditor.gui.photographer import Photographer
from auditor.gui.truth.bars import TruthBars
from auditor.gui.truth.gaps_dialog import GapsDialog
from auditor.gui.truth.models_dialog import ModelsDialog
from tests.helpers.faulty_versions import write_faulty_store
from tests.helpers.guest_code import write_module
from tests.helpers.modelled import COUNTING, FACTS, write_things
from tests.helpers.snapshotted import with_total, write_snapshotted
from tests.helpers.viewed_stores import trust
from tests.shots.stage import Stage

LATER = COUNTING.replace('event["by"]', 'event.get("by", 10)').replace(
    "def on_named", "def on_unheard(self, event):\n            self.heard = True\n\n        def on_named"
)
RANDOM = f"    import random\n{COUNTING}".replace('event["name"]', "random.random()")


def holed(stage: Stage) -> Path:
    """A history that lacks versions, and has one twice."""
    versions = [*range(1, 9), *range(12, 21), 20, 21, *range(25, 40)]
    return write_faulty_store(stage.new_folder() / "things.db", versions=versions)


def lacking(stage: Stage) -> Path:
    return write_things(stage.new_folder(), facts=[*FACTS, *FACTS, *FACTS])


def random(stage: Stage) -> Path:
    """Of a model that is not deterministic."""
    added = ("Added", {"by": 1})
    return write_things(stage.new_folder(), RANDOM, [added, added, ("Named", {}), added, added])


def snapshotted(stage: Stage) -> Path:
    """With a snapshot that disagrees with its events."""
    return write_snapshotted(stage.new_folder(), with_total(7))


def at_the_end(photographer: Photographer, window: MainWindow, stage: Stage) -> QWidget:
    """The last state, when all that is asked in the background is known."""
    del stage
    _bars(photographer, window)
    return window


def listed(photographer: Photographer, window: MainWindow, stage: Stage) -> QWidget:
    """What the states lack."""
    at_the_end(photographer, window, stage)
    window.desk.actions[ActionId.LIST_GAPS].trigger()
    photographer.until_idle(window)
    photographer.rest(250)
    found = window.findChild(GapsDialog)
    assert found is not None
    return found


def not_deterministic(photographer: Photographer, window: MainWindow, stage: Stage) -> QWidget:
    del stage
    bars = _bars(photographer, window)
    photographer.until(lambda: bars.repeat.found is not None, "the comparison of two runs")
    photographer.rest(250)
    return window


def wrong_snapshot(photographer: Photographer, window: MainWindow, stage: Stage) -> QWidget:
    del stage
    bars = _bars(photographer, window)
    photographer.until(lambda: bars.snapshot.check is not None, "the snapshot's check")
    photographer.rest(250)
    return window


def changed(photographer: Photographer, window: MainWindow, stage: Stage) -> QWidget:
    """The bar that offers to fold again."""
    _change(photographer, window)
    del stage
    return window


def compared(photographer: Photographer, window: MainWindow, stage: Stage) -> QWidget:
    """What the changed model makes of the history."""
    bars = _change(photographer, window)
    trust(Path(window.desk.store.location))
    bars.changed_model.take()
    del stage

    def is_there() -> bool:
        found = window.findChild(ModelsDialog)
        return found is not None and found.versions.currentIndex().isValid()

    photographer.until(is_there, "the comparison")
    photographer.until_idle(window)
    photographer.rest(250)
    found = window.findChild(ModelsDialog)
    assert found is not None
    return found


def _change(photographer: Photographer, window: MainWindow) -> TruthBars:
    bars = _bars(photographer, window)
    write_module(Path(window.desk.store.location).parent, LATER, "things")
    bars.changed_model.look()
    photographer.until(lambda: bool(bars.changed_model.files), "the changed file")
    photographer.rest(250)
    return bars


def _bars(photographer: Photographer, window: MainWindow) -> TruthBars:
    window.desk.cursor.go_to(Place("t-1", None))
    photographer.until_folded(window)
    photographer.until_idle(window)
    photographer.rest(250)
    found = window.findChild(TruthBars)
    assert found is not None
    return found
