"""The line at the bottom: how much there is and whether it is complete, the running task, the zone of times."""

from typing import TypeVar

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QPushButton, QWidget

from auditor.core.text import tr
from auditor.gui.action_table import ActionId
from auditor.gui.desk import Desk
from auditor.gui.parts.elided_label import ElidedLabel
from auditor.gui.parts.plain_tip import plain_tip
from auditor.gui.parts.segmented import Segmented

SAID_FOR_MS = 6000
Label = TypeVar("Label", bound=QLabel)


class StatusBar(QWidget):
    """Left: the store, and one sentence on completeness. Right: the newest task, and UTC or local."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self.setObjectName("status")
        self.setProperty("surface", "side")
        self.setProperty("hairline", "above")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._icon = self._token = ""
        self._make_widgets()
        self._lay_out()
        self._timer = QTimer(self, singleShot=True, interval=SAID_FOR_MS)
        self._timer.timeout.connect(lambda: self._said.set_text(""))
        desk.counts.changed.connect(self._on_counts_changed)
        desk.store.opened.connect(self._on_counts_changed)
        desk.following.noticed.connect(self._on_noticed)
        self._show_newer.clicked.connect(desk.following.act_on_notice)
        desk.tasks.changed.connect(self._on_tasks_changed)
        desk.tasks.said.connect(self._on_said)
        desk.clock.changed.connect(self._on_clock_changed)
        self._zone.chosen.connect(lambda index: desk.clock.set_local(index == 1))
        self._task.clicked.connect(self._on_task_clicked)
        desk.appearance.changed.connect(self._on_appearance_changed)
        self._on_appearance_changed()
        self._on_tasks_changed()
        self._on_clock_changed()
        self._on_noticed()

    def _make_widgets(self) -> None:
        self._facts = _named(QLabel(tr("No store open")), "facts", "small")
        self._sign = QLabel()
        self._sentence = _named(ElidedLabel(), "sentence", "small")
        self._notice = _named(ElidedLabel(), "notice", "small")
        self._show_newer = _link("notice.verb")
        self._said = _named(ElidedLabel(), "said", "quiet")
        self._task = _link("task")
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setFixedWidth(78)
        self._bar.setAccessibleName(tr("Progress of the running task"))
        self._left = _named(QLabel(), "left", "quiet")
        self._zone = Segmented("status.zone", ("UTC", tr("Local")), tr("Times in"))

    def _lay_out(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 0, 8, 0)
        row.setSpacing(12)
        stretches: tuple[tuple[QWidget, int], ...] = (
            (self._facts, 0),
            (self._sign, 0),
            (self._sentence, 0),
            (self._notice, 3),
            (self._show_newer, 0),
            (self._said, 1),
            (self._task, 0),
            (self._bar, 0),
            (self._left, 0),
            (self._zone, 0),
        )
        for widget, stretch in stretches:
            row.addWidget(widget, stretch)

    def set_sentence(self, icon: str, token: str, text: str) -> None:
        """Whether what is shown is complete; `icon` and `token` may be empty."""
        self._icon, self._token = icon, token
        self._sentence.set_text(text)
        self._draw_sign()

    def _draw_sign(self) -> None:
        self._sign.setVisible(bool(self._icon))
        if self._icon:
            size = self._desk.appearance.sizes(14)
            self._sign.setPixmap(self._desk.appearance.icon(self._icon, self._token).pixmap(size, size))

    def _on_tasks_changed(self) -> None:
        task = self._desk.tasks.newest
        for widget in (self._task, self._bar, self._left):
            widget.setVisible(task is not None)
        if task is None:
            return
        share = task.done / task.total if task.total else 0.0
        self._task.setText(task.name)
        self._task.setAccessibleName(tr("{name}, {share:.0%} done", name=task.name, share=share))
        self._bar.setRange(0, max(task.total, 1))
        self._bar.setValue(task.done)
        self._left.setText(f"{share:.0%}  {task.left}".strip())

    def _on_counts_changed(self) -> None:
        is_open = self._desk.store.is_open
        self._facts.setText(self._desk.counts.sentence if is_open else tr("No store open"))
        self._facts.setToolTip(plain_tip(self._desk.counts.problem))

    def _on_noticed(self) -> None:
        """Nothing jumps: what is new waits until it is asked for."""
        notice = self._desk.following.notice
        for widget in (self._notice, self._show_newer):
            widget.setVisible(notice is not None)
        if notice is not None:
            self._notice.set_text(notice.text)
            self._notice.setProperty("tone", "fail" if notice.is_failure else "text")
            self._notice.style().unpolish(self._notice)
            self._notice.style().polish(self._notice)
            self._show_newer.setText(notice.verb)
            self._show_newer.setAccessibleName(f"{notice.text}: {notice.verb}")

    def _on_task_clicked(self) -> None:
        task = self._desk.tasks.newest
        if task is not None and task.open is not None:
            task.open()

    def _on_said(self, text: str) -> None:
        self._said.set_text(text)
        self._timer.start()

    def _on_clock_changed(self) -> None:
        self._zone.set_index(int(self._desk.clock.is_local))
        self._desk.actions[ActionId.LOCAL_TIMES].setChecked(self._desk.clock.is_local)

    def _on_appearance_changed(self) -> None:
        self.setFixedHeight(self._desk.appearance.sizes(27) + 5)
        self._draw_sign()


def _named(label: Label, name: str, kind: str) -> Label:
    label.setObjectName(f"status.{name}")
    label.setProperty("type", kind)
    return label


def _link(name: str) -> QPushButton:
    button = QPushButton()
    button.setObjectName(f"status.{name}")
    button.setProperty("link", True)
    return button
