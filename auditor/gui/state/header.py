"""The state panel's header: which version is shown, what it is compared with, how much has changed, whose it is."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QToolButton, QWidget

from auditor.core.text import tr
from auditor.gui.action_table import ActionId
from auditor.gui.desk import Desk
from auditor.gui.parts.elided_label import ElidedLabel
from auditor.gui.parts.plain_tip import plain_tip

ROOM_FOR_COMPARISON, ROOM_FOR_MODEL = 470, 640
_SIGNS = ("+", "\N{MINUS SIGN}", "~")


class StateHeader(QWidget):
    """Says only what it is told; gives up the model, then the comparison, where it is narrow."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self.setObjectName("state.header")
        self.setProperty("hairline", "below")
        self.setProperty("surface", "content")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._title = self._label("title", "strong")
        self._flag = QLabel("A")
        self._flag.setProperty("chip", "flag")
        self._version = self._label("version", "title")
        self._updating = self._label("updating", "quiet")
        self._updating.setText(tr("updating"))
        self._against = self._label("against", "small")
        self._counts = [self._label(name, "strong") for name in ("added", "removed", "changed")]
        for label, tone in zip(self._counts, ("good", "removed", "doubt"), strict=True):
            label.setProperty("tone", tone)
        self._same = self._label("same", "quiet")
        self._same.setText(tr("no field changed"))
        self._chip = self._label("chip", "")
        self._chip.setProperty("chip", "fail")
        self._chip.setText(tr("incomplete"))
        self._model = ElidedLabel()
        self._model.setObjectName("state.model")
        self._model.setProperty("type", "small")
        self._model.setAlignment(Qt.AlignmentFlag.AlignRight)
        self._complete = self._label("complete", "quiet")
        self._find = QToolButton()
        self._find.setObjectName("state.find")
        self._find.setDefaultAction(desk.actions[ActionId.FIND])
        self._find.setAccessibleName(tr("Find in the state"))
        self.row = QHBoxLayout(self)
        self.row.setContentsMargins(16, 0, 8, 0)
        self.row.setSpacing(8)
        for widget in (self._title, self._flag, self._version, self._updating, self._against):
            self.row.addWidget(widget)
        for label in self._counts:
            self.row.addWidget(label)
        self.row.addWidget(self._same)
        self.row.addWidget(self._chip)
        self.row.addStretch(1)
        self.row.addWidget(self._model, 2)
        self.row.addWidget(self._complete)
        self.row.addWidget(self._find)
        self._has_counts = False
        self._shown_counts = [False] * 3
        desk.appearance.changed.connect(self._on_appearance_changed)
        self._on_appearance_changed()
        self.clear()

    def clear(self) -> None:
        """There is no version to name."""
        self._title.setText(tr("State"))
        for widget in (self._flag, self._version, self._updating, self._chip):
            widget.hide()
        self._has_counts = False
        self._model.set_text("")
        self._complete.setText("")
        self._fit()

    def set_version(self, version: int, *, is_late: bool) -> None:
        """The version of what is shown below, whatever A is."""
        self._title.setText(tr("State at"))
        self._version.setText(f"{version:,}")
        self._version.setAccessibleName(tr("Version {version:,}", version=version))
        _set_tone(self._version, "quiet" if is_late else "text")
        self._updating.setVisible(is_late)
        self._flag.show()
        self._version.show()
        self._fit()

    def set_changes(self, against: int | None, added: int, removed: int, changed: int) -> None:
        """`against` None: compared with nothing, there was no event before."""
        self._against.setText(
            tr("the first version") if against is None else tr("compared with the version before")
        )
        names = (
            tr("1 field added") if added == 1 else tr("{count:,} fields added", count=added),
            tr("1 field removed") if removed == 1 else tr("{count:,} fields removed", count=removed),
            tr("1 field changed") if changed == 1 else tr("{count:,} fields changed", count=changed),
        )
        counts = (added, removed, changed)
        self._shown_counts = [count > 0 for count in counts]
        for label, sign, count, name in zip(self._counts, _SIGNS, counts, names, strict=True):
            label.setText(f"{sign}\N{NARROW NO-BREAK SPACE}{count:,}")
            label.setAccessibleName(name)
            label.setToolTip(name)
        self._has_counts = True
        self._fit()

    def forget_changes(self) -> None:
        self._has_counts = False
        self._chip.hide()
        self._fit()

    def set_model(self, name: str, tip: str, *, complete: bool, exact: bool) -> None:
        """`exact`: the model is the type's own, not the generic merge."""
        self._model.set_text(name)
        self._model.setToolTip(plain_tip(tip))
        said = tr("complete") if exact else tr("approximation")
        self._complete.setText(said if complete else "")
        self._chip.setVisible(not complete)
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        sizes, width = self._desk.appearance.sizes, self.width()
        self._against.setVisible(self._has_counts and width >= sizes(ROOM_FOR_COMPARISON))
        for label, shown in zip(self._counts, self._shown_counts, strict=True):
            label.setVisible(self._has_counts and shown)
        self._same.setVisible(self._has_counts and not any(self._shown_counts))
        wide = width >= sizes(ROOM_FOR_MODEL)
        self._model.setVisible(wide and bool(self._model.text()))
        self._complete.setVisible(wide and bool(self._complete.text()))

    def _label(self, name: str, kind: str) -> QLabel:
        label = QLabel()
        label.setObjectName(f"state.{name}")
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setProperty("type", kind)
        return label

    def _on_appearance_changed(self) -> None:
        sizes = self._desk.appearance.sizes
        self.setFixedHeight(sizes(36) + 1)
        self._find.setIconSize(QSize(sizes.icon, sizes.icon))
        self._fit()


def _set_tone(label: QLabel, tone: str) -> None:
    if label.property("tone") != tone:
        label.setProperty("tone", tone)
        label.style().unpolish(label)
        label.style().polish(label)
