"""The state panel's header: which version is shown, what it is compared with, how much has changed, whose it is."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QToolButton, QWidget

from auditor.core.text import tr
from auditor.gui.action_table import ActionId
from auditor.gui.desk import Desk
from auditor.gui.parts.elided_label import ElidedLabel
from auditor.gui.parts.plain_tip import plain_tip

_DIRECT = Qt.FindChildOption.FindDirectChildrenOnly
_SIGNS = ("+", "\N{MINUS SIGN}", "~")


class StateHeader(QWidget):
    """Says only what it is told; where it is narrow it gives up the model, words, and a button that has a key."""

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
        self._other_flag = QLabel("B")
        self._other_flag.setProperty("chip", "flag-b")
        self._other = self._label("other", "small")
        self._counts = [self._label(name, "strong") for name in ("added", "removed", "changed")]
        for label, tone in zip(self._counts, ("good", "removed", "doubt"), strict=True):
            label.setProperty("tone", tone)
        self._same = self._label("same", "quiet")
        self._chip = self._label("chip", "")
        self._chip.setProperty("chip", "fail")
        self._chip.setText(tr("incomplete"))
        self._model = ElidedLabel()
        self._model.setObjectName("state.model")
        self._model.setProperty("type", "small")
        self._model.setAlignment(Qt.AlignmentFlag.AlignRight)
        self._complete = self._label("complete", "quiet")
        self._find = _tool(desk, "state.find", ActionId.FIND, tr("Find in the state"))
        self._filter = _tool(desk, "state.filter", ActionId.ONLY_DIFFERING, tr("Only differing fields"))
        self._lay_out()
        self._has_counts = self._has_other = False
        self._shown_counts = [False] * 3
        self._said: tuple[str, ...] = ("",)
        self._fitted: tuple[object, ...] = ()
        desk.appearance.changed.connect(self._on_appearance_changed)
        self._on_appearance_changed()
        self.clear()

    def _lay_out(self) -> None:
        self.row = QHBoxLayout(self)
        self.row.setContentsMargins(16, 0, 8, 0)
        self.row.setSpacing(8)
        self.row.addWidget(self._title)
        for widget in (
            self._flag,
            self._version,
            self._updating,
            self._against,
            self._other_flag,
            self._other,
        ):
            self.row.addWidget(widget)
        for label in (*self._counts, self._same, self._chip):
            self.row.addWidget(label)
        self.row.addStretch(1)
        self.row.addWidget(self._model, 2)
        self.row.addWidget(self._complete)
        self.row.addWidget(self._filter)
        self.row.addWidget(self._find)

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
        said = tr("the first version") if against is None else tr("compared with the version before")
        self._said, self._has_other = (said,), False
        self._set_counts(added, removed, changed)

    def set_compared(self, other: int | None, added: int, removed: int, changed: int) -> None:
        """B's version, None before the first event, and what becomes of A's fields on the way to it."""
        self._said, self._has_other = (tr("compared with"), tr("against")), True
        self._other.setText(tr("before the first event") if other is None else f"{other:,}")
        self._set_counts(added, removed, changed)

    def ask_for_field(self) -> None:
        """It is compared with nothing: a field is to be selected."""
        self._said, self._has_other = (tr("select a field to see who set it"), ""), False
        self._has_counts, self._shown_counts = True, [False] * 3
        self._same.setText("")
        self._fit()

    def _set_counts(self, added: int, removed: int, changed: int) -> None:
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
        self._same.setText(tr("no field differs") if self._has_other else tr("no field changed"))
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
        """As much as there is room for; numbers and signs stay. Nothing is shown and hidden again on the way: this
        comes with every state while A is dragged."""
        if (standing := self._standing()) == self._fitted:
            return
        self._fitted = standing
        counts = self._has_counts
        wanted: dict[QWidget, bool] = {self._find: True}
        wanted |= {
            label: counts and shown for label, shown in zip(self._counts, self._shown_counts, strict=True)
        }
        wanted |= dict.fromkeys((self._other_flag, self._other), counts and self._has_other)
        wanted |= {label: bool(label.text()) for label in (self._model, self._complete)}
        wanted[self._same] = counts and bool(self._same.text()) and not any(self._shown_counts)
        said = self._said[0] if counts else ""
        wanted[self._against] = bool(said)
        room = self.width() - self._taken(wanted) - self._words_width(said)
        widget: QWidget
        for widget in (self._model, self._complete):
            if room < 0 and wanted[widget]:
                room += self._width_of(widget)
                wanted[widget] = False
        if room < 0 and said:
            room += self._words_width(said) - self._words_width(self._said[-1])
            said = self._said[-1]
            wanted[self._against] = bool(said)
        for widget in (self._find, self._against, self._same):
            if room < 0 and wanted[widget]:
                room += self._words_width(said) if widget is self._against else self._width_of(widget)
                wanted[widget] = False
        self._against.setText(said)
        for widget, is_wanted in wanted.items():
            if widget.isHidden() == is_wanted:
                widget.setVisible(is_wanted)

    def _standing(self) -> tuple[object, ...]:
        """All that the room depends on; to ask for it costs less than to share it out."""
        labels = (self._version, self._other, self._model, self._complete, self._same, *self._counts)
        seen = tuple(not widget.isHidden() for widget in self.findChildren(QWidget, options=_DIRECT))
        counts = (self._has_counts, *self._shown_counts, self._has_other)
        texts = tuple(label.text() for label in labels)
        return (self.width(), self._said, texts, counts, seen, self._desk.appearance.sizes.body)

    def _taken(self, wanted: dict[QWidget, bool]) -> int:
        """What everything needs that is to be seen, but the words of the comparison."""
        margins = self.row.contentsMargins()
        taken = margins.left() + margins.right()
        for at in range(self.row.count()):
            item = self.row.itemAt(at)
            widget = item.widget() if item is not None else None
            if (
                widget is not None
                and widget is not self._against
                and wanted.get(widget, not widget.isHidden())
            ):
                taken += self._width_of(widget)
        return taken

    def _width_of(self, widget: QWidget) -> int:
        return widget.sizeHint().width() + self.row.spacing()

    def _words_width(self, text: str) -> int:
        if not text:
            return 0
        return self._against.fontMetrics().horizontalAdvance(text) + 2 + self.row.spacing()

    def _label(self, name: str, kind: str) -> QLabel:
        label = QLabel()
        label.setObjectName(f"state.{name}")
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setProperty("type", kind)
        return label

    def _on_appearance_changed(self) -> None:
        sizes = self._desk.appearance.sizes
        self.setFixedHeight(sizes(36) + 1)
        for button in (self._filter, self._find):
            button.setIconSize(QSize(sizes.icon, sizes.icon))
        self._fit()


def _tool(desk: Desk, name: str, action: ActionId, spoken: str) -> QToolButton:
    button = QToolButton()
    button.setObjectName(name)
    button.setDefaultAction(desk.actions[action])
    button.setAccessibleName(spoken)
    return button


def _set_tone(label: QLabel, tone: str) -> None:
    if label.property("tone") != tone:
        label.setProperty("tone", tone)
        label.style().unpolish(label)
        label.style().polish(label)
