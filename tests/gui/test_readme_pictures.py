"""The pictures of the README are those of the window as it is now."""

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
    folder = tmp_path_factory.mktemp("pictures")
    code = (
        "import sys; from pathlib import Path; from tests.shots.readme import take_for_readme; "
        "take_for_readme(Path(sys.argv[1]), Path(sys.argv[2]))"
    )
    stage = folder / "stage"
    stage.mkdir()
    environment = os.environ | {"QT_QPA_PLATFORM": "offscreen", "AUDITOR_HOME": str(folder / "home")}
    subprocess.run(
        [sys.executable, "-c", code, stage, folder], cwd=REPOSITORY, env=environment, check=True, timeout=110
    )
    return folder


@pytest.mark.parametrize("name", ["history-light.png", "rebuild-rows-dark.png"])
def test_the_readmes_pictures_are_not_older_than_the_window(taken_now: Path, name: str) -> None:
    assert name in (REPOSITORY / "README.md").read_text()
    share = share_that_differs(REPOSITORY / "docs" / "pictures" / name, taken_now / name)
    assert share < MOST_DIFFERENT, f"{share:.1%} of {name} differs: renew it with `./dev shots --readme`"


def test_another_picture_would_be_seen(taken_now: Path) -> None:
    assert share_that_differs(taken_now / "history-light.png", taken_now / "rebuild-rows-dark.png") > 0.5
