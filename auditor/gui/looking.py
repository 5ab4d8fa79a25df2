"""How the state is looked at: by itself, compared with another version, or field by field with who set it."""

from enum import Enum

from PySide6.QtCore import QObject, Signal

from auditor.gui.cursor import Cursor


class Mode(Enum):
    """What stands below the timeline, in the order of the switch."""

    STATE = "state"
    COMPARE = "compare"
    BLAME = "blame"


class Looking(QObject):
    """Shared by the panels below the timeline. Setting what is set already tells nobody.

    `pointer` is the field whose values are asked for (RFC 6901, in the state at A when it was chosen), None for none.
    `compared_with` is an aggregate whose last state A is compared with instead of B, by id and type.
    """

    mode_changed = Signal()
    pointer_changed = Signal()
    compared_with_changed = Signal()

    def __init__(self, cursor: Cursor, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.mode = Mode.STATE
        self.pointer: str | None = None
        self.compared_with: tuple[str, str | None] | None = None
        cursor.aggregate_changed.connect(lambda: self.choose(None))
        cursor.aggregate_changed.connect(lambda: self.compare_with(None))

    def set_mode(self, mode: Mode) -> None:
        if mode is not self.mode:
            self.mode = mode
            self.mode_changed.emit()

    def choose(self, pointer: str | None) -> None:
        """Another field, in whichever mode."""
        if pointer != self.pointer:
            self.pointer = pointer
            self.pointer_changed.emit()

    def blame(self, pointer: str) -> None:
        """Shows all values of that field and who set them."""
        self.choose(pointer)
        self.set_mode(Mode.BLAME)

    def compare_with(self, aggregate: tuple[str, str | None] | None) -> None:
        """None: with B again."""
        if aggregate != self.compared_with:
            self.compared_with = aggregate
            self.compared_with_changed.emit()
