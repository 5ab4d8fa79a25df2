"""A panel: the chosen aggregate."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QToolButton, QVBoxLayout, QWidget

from auditor.core.presenter import display
from auditor.core.text import tr
from auditor.gui.action_table import ActionId
from auditor.gui.copying import put_on_clipboard
from auditor.gui.desk import Desk
from auditor.gui.history import History
from auditor.gui.parts.elided_label import ElidedLabel

ID_ELIDES_BELOW = 900
LONGEST_TYPE, LONGEST_ID = 80, 400


class AggregateHeader(QWidget):
    """What it is, how long its history is, and whose its states are. Empty while none is chosen: nothing moves then."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self.setObjectName("header")
        self.setAccessibleName(tr("Chosen aggregate"))
        self.setProperty("surface", "content")
        self.setProperty("hairline", "below")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._type = _label("header.type", "title")
        self._id = ElidedLabel(mode=Qt.TextElideMode.ElideMiddle)
        self._id.setObjectName("header.id")
        self._id.setProperty("type", "mono")
        self._copy = QToolButton()
        self._copy.setObjectName("header.copy")
        self._copy.setAccessibleName(tr("Copy the id"))
        self._copy.setToolTip(tr("Copy the id"))
        self._copy.clicked.connect(self._on_copy_clicked)
        self._facts = ElidedLabel()
        self._facts.setObjectName("header.facts")
        self._facts.setProperty("type", "small")
        self._model = QToolButton()
        self._model.setObjectName("header.model")
        self._model.setProperty("type", "mono")
        self._model.setLayoutDirection(Qt.LayoutDirection.RightToLeft)  # its arrow stands behind the name
        self._cube = QLabel()
        self._model.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self._model.clicked.connect(desk.actions[ActionId.CHOOSE_MODEL].trigger)
        self._whose = _label("header.whose", "caption")
        self._whose.setAlignment(Qt.AlignmentFlag.AlignRight)
        self._lay_out()
        desk.cursor.aggregate_changed.connect(self._on_changed)
        desk.cursor.history_changed.connect(self._on_changed)
        desk.loader.fold_began.connect(self._on_changed)
        desk.loader.folded.connect(self._on_changed)
        desk.loader.fold_failed.connect(lambda _: self._on_changed())
        desk.clock.changed.connect(self._on_changed)
        desk.appearance.changed.connect(self._on_appearance_changed)
        self._on_appearance_changed()
        self._on_changed()

    def _lay_out(self) -> None:
        first, second, left, right = QHBoxLayout(), QHBoxLayout(), QVBoxLayout(), QVBoxLayout()
        first.setSpacing(10)
        for widget in (self._type, self._id, self._copy):
            first.addWidget(widget)
        first.addStretch(1)
        second.addWidget(self._facts)
        for column in (left, right):
            column.setSpacing(0)
            column.addStretch(1)
        left.addLayout(first)
        left.addLayout(second)
        named = QHBoxLayout()
        named.setSpacing(2)
        named.addStretch(1)
        named.addWidget(self._cube)
        named.addWidget(self._model)
        right.addLayout(named)
        right.addWidget(self._whose, 0, Qt.AlignmentFlag.AlignRight)
        for column in (left, right):
            column.addStretch(1)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 0, 12, 0)
        row.setSpacing(24)
        row.addLayout(left, 1)
        row.addLayout(right)

    # -- what is told ------------------------------------------------------------------------------------------------

    def _on_changed(self) -> None:
        place, history = self._desk.cursor.place, self._desk.cursor.history
        for widget in (self._type, self._id, self._copy, self._facts):
            widget.setVisible(place is not None)
        if place is not None:
            kind = place.aggregate_type if history is None else history.aggregate.aggregate_type
            self._type.setText(display(kind or "", longest=LONGEST_TYPE))
            self._type.setVisible(bool(kind))
            self._id.set_text(display(place.aggregate_id, longest=LONGEST_ID))
            self._facts.set_text("" if history is None else self._words(history))
        self._tell_model()

    def _words(self, history: History) -> str:
        """`57 versions   2026-02-27 09:51 to 2026-03-05 13:40 UTC   3 users`"""
        clock, length = self._desk.clock, history.length
        parts = [tr("1 version") if length == 1 else tr("{count:,} versions", count=length)]
        if length:
            first, last = clock.minute(history.times[0]), clock.minute(history.times[-1])
            zone = clock.zone_name
            parts.append(
                tr("{time} {zone}", time=first, zone=zone)
                if first == last
                else tr("{first} to {last} {zone}", first=first, last=last, zone=zone)
            )
        users = len({user for user in history.users if user is not None})
        if users:
            parts.append(tr("1 user") if users == 1 else tr("{count:,} users", count=users))
        return "   ".join(parts)

    def _tell_model(self) -> None:
        fold, is_shown = self._desk.loader.fold, self._desk.cursor.history is not None
        for widget in (self._cube, self._model):
            widget.setVisible(is_shown)
        self._whose.setVisible(is_shown and self.width() >= ID_ELIDES_BELOW and fold is not None)
        if fold is None:
            self._model.setText(tr("State model") + " ")
            self._model.setAccessibleName(tr("Choose the state model"))
            return
        model, is_merge = fold.model, fold.model.kind == "merge"
        full = model.name if model.module is None else f"{model.module}:{model.name}"
        name = tr("generic merge") if is_merge else display(full, longest=LONGEST_TYPE)
        self._model.setText(f"{name} ")
        self._model.setAccessibleName(tr("State model {name}: choose another", name=name))
        if is_merge:
            words = tr("An approximation, no state model")
        elif model.sha256:
            words = tr("State model, file hash {hash}", hash=f"{model.sha256[:4]} {model.sha256[4:8]}")
        else:
            words = tr("State model")
        self._whose.setText(words)
        self._whose.setToolTip(model.sha256 or "")

    # -- looks -------------------------------------------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._tell_model()

    def _on_appearance_changed(self) -> None:
        appearance = self._desk.appearance
        self.setFixedHeight(appearance.sizes(56))
        self._copy.setIcon(appearance.icon("copy"))
        self._model.setIcon(appearance.icon("chevron-down"))
        self._cube.setPixmap(
            appearance.icon("projections").pixmap(appearance.sizes.icon, appearance.sizes.icon)
        )
        size = QSize(appearance.sizes.icon, appearance.sizes.icon)
        self._copy.setIconSize(size)
        self._model.setIconSize(size)

    def _on_copy_clicked(self) -> None:
        place = self._desk.cursor.place
        if place is not None:
            put_on_clipboard(place.aggregate_id)
            self._desk.tasks.say(tr("Id copied"))


def _label(name: str, kind: str) -> QLabel:
    label = QLabel()
    label.setObjectName(name)
    label.setProperty("type", kind)
    label.setTextFormat(Qt.TextFormat.PlainText)
    return label
