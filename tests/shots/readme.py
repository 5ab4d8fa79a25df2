"""The two pictures of the README: the history of an order, and a read model that was rebuilt."""

from pathlib import Path

from auditor.gui.photographer import Photographer
from tests.shots.scenes import SCENES
from tests.shots.stage import Stage

PICTURES = (("history", "light"), ("rebuild-rows", "dark"))
SIZE = (1280, 800)


def take_for_readme(stage_folder: Path, folder: Path) -> list[Path]:
    """Writes them as `<scene>-<scheme>.png`."""
    folder.mkdir(parents=True, exist_ok=True)
    stage, photographer = Stage(stage_folder), Photographer(folder)
    scenes = {scene.name: scene for scene in SCENES}
    for name, scheme in PICTURES:
        scene = scenes[name]
        assert scene.store is not None
        window = photographer.window(scheme, SIZE, scene.store(stage))
        try:
            photographer.take(scene.act(photographer, window, stage), f"{name}-{scheme}")
        finally:
            photographer.done_with(window)
    return photographer.taken
