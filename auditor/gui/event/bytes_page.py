"""A page: data and metadata as they are stored, as text or byte by byte."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QWidget

from auditor.core.text import tr
from auditor.gui.desk import Desk
from auditor.gui.event.copy import EventCopying
from auditor.gui.event.text_page import TextPage, TextPart
from auditor.gui.parts.segmented import Segmented

if TYPE_CHECKING:
    from auditor.gui.event.reading import ReadEvent

AS_TEXT, AS_BYTES = range(2)


class BytesPage(TextPage):
    """Only what is seen is laid out: it is told when it comes to be seen."""

    def __init__(self, desk: Desk, copying: EventCopying) -> None:
        super().__init__("event.stored-page")
        look = desk.appearance
        self.form = Segmented("event.bytes", (tr("As text"), tr("As bytes")), tr("Show what is stored"))
        self.form.setProperty("tight", True)
        self.data = TextPart("event.data", tr("Data"), look, copying.copy_stored_data, self)
        self.metadata = TextPart("event.metadata", tr("Metadata"), look, copying.copy_stored_metadata, self)
        self._read: ReadEvent | None = None
        row = QWidget()
        inner = QHBoxLayout(row)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.addWidget(self.form, 0, Qt.AlignmentFlag.AlignVCenter)
        inner.addStretch(1)
        self.add(row, 0)
        self.add(self.data, 3)
        self.add(self.metadata, 2)
        self.form.chosen.connect(lambda _: self._fill())

    def tell(self, read: "ReadEvent") -> None:
        self._read = read
        self._fill()

    def _fill(self) -> None:
        if self._read is None:
            return
        as_text = self.form.index == AS_TEXT
        self.data.tell(self._read.data if as_text else self._read.data_bytes)
        self.metadata.tell(self._read.metadata if as_text else self._read.metadata_bytes)
