"""What the window looks like at the moment: theme, text size, fonts, marks of event types."""

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QFont, QFontInfo, QIcon
from PySide6.QtWidgets import QApplication, QStyleFactory

from auditor.gui import fonts
from auditor.gui.icons import icon
from auditor.gui.style_sheet import style_sheet
from auditor.gui.text_size import TEXT_SIZES, USUAL_TEXT_SIZE, Sizes
from auditor.gui.theme import DARK, LIGHT, Theme, palette_of

SCHEMES = ("system", "light", "dark")


class Appearance(QObject):
    """The one place that sets palette, style sheet and font. Delegates and plots read `theme` when they paint."""

    changed = Signal()

    def __init__(self, application: QApplication, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._application = application
        self._scheme = "system"
        self._system_font = False
        self.theme: Theme = LIGHT
        self.sizes = Sizes()
        fonts.load_bundled_fonts()
        application.setStyle(QStyleFactory.create("Fusion"))
        application.styleHints().colorSchemeChanged.connect(self._on_system_scheme_changed)

    @property
    def scheme(self) -> str:
        """`system`, `light` or `dark`, as the user chose."""
        return self._scheme

    @property
    def uses_system_font(self) -> bool:
        return self._system_font

    def set(
        self, *, scheme: str | None = None, text_size: int | None = None, system_font: bool | None = None
    ) -> None:
        """Changes what is given and paints everything anew (about a tenth of a second)."""
        if scheme in SCHEMES:
            self._scheme = scheme
        if text_size in TEXT_SIZES:
            self.sizes = Sizes(text_size)
        if system_font is not None:
            self._system_font = system_font
        self._apply()

    def larger(self, steps: int) -> None:
        """Moves the text size by so many steps; 0 goes back to the usual one."""
        at = TEXT_SIZES.index(self.sizes.body) + steps
        size = USUAL_TEXT_SIZE if steps == 0 else TEXT_SIZES[min(max(at, 0), len(TEXT_SIZES) - 1)]
        self.set(text_size=size)

    def body(self, pixels: int | None = None, weight: int = 400) -> QFont:
        return fonts.body_font(pixels or self.sizes.body, weight, system=self._system_font)

    def mono(self, pixels: int | None = None) -> QFont:
        return fonts.mono_font(pixels or self.sizes.small, system=self._system_font)

    def icon(self, name: str, tone: str = "text2") -> QIcon:
        return icon(name, self.theme, tone, self.sizes.icon)

    def _apply(self) -> None:
        self.theme = DARK if self._is_dark() else LIGHT
        application = self._application
        application.setPalette(palette_of(self.theme))
        application.setFont(self.body())
        application.setStyleSheet(style_sheet(self.theme, self.sizes, QFontInfo(self.mono()).family()))
        self.changed.emit()

    def _is_dark(self) -> bool:
        if self._scheme == "system":
            return self._application.styleHints().colorScheme() == Qt.ColorScheme.Dark
        return self._scheme == "dark"

    def _on_system_scheme_changed(self) -> None:
        if self._scheme == "system":
            self._apply()
