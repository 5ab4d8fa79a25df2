"""Opening what lies deeper than one answer: a field that is looked for, or all below a row."""

from auditor.gui.state.reader import StateReader
from auditor.gui.state.row_words import CONTAINERS
from auditor.gui.state.tree_view import StateView

MOST_ROWS = 5000


class Unfolding:
    """Opens a level, waits for the answer, and goes on from there. A newer wish takes the place of an older one."""

    def __init__(self, reader: StateReader, view: StateView) -> None:
        self._reader = reader
        self._view = view
        self._wanted: str | None = None
        self._below: str | None = None
        self._only_changed = False

    def reveal(self, pointer: str) -> None:
        """Opens the way to that field and makes it the current row."""
        self._wanted, self._below = pointer, None
        self.go_on()

    def open_below(self, pointer: str) -> None:
        """Opens that row and everything below it, up to `MOST_ROWS` rows."""
        self._wanted, self._below, self._only_changed = None, pointer, False
        self.go_on()

    def open_changed(self) -> None:
        """Opens every row in which something has changed, up to `MOST_ROWS` rows."""
        self._wanted, self._below, self._only_changed = None, "", True
        self.go_on()

    def give_up(self) -> None:
        """What was wanted was of a state that is not looked at any more."""
        self._wanted = self._below = None

    def go_on(self) -> None:
        """An answer is shown."""
        if self._wanted is not None:
            self._reveal(self._wanted)
        elif self._below is not None:
            self._open_level(self._below)

    def _reveal(self, pointer: str) -> None:
        if self._view.select(pointer):
            self._wanted = None
            return
        for parent in _ways(pointer):
            index = self._view.tree.find(parent)
            row = self._view.tree.row(index) if index.isValid() else None
            if parent and row is None:
                self._wanted = None  # it is not there in this version
                return
            step = pointer[len(parent) + 1 :].split("/")[0]
            child = f"{parent}/{step}"
            if self._view.tree.find(child).isValid():
                continue
            self._open_up_to(parent, step)
            return

    def _open_up_to(self, parent: str, step: str) -> None:
        reader = self._reader
        shown = sum(1 for row in self._view.tree.rows() if row.pointer.rpartition("/")[0] == parent)
        is_open = parent == "" or parent in reader.open
        if not is_open:
            reader.set_open(parent, True)
            if not step.isdigit() or int(step) < reader.open[parent]:
                return
        has_more = any(row.kind == "more" and row.pointer == parent for row in self._view.tree.rows())
        if is_open and shown and not has_more:
            self._wanted = None
            return
        reader.show_more(parent, (int(step) // 1000 + 1) * 1000 if step.isdigit() else None)

    def _open_level(self, below: str) -> None:
        rows = list(self._view.tree.rows())
        closed = [
            row.pointer
            for row in rows
            if row.kind in CONTAINERS
            and row.length
            and (row.pointer == below or row.pointer.startswith(f"{below}/"))
            and not self._reader.open.get(row.pointer)
            and (row.sign == "inside" or not self._only_changed)
        ]
        if not closed or len(rows) > MOST_ROWS:
            self._below = None
            return
        self._reader.open.update(dict.fromkeys(closed, 1000))
        self._reader.ask()


def _ways(pointer: str) -> list[str]:
    """The pointers of all that hold the field, the root first."""
    steps = pointer.split("/")[1:]
    return ["".join(f"/{step}" for step in steps[:count]) for count in range(len(steps))]
