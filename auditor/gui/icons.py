"""Icons: one SVG path each, coloured where they are used, sharp at any density."""

from functools import lru_cache

from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from auditor.gui.theme import Theme
from auditor.resources import resource

_DENSITIES = (1.0, 2.0, 3.0)


def icon(name: str, theme: Theme, tone: str = "text2", size: int = 16) -> QIcon:
    """The icon of that file in `resources/icons`, in the colour of a token; grey where it is disabled."""
    made = QIcon()
    for density in _DENSITIES:
        made.addPixmap(pixmap(name, theme.tokens[tone], size, density), QIcon.Mode.Normal)
        made.addPixmap(pixmap(name, theme.disabled, size, density), QIcon.Mode.Disabled)
    return made


@lru_cache(maxsize=512)
def pixmap(name: str, color: str, size: int, density: float) -> QPixmap:
    """One picture of an icon, `size` logical pixels wide."""
    drawn = QPixmap(round(size * density), round(size * density))
    drawn.fill(Qt.GlobalColor.transparent)
    painter = QPainter(drawn)
    _renderer(name, color).render(painter, QRectF(0, 0, drawn.width(), drawn.height()))
    painter.end()
    drawn.setDevicePixelRatio(density)
    return drawn


@lru_cache(maxsize=512)
def _renderer(name: str, color: str) -> QSvgRenderer:
    text = _svg(name).replace('stroke="#000"', f'stroke="{color}"')
    return QSvgRenderer(QByteArray(text.encode()))


@lru_cache(maxsize=128)
def _svg(name: str) -> str:
    return resource("icons", f"{name}.svg").read_text()
