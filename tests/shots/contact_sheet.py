"""All pictures of a run on one page, small, with their names."""

import math
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QColor, QFont, QImage, QPainter

CELL = (640, 440)
COLUMNS = 4


def contact_sheet(pictures: Sequence[Path], target: Path, ground: str, ink: str) -> None:
    """Writes the page; `ground` and `ink` are its colours."""
    rows = math.ceil(len(pictures) / COLUMNS)
    page = QImage(COLUMNS * CELL[0], rows * CELL[1], QImage.Format.Format_RGB32)
    page.fill(QColor(ground))
    painter = QPainter(page)
    painter.setPen(QColor(ink))
    font = QFont("Inter")
    font.setPixelSize(15)
    painter.setFont(font)
    for number, path in enumerate(pictures):
        left, top = number % COLUMNS * CELL[0], number // COLUMNS * CELL[1]
        small = QImage(str(path)).scaled(
            CELL[0] - 24,
            CELL[1] - 44,
            Qt.AspectRatioMode.KeepAspectRatio,
            Qt.TransformationMode.SmoothTransformation,
        )
        painter.drawText(QRect(left + 12, top + 6, CELL[0] - 24, 24), 0, path.stem)
        painter.drawImage(left + 12, top + 32, small)
    painter.end()
    page.save(str(target))
