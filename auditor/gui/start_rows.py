"""The rows of the start page: something that can be opened, in two lines."""

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QWidget

from auditor.core.text import tr
from auditor.gui.appearance import Appearance
from auditor.gui.icons import pixmap
from auditor.gui.key_caps import paint_key_cap
from auditor.gui.parts.plain_tip import plain_tip


class StartRow(QAbstractButton):
    """A title over a line; at the right two facts and the keys. Arrows go to the row above or below."""

    def __init__(self, name: str, appearance: Appearance, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self._appearance = appearance
        self._icon = self._line = ""
        self._facts: tuple[str, str] = ("", "")
        self._keys = ""
        self._is_doubtful = False
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)

    def tell(
        self,
        title: str,
        line: str,
        *,
        icon: str = "",
        facts: tuple[str, str] = ("", ""),
        keys: str = "",
        is_doubtful: bool = False,
    ) -> None:
        """`is_doubtful`: what it leads to is not there any more."""
        self._icon, self._line, self._facts, self._keys = icon, line, facts, keys
        self._is_doubtful = is_doubtful
        self.setText(title)
        self.setToolTip(plain_tip(f"{title}\n{line}"))
        self.setAccessibleName(", ".join(part for part in (title, line, *facts, keys) if part))
        self.setAccessibleDescription(tr("Opens it"))
        self.update()

    def sizeHint(self) -> QSize:
        sizes = self._appearance.sizes
        return QSize(sizes(360), sizes(52))

    def minimumSizeHint(self) -> QSize:
        return QSize(self._appearance.sizes(200), self.sizeHint().height())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        elif key in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            self.focusNextPrevChild(key == Qt.Key.Key_Down)
        else:
            super().keyPressEvent(event)

    # -- painting --------------------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        theme, sizes = self._appearance.theme, self._appearance.sizes
        if self.isDown() or self.underMouse():
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.color("sunken" if self.isDown() else "hover"))
            painter.drawRoundedRect(QRectF(self.rect()), 6, 6)
        if self.hasFocus():
            painter.setPen(QPen(theme.color("accent"), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 6, 6)
        edge = sizes(12)
        left, right = edge, self.width() - edge
        if self._icon:
            size = sizes(20)
            top = (self.height() - size) // 2
            drawn = pixmap(self._icon, theme.accent, size, self.devicePixelRatioF())
            painter.drawPixmap(edge, top, drawn)
            left += sizes(32)
        right = self._paint_keys(painter, right)
        right = self._paint_facts(painter, right)
        self._paint_texts(painter, left, right)

    def _paint_texts(self, painter: QPainter, left: int, right: int) -> None:
        sizes = self._appearance.sizes
        title = self._appearance.body(weight=500)
        self._line_of(painter, QRect(left, 0, right - left, 0), 0, self.text(), title, self._tone("text"))
        small = self._appearance.body(sizes.small)
        tone = "chg" if self._is_doubtful else "text3"
        self._line_of(painter, QRect(left, 0, right - left, 0), 1, self._line, small, tone)

    def _tone(self, usual: str) -> str:
        return "text3" if self._is_doubtful else usual

    def _paint_facts(self, painter: QPainter, right: int) -> int:
        """Returns where the texts must end."""
        if not any(self._facts):
            return right
        small = self._appearance.body(self._appearance.sizes.small)
        width = max(QFontMetrics(small).horizontalAdvance(fact) for fact in self._facts) + 2
        for number, fact in enumerate(self._facts):
            self._line_of(
                painter,
                QRect(right - width, 0, width, 0),
                number,
                fact,
                small,
                "text3",
                align=Qt.AlignmentFlag.AlignRight,
            )
        return right - width - self._appearance.sizes(16)

    def _line_of(
        self,
        painter: QPainter,
        place: QRect,
        number: int,
        text: str,
        font: QFont,
        tone: str,
        *,
        align: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignLeft,
    ) -> None:
        height = self._appearance.sizes(17)
        top = self.height() // 2 - height + number * height
        box = QRect(place.left(), top, place.width(), height)
        is_path = number == 1 and not self._icon
        elide = Qt.TextElideMode.ElideMiddle if is_path else Qt.TextElideMode.ElideRight
        painter.setFont(font)
        painter.setPen(self._appearance.theme.color(tone))
        shown = QFontMetrics(font).elidedText(text, elide, box.width())
        painter.drawText(box, align | Qt.AlignmentFlag.AlignVCenter, shown)

    def _paint_keys(self, painter: QPainter, right: int) -> int:
        """Returns where the rest must end."""
        if not self._keys:
            return right
        width = paint_key_cap(painter, self._appearance, self._keys, right, self.height() // 2)
        return right - width - self._appearance.sizes(12)
