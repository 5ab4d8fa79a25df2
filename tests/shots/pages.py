"""The pictures that stand in pages: two in the README, and those of the guide in either scheme."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QApplication, QWidget

from auditor.gui.action_table import ActionId
from auditor.gui.as_of.dialog import AsOf
from auditor.gui.cursor import Place
from auditor.gui.looking import Mode
from auditor.gui.main_window import MainWindow
from auditor.gui.photographer import Photographer
from tests.shots.scenes import SCENES
from tests.shots.stage import Stage

README = (("history", "light"), ("rebuild-rows", "dark"))
SIZE = (1280, 800)
GUIDE_SIZE = (1440, 760)
PRICE = "/items/SKU-5147/unit_price"
"""The field of the demo's story that the guide follows."""

Act = Callable[[Photographer, MainWindow], QWidget]


def take_for_readme(stage: Stage, folder: Path) -> list[Path]:
    """Writes them as `<scene>-<scheme>.png`."""
    folder.mkdir(parents=True, exist_ok=True)
    photographer = Photographer(folder)
    scenes = {scene.name: scene for scene in SCENES}
    for name, scheme in README:
        scene = scenes[name]
        assert scene.store is not None
        window = photographer.window(scheme, SIZE, scene.store(stage))
        try:
            photographer.take(scene.act(photographer, window, stage), f"{name}-{scheme}")
        finally:
            photographer.done_with(window)
    return photographer.taken


def take_for_guide(stage: Stage, folder: Path) -> list[Path]:
    """Writes them as `story-<what>-<scheme>.png`."""
    folder.mkdir(parents=True, exist_ok=True)
    photographer = Photographer(folder)
    order, correction = stage.story
    for scheme in ("light", "dark"):
        for name, act in STORY.items():
            window = photographer.window(scheme, GUIDE_SIZE, stage.demo)
            try:
                window.desk.cursor.go_to(Place(order, None, correction))
                photographer.until_folded(window)
                photographer.until_idle(window)
                photographer.take(act(photographer, window), f"story-{name}-{scheme}")
            finally:
                photographer.done_with(window)
    return photographer.taken


def _blame(photographer: Photographer, window: MainWindow) -> QWidget:
    assert window.views is not None
    window.views.history.state.reveal(PRICE)
    photographer.until_idle(window)
    window.desk.actions[ActionId.BLAME].trigger()
    photographer.until_idle(window)
    photographer.rest(250)
    return window.views.history.right


def _as_of(photographer: Photographer, window: MainWindow) -> QWidget:
    window.desk.actions[ActionId.AS_OF].trigger()
    photographer.until(lambda: QApplication.activeModalWidget() is not None, "the dialog")
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, AsOf)
    dialog.time.setText("2026-03-02 23:59:59")
    dialog.ask()
    photographer.until_idle(window)
    photographer.rest(250)
    return dialog


def _compare(photographer: Photographer, window: MainWindow) -> QWidget:
    window.desk.cursor.set_other(window.desk.cursor.ordinal - 1)
    window.desk.looking.set_mode(Mode.COMPARE)
    photographer.until_idle(window)
    photographer.rest(250)
    assert window.views is not None
    return window.views.history.right


STORY: dict[str, Act] = {"blame": _blame, "as-of": _as_of, "compare": _compare}
