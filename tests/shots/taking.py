"""One scheme at one size: a fresh window for each scene."""

import sys
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

from auditor.core.errors import AuditorError
from auditor.gui.photographer import Photographer
from auditor.gui.theme import DARK, LIGHT
from tests.shots.contact_sheet import contact_sheet
from tests.shots.scenes import SCENES, Scene
from tests.shots.stage import Stage


@lru_cache(maxsize=1)
def _stage(folder: Path) -> Stage:
    return Stage(folder)


def take(folder: Path, stage_folder: Path, scheme: str, size: tuple[int, int], names: Sequence[str]) -> int:
    """Writes the pictures and their sheet; how many scenes could not be taken, each said on stderr."""
    inside = folder / f"{scheme}-{size[0]}x{size[1]}"
    inside.mkdir(parents=True, exist_ok=True)
    photographer = Photographer(inside)
    missed = 0
    for scene in SCENES:
        if names and scene.name not in names:
            continue
        try:
            _take(photographer, scene, _stage(stage_folder), scheme, size)
        except (AuditorError, AssertionError) as error:
            missed += 1
            sys.stderr.write(f"{scene.name}, {scheme}, {size}: {error}\n")
    theme = DARK if scheme == "dark" else LIGHT
    contact_sheet(
        photographer.taken, folder / f"sheet-{scheme}-{size[0]}x{size[1]}.png", theme.sunken, theme.text
    )
    sys.stdout.write(f"{len(photographer.taken)} pictures in {inside}\n")
    return missed


def _take(photographer: Photographer, scene: Scene, stage: Stage, scheme: str, size: tuple[int, int]) -> None:
    store = None if scene.store is None else scene.store(stage)
    window = photographer.window(scheme, size, store)
    try:
        photographer.take(scene.act(photographer, window, stage), scene.name)
    finally:
        photographer.done_with(window)
