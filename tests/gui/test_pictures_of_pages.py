"""The pictures in the README and in the guide are those of the window as it is now."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtGui import QImage

REPOSITORY = Path(__file__).resolve().parents[2]
MOST_DIFFERENT = 0.02
"""The share of pixels that may differ: ages, times of building, hashes of files."""


def pixels(path: Path) -> "np.ndarray[tuple[int, int, int], np.dtype[np.uint8]]":
    image = QImage(str(path)).convertToFormat(QImage.Format.Format_RGB888)
    assert not image.isNull(), path
    rows = np.frombuffer(bytes(image.constBits()), dtype=np.uint8).reshape(
        image.height(), image.bytesPerLine()
    )
    return rows[:, : image.width() * 3].reshape(image.height(), image.width(), 3)


def share_that_differs(one: Path, other: Path) -> float:
    first, second = pixels(one).astype(np.int16), pixels(other).astype(np.int16)
    if first.shape != second.shape:
        return 1.0
    return float((np.abs(first - second).max(axis=2) > 24).mean())


@pytest.fixture(scope="module")
def taken_now(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with those of the README and those of the guide."""
    folder = tmp_path_factory.mktemp("pictures")
    code = (
        "import sys; from pathlib import Path; from tests.shots import pages; from tests.shots.stage import Stage; "
        "stage = Stage(Path(sys.argv[1])); folder = Path(sys.argv[2]); "
        "pages.take_for_readme(stage, folder / 'readme'); pages.take_for_guide(stage, folder / 'guide')"
    )
    stage = folder / "stage"
    stage.mkdir()
    environment = os.environ | {"QT_QPA_PLATFORM": "offscreen", "AUDITOR_HOME": str(folder / "home")}
    subprocess.run(
        [sys.executable, "-c", code, stage, folder], cwd=REPOSITORY, env=environment, check=True, timeout=170
    )
    return folder


def refuse_older(kept: Path, now: Path) -> None:
    share = share_that_differs(kept, now)
    assert share < MOST_DIFFERENT, f"{share:.1%} of {kept.name} differs: renew it with `./dev shots --pages`"


@pytest.mark.timeout(200)
@pytest.mark.parametrize("name", ["history-light.png", "rebuild-rows-dark.png"])
def test_the_readmes_pictures_are_not_older_than_the_window(taken_now: Path, name: str) -> None:
    assert name in (REPOSITORY / "README.md").read_text()
    refuse_older(REPOSITORY / "docs" / "pictures" / name, taken_now / "readme" / name)


@pytest.mark.timeout(200)
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", ["story-blame", "story-as-of", "story-compare"])
def test_the_guides_pictures_are_not_older_than_the_window(taken_now: Path, name: str, scheme: str) -> None:
    page = REPOSITORY / "resources" / "help" / "who-changed-the-price.md"
    assert f"(pictures/{name}.png)" in page.read_text()
    picture = f"{name}-{scheme}.png"
    refuse_older(REPOSITORY / "resources" / "help" / "pictures" / picture, taken_now / "guide" / picture)


def test_another_picture_would_be_seen(taken_now: Path) -> None:
    of_readme, of_guide = taken_now / "readme", taken_now / "guide"
    assert share_that_differs(of_readme / "history-light.png", of_readme / "rebuild-rows-dark.png") > 0.5
    assert share_that_differs(of_guide / "story-blame-light.png", of_guide / "story-compare-light.png") > 0.02
