"""What is open of a state, as Qt's views want it."""

from collections.abc import Iterator, Sequence
from itertools import count
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractItemModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from auditor.core.outline import OutlineRow
from auditor.core.text import tr
from auditor.gui.parts.plain_tip import plain_tip
from auditor.gui.state.row_words import (
    CONTAINERS,
    SIGNS,
    field_name,
    seen_sign,
    spoken,
    tool_tip,
    value_text,
)

if TYPE_CHECKING:
    from auditor.gui.state.setters import Setters

SIGN, FIELD, VALUE, SET_BY = range(4)
ROW = Qt.ItemDataRole.UserRole
Index = QModelIndex | QPersistentModelIndex
Shape = tuple[str, bool, bool, bool]


class Node:
    """One row in the tree. `number` is its identity for Qt: a row that is gone is found to be so."""

    __slots__ = ("children", "number", "parent", "place", "row")

    def __init__(self, row: OutlineRow, parent: "Node | None", number: int) -> None:
        self.row = row
        self.parent = parent
        self.number = number
        self.place = 0
        self.children: list[Node] = []


class _Fresh:
    """A row of an answer with those below it."""

    __slots__ = ("below", "row")

    def __init__(self, row: OutlineRow) -> None:
        self.row = row
        self.below: list[_Fresh] = []


class StateTree(QAbstractItemModel):
    """Takes the rows of one answer after the other: what has the same shape is told as changed data, the rest as rows
    that came and went; never a reset. A container's rows are there only while it is open."""

    def __init__(self, parent: QObject | None = None, setters: "Setters | None" = None) -> None:
        super().__init__(parent)
        self._setters = setters
        self.has_times = True
        """Whether there is room for the times of the events that set the fields."""
        self._numbers = count(1)
        nothing = OutlineRow("", -1, "", "object", "", 0, "", None, None)
        self._root = Node(nothing, None, 0)
        self._nodes: dict[int, Node] = {}
        self._by_pointer: dict[str, Node] | None = None
        self.turned = False
        """Rows say what becomes of them on the way to B, not what their event did."""

    # -- what Qt asks --------------------------------------------------------------------------------------------

    def index(self, row: int, column: int, parent: Index = QModelIndex()) -> QModelIndex:  # noqa: B008
        node = self._node(parent)
        if node is None or not 0 <= row < len(node.children) or not 0 <= column < 4:
            return QModelIndex()
        return self.createIndex(row, column, node.children[row].number)

    def parent(self, index: Index = QModelIndex()) -> QModelIndex:  # type: ignore[override] # noqa: B008 # QObject's
        node = self._nodes.get(index.internalId()) if index.isValid() else None
        if node is None or node.parent is None or node.parent is self._root:
            return QModelIndex()
        return self.createIndex(node.parent.place, 0, node.parent.number)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        if parent.column() > 0:
            return 0
        node = self._node(parent)
        return len(node.children) if node is not None else 0

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 4

    def hasChildren(self, parent: Index = QModelIndex()) -> bool:  # noqa: B008
        if parent.column() > 0:
            return False
        node = self._node(parent)
        if node is None:
            return False
        return bool(node.children) or (node.row.kind in CONTAINERS and node.row.length > 0)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        node = self._node(index)
        if node is None or node is self._root:
            return None
        row = node.row
        if role == ROW:
            return row
        if role == Qt.ItemDataRole.DisplayRole:
            return self._text(row, index.column())
        if role == Qt.ItemDataRole.AccessibleTextRole:
            setter = self._setters.spoken(row) if self._setters is not None else ""
            return ", ".join(filter(None, (spoken(row, turned=self.turned), setter)))
        if role == Qt.ItemDataRole.ToolTipRole:
            is_setter = index.column() == SET_BY and self._setters is not None
            return plain_tip(self._setters.tip(row) if is_setter and self._setters else tool_tip(row))
        return None

    def _text(self, row: OutlineRow, column: int) -> str:
        if column == SIGN:
            return SIGNS.get(seen_sign(row, turned=self.turned), "")
        if column == SET_BY:
            return self._setters.text(row) if self._setters is not None else ""
        return field_name(row) if column == FIELD else value_text(row, turned=self.turned)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation != Qt.Orientation.Horizontal or role not in (
            Qt.ItemDataRole.DisplayRole,
            Qt.ItemDataRole.AccessibleTextRole,
        ):
            return None
        spoken_sign = tr("Change") if role == Qt.ItemDataRole.AccessibleTextRole else ""
        setters = self._setters.title(with_time=self.has_times) if self._setters is not None else ""
        return (spoken_sign, tr("Field"), tr("Value"), setters)[section]

    # -- what the panel asks -------------------------------------------------------------------------------------

    def row(self, index: Index) -> OutlineRow | None:
        """None for an index that is no row (any more)."""
        node = self._node(index)
        return None if node is None or node is self._root else node.row

    def find(self, pointer: str, column: int = FIELD) -> QModelIndex:
        """The row of that field; invalid where it is not shown."""
        node = self._pointers().get(pointer)
        return QModelIndex() if node is None else self.createIndex(node.place, column, node.number)

    def rows(self) -> Iterator[OutlineRow]:
        """All that are there, in display order."""
        pending = list(reversed(self._root.children))
        while pending:
            node = pending.pop()
            yield node.row
            pending.extend(reversed(node.children))

    # -- new rows ------------------------------------------------------------------------------------------------

    def set_rows(self, rows: Sequence[OutlineRow], *, turned: bool = False) -> None:
        """Rows in display order, each with its depth."""
        self.turned = turned
        top: list[_Fresh] = []
        levels = [top]
        for row in rows:
            del levels[row.depth + 1 :]
            fresh = _Fresh(row)
            levels[row.depth].append(fresh)
            levels.append(fresh.below)
        self._by_pointer = None
        self._take(self._root, top)
        self._by_pointer = None

    def _take(self, parent: Node, fresh: list[_Fresh]) -> None:
        shapes = [_shape(one.row) for one in fresh]
        if [_shape(node.row) for node in parent.children] != shapes:
            self._remove_all_but(parent, shapes)
            self._insert_missing(parent, fresh, shapes)
        changed = []
        for node, one in zip(parent.children, fresh, strict=True):
            if node.row != one.row:
                node.row = one.row
                changed.append(node.place)
        if changed:
            nodes = parent.children
            self.dataChanged.emit(
                self.createIndex(changed[0], SIGN, nodes[changed[0]].number),
                self.createIndex(changed[-1], SET_BY, nodes[changed[-1]].number),
            )
        for node, one in zip(parent.children, fresh, strict=True):
            if node.children or one.below:
                self._take(node, one.below)

    def _remove_all_but(self, parent: Node, wanted: list[Shape]) -> None:
        """Leaves of the old rows those that are wanted still, as far as they are in the new order."""
        place = {shape: at for at, shape in enumerate(wanted)}
        keep, last = [], -1
        for node in parent.children:
            at = place.get(_shape(node.row), -1)
            keep.append(at > last)
            last = max(last, at)
        end = len(keep)
        while end:
            if keep[end - 1]:
                end -= 1
                continue
            begin = end - 1
            while begin and not keep[begin - 1]:
                begin -= 1
            self._remove(parent, begin, end)
            end = begin

    def _remove(self, parent: Node, begin: int, end: int) -> None:
        self.beginRemoveRows(self._index_of(parent), begin, end - 1)
        gone = parent.children[begin:end]
        del parent.children[begin:end]
        _number_places(parent, begin)
        while gone:
            node = gone.pop()
            del self._nodes[node.number]
            gone.extend(node.children)
        self.endRemoveRows()

    def _insert_missing(self, parent: Node, fresh: list[_Fresh], shapes: list[Shape]) -> None:
        begin = 0
        while begin < len(fresh):
            here = parent.children[begin] if begin < len(parent.children) else None
            if here is not None and _shape(here.row) == shapes[begin]:
                begin += 1
                continue
            stop = _shape(here.row) if here is not None else None
            end = begin + 1
            while end < len(fresh) and shapes[end] != stop:
                end += 1
            self._insert(parent, begin, fresh[begin:end])
            begin = end

    def _insert(self, parent: Node, at: int, fresh: list[_Fresh]) -> None:
        self.beginInsertRows(self._index_of(parent), at, at + len(fresh) - 1)
        made = [Node(one.row, parent, next(self._numbers)) for one in fresh]
        parent.children[at:at] = made
        self._nodes.update((node.number, node) for node in made)
        _number_places(parent, at)
        self.endInsertRows()

    def _node(self, index: Index) -> Node | None:
        return self._nodes.get(index.internalId()) if index.isValid() else self._root

    def _index_of(self, node: Node) -> QModelIndex:
        return QModelIndex() if node is self._root else self.createIndex(node.place, 0, node.number)

    def _pointers(self) -> dict[str, Node]:
        if self._by_pointer is None:
            self._by_pointer = {
                node.row.pointer: node for node in self._nodes.values() if node.row.kind != "more"
            }
        return self._by_pointer


def _shape(row: OutlineRow) -> Shape:
    """Rows of the same shape can stand for each other: the same name, and both can be opened or both not."""
    is_container = row.kind in CONTAINERS
    return row.key, row.kind == "more", is_container, is_container and row.length > 0


def _number_places(parent: Node, begin: int) -> None:
    for place in range(begin, len(parent.children)):
        parent.children[place].place = place
