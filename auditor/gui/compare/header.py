"""The header over a comparison: which two versions, how much differs, and what can be done."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QToolButton, QWidget

from auditor.core.compare import Counts
from auditor.core.text import tr
from auditor.gui.action_table import ActionId
from auditor.gui.compare import words
from auditor.gui.desk import Desk
from auditor.gui.parts.panel_header import PanelHeader

_BUTTONS = (
    (ActionId.PREVIOUS_DIFFERENCE, "previous-difference"),
    (ActionId.NEXT_DIFFERENCE, "next-difference"),
    (ActionId.SWAP_CURSORS, "swap"),
    (ActionId.COPY_PATCH, "copy-patch"),
)


class CompareHeader(PanelHeader):
    """Says only what it is told. Where it is narrow it gives up the title, what is unchanged, the buttons for the next
    and the previous difference, then the others (menus and keys have them too), and what a bar says below."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, "compare", tr("Compare"), parent)
        self.setMinimumWidth(1)  # it is fitted into what there is
        self._flags = [self._label("flag-left", "small"), self._label("flag-right", "small")]
        for flag in self._flags:
            flag.setAlignment(Qt.AlignmentFlag.AlignCenter)
            flag.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._versions = [self._label("left", "title"), self._label("right", "title")]
        self._to = self._label("to", "quiet")
        self._to.setText("\N{SINGLE RIGHT-POINTING ANGLE QUOTATION MARK}")
        self._updating = self._label("updating", "quiet")
        self._updating.setText(tr("updating"))
        self._counts = [self._label(f"count{number}", "strong") for number in range(4)]
        self._same = self._label("same", "strong")
        self._same.setText(tr("no difference"))
        self._unchanged = self._label("unchanged", "small")
        self._chip = self._label("chip", "")
        self._chip.setProperty("chip", "fail")
        self._chip.setText(tr("incomplete"))
        at = 1
        for widget in (self._flags[0], self._versions[0], self._to, self._flags[1], self._versions[1]):
            self.row.insertWidget(at, widget)
            at += 1
        rest = (self._updating, *self._counts, self._same, self._unchanged, self._chip)
        for number, widget in enumerate(rest):
            self.row.insertWidget(at + number, widget)
        self._buttons = [self._button(name, role) for name, role in _BUTTONS]
        for button in self._buttons:
            self.row.addWidget(button)
        self._has_result = self._is_late = self._is_incomplete = False
        self._shown_counts = 0
        desk.appearance.changed.connect(self._fit_icons)
        self._fit_icons()
        self.clear()

    def clear(self) -> None:
        """There is nothing to compare."""
        for label in (*self._flags, *self._versions, self._to):
            label.hide()
        self.forget_counts()

    def set_versions(self, letters: tuple[str, str], versions: tuple[str, str]) -> None:
        """Of what is shown below, left and right."""
        for flag, label, letter, version in zip(self._flags, self._versions, letters, versions, strict=True):
            _set_chip(flag, "flag" if letter == "A" else "flag-b")
            flag.setText(letter)
            label.setText(version)
            label.setAccessibleName(tr("{letter} at version {version}", letter=letter, version=version))
            flag.show()
            label.show()
        self._to.show()

    def set_result(self, counts: Counts, *, complete: bool) -> None:
        """How much differs."""
        found = words.counted(counts)
        for label in self._counts[len(found) :]:
            label.setText("")
        for label, (text, name, tone) in zip(self._counts, found, strict=False):
            label.setText(text)
            label.setAccessibleName(name)
            label.setToolTip(name)
            _set_tone(label, tone)
        self._shown_counts = len(found)
        self._unchanged.setText(tr("{count:,} unchanged", count=counts.unchanged) if counts.unchanged else "")
        self._is_incomplete, self._has_result = not complete, True
        self._fit()

    def set_late(self, is_late: bool) -> None:
        """What is shown is of other versions than the cursors' for more than a moment."""
        self._is_late = is_late
        for label in self._versions:
            _set_tone(label, "quiet" if is_late else "text")
        self._fit()

    def forget_counts(self) -> None:
        self._has_result = self._is_incomplete = False
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Nothing is shown or hidden that need not be: each time the whole row would be laid out anew."""
        said = self._has_result
        shown: dict[QWidget, bool] = {
            **{label: said and at < self._shown_counts for at, label in enumerate(self._counts)},
            self._chip: self._is_incomplete,
        }
        spared: list[tuple[Sequence[QWidget], bool]] = [
            ([self.title], True),
            ([self._unchanged], said and bool(self._unchanged.text())),
            (self._buttons[:2], True),
            (self._buttons[2:], True),
            ([self._same], said and not self._shown_counts),
            ([self._updating], self._is_late),
        ]
        for widgets, is_wanted in spared:
            shown.update(dict.fromkeys(widgets, is_wanted))
        for widgets, _ in spared:
            if self._needed(shown) <= self.width():
                break
            shown.update(dict.fromkeys(widgets, False))
        for widget, is_shown in shown.items():
            if widget.isHidden() == is_shown:
                widget.setVisible(is_shown)

    def _needed(self, shown: Mapping[QWidget, bool]) -> int:
        """The width at which nothing of what is to be seen is cut."""
        items = (self.row.itemAt(at) for at in range(self.row.count()))
        widgets = [widget for item in items if item is not None and (widget := item.widget()) is not None]
        seen = [widget for widget in widgets if shown.get(widget, not widget.isHidden())]
        margins = self.row.contentsMargins()
        widths = sum(widget.sizeHint().width() for widget in seen)
        return widths + self.row.spacing() * len(seen) + margins.left() + margins.right()

    def _label(self, name: str, kind: str) -> QLabel:
        label = QLabel()
        label.setObjectName(f"compare.{name}")
        label.setProperty("type", kind)
        return label

    def _button(self, name: ActionId, role: str) -> QToolButton:
        button = QToolButton()
        action = self._desk.actions[name]
        button.setObjectName(f"compare.{role}")
        button.setDefaultAction(action)
        button.setAccessibleName(action.text())
        return button

    def _fit_icons(self) -> None:
        size = self._desk.appearance.sizes.icon
        for button in self._buttons:
            button.setIconSize(QSize(size, size))
        for flag in self._flags:
            flag.setMinimumWidth(self._desk.appearance.sizes(20))
        self._fit()


def _set_tone(label: QLabel, tone: str) -> None:
    if label.property("tone") != tone:
        label.setProperty("tone", tone)
        _polish(label)


def _set_chip(label: QLabel, chip: str) -> None:
    if label.property("chip") != chip:
        label.setProperty("chip", chip)
        _polish(label)


def _polish(label: QLabel) -> None:
    label.style().unpolish(label)
    label.style().polish(label)
