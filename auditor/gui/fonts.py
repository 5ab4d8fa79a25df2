"""The bundled fonts, with figures of equal width."""

from functools import cache

from PySide6.QtGui import QFont, QFontDatabase

from auditor.resources import resource

PROPORTIONAL = "Inter"
MONOSPACED = "JetBrains Mono"
_FILES = ("Inter-Regular.otf", "Inter-Medium.otf", "Inter-SemiBold.otf", "JetBrainsMono-Regular.ttf")


@cache
def load_bundled_fonts() -> None:
    """Makes them known to Qt; once for the whole program."""
    for name in _FILES:
        QFontDatabase.addApplicationFont(str(resource("fonts", name)))


def body_font(pixels: int, weight: int = 400, *, system: bool = False) -> QFont:
    """Proportional, with tabular figures. `system`: the platform's own font instead of the bundled one."""
    font = QFontDatabase.systemFont(QFontDatabase.SystemFont.GeneralFont) if system else QFont(PROPORTIONAL)
    return _set(font, pixels, weight)


def mono_font(pixels: int, *, system: bool = False) -> QFont:
    """For ids, paths, JSON, tracebacks and code names, and nothing else."""
    font = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont) if system else QFont(MONOSPACED)
    return _set(font, pixels, 400)


def _set(font: QFont, pixels: int, weight: int) -> QFont:
    font.setPixelSize(pixels)
    font.setWeight(QFont.Weight(weight))
    font.setFeature(QFont.Tag("tnum"), 1)
    font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    return font
