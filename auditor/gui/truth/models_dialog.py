"""What the changed model makes of the history that is shown, beside what it made of it before."""

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from auditor.core import exact_json
from auditor.core.diff import Change
from auditor.core.presenter import display
from auditor.core.state_model import ModelInfo
from auditor.core.text import tr
from auditor.gui.copying import put_on_clipboard
from auditor.gui.desk import Desk
from auditor.gui.dialogs.dialog import Dialog, text_label
from auditor.gui.truth.text_table import TextColumn, TextRow, TextTable
from auditor.tasks.runner import Lane

if TYPE_CHECKING:
    from auditor.jobs.compare_models import CompareModelsRequest, ModelsResult, TwoReasons

MODELS = Lane("compare models")
MODELS_AT = Lane("compare models at", keeps_running=True)
SECONDS = 0.1
MOST_ROWS = 2000
LONGEST = 400
_GROUNDS = {"added": "add_bg", "removed": "rem_bg", "changed": "chg_bg"}


class ModelsDialog(Dialog):
    """At the left the versions at which the two differ and the events that only one applies, at the right the fields
    that differ at the chosen one. Stays open beside the window."""

    def __init__(self, desk: Desk, parent: QWidget) -> None:
        title = tr("What the changed model makes of this history")
        super().__init__("dialog.models", title, desk.appearance, parent, width=940)
        self._desk = desk
        self._ordinals: list[int] = []
        self._result: ModelsResult | None = None
        self.setModal(False)
        self.add_heading(title, "info", "accent")
        self._whose = self.add_text("", "small")
        self._summary = self.add_text(tr("Comparing the states before and now"), "strong")
        self._summary.setObjectName("dialog.models.summary")
        self.body.addLayout(self._tables())
        self.add_button("copy", tr("Copy as text"), self._copy, left=True)
        self.add_button("show", tr("Show on the timeline"), self._highlight, left=True)
        self.add_button("go", tr("Go to the version"), lambda: self._go(self.versions.currentIndex().row()))
        self.add_button("close", tr("Close"), self.accept, primary=True)
        self.versions.chosen.connect(self._on_version_chosen)
        self.versions.entered.connect(self._go)
        desk.cursor.aggregate_changed.connect(self.close)
        desk.store.closed.connect(self.close)
        self.finished.connect(self._forget)
        self._ask()

    def _tables(self) -> QHBoxLayout:
        desk, sizes = self._desk, self._desk.appearance.sizes
        self.versions = TextTable(
            desk,
            "dialog.models.versions",
            tr("Versions that differ"),
            (
                TextColumn(tr("Version"), width=76, right=True),
                TextColumn(tr("Event"), share=3),
                TextColumn(tr("What differs"), share=3, tone="text2"),
            ),
        )
        self.fields = TextTable(
            desk,
            "dialog.models.fields",
            tr("Fields that differ"),
            (
                TextColumn(tr("Field"), share=3),
                TextColumn(tr("Before"), share=4),
                TextColumn(tr("Now"), share=4),
            ),
        )
        self._at = text_label("", "group")
        self._reason = text_label("", "small")
        self._reason.setObjectName("dialog.models.reason")
        self._reason.setWordWrap(True)
        self._reason.hide()
        right = QVBoxLayout()
        right.setSpacing(4)
        right.addWidget(self._at)
        right.addWidget(self._reason)
        right.addWidget(self.fields, 1)
        for table in (self.versions, self.fields):
            table.setMinimumHeight(sizes(280))
        self.versions.setFixedWidth(sizes(360))
        row = QHBoxLayout()
        row.setSpacing(16)
        row.addWidget(self.versions)
        row.addLayout(right, 1)
        return row

    # -- asking ----------------------------------------------------------------------------------------------------

    def _forget(self) -> None:
        for lane in (MODELS, MODELS_AT):
            self._desk.store.forget(lane)

    def _request(self) -> "CompareModelsRequest | None":
        history = self._desk.cursor.history
        if history is None:
            return None
        from auditor.jobs import compare_models

        return compare_models.CompareModelsRequest(
            origin=self._desk.store.origin,
            aggregate_id=history.aggregate.aggregate_id,
            aggregate_type=history.aggregate.aggregate_type,
            earlier=True,
            seconds=SECONDS,
        )

    def _ask(self) -> None:
        request = self._request()
        if request is not None:
            from auditor.jobs import compare_models

            self._desk.store.ask(
                MODELS, compare_models.run, request, done=self._on_compared, failed=self._on_failed
            )

    def _on_compared(self, result: "ModelsResult") -> None:
        from auditor.jobs.compare_models import difference_text

        self._result = result
        self._whose.setText(_whose(result.a, result.b))
        self._summary.setText(difference_text(result))
        if result.more:
            self._ask()
            return
        events = {one.ordinal: one for one in result.events}
        self._ordinals = sorted({*result.ordinals[:MOST_ROWS], *events})
        self.versions.set_rows(
            [self._version_row(ordinal, events.get(ordinal)) for ordinal in self._ordinals]
        )
        if not self._ordinals:
            self._at.setText(tr("There is nothing to show: each state is as it was."))
        self.fit()

    def _on_failed(self, error: Exception) -> None:
        self._summary.setText(tr("The two could not be compared: {why}", why=str(error)))

    def _version_row(self, ordinal: int, event: "TwoReasons | None") -> TextRow:
        history = self._desk.cursor.history
        version = history.version(ordinal) if history is not None else None
        event_type = history.event_type(ordinal) if history is not None else None
        said, tone = tr("another state"), "text2"
        if event is not None and event.b is None:
            said, tone = tr("applied now"), "add"
        elif event is not None and event.a is None:
            said, tone = tr("not applied any more"), "fail"
        elif event is not None:
            said, tone = tr("another reason"), "chg"
        cells = (f"{version or 0:,}", display(event_type or "", longest=120), said)
        return TextRow(cells, tones=("text", "text", tone))

    # -- one version -----------------------------------------------------------------------------------------------

    def _on_version_chosen(self, row: int) -> None:
        request = self._request()
        if request is None or not 0 <= row < len(self._ordinals):
            return
        from auditor.jobs import compare_models

        self._desk.store.ask(
            MODELS_AT,
            compare_models.run,
            replace(request, ordinal=self._ordinals[row]),
            done=self._show_fields,
            failed=self._on_failed,
        )

    def _show_fields(self, result: "ModelsResult") -> None:
        event = next((one for one in result.events if one.ordinal == result.ordinal), None)
        self._at.setText(_at(result))
        self._reason.setText("" if event is None else _reasons(event))
        self._reason.setVisible(event is not None)
        self.fields.set_rows([_field_row(one) for one in result.differences], choose=False)
        self.fit()

    def _go(self, row: int) -> None:
        if 0 <= row < len(self._ordinals):
            self._desk.cursor.set_ordinal(self._ordinals[row])

    def _highlight(self) -> None:
        if self._ordinals:
            label = tr("The changed model differs")
            self._desk.highlight.show_events(np.array(self._ordinals, dtype=np.int64), label)

    def _copy(self) -> None:
        if self._result is not None:
            put_on_clipboard(_as_text(self._result))
            self._desk.tasks.say(tr("The comparison was copied"))


def _whose(a: ModelInfo, b: ModelInfo) -> str:
    return tr("Before: {a} · Now: {b}", a=_model(a), b=_model(b))


def _model(model: ModelInfo) -> str:
    name = display(model.name, longest=60)
    return (
        name if model.sha256 is None else tr("{name}, SHA-256 {start}…", name=name, start=model.sha256[:12])
    )


def _at(result: "ModelsResult") -> str:
    if not result.differing:
        return tr("Version {version:,}: no field differs", version=result.version or 0)
    if result.differing == 1:
        return tr("Version {version:,}: 1 field differs", version=result.version or 0)
    return tr(
        "Version {version:,}: {count:,} fields differ", version=result.version or 0, count=result.differing
    )


def _reasons(event: "TwoReasons") -> str:
    parts = []
    if event.a is not None:
        parts.append(tr("Before, it was not applied: {reason}.", reason=_reason(event.a.reason)))
    if event.b is not None:
        parts.append(tr("Now it is not applied: {reason}.", reason=_reason(event.b.reason)))
    return " ".join(parts)


def _reason(text: str) -> str:
    return display(text, longest=LONGEST).rstrip(".")


def _field_row(one: Change) -> TextRow:
    before = "" if one.kind == "added" else display(exact_json.dump(one.before), longest=LONGEST)
    after = "" if one.kind == "removed" else display(exact_json.dump(one.after), longest=LONGEST)
    path = display(one.path or tr("(the whole state)"), longest=LONGEST)
    return TextRow((path, before, after), ground=_GROUNDS[one.kind])


def _as_text(result: "ModelsResult") -> str:
    from auditor.jobs.compare_models import difference_text

    cells = [_field_row(one).cells for one in result.differences]
    lines = [
        _whose(result.a, result.b),
        difference_text(result),
        *(f"{one.version} {one.event_type}: {_reasons(one)}" for one in result.events),
        _at(result),
        *(f"{path}: {before or '–'} → {after or '–'}" for path, before, after in cells),
    ]
    return "\n".join(lines)
